// What a fault of the simulated world is, as somebody at this vantage could know it at best: whose, which row, about whom.
// Written from the world's side, before any run; a row a fault may also rightly be called by is listed with it.
import type { Party } from '../../catalog/parties.ts';
import type { World } from '../../lab/world.ts';
import type { RowId } from '../../verdict/table.ts';
import { FELT } from './felt.ts';
import { feltOverIpv6 } from './felt-over-ipv6.ts';
import type { SimFault } from './sim-faults.ts';

/** One fault as one service feels it. */
export interface Truth {
  party: Party;
  /** The best row first. Empty: whichever row names this party. */
  rows: readonly RowId[];
  vendor: string | null;
  component: string | null;
  /** Whether the service may as well go on working, or too little can be known to demand an answer. */
  maybe: boolean;
  /** Rows of other faults on the same service that cannot be seen while this one lasts. */
  masks: readonly RowId[];
}

export const UPLINK = 'uplink';

const OF_THE_LINE: ReadonlySet<string> = new Set([
  'uplink_cut',
  'uplink_flapping',
  'uplink_loss',
  'machine_starved',
  'machine_suspended',
  'gateway_down',
  'power_cut',
  'captive_portal',
]);

/** What every service, the connection itself included, feels of a fault; services that feel nothing are left out. */
export function truthOf(fault: SimFault, world: World): Map<string, Truth> {
  const felt = new Map<string, Truth>();
  const feel = fault.scope === 'ip6' ? feltOverIpv6 : FELT[fault.kind];
  for (const service of world.services) {
    const truth = feel(service, fault, world);
    if (truth !== null) felt.set(service.name, truth);
  }
  // The connection is watched for its own sake, also where nothing else goes out.
  const [first] = world.services;
  const outward = first && { ...first, needs: UPLINK };
  const truth = outward !== undefined && OF_THE_LINE.has(fault.kind) ? feel(outward, fault, world) : null;
  if (truth !== null) felt.set(UPLINK, truth);
  return felt;
}
