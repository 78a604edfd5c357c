// Questions to one name server that begin close together leave by one socket: opening one and closing it costs more than all
// the rest of a question. It is connected, so the kernel drops other senders, and tells of a closed port, which is true for
// all who wait. It is shared for a short while only, so that no port is known for long, and that a flow which is stuck on the
// way, in a NAT or a firewall's memory of it, is not everybody's for long. What is asked again does not come here.
import type { Clock } from '../clock.ts';
import { MOST_STRAYS, socketTo } from '../datagrams.ts';
import type { Endpoint } from './endpoint.ts';
import { fitOf, HEADER_BYTES, idOf, type Query } from './question.ts';

/** Somebody who asks, and who leaves when told of an answer, an error or a flood. */
export interface Asker {
  query: Query;
  onAnswer(message: Buffer): void;
  onError(error: Error): void;
  /** So much came that nobody asked for that the socket is given up. */
  onFlood(): void;
  /** A datagram that is not the answer. */
  onStray(): void;
  /** One, told as a stray too, that would be the answer but for the case of letters. */
  onOtherCase(): void;
}

interface SharedSocket {
  /** Whether an answer with this id could not be meant for anybody else who asked here. */
  isFree(id: number): boolean;
  /** Sends the question; the returned function leaves. */
  ask(asker: Asker): () => void;
  /** Nobody joins any more. */
  retire(): void;
}

const MOST_QUESTIONS = 64;
const JOINED_FOR_MS = 1_000;

/** Those that can be joined, by where they lead. */
const joinable = new Map<string, SharedSocket>();

/** Asks by the socket of the moment. The returned function leaves it, and does no more when called again. */
export function askTogether(server: Endpoint, clock: Clock, asker: Asker): () => void {
  const place = `${server.host} ${server.port}`;
  const known = joinable.get(place);
  if (known?.isFree(idOf(asker.query.bytes)) === true) return known.ask(asker);
  known?.retire();
  const shared = openShared(server, clock, () => joinable.delete(place));
  joinable.set(place, shared);
  return shared.ask(asker);
}

/** Closes as soon as nobody waits; whoever asks next in the same turn of the loop still finds it open. */
function openShared({ host, port }: Endpoint, clock: Clock, onRetire: () => void): SharedSocket {
  /** By the id of their questions; null for who has left, and whose answer may still come. */
  const askers = new Map<number, Asker | null>();
  const socket = socketTo(host);
  let [waiting, strays, connected, joined, open] = [0, 0, false, true, true];
  const retire = (): void => {
    if (!joined) return;
    joined = false;
    cancelRetirement();
    onRetire();
  };
  const cancelRetirement = clock.after(JOINED_FOR_MS, retire);
  const closeUnlessAwaited = (): void => {
    if (waiting > 0 || !open) return;
    retire();
    open = false;
    socket.close();
  };
  const present = (): Asker[] => [...askers.values()].filter((asker) => asker !== null);
  /** After that nobody is left. */
  const giveUp = (tell: (asker: Asker) => void): void => {
    retire();
    present().forEach(tell);
  };
  const onError = (error: Error): void => giveUp((asker) => asker.onError(error));
  const onSent = (error: Error | null): void => {
    if (error !== null) onError(error);
  };
  const send = ({ query }: Asker): void => socket.send(query.bytes, onSent);
  const onStray = (asker: Asker | null | undefined): void => {
    strays += 1;
    // Late and repeated answers to who has left are nobody's surprise; what carries no id of ours could be meant for anybody.
    const told = asker === undefined ? present() : [asker];
    for (const each of told) each?.onStray();
    if (strays >= MOST_STRAYS) giveUp((each) => each.onFlood());
  };
  socket.on('error', onError);
  socket.on('connect', () => {
    connected = true;
    present().forEach(send);
  });
  socket.on('message', (message) => {
    const asker = message.length < HEADER_BYTES ? undefined : askers.get(idOf(message));
    const fit = asker == null ? null : fitOf(asker.query, message);
    if (fit === 'answer') return asker?.onAnswer(message);
    if (fit === 'other_case') asker?.onOtherCase();
    onStray(asker);
  });
  socket.connect(port, host);
  return {
    isFree: (id) => !askers.has(id),
    ask(asker) {
      const id = idOf(asker.query.bytes);
      askers.set(id, asker);
      waiting += 1;
      if (askers.size >= MOST_QUESTIONS) retire();
      if (connected) send(asker);
      return () => {
        if (askers.get(id) !== asker) return;
        askers.set(id, null);
        waiting -= 1;
        if (waiting === 0) setImmediate(closeUnlessAwaited);
      };
    },
    retire,
  };
}
