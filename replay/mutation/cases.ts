// What the table about services must say in states that no scenario reaches, or that several rows could claim; each with its
// reason.
import { type Case, fails, guards } from './case.ts';
import { CUSTOM_CASES } from './custom-cases.ts';
import { EDGE_CASES } from './edge-cases.ts';
import { HOUSE_CASES } from './house-cases.ts';
import { OUTSIDE_CASES } from './outside-cases.ts';
import { SIGNATURE_CASES } from './signature-cases.ts';

const RESOLVER = { resolver: 0, resolver_own: 1, other_resolvers: 1 } as const;
const ZONE = { nameservers: 0, nameservers_reachable: 1, dns_guard_witness: 0, dns_guard_uplink: 1 } as const;
const TUNNEL = { edge_answer: 1, tunnel_daemon: 1, tunnel_ready: 0, tunnel_edge: 1, ...guards('tunnel') } as const;
const CERTIFICATE = { edge_certificate: 0, certificates_elsewhere: 1 } as const;

const HELD = { delegation: 0, registry_hold: 0, ...guards('registration'), ...guards('registry') } as const;
const NEEDED = {
  endpoint_record: 1,
  origin_connect: 1,
  origin_answer: 0,
  needs_met: 1,
  ...guards('endpoint'),
} as const;
const LAPSED = { ...CERTIFICATE, edge_certificate_own: 0, ...guards('edge') } as const;
const OWN_ZONE = { nameservers: 0, nameservers_reachable: 1, zone_own: 1 } as const;

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
  ...CUSTOM_CASES,
  ...EDGE_CASES,
  ...OUTSIDE_CASES,
  ...HOUSE_CASES,
  ...SIGNATURE_CASES,
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
  fails(
    'a registry may say what it likes while it still refers to the zone',
    { registration_kept: 0, delegation: -1 },
    'unexplained',
  ),
  fails(
    'an end of the registration that nobody told of is not made up',
    { delegation: 0, registration_kept: -1 },
    'delegation_removed',
  ),
  fails(
    'an expired domain that is still referred to may be in its days of grace',
    { registration_current: 0, delegation: -1 },
    'unexplained',
  ),
  fails('a date nobody published has not passed', { delegation: 0, registration_current: -1 }, 'delegation_removed'),
  fails(
    'gone is more than parked',
    { delegation: 0, delegation_expected: 0, registration_current: 0 },
    'domain_expired',
  ),
  fails(
    'parking is seen where the zone above points',
    { delegation_expected: -1, registration_current: 0 },
    'unexplained',
  ),
  fails(
    'pointing elsewhere is not parking without the word of the registry',
    { delegation_expected: 0, registration_current: -1 },
    'delegation_changed',
  ),
  fails(
    'a hold takes the delegation away',
    { delegation: -1, registrar_hold: 0, ...guards('registration') },
    'unexplained',
  ),
  fails(
    'a hold nobody tells of is not made up',
    { delegation: 0, registrar_hold: -1, ...guards('registration') },
    'delegation_removed',
  ),
  fails('the registrar is nearer to you than the registry', { ...HELD, registrar_hold: 0 }, 'registrar_hold'),
  fails('a hold of the registry takes the delegation away too', { ...HELD, delegation: -1 }, 'unexplained'),
  fails('what is gone from above is seen over a line that works', { delegation: 0, uplink: -1 }, 'uplink_unproven'),
  fails('gone is more than changed', { delegation: 0, delegation_expected: 0 }, 'delegation_removed'),
  fails(
    'what the zone above says tells more than that others above are silent',
    { delegation_expected: 0, registry: 0, ...guards('registry') },
    'delegation_changed',
  ),
  fails('a silent registry without a witness is suspected', { registry: 0 }, 'registry_suspected'),
  fails(
    'a silent registry harms nobody as long as the service is not seen to fail',
    { registry: 0, service: -1 },
    'no_result',
  ),
  fails('a registry needs a line to be suspected', { registry: 0, uplink: -1 }, 'uplink_unproven'),
  fails(
    'what is above comes before what is below',
    { registry: 0, nameservers: 0, ...guards('dns') },
    'registry_suspected',
  ),
  fails(
    'what all is asked through comes before what is registered',
    { ...RESOLVER, resolver_own: 0, delegation: 0, registration_kept: 0 },
    'isp_resolver_down',
  ),
  fails('an endpoint whose name was not found has another row', { ...NEEDED, endpoint_record: -1 }, 'origin_error'),
  fails(
    'an origin that was not reached says nothing of what it needs',
    { ...NEEDED, origin_connect: -1 },
    'unexplained',
  ),
  fails(
    'what the origin needs explains more than the way to it',
    { ...NEEDED, edge_connect: 0, ...guards('edge') },
    'endpoint_failing',
  ),
  fails(
    'an edge that answers with errors is not explained by your clock',
    { ...CERTIFICATE, edge_answer: 0, edge_connect: 1, clock: 0, clock_explains: 1, ...guards('edge') },
    'edge_failing',
  ),
  fails(
    'a clock nobody compared is not wrong',
    { ...CERTIFICATE, clock: -1, clock_explains: 1, edge_certificate_own: 1 },
    'edge_certificate_expired',
  ),
  fails(
    'where every chain is strange, none is the vendor',
    { ...LAPSED, certificates_elsewhere: 0, clock: 1 },
    'tls_intercepted',
  ),
  fails(
    'with a clock in doubt no vendor is accused of its certificate',
    { ...LAPSED, clock: -1 },
    'edge_certificate_suspected',
  ),
  fails('whose job the renewal is must be known', { ...LAPSED, clock: 1, edge_certificate_own: -1 }, 'unexplained'),
  fails(
    'servers of your own that nobody reached have not refused you',
    { ...OWN_ZONE, nameservers_reachable: -1 },
    'dns_vendor_suspected',
  ),
  fails('without results your own servers are not believed either', { ...OWN_ZONE, data: 0 }, 'data_missing'),
  fails('your own servers are heard without a line', { ...OWN_ZONE, gateway: 0, uplink: 0 }, 'own_zone_not_served'),
];
