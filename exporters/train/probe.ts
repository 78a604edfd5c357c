// Sends a train of DNS questions to one server, each once, and counts what comes back: the loss of the way there and back.
// A connection would hide it, since TCP sends again what is lost; and no privilege is needed, as it is for a ping.
import { z } from 'zod';
import { askAt } from '../ask-at.ts';
import { type BurstFacts, burstSamples, NO_BURST, summaryOf } from '../burst.ts';
import { parseEndpoint } from '../dns/endpoint.ts';
import { isAskable } from '../dns/question.ts';
import { defineProbe } from '../probe.ts';
import type { TrainFacts } from './facts.ts';
import { sendTrain } from './send.ts';

const Settings = z.strictObject({
  server: z
    .string()
    .refine((text) => parseEndpoint(text) !== null, 'must be host or host:port')
    .describe('DNS server that is asked over UDP, `host` or `host:port`.'),
  name: z
    .string()
    .refine(isAskable, 'must be a domain name')
    .default('.')
    .describe('Name whose address is asked for. What the answer says does not matter.'),
  count: z.int().min(2).max(50).default(10).describe('Questions in a train.'),
  gapMs: z.int().min(20).max(1_000).default(50).describe('Milliseconds from one to the next.'),
});

export const train = defineProbe({
  kind: 'train',
  settings: Settings,

  measure({ server, name, count, gapMs }, context) {
    const { host, port } = parseEndpoint(server) ?? { host: server, port: 0 };
    return askAt<TrainFacts>({ host, nothing: { address: null, ...NO_BURST } }, context, async (address, timer) => {
      timer.enter('request');
      const burst = burstOf(await sendTrain({ host: address, port }, { name, count, gapMs }, context));
      return { reason: burst.received === 0 ? 'timeout' : 'ok', facts: burst };
    });
  },

  samples: ({ facts }) => burstSamples(facts),
});

function burstOf(trips: readonly (number | null)[]): BurstFacts {
  const times = trips.filter((ms) => ms !== null);
  return { sent: trips.length, received: times.length, ...summaryOf(times) };
}
