// What every tunnel daemon but cloudflared is asked for, in one shape, so that all of them prove the same signals.
import type { Sample } from '../catalog/metrics.ts';
import type { Phase, Reason } from '../catalog/reasons.ts';
import { malformed, readingOf } from './malformed.ts';
import type { Measurement } from './observation.ts';

/** Why a tunnel carries nothing, as its daemon says; the label `ailment`. */
export const TUNNEL_AILMENTS = [
  'logged_out',
  'key_expired',
  'machine_unapproved',
  'stopped',
  'starting',
  'offline',
  'tunnel_absent',
  'peer_absent',
  'peer_offline',
  'no_handshake',
  'stale_handshake',
  'start_error',
  'check_failed',
  'closed',
  'interface_absent',
] as const;

export type TunnelAilment = (typeof TUNNEL_AILMENTS)[number];

export interface TunnelFacts {
  /**
   * ready: it is connected. not_ready: it runs and is not. idle: it runs, and whether it is connected cannot be told.
   * absent: it does not run. null: no usable answer.
   */
  state: 'ready' | 'not_ready' | 'idle' | 'absent' | null;
  /** May be there in a good state too, such as a control plane that is out of reach while data flows. */
  ailment: TunnelAilment | null;
  /** Ways to the far end that are open, where the daemon counts them. */
  connections: number | null;
  /** Newest handshake with the far end, Unix milliseconds. */
  lastHandshake: number | null;
  /** When the daemon's key ends, Unix milliseconds. */
  keyExpiry: number | null;
  /** How many things the daemon warns of. */
  warnings: number | null;
}

export const NO_TUNNEL_FACTS: TunnelFacts = {
  state: null,
  ailment: null,
  connections: null,
  lastHandshake: null,
  keyExpiry: null,
  warnings: null,
};

export type TunnelSaid = Partial<TunnelFacts> & { state: NonNullable<TunnelFacts['state']> };

/** What a daemon's answer says; one that cannot be read, for which `read` throws {@link Malformed}, is no usable one. */
export function tunnelSaid(
  read: () => TunnelSaid,
  phases: Measurement<TunnelFacts>['phases'],
): Measurement<TunnelFacts> {
  const { value, flaw } = readingOf(read);
  if (value === null) return { ...malformed(flaw), phases, facts: NO_TUNNEL_FACTS };
  const facts = { ...NO_TUNNEL_FACTS, ...value };
  const fine = facts.state === 'ready' || facts.state === 'idle';
  return { reason: fine ? 'ok' : 'tunnel_not_ready', phase: fine ? null : 'check', phases, facts };
}

/** A daemon that gave no answer which could be read. */
export function tunnelSilent(
  reason: Reason,
  phase: Phase | null,
  phases: Measurement<TunnelFacts>['phases'],
): Measurement<TunnelFacts> {
  return { reason, phase, phases, facts: NO_TUNNEL_FACTS };
}

export function tunnelSamples({ facts }: Measurement<TunnelFacts>): Sample[] {
  const { ailment, connections, lastHandshake, keyExpiry, warnings } = facts;
  const samples: Sample[] = [];
  if (connections !== null) samples.push({ metric: 'demarc_tunnel_ready_connections', value: connections });
  if (ailment !== null) samples.push({ metric: 'demarc_tunnel_ailment_info', value: 1, labels: { ailment } });
  if (lastHandshake !== null)
    samples.push({ metric: 'demarc_tunnel_last_handshake_timestamp_seconds', value: lastHandshake / 1000 });
  if (keyExpiry !== null)
    samples.push({ metric: 'demarc_tunnel_key_expiry_timestamp_seconds', value: keyExpiry / 1000 });
  if (warnings !== null) samples.push({ metric: 'demarc_tunnel_warnings', value: warnings });
  return samples;
}
