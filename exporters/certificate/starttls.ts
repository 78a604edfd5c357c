// The plain talk before a TLS handshake, for protocols that begin in the clear and switch: RFC 3207, 2595, 4217, 4511, 6120,
// and PostgreSQL's SSLRequest. Everything read is bounded, and nothing may follow the go-ahead.
import type net from 'node:net';
import { Refusal } from '../http/refusal.ts';
import type { ProbeContext } from '../probe.ts';
import { bytesFrom } from '../socket-bytes.ts';

/** Where each protocol listens unless told otherwise. */
export const PORT_OF = { smtp: 25, imap: 143, pop3: 110, ftp: 21, postgres: 5432, ldap: 389, xmpp: 5222 } as const;

export type StartTlsProtocol = keyof typeof PORT_OF;

/** All a server may say before it says yes or no. */
const MAX_BYTES = 16_384;

const malformed = (why: string): Refusal => new Refusal('answer_malformed', why);
const refused = (why: string): Refusal => new Refusal('starttls_refused', why);

interface Talk {
  send(message: string | Buffer): void;
  /** The bytes up to where `lengthOf` says a message ends; it is asked again while it says null. */
  read(lengthOf: (heard: Buffer) => number | null): Promise<Buffer>;
  /** What was heard beyond the messages read. */
  left(): number;
}

type Switch = (talk: Talk, name: string) => Promise<void>;

/**
 * Brings a connected socket to where the handshake begins. Rejects with a {@link Refusal}, or with the socket's error.
 * `name` is the server's, for protocols that ask for one.
 */
export async function startTls(
  socket: net.Socket,
  { protocol, name }: { protocol: StartTlsProtocol; name: string },
  context: Pick<ProbeContext, 'signal' | 'trace'>,
): Promise<void> {
  const talk = talkOver(socket, context);
  await SWITCHES[protocol](talk, name);
  // Whoever is in between may have put it there, to be taken for what comes protected: CVE-2011-0411.
  if (talk.left() > 0) throw malformed('spoke on after its go-ahead');
}

function talkOver(socket: net.Socket, { signal, trace }: Pick<ProbeContext, 'signal' | 'trace'>): Talk {
  let heard: Buffer = Buffer.alloc(0);
  let total = 0;
  return {
    send(message) {
      trace?.step(`we said ${spoken(Buffer.from(message))}`);
      socket.write(message);
    },
    left: () => heard.length,
    async read(lengthOf) {
      for (;;) {
        const length = lengthOf(heard);
        if (length !== null) {
          const message = heard.subarray(0, length);
          heard = heard.subarray(length);
          trace?.step(`they said ${spoken(message)}`);
          return message;
        }
        const more = await bytesFrom(socket, signal);
        total += more.length;
        if (total > MAX_BYTES) throw malformed('says too much');
        heard = Buffer.concat([heard, more]);
      }
    },
  };
}

const SHOWN_BYTES = 512;

/** As it was, where it is text, else in hexadecimal. */
function spoken(message: Buffer): string {
  const text = message.subarray(0, SHOWN_BYTES).toString('latin1').trimEnd();
  return /^[\t\r\n -~]*$/.test(text) ? text : message.toString('hex', 0, SHOWN_BYTES);
}

const lineEnd = (heard: Buffer): number | null => {
  const at = heard.indexOf('\n');
  return at < 0 ? null : at + 1;
};

async function line(talk: Talk): Promise<string> {
  return (await talk.read(lineEnd)).toString('latin1').trimEnd();
}

/** A reply of SMTP or FTP: its lines, the last of which has no hyphen after the code. FTP lets the others be anything. */
async function reply(talk: Talk): Promise<{ code: string; lines: string[] }> {
  const lines = [await line(talk)];
  const code = /^\d{3}(?=[ -]|$)/.exec(lines[0] ?? '')?.[0];
  if (code === undefined) throw malformed('no reply code');
  if (lines[0]?.[3] !== '-') return { code, lines };
  for (;;) {
    const next = await line(talk);
    lines.push(next);
    if (next === code || next.startsWith(`${code} `)) return { code, lines };
  }
}

async function greeted(talk: Talk): Promise<void> {
  const { code } = await reply(talk);
  if (code !== '220') throw refused(`greets with ${code}`);
}

const SWITCHES: Readonly<Record<StartTlsProtocol, Switch>> = {
  async smtp(talk) {
    await greeted(talk);
    talk.send('EHLO demarc.invalid\r\n');
    const { code, lines } = await reply(talk);
    if (code !== '250') throw refused(`EHLO: ${code}`);
    if (!lines.some((text) => /^250[ -]STARTTLS$/i.test(text.trim()))) throw refused('not offered');
    talk.send('STARTTLS\r\n');
    const said = await reply(talk);
    if (said.code !== '220') throw refused(said.code);
  },

  async ftp(talk) {
    await greeted(talk);
    talk.send('AUTH TLS\r\n');
    const { code } = await reply(talk);
    if (code !== '234') throw refused(code);
  },

  async pop3(talk) {
    if (!(await line(talk)).startsWith('+OK')) throw malformed('no greeting');
    talk.send('STLS\r\n');
    const said = await line(talk);
    if (said.startsWith('-ERR')) throw refused('said no');
    if (!said.startsWith('+OK')) throw malformed('neither yes nor no');
  },

  async imap(talk) {
    const greeting = await line(talk);
    if (/^\* BYE\b/i.test(greeting)) throw refused('said goodbye');
    if (!/^\* (OK|PREAUTH)\b/i.test(greeting)) throw malformed('no greeting');
    talk.send('d1 STARTTLS\r\n');
    for (;;) {
      const said = await line(talk);
      if (/^d1 OK\b/i.test(said)) return;
      if (/^d1 (NO|BAD)\b/i.test(said)) throw refused('said no');
      if (!said.startsWith('* ')) throw malformed('neither yes nor no');
    }
  },

  async postgres(talk) {
    // SSLRequest: https://www.postgresql.org/docs/current/protocol-message-formats.html
    talk.send(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
    const said = (await talk.read((heard) => (heard.length > 0 ? 1 : null))).toString('latin1');
    if (said === 'N' || said === 'E') throw refused('said no');
    if (said !== 'S') throw malformed('neither yes nor no');
  },

  async ldap(talk) {
    // ExtendedRequest with the name 1.3.6.1.4.1.1466.20037, RFC 4511 section 4.14.
    const oid = Buffer.from('1.3.6.1.4.1.1466.20037');
    const request = Buffer.concat([Buffer.from([0x80, oid.length]), oid]);
    const message = Buffer.concat([Buffer.from([0x02, 0x01, 0x01, 0x77, request.length]), request]);
    talk.send(Buffer.concat([Buffer.from([0x30, message.length]), message]));
    const code = ldapResult(await talk.read(berLength));
    if (code !== 0) throw refused(`result ${code}`);
  },

  async xmpp(talk, name) {
    talk.send(
      `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${name}' version='1.0'>`,
    );
    const features = (
      await talk.read(through('</stream:features>', '<stream:features/>', '</stream:stream>'))
    ).toString();
    if (!features.includes('<stream:stream')) throw malformed('no stream');
    if (!/<starttls[\s/>]/.test(features)) throw refused('not offered');
    talk.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    const said = (await talk.read(through('>'))).toString();
    if (/^\s*<proceed[\s/>]/.test(said)) return;
    throw /^\s*<failure[\s/>]/.test(said) ? refused('said no') : malformed('neither yes nor no');
  },
};

/** Where the first of some texts ends. What is no XML is not waited for. */
const through =
  (...ends: readonly string[]) =>
  (heard: Buffer): number | null => {
    const first = heard.toString('latin1').trimStart();
    if (first !== '' && !first.startsWith('<')) throw malformed('no XML');
    const found = ends.flatMap((end) => (heard.includes(end) ? [heard.indexOf(end) + end.length] : []));
    return found.length === 0 ? null : Math.min(...found);
  };

/** Length of one BER value, its head included. */
function berLength(heard: Buffer): number | null {
  const [tag, short] = heard;
  if (tag === undefined || short === undefined) return null;
  if (tag !== 0x30) throw malformed('no LDAP message');
  if (short < 0x80) return heard.length >= 2 + short ? 2 + short : null;
  const bytes = short & 0x7f;
  if (bytes === 0 || bytes > 4) throw malformed('no length');
  if (heard.length < 2 + bytes) return null;
  const length = 2 + bytes + heard.readUIntBE(2, bytes);
  if (length > MAX_BYTES) throw malformed('says too much');
  return heard.length >= length ? length : null;
}

/** The result code of an ExtendedResponse to our message 1. */
function ldapResult(message: Buffer): number {
  const start = (message[1] ?? 0) < 0x80 ? 2 : 2 + ((message[1] ?? 0) & 0x7f);
  const [idTag, idLength, id, tag, length = 0] = message.subarray(start);
  if (idTag !== 0x02 || idLength !== 1 || id !== 1 || tag !== 0x78) throw malformed('no answer to what was asked');
  const inner = start + 5 + (length < 0x80 ? 0 : length & 0x7f);
  const [resultTag, resultLength, code] = message.subarray(inner);
  if (resultTag !== 0x0a || resultLength !== 1 || code === undefined) throw malformed('no result');
  return code;
}
