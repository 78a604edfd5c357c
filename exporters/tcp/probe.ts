// Opens a TCP connection and closes it: proof that a host is alive and something listens.
import { z } from 'zod';
import { askAt } from '../ask-at.ts';
import { dial } from '../dial.ts';
import { defineProbe, reasonOf } from '../probe.ts';
import type { TcpFacts } from './facts.ts';

const Settings = z.strictObject({
  host: z.string().min(1).describe('Name or address to connect to.'),
  port: z.int().min(1).max(65_535).describe('TCP port.'),
  aliveWhenRefused: z
    .boolean()
    .default(false)
    .describe('For gateways and hosts: a refusal proves them alive, whatever listens.'),
});

export const tcp = defineProbe({
  kind: 'tcp',
  settings: Settings,

  measure: ({ host, port, aliveWhenRefused }, context) =>
    askAt<TcpFacts>({ host, nothing: { address: null, answer: null } }, context, async (address, timer) => {
      timer.enter('connect');
      const answer = await knock(address, port, context.signal);
      const alive = answer === 'accepted' || aliveWhenRefused;
      return { reason: alive ? 'ok' : 'connect_refused', facts: { answer } };
    }),

  samples: () => [],
});

async function knock(host: string, port: number, signal: AbortSignal): Promise<'accepted' | 'refused'> {
  try {
    return await dial({ host, port }, signal, (_, settle) => settle('accepted'));
  } catch (error) {
    if (reasonOf(error) === 'connect_refused') return 'refused';
    throw error;
  }
}
