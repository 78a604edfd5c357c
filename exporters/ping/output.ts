// Reads what the ping programs of iputils and BusyBox print with LC_ALL=C. Anything else is no answer.
import { summaryOf } from '../burst.ts';
import { Malformed } from '../malformed.ts';
import type { PingFacts } from './facts.ts';

export interface Burst extends Omit<PingFacts, 'address'> {
  sent: number;
  received: number;
  /** Somebody on the way said that there is no way. */
  unreachable: boolean;
}

const LONGEST = 65_536;

const SUMMARY = /^(\d{1,6}) packets transmitted, (\d{1,6}) (?:packets )?received/m;
const REPLY = /^\d+ bytes from .{1,80}? time[=<](\d{1,7}(?:\.\d{1,6})?) ms\b/gm;
const TOO_BIG = /\bmtu ?= ?(\d{1,6})\b/i;
const UNREACHABLE = /\b(?:Destination (?:Host|Net|Port|Protocol) (?:Unreachable|Prohibited)|Network is unreachable)\b/i;

/** Throws {@link Malformed} for a text without a summary, or one that contradicts itself. */
export function readBurst(text: string): Burst {
  const read = text.slice(0, LONGEST);
  const [, sentText, receivedText] = SUMMARY.exec(read) ?? [];
  if (sentText === undefined || receivedText === undefined) throw new Malformed('no summary');
  const sent = Number(sentText);
  const received = Number(receivedText);
  if (received > sent) throw new Malformed('more came back than were sent');
  const times = received === 0 ? [] : [...read.matchAll(REPLY)].map(([, ms]) => Number(ms));
  const mtu = Number(TOO_BIG.exec(read)?.[1] ?? 0);
  return {
    sent,
    received,
    ...summaryOf(times),
    mtu: mtu === 0 ? null : mtu,
    unreachable: UNREACHABLE.test(read),
  };
}
