// What the rows that hear of views from elsewhere, or of one family of addresses, must say; each case with its reason.
import { type Case, fails, guards } from './case.ts';

const ORIGIN_FAILS = { endpoint_record: 1, origin_connect: 1, origin_answer: 0 } as const;
const WITHOUT_IPV6 = { second_family: 0, second_family_silent: 1, edge_connect: 0 } as const;
const SILENT_EDGE = { second_family: 1, second_family_silent: 1, edge_connect: 0, edge_guard_witness: 0 } as const;
const CUT_OFF = { edge_connect: 0, edge_elsewhere: 1 } as const;
const AWAITED = { edge_connect: 0, ...guards('edge'), elsewhere_heard: 0 } as const;

export const OUTSIDE_CASES: readonly Case[] = [
  fails('an edge that serves others is not down', CUT_OFF, 'edge_unreachable_here'),
  fails('whatever else speaks against it', { ...CUT_OFF, ...guards('edge') }, 'edge_unreachable_here'),
  fails('on a line in doubt nothing is said of the way beyond it', { ...CUT_OFF, uplink: -1 }, 'uplink_unproven'),
  fails(
    'an edge whose other hosts work from here is not out of reach',
    { ...CUT_OFF, edge_guard_witness: 0 },
    'edge_unreachable_suspected',
  ),
  fails(
    'a view from elsewhere that is bad clears nobody',
    { ...CUT_OFF, edge_elsewhere: 0 },
    'edge_unreachable_suspected',
  ),
  fails(
    'an error the edge has sent is its own',
    { edge_connect: 1, edge_answer: 0, edge_elsewhere: 1 },
    'edge_suspected',
  ),
  fails('whoever watches from elsewhere is heard first', AWAITED, 'edge_unreachable_awaited'),
  fails('one who has been served clears it', { ...AWAITED, edge_elsewhere: 1 }, 'edge_unreachable_here'),
  fails('nobody is waited for for ever', { ...AWAITED, elsewhere_heard: 1 }, 'edge_unreachable'),
  fails(
    'without a word of whether one is awaited nothing is said of either',
    { ...AWAITED, elsewhere_heard: -1 },
    'edge_unreachable_suspected',
  ),
  fails('nobody need be heard on a line in doubt', { ...AWAITED, uplink: -1 }, 'uplink_unproven'),
  fails(
    'nor where nothing is proven against the edge',
    { ...AWAITED, edge_guard_witness: -1 },
    'edge_unreachable_suspected',
  ),
  fails('nor where its other hosts work', { ...AWAITED, edge_guard_witness: 0 }, 'edge_unreachable_suspected'),
  fails('errors it has sent wait for nobody', { ...AWAITED, edge_connect: 1, edge_answer: 0 }, 'edge_failing'),
  fails('what was not dialled is not out of reach', { ...AWAITED, edge_connect: -1 }, 'unexplained'),
  fails(
    'what the origin needs explains more',
    { ...AWAITED, ...ORIGIN_FAILS, ...guards('endpoint') },
    'endpoint_failing',
  ),
  fails(
    'what the origin needs explains more than a way to the edge that is broken',
    { ...CUT_OFF, ...ORIGIN_FAILS, ...guards('endpoint') },
    'endpoint_failing',
  ),
  fails('a line that lost one family is told as that', WITHOUT_IPV6, 'line_family_down'),
  fails('whoever stands in front is not suspected then', { ...WITHOUT_IPV6, ...guards('edge') }, 'line_family_down'),
  fails('on a line in doubt one family is in doubt too', { ...WITHOUT_IPV6, uplink: -1 }, 'uplink_unproven'),
  fails('a family nobody proved lost is not', { ...WITHOUT_IPV6, second_family: -1 }, 'edge_unreachable_suspected'),
  fails(
    'what was not silent over it has another fault',
    { ...WITHOUT_IPV6, second_family_silent: 0 },
    'edge_unreachable_suspected',
  ),
  fails('nor has what nobody measured', { ...WITHOUT_IPV6, second_family_silent: -1 }, 'edge_unreachable_suspected'),
  fails(
    'what stays in the house does not need the line',
    { ...WITHOUT_IPV6, beyond_uplink: 0 },
    'edge_unreachable_suspected',
  ),
  fails(
    'one family comes before the resolver that may be asked over it',
    { ...WITHOUT_IPV6, resolver: 0, resolver_unchecked: 1, resolver_own: 1, other_resolvers: 1 },
    'line_family_down',
  ),
  fails('an edge that is silent over one family', SILENT_EDGE, 'edge_family_silent'),
  fails('on a line in doubt the edge is not spoken of', { ...SILENT_EDGE, uplink: -1 }, 'uplink_unproven'),
  fails('one must know that the line carries it', { ...SILENT_EDGE, second_family: -1 }, 'edge_unreachable_suspected'),
  fails('and that it was asked over it', { ...SILENT_EDGE, second_family_silent: 0 }, 'edge_unreachable_suspected'),
  fails('for sure', { ...SILENT_EDGE, second_family_silent: -1 }, 'edge_unreachable_suspected'),
  fails('with others at the edge well', { ...SILENT_EDGE, edge_guard_witness: -1 }, 'edge_unreachable_suspected'),
  fails('an edge that connects is not silent', { ...SILENT_EDGE, edge_connect: 1 }, 'unexplained'),
  fails('nor one nobody dialled', { ...SILENT_EDGE, edge_connect: -1 }, 'unexplained'),
  fails('what works elsewhere fails from here alone', { outside: 1 }, 'works_elsewhere'),
  fails('but not before its witnesses here were heard', { outside: 1, settled: 0 }, 'confirming'),
  fails('a line in doubt may be why', { outside: 1, uplink: -1 }, 'works_elsewhere'),
  fails('caches outlive name servers', { outside: 1, nameservers: 0 }, 'dns_vendor_suspected'),
  fails('a second path outlives a tunnel', { outside: 1, tunnel_daemon: 1, tunnel_ready: 0 }, 'tunnel_suspected'),
  fails(
    'an origin that refuses is yours, whoever was served before',
    { outside: 1, origin_connect: 0 },
    'origin_refused',
  ),
  fails('what is down elsewhere too is not only from here', { outside: 0 }, 'unexplained'),
  fails(
    'what runs elsewhere and is down there is not your line',
    { outside: 0, uplink: -1, behind_uplink: 0 },
    'down_elsewhere_too',
  ),
  fails(
    'what runs behind your line may be down by it',
    { outside: 0, uplink: -1, behind_uplink: 1 },
    'uplink_unproven',
  ),
  fails('and so may what nobody knows the place of', { outside: 0, uplink: -1, behind_uplink: -1 }, 'uplink_unproven'),
  fails('one view less, and nobody knows', { uplink: -1, behind_uplink: 0 }, 'uplink_unproven'),
  fails('on a proven line nothing is said of the line', { outside: 0, behind_uplink: 0 }, 'unexplained'),
];
