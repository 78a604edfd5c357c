// Silence by the family of addresses it was met over: a line may carry one of them alone.
import net from 'node:net';
import { type Reason, SILENT_REASONS } from '../catalog/reasons.ts';
import type { Observation } from '../exporters/observation.ts';
import type { ServiceBinding } from '../map/plan-types.ts';
import type { GuardSources } from './guard.ts';
import { bare, type Reading } from './readings.ts';
import type { Family } from './uplink.ts';

/** Neither says more than that nothing came back. */
export const isVague = (reason: Reason): boolean => SILENT_REASONS.has(reason) || reason === 'unreachable';

/** The family of the address nothing came back from: only anchors of that family can say whether it was the line. */
export function silentOver(observation: Observation | null | undefined): Family | undefined {
  if (!observation || !isVague(observation.reason)) return undefined;
  const family = net.isIP(addressOf(observation) ?? '');
  return family === 4 || family === 6 ? family : undefined;
}

/** The address it was measured at; null where there was none. */
function addressOf(observation: Observation | null | undefined): string | null {
  return observation && 'address' in observation.facts ? observation.facts.address : null;
}

/** OK: silent over IPv6 when it was last measured. BAD: it failed in another way, or over IPv4. */
export function readSilentByIpv6({ user }: ServiceBinding, { tracks }: GuardSources): Reading {
  const newest = user === null ? null : tracks.get(user)?.newest;
  if (!newest || newest.ok || addressOf(newest) === null) return bare(-1);
  return silentOver(newest) === 6
    ? bare(1, `nothing came back from ${addressOf(newest)}, an address of IPv6`)
    : bare(0, `it was measured at ${addressOf(newest)}, or it answered`);
}
