// What each three-valued signal means, besides the guards of the vendor layers: whom it speaks about, by which way it is seen.
import { ELSEWHERE_SIGNALS } from './elsewhere-signals.ts';
import type { Layer } from './layers.ts';
import { SITE_SIGNALS } from './site-signals.ts';

/** What a signal speaks about: the whole site (one series), or one service of the map. */
export type Subject = 'site' | 'service';

export interface SignalFact {
  subject: Subject;
  /** The link of the path this signal is evidence about; null for gates. */
  layer: Layer | null;
  /** `lan`: the evidence never leaves the house, so it stays valid while the uplink is down. */
  via: 'lan' | 'uplink' | 'self';
  help: string;
}

export const PLAIN_SIGNALS = {
  ...SITE_SIGNALS,
  power_explains: { subject: 'service', layer: null, via: 'self', help: 'OK: the power failed first. BAD: later.' },
  data: {
    subject: 'service',
    layer: null,
    via: 'self',
    help: 'BAD: no result for this service within three intervals.',
  },
  settled: {
    subject: 'service',
    layer: null,
    via: 'self',
    help: 'BAD: the service just failed and its witnesses are still being asked.',
  },
  recovering: {
    subject: 'service',
    layer: null,
    via: 'self',
    help: 'OK: the service has failed and its newest answer is good again; one more will end it.',
  },
  needs_met: {
    subject: 'service',
    layer: 'endpoint',
    via: 'uplink',
    help: 'What the origin needs from outside answers, and once there is trouble has done so throughout, or it needs nothing: its errors are its own.',
  },
  beyond_uplink: {
    subject: 'service',
    layer: null,
    via: 'self',
    help: 'OK: the way to the service leads over the uplink, or may. BAD: by the map all of it stays in the house.',
  },
  zone_own: {
    subject: 'service',
    layer: 'dns',
    via: 'self',
    help: 'OK: you run the name servers of the zone. BAD: a vendor does.',
  },
  service: { subject: 'service', layer: null, via: 'uplink', help: 'The service works for a user, end to end.' },
  forward_proxy: {
    subject: 'service',
    layer: 'lan',
    via: 'uplink',
    help: 'The forward proxy that the service is asked through lets requests for it pass. BAD: it cannot be reached, refuses, or gets through to nobody.',
  },
  forward_proxy_own: {
    subject: 'service',
    layer: 'lan',
    via: 'self',
    help: "OK: the forward proxy is yours, or your network's. BAD: somebody else runs it.",
  },
  registry: {
    subject: 'service',
    layer: 'registry',
    via: 'uplink',
    help: 'The servers of the zone above the domain, run by its registry, answer. BAD: none does.',
  },
  registry_hold: {
    subject: 'service',
    layer: 'registry',
    via: 'uplink',
    help: 'OK: the registry holds nothing back. BAD: serverHold.',
  },
  delegation: {
    subject: 'service',
    layer: 'registration',
    via: 'uplink',
    help: 'The zone above delegates the domain. BAD: two of its servers, or the only one, say that it does not exist.',
  },
  delegation_expected: {
    subject: 'service',
    layer: 'registration',
    via: 'uplink',
    help: 'The zone above names the name servers the map declares. BAD: two of its servers agree on others.',
  },
  registration_current: {
    subject: 'service',
    layer: 'registration',
    via: 'uplink',
    help: 'The registration of the domain has not ended, as the registry says.',
  },
  registration_kept: {
    subject: 'service',
    layer: 'registration',
    via: 'uplink',
    help: 'OK: the registry is not deleting the domain. BAD: redemptionPeriod or pendingDelete.',
  },
  registrar_hold: {
    subject: 'service',
    layer: 'registration',
    via: 'uplink',
    help: 'OK: the registrar holds nothing back. BAD: clientHold.',
  },
  keys_above: {
    subject: 'service',
    layer: 'registry',
    via: 'uplink',
    help: 'Resolvers that validate accept what the zone above says of the keys of the domain, or that it has none. BAD: two of them, or the only one, refuse what they answer unchecked, while the name is not found here.',
  },
  zone_signatures: {
    subject: 'service',
    layer: 'dns',
    via: 'uplink',
    help: 'Resolvers that validate accept the signatures of the zone. BAD: two of them, or the only one, refuse what they answer unchecked, while the name is not found here.',
  },
  zone_signer_own: {
    subject: 'service',
    layer: 'dns',
    via: 'self',
    help: 'OK: signing the zone is your job. BAD: the vendor signs it.',
  },
  nameservers: {
    subject: 'service',
    layer: 'dns',
    via: 'uplink',
    help: 'The authoritative servers of the zone answer for it. BAD: all, or all but one of several, do not.',
  },
  nameservers_reachable: {
    subject: 'service',
    layer: 'dns',
    via: 'uplink',
    help: 'The authoritative servers answer at all, be it with REFUSED or SERVFAIL. BAD: silence.',
  },
  record: {
    subject: 'service',
    layer: 'dns',
    via: 'uplink',
    help: 'The authoritative servers have addresses for the name. BAD: two of them agree that there are none.',
  },
  endpoint_record: {
    subject: 'service',
    layer: 'endpoint',
    via: 'uplink',
    help: 'The vendor endpoint the service needs has addresses at its own authoritative servers.',
  },
  edge_connect: {
    subject: 'service',
    layer: 'edge',
    via: 'uplink',
    help: 'TCP and TLS to the edge in front of the service succeed.',
  },
  edge_answer: {
    subject: 'service',
    layer: 'edge',
    via: 'uplink',
    help: 'The edge answers without an error of its own making. An error it reports about the origin is not its own.',
  },
  edge_delivers: {
    subject: 'service',
    layer: 'edge',
    via: 'uplink',
    help: 'The edge gets answers from the origin. BAD: it says that it does not, while the origin has answered since, asked directly.',
  },
  prober_welcome: {
    subject: 'service',
    layer: 'edge',
    via: 'uplink',
    help: 'The edge serves the prober like anybody. BAD: it puts a challenge before it, so that nothing is seen of the service.',
  },
  edge_certificate: {
    subject: 'service',
    layer: 'certificate',
    via: 'uplink',
    help: 'The certificate users see is within its time, names the host, and is trusted through a complete chain.',
  },
  edge_certificate_own: {
    subject: 'service',
    layer: 'certificate',
    via: 'self',
    help: 'OK: renewing the certificate users see is your job. BAD: the vendor manages it.',
  },
  edge_certificate_stands: {
    subject: 'service',
    layer: 'certificate',
    via: 'uplink',
    help: "The issuer of the certificate users see has not taken it back, as what its server staples or, with `revocation: list`, the issuer's list says. UNKNOWN where neither says anything.",
  },
  certificates_elsewhere: {
    subject: 'service',
    layer: 'certificate',
    via: 'uplink',
    help: "While the certificate users see is not valid: hosts of others show valid ones, or there are none to compare with. BAD: at least two vendors' are not valid either, so something in between shows its own.",
  },
  clock_explains: {
    subject: 'service',
    layer: 'certificate',
    via: 'self',
    help: "OK: by the time servers' time the certificate users see is within its time, by ours it is not. BAD: not even so.",
  },
  origin_certificate: {
    subject: 'service',
    layer: 'certificate',
    via: 'lan',
    help: 'The certificate the origin itself serves is within its time and names the host.',
  },
  tunnel_daemon: {
    subject: 'service',
    layer: 'tunnel',
    via: 'lan',
    help: 'The tunnel daemon answers on its metrics address.',
  },
  tunnel_ready: {
    subject: 'service',
    layer: 'tunnel',
    via: 'lan',
    help: 'The tunnel daemon has at least one connection to the edge.',
  },
  tunnel_edge: {
    subject: 'service',
    layer: 'tunnel',
    via: 'uplink',
    help: "The tunnel vendor's ports accept connections from here.",
  },
  host: {
    subject: 'service',
    layer: 'host',
    via: 'lan',
    help: 'The host of the origin is alive; a refused connection proves life.',
  },
  origin_connect: {
    subject: 'service',
    layer: 'origin',
    via: 'lan',
    help: 'The origin process accepts connections when asked directly.',
  },
  origin_answer: {
    subject: 'service',
    layer: 'origin',
    via: 'lan',
    help: 'The origin answers as expected when asked directly.',
  },
  origin_behind_cache: {
    subject: 'service',
    layer: 'origin',
    via: 'uplink',
    help: 'No cache hides the origin, or the origin behind it is well. BAD: users are served copies, and the origin, asked directly, fails.',
  },
  ...ELSEWHERE_SIGNALS,
  custom_own: {
    subject: 'service',
    layer: 'origin',
    via: 'lan',
    help: 'The signals of your own about parts of yours are good. BAD: one of them is not.',
  },
  custom_vendor: {
    subject: 'service',
    layer: 'endpoint',
    via: 'uplink',
    help: 'The signals of your own about the vendor endpoint the service needs are good. BAD: one of them is not.',
  },
} as const satisfies Record<string, SignalFact>;
