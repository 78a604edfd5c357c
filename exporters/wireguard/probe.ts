// Looks at a WireGuard interface of this machine: whether it is up, and when its far end last shook hands.
// Without keepalives an old handshake says nothing: a tunnel nobody uses shakes no hands.
import { z } from 'zod';
import type { Phase } from '../../catalog/reasons.ts';
import { defineProbe } from '../probe.ts';
import { PROGRAM, runProgram } from '../run-program.ts';
import { type TunnelSaid, tunnelSaid, tunnelSamples, tunnelSilent } from '../tunnel-facts.ts';
import { type Peer, readDump } from './dump.ts';

const MAX_BYTES = 1_048_576;
/** A session is refused after so long without a new handshake (whitepaper, section 6.1: Reject-After-Time). */
const REJECT_AFTER_MS = 180_000;

const Settings = z.strictObject({
  interface: z
    .string()
    .regex(/^[A-Za-z0-9_=+.-]{1,15}$/)
    .describe('Name of the interface, such as wg0.'),
  peer: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/)
    .optional()
    .describe('Public key of the far end. Left out: one fresh peer of the interface is enough.'),
  program: z
    .string()
    .regex(PROGRAM)
    .default('wg')
    .describe('The program `wg`, or one that calls it with the rights it needs.'),
});

type Settings = z.output<typeof Settings>;

export const wireguard = defineProbe({
  kind: 'wireguard',
  settings: Settings,

  async measure(settings, context) {
    const start = context.clock.monotonic();
    const run = await runProgram(settings.program, ['show', 'all', 'dump'], MAX_BYTES, context);
    const phases: Partial<Record<Phase, number>> = { request: context.clock.monotonic() - start };
    if (run.reason !== 'ok') return tunnelSilent(run.reason, 'request', phases);
    return tunnelSaid(() => saidBy(readDump(run.output), settings, context.clock.now()), phases);
  },

  samples: tunnelSamples,
});

function saidBy(
  interfaces: ReadonlyMap<string, readonly Peer[]>,
  { interface: name, peer }: Settings,
  now: number,
): TunnelSaid {
  const all = interfaces.get(name);
  if (all === undefined) return { state: 'absent', ailment: 'interface_absent', lastHandshake: null };
  const peers = all.filter(({ publicKey }) => peer === undefined || publicKey === peer);
  if (peers.length === 0) return { state: 'not_ready', ailment: 'peer_absent', lastHandshake: null };
  const newest = peers.flatMap(({ lastHandshake }) => lastHandshake ?? []);
  const lastHandshake = newest.length === 0 ? null : Math.max(...newest);
  if (peers.some((one) => isFresh(one, now))) return { state: 'ready', ailment: null, lastHandshake };
  if (peers.every(({ keepalive }) => keepalive === null)) return { state: 'idle', ailment: null, lastHandshake };
  return { state: 'not_ready', ailment: lastHandshake === null ? 'no_handshake' : 'stale_handshake', lastHandshake };
}

function isFresh({ lastHandshake, keepalive }: Peer, now: number): boolean {
  return lastHandshake !== null && now - lastHandshake <= REJECT_AFTER_MS + (keepalive ?? 0) * 1000;
}
