// Asks one time server how wrong our clock is. A wrong clock makes good certificates look bad, so somebody must look.
// It measures only: nothing is set, and one server's word is one server's word.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import type { Reason } from '../../catalog/reasons.ts';
import { askAt } from '../ask-at.ts';
import { converse } from '../datagrams.ts';
import { defineProbe, type ProbeContext } from '../probe.ts';
import type { ClockFacts } from './facts.ts';
import { isAnswerTo, type NtpAnswer, readReply, writeRequest } from './ntp.ts';

const Settings = z.strictObject({
  host: z.string().min(1).max(253).describe('Name or address of the time server.'),
  port: z.int().min(1).max(65_535).default(123).describe('UDP port it answers at.'),
});

const NOTHING_SEEN: ClockFacts = { address: null, offsetMs: null, delayMs: null, stratum: null, refusal: null };

export const clock = defineProbe({
  kind: 'clock',
  settings: Settings,

  measure: ({ host, port }, context) =>
    askAt<ClockFacts>({ host, nothing: NOTHING_SEEN }, context, async (address, timer) => {
      timer.enter('request');
      context.trace?.step(
        `asked ${address} at port ${port} for the time by NTP, in one datagram that is not sent again`,
      );
      const answer = await ask(address, port, context);
      context.trace?.step(`answered: ${toldBy(answer)}`);
      timer.enter('check');
      return judged(answer);
    }),

  samples({ facts }) {
    const samples: Sample[] = [];
    if (facts.offsetMs !== null) samples.push({ metric: 'demarc_clock_offset_seconds', value: facts.offsetMs / 1000 });
    if (facts.delayMs !== null) samples.push({ metric: 'demarc_clock_delay_seconds', value: facts.delayMs / 1000 });
    return samples;
  },
});

function toldBy(answer: NtpAnswer): string {
  if (answer.kind === 'refused') return `refused, ${answer.code}`;
  if (answer.kind !== 'time') return answer.kind;
  const { offsetMs, delayMs, stratum } = answer;
  return `ahead of our clock by ${offsetMs.toFixed(1)} ms, after a trip of ${delayMs.toFixed(1)} ms, stratum ${stratum}`;
}

function judged(answer: NtpAnswer): { reason: Reason; facts: Partial<ClockFacts> } {
  switch (answer.kind) {
    case 'refused':
      return { reason: 'ntp_refused', facts: { refusal: answer.code } };
    case 'unsynchronized':
      return { reason: 'ntp_unsynchronized', facts: {} };
    case 'malformed':
      return { reason: 'answer_malformed', facts: {} };
    case 'time': {
      const { offsetMs, delayMs, stratum } = answer;
      return { reason: 'ok', facts: { offsetMs, delayMs, stratum } };
    }
  }
}

/** One datagram, never sent again: time servers take repeats for abuse, and the next round comes soon. */
function ask(host: string, port: number, context: ProbeContext): Promise<NtpAnswer> {
  const { clock: time } = context;
  const request = writeRequest();
  let leftAt = 0;
  let since = 0;
  return converse<NtpAnswer>({ host, port }, context, {
    begin(talk) {
      leftAt = time.now();
      since = time.monotonic();
      talk.send(request);
    },
    hear(message, talk) {
      // By the monotonic clock, so that a step of the wall clock meanwhile does no harm.
      const tookMs = time.monotonic() - since;
      const ours = isAnswerTo(request, message);
      if (ours) talk.settle(readReply(message, { leftAt, tookMs }));
      return ours;
    },
  });
}
