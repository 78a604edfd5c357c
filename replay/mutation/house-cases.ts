// What the rows about power, a portal and the own house must say; each case with its reason.
import { type Case, fails } from './case.ts';

const CUT = { power: 0, power_explains: 1 } as const;

export const HOUSE_CASES: readonly Case[] = [
  fails(
    'your own servers are heard without power elsewhere',
    { ...CUT, uplink: 0, nameservers: 0, nameservers_reachable: 1, zone_own: 1 },
    'own_zone_not_served',
  ),
  fails('a line in doubt may have power', { ...CUT, uplink: -1 }, 'uplink_unproven'),
  fails('a line that fell silent first is not explained', { ...CUT, uplink: 0, power_explains: -1 }, 'uplink_down'),
  fails('the line is nearer than a host', { ...CUT, uplink: 0, host: 0 }, 'power_cut'),
  fails('a host that is dead while there is power', { ...CUT, host: 0, power: 1 }, 'origin_host_down'),
  fails('a UPS nobody heard cut nothing', { ...CUT, host: 0, power: -1 }, 'origin_host_down'),
  fails('a host that died before the power', { ...CUT, host: 0, power_explains: 0 }, 'origin_host_down'),
  fails('or nobody knows when', { ...CUT, host: 0, power_explains: -1 }, 'origin_host_down'),
  fails('no portal switches a host off', { ...CUT, host: 0, no_portal: 0 }, 'power_cut_host'),
  fails('a gateway that shows its page is there', { no_portal: 0, gateway: 0, uplink: 0 }, 'captive_portal'),
  fails('what stays in the house has no line', { uplink: 0, gateway: -1, beyond_uplink: 0 }, 'unexplained'),
  fails('nor one in doubt', { uplink: -1, beyond_uplink: 0 }, 'unexplained'),
  fails('what may lie beyond waits for the line', { uplink: -1, beyond_uplink: -1 }, 'uplink_unproven'),
  fails('one dead host of many', { host: 0, fleet: 0 }, 'hosts_lost'),
  fails('lost hosts do not silence one that answers', { host: 1, fleet: 0 }, 'unexplained'),
  fails('nor one nobody asked', { host: -1, fleet: 0 }, 'unexplained'),
  fails('a host alone, or nobody knows', { host: 0, fleet: -1 }, 'origin_host_down'),
  fails(
    'what the user meets first comes before the hosts behind it',
    { host: 0, fleet: 0, edge_answer: 1, tunnel_daemon: 1, tunnel_ready: 0, tunnel_edge: 0 },
    'tunnel_blocked',
  ),
];
