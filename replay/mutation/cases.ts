// What the tables must say in states that no scenario reaches, or that several rows could claim; each with its reason.
import type { NamedStates } from './mutants.ts';

export interface Case {
  why: string;
  states: NamedStates;
  /** Id of the row that must be said. */
  row: string;
}

/** A service that fails for sure, on a line that is proven. */
const FAILING: NamedStates = { service: 0, uplink: 1, gateway: 1, settled: 1, data: 1, prober: 1 };

const guards = (layer: string): NamedStates => ({
  [`${layer}_guard_uplink`]: 1,
  [`${layer}_guard_others`]: 1,
  [`${layer}_guard_witness`]: 1,
});

const fails = (why: string, states: NamedStates, row: string): Case => ({
  why,
  states: { ...FAILING, ...states },
  row,
});

const RESOLVER = { resolver: 0, resolver_own: 1, other_resolvers: 1 } as const;
const ZONE = { nameservers: 0, nameservers_reachable: 1, dns_guard_witness: 0, dns_guard_uplink: 1 } as const;
const TUNNEL = { edge_answer: 1, tunnel_daemon: 1, tunnel_ready: 0, tunnel_edge: 1, ...guards('tunnel') } as const;
const CERTIFICATE = { edge_certificate: 0, certificates_elsewhere: 1 } as const;

export const CASES: readonly Case[] = [
  { why: 'silence is said, not guessed at', states: { service: -1, data: 0 }, row: 'data_missing' },
  { why: 'nothing at all is no result', states: {}, row: 'no_result' },
  fails('without results nothing else is believed', { data: 0, gateway: 0, uplink: 0 }, 'data_missing'),
  fails('a gateway that is merely shy takes nothing from a line that works', { gateway: 0 }, 'unexplained'),
  fails('a gateway that does not answer, before a line that does not', { gateway: 0, uplink: 0 }, 'lan_down'),
  fails('a gateway alone proves no dead line', { gateway: 0, uplink: -1 }, 'uplink_unproven'),
  fails('a gateway that answers puts the fault beyond it', { uplink: 0 }, 'uplink_down'),
  fails('without the word of the gateway nobody knows the side', { gateway: -1, uplink: 0 }, 'uplink_down_unplaced'),
  fails('your resolver, if others answer', RESOLVER, 'resolver_down'),
  fails('a resolver fails alone only if others answer', { ...RESOLVER, other_resolvers: -1 }, 'unexplained'),
  fails('whose resolver it is must be known', { ...RESOLVER, resolver_own: -1 }, 'unexplained'),
  fails('a resolver needs a line to be judged', { ...RESOLVER, uplink: -1 }, 'uplink_unproven'),
  fails('their resolver, if others answer', { ...RESOLVER, resolver_own: 0 }, 'isp_resolver_down'),
  fails(
    'theirs fails alone only if others answer',
    { ...RESOLVER, resolver_own: 0, other_resolvers: -1 },
    'unexplained',
  ),
  fails(
    'theirs fails alone only if others do not',
    { ...RESOLVER, resolver_own: 0, other_resolvers: 0 },
    'unexplained',
  ),
  fails(
    'what all is asked through comes before what is asked',
    { ...RESOLVER, resolver_own: 0, nameservers: 0, ...guards('dns') },
    'isp_resolver_down',
  ),
  fails('servers that refuse you and serve others', ZONE, 'zone_not_served'),
  fails('servers that are silent refuse nobody', { ...ZONE, nameservers_reachable: -1 }, 'dns_vendor_suspected'),
  fails('others must be known to be served', { ...ZONE, dns_guard_witness: -1 }, 'dns_vendor_suspected'),
  fails('a refusal needs a clean line', { ...ZONE, dns_guard_uplink: -1 }, 'dns_vendor_suspected'),
  fails('a record is missing only at servers that serve', { nameservers: -1, record: 0 }, 'unexplained'),
  fails(
    'your own record comes before what the service needs',
    { nameservers: 1, record: 0, endpoint_record: 0, ...guards('endpoint') },
    'record_missing',
  ),
  fails(
    'what the service needs comes before what is in front of it',
    { endpoint_record: 0, ...guards('endpoint'), edge_connect: 0, ...guards('edge') },
    'endpoint_record_empty',
  ),
  fails(
    'an answer nobody connected for is no evidence',
    { edge_connect: -1, edge_answer: 0, ...guards('edge') },
    'unexplained',
  ),
  fails(
    'errors of the edge come before a certificate',
    { edge_connect: 1, edge_answer: 0, ...guards('edge'), edge_certificate: 0, certificates_elsewhere: 0 },
    'edge_failing',
  ),
  fails(
    'wrong here and wrong elsewhere is somebody in between',
    { ...CERTIFICATE, certificates_elsewhere: 0 },
    'tls_intercepted',
  ),
  fails(
    'wrong elsewhere alone is not your certificate',
    { edge_certificate: 1, certificates_elsewhere: 0 },
    'unexplained',
  ),
  fails('and not while yours is unknown', { edge_certificate: -1, certificates_elsewhere: 0 }, 'unexplained'),
  fails(
    'in between comes before whoever renews it',
    { ...CERTIFICATE, certificates_elsewhere: 0, edge_certificate_own: 0, ...guards('edge') },
    'tls_intercepted',
  ),
  fails(
    'whose job it is must be known to name them',
    { ...CERTIFICATE, edge_certificate_own: -1, ...guards('edge') },
    'unexplained',
  ),
  fails('your job, if it is yours', { ...CERTIFICATE, edge_certificate_own: 1 }, 'edge_certificate_expired'),
  fails(
    'your job only if others are shown theirs',
    { edge_certificate: 0, certificates_elsewhere: -1, edge_certificate_own: 1 },
    'unexplained',
  ),
  fails(
    'what users see comes before what the edge sees',
    { ...CERTIFICATE, edge_certificate_own: 1, origin_certificate: 0 },
    'edge_certificate_expired',
  ),
  fails(
    'a certificate the edge refuses comes before the tunnel',
    { origin_certificate: 0, tunnel_daemon: 0 },
    'origin_certificate_expired',
  ),
  fails('a tunnel service that carries nobody', TUNNEL, 'tunnel_service_down'),
  fails('behind an edge in doubt a tunnel cannot be judged', { ...TUNNEL, edge_answer: -1 }, 'tunnel_suspected'),
  fails('a daemon nobody heard of may be dead', { ...TUNNEL, tunnel_daemon: -1 }, 'unexplained'),
  fails('ports nobody tried may be closed', { ...TUNNEL, tunnel_edge: -1 }, 'tunnel_suspected'),
  fails('closed ports', { tunnel_daemon: 1, tunnel_ready: 0, tunnel_edge: 0 }, 'tunnel_blocked'),
  fails(
    'closed ports need a daemon that tries them',
    { tunnel_daemon: -1, tunnel_ready: 0, tunnel_edge: 0 },
    'unexplained',
  ),
  fails(
    'closed ports are no fault while it is connected',
    { tunnel_daemon: 1, tunnel_ready: 1, tunnel_edge: 0 },
    'unexplained',
  ),
  fails('and none while that is unknown', { tunnel_daemon: 1, tunnel_ready: -1, tunnel_edge: 0 }, 'unexplained'),
  fails(
    'the path comes before the house',
    { tunnel_daemon: 1, tunnel_ready: 0, tunnel_edge: 0, host: 0 },
    'tunnel_blocked',
  ),
  fails('a dead host explains its process', { host: 0, origin_connect: 0 }, 'origin_host_down'),
  fails('silent, with a host that lives', { host: 1, origin_connect: -1, origin_answer: 0 }, 'origin_silent'),
  fails(
    'silent, with a host nobody knows of, is no finding',
    { host: -1, origin_connect: -1, origin_answer: 0 },
    'unexplained',
  ),
  fails('refused is known better than silent', { host: 1, origin_connect: 0, origin_answer: 0 }, 'origin_refused'),
  fails('a process that answers is not silent', { host: 1, origin_connect: -1, origin_answer: 1 }, 'unexplained'),
  fails(
    'a finding at home is told before the good news is sure',
    { needs_met: 1, origin_connect: 1, origin_answer: 0, recovering: 1 },
    'origin_error',
  ),
  fails('one good answer is the beginning of the end', { recovering: 1 }, 'recovering'),
  fails('and is told even by a prober that is late', { recovering: 1, prober: 0 }, 'recovering'),
  fails('a late prober proves nothing', { prober: 0 }, 'prober_starved'),
  fails('a late prober would confirm nothing', { prober: 0, settled: 0 }, 'prober_starved'),
  {
    why: 'a late prober is the reason that nothing is known',
    states: { service: -1, prober: 0 },
    row: 'prober_starved',
  },
  fails('witnesses are waited for', { settled: 0 }, 'confirming'),
  fails('they are waited for before the line is doubted', { settled: 0, uplink: -1 }, 'confirming'),
  fails('a line in doubt blames nobody', { uplink: -1 }, 'uplink_unproven'),
  fails('name servers without a witness', { nameservers: 0 }, 'dns_vendor_suspected'),
  fails('names come before what needs them', { nameservers: 0, endpoint_record: 0 }, 'dns_vendor_suspected'),
  fails('an endpoint without a witness', { endpoint_record: 0 }, 'endpoint_suspected'),
  fails('needs come before the edge', { endpoint_record: 0, edge_connect: 1, edge_answer: 0 }, 'endpoint_suspected'),
  fails('an edge without a witness, that was reached', { edge_connect: 1, edge_answer: 0 }, 'edge_suspected'),
  fails(
    'an edge that is not reached comes before its certificate',
    { edge_connect: 0, ...CERTIFICATE, edge_certificate_own: 0 },
    'edge_unreachable_suspected',
  ),
  fails(
    'a certificate is nearer to the user than a tunnel',
    { ...CERTIFICATE, edge_certificate_own: 0, tunnel_daemon: 1, tunnel_ready: 0 },
    'edge_certificate_suspected',
  ),
  fails(
    'a renewal nobody is known for is not suspected of anybody',
    { ...CERTIFICATE, edge_certificate_own: -1 },
    'unexplained',
  ),
];

const PROVEN = { path: 1, uplink: 1, guard_uplink: 1, guard_others: 1, guard_witness: 1, settled: 1 } as const;

export const VENDOR_CASES: readonly Case[] = [
  {
    why: 'its own controls tell more than one service',
    states: { ...PROVEN, controls: 0, any_control: 0, convicted: 1 },
    row: 'vendor_failing',
  },
  {
    why: 'its own controls tell more than one service, in part too',
    states: { ...PROVEN, controls: 0, any_control: 1, convicted: 1 },
    row: 'vendor_partly_failing',
  },
  {
    why: 'what has just failed is waited for before the line is doubted',
    states: { controls: -1, settled: 0, uplink: -1 },
    row: 'vendor_confirming',
  },
  {
    why: 'behind a line in doubt nothing is said of the way at the vendor',
    states: { controls: 0, any_control: 0, path: 0, uplink: -1 },
    row: 'vendor_out_of_sight',
  },
];
