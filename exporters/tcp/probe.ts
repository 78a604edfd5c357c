// Opens a TCP connection and closes it: proof that a host is alive and something listens.
import { once } from 'node:events';
import net from 'node:net';
import { z } from 'zod';
import type { Phase } from '../../catalog/reasons.ts';
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

  async measure({ host, port, aliveWhenRefused }, { resolver, signal, clock }) {
    const facts: TcpFacts = { address: null, answer: null };
    const phases: Partial<Record<Phase, number>> = {};
    let phase: Phase = 'resolve';
    let since = clock.monotonic();
    try {
      const [address] = await resolver.resolve(host, 'last_good', signal);
      if (address === undefined) return { reason: 'no_address', phase, phases, facts };
      phases.resolve = clock.monotonic() - since;
      since = clock.monotonic();
      phase = 'connect';
      facts.address = address;
      await connect(address, port, signal);
      facts.answer = 'accepted';
      return { reason: 'ok', phase: null, phases, facts };
    } catch (error) {
      const reason = reasonOf(error);
      if (phase === 'connect' && reason === 'connect_refused') facts.answer = 'refused';
      const alive = aliveWhenRefused && facts.answer === 'refused';
      return { reason: alive ? 'ok' : reason, phase: alive ? null : phase, phases, facts };
    } finally {
      phases[phase] = clock.monotonic() - since;
    }
  },

  samples: () => [],
});

async function connect(host: string, port: number, signal: AbortSignal): Promise<void> {
  const socket = net.connect({ host, port });
  // An error may come after the deadline took the other listeners away; without one it would end the process.
  socket.on('error', () => undefined);
  try {
    await once(socket, 'connect', { signal });
  } finally {
    socket.destroy();
  }
}
