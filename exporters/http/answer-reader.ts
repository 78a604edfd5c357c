// Reads an answer of HTTP/1 out of what a connection brings, in time and memory that depend on no segment's size. Of a body no
// more is read than is wanted, and nothing of what stands behind its end: whether that came with it is up to the network.
import { HungUp } from '../socket-bytes.ts';
import { type Answer, complete, faultOfEncoding, faultOfHead, type Listener, type Outgoing } from './answer.ts';
import { bodyOfAtMost } from './body.ts';
import { type BodyReader, bodyReader } from './framing.ts';
import { type Head, headReader } from './head.ts';
import { Refusal } from './refusal.ts';

export interface AnswerReader {
  /** Whether all that is wanted is here. Throws a {@link Refusal}. */
  read(bytes: Buffer): boolean;
  /** The peer has nothing more to say: then all of it is here. Throws a {@link Refusal}, or {@link HungUp}. */
  end(): true;
  /** Whether the head is here. */
  begun(): boolean;
}

export function answerReader(request: Outgoing, { onPhase, onHead }: Listener): AnswerReader {
  const readHead = headReader();
  const body = bodyOfAtMost(request.maxBodyBytes);
  let current: { answer: Answer; framing: BodyReader } | null = null;

  const begin = (head: Head): NonNullable<typeof current> => {
    const answer = { ...head, body: null, bodyBytes: 0 };
    const malformed = faultOfHead(answer);
    if (malformed !== null) throw malformed;
    onHead(answer);
    const encoded = faultOfEncoding(answer, request);
    if (encoded !== null) throw encoded;
    onPhase('transfer');
    return { answer, framing: bodyReader(head, request.method, body) };
  };

  return {
    read(bytes) {
      const incoming = { bytes, at: 0 };
      if (current === null) {
        const head = readHead(incoming);
        if (head === null) return false;
        current = begin(head);
      }
      const { answer, framing } = current;
      const whole = framing.read(incoming);
      answer.bodyBytes = body.length();
      if (!whole) return false;
      complete(answer, body.bytes(), request);
      return true;
    },

    end() {
      if (current === null) throw new HungUp();
      if (!current.framing.endsWithConnection) throw new Refusal('http_protocol', 'ended before its length');
      complete(current.answer, body.bytes(), request);
      return true;
    },

    begun: () => current !== null,
  };
}
