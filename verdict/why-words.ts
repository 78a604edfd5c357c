// What each state of a signal means in words, and what would turn UNKNOWN into knowledge. Only for reading: nothing judges by it.
import { GUARDS, type Guard, type SignalName } from '../catalog/signals.ts';

interface Words {
  ok: string;
  bad: string;
  /** What would settle it while it is UNKNOWN. */
  settle: string;
}

const ORIGIN = 'a look at the origin from inside (`origin:` in the map)';
const TUNNEL = 'a look at the tunnel daemon (`tunnel:` in the map)';
const ZONE = "an answer of the zone's own name servers (`dns:` in the map)";
const PARENT = 'an answer of the servers of the zone above (`domains:` in the map)';
const RECORD = "the registry's record of the domain (`domains:` in the map)";
const ROUND = 'another round of answers from anchors outside';

const WORDS: Readonly<Partial<Record<SignalName, Words>>> = {
  prober: { ok: 'the prober is on time', bad: 'the prober is late', settle: 'a prober with CPU time' },
  gateway: {
    ok: 'the gateway answers',
    bad: 'the gateway is silent',
    settle: 'an answer of the gateway (`gateway:` in the map)',
  },
  fleet: {
    ok: 'hosts are not lost by the dozen',
    bad: 'many hosts fell silent at once',
    settle: 'answers of several hosts (`hosts:` in the map)',
  },
  no_portal: {
    ok: 'no portal answers in place of others',
    bad: 'a portal answers in place of others',
    settle: 'an answer of pages that are known (`portalTests:` in the map)',
  },
  power: {
    ok: 'the UPS has power of the line',
    bad: 'the UPS runs on its battery, or did when last heard',
    settle: 'an answer of a UPS (`power:` in the map)',
  },
  power_explains: {
    ok: 'the power failed first',
    bad: 'the power failed later',
    settle: 'an answer of a UPS (`power:` in the map)',
  },
  uplink: { ok: 'anchors outside answer', bad: 'every anchor outside is silent', settle: ROUND },
  second_family: { ok: 'the line carries IPv6', bad: 'every anchor is silent over IPv6', settle: ROUND },
  second_family_silent: {
    ok: 'nothing came back over IPv6',
    bad: 'it did not fall silent over IPv6',
    settle: 'a measurement of the service itself',
  },
  resolver: {
    ok: 'the resolver answers',
    bad: 'the resolver fails',
    settle: 'an answer of the resolver (`resolver:` in the map)',
  },
  resolver_unchecked: {
    ok: 'the resolver answers when told to check no signature',
    bad: 'the resolver fails even when told to check no signature',
    settle: 'an answer of the resolver without the check',
  },
  resolver_own: {
    ok: 'the resolver is yours',
    bad: "the resolver is your ISP's",
    settle: 'who runs the resolver (`resolver.owner` in the map)',
  },
  other_resolvers: {
    ok: 'public resolvers answer',
    bad: 'public resolvers fail too',
    settle: 'an answer of a public resolver',
  },
  needs_met: {
    ok: 'what the origin needs from outside is there',
    bad: 'what the origin needs from outside is missing',
    settle: 'an answer about what the origin needs',
  },
  beyond_uplink: {
    ok: 'the way to it leads over the line',
    bad: 'the way to it stays in the house',
    settle: 'where it stands (`origin:` and `dns:` in the map)',
  },
  zone_own: {
    ok: 'its name servers are yours',
    bad: "its name servers are a vendor's",
    settle: 'who runs its name servers (`dns.vendor` in the map)',
  },
  service: { ok: 'it works for a user', bad: 'it fails for a user', settle: 'a measurement of the service itself' },
  forward_proxy: {
    ok: 'the forward proxy lets requests pass',
    bad: 'the forward proxy lets no request for it pass',
    settle: 'a request that gets through the forward proxy',
  },
  forward_proxy_own: {
    ok: 'the forward proxy is yours',
    bad: "the forward proxy is somebody else's",
    settle: 'who runs the forward proxy (`proxy.owner` in the map)',
  },
  registry: { ok: "the registry's servers answer", bad: "the registry's servers are silent", settle: PARENT },
  registry_hold: { ok: 'the registry has no hold on it', bad: 'the registry has a hold on it', settle: RECORD },
  keys_above: {
    ok: 'validating resolvers accept what the zone above says of its keys',
    bad: 'validating resolvers refuse what the zone above says of its keys',
    settle: 'answers of two public resolvers about its DS, checked and unchecked',
  },
  zone_signatures: {
    ok: 'validating resolvers accept the signatures of the zone',
    bad: 'validating resolvers refuse the signatures of the zone',
    settle: 'answers of two public resolvers about the zone, checked and unchecked',
  },
  zone_signer_own: {
    ok: 'signing the zone is your job',
    bad: 'the vendor signs the zone',
    settle: 'who signs the zone (`dns.signed` in the map)',
  },
  delegation: {
    ok: 'the zone above knows the domain',
    bad: 'the zone above does not know the domain',
    settle: PARENT,
  },
  delegation_expected: {
    ok: 'the zone above names your name servers',
    bad: 'the zone above names other name servers',
    settle: 'the name servers it must have (`domains:` in the map)',
  },
  registration_current: { ok: 'the domain is registered', bad: 'the registration has ended', settle: RECORD },
  registration_kept: { ok: 'nobody is deleting the domain', bad: 'the domain is being deleted', settle: RECORD },
  registrar_hold: { ok: 'the registrar has no hold on it', bad: 'the registrar has a hold on it', settle: RECORD },
  clock: {
    ok: 'the clock of this machine is right',
    bad: 'the clock of this machine is wrong',
    settle: 'an answer of time servers (`timeServers:` in the map)',
  },
  clock_explains: {
    ok: 'by true time the certificate is good',
    bad: 'the certificate is not valid by true time either',
    settle: 'an answer of time servers (`timeServers:` in the map)',
  },
  nameservers: {
    ok: 'its name servers answer for the zone',
    bad: 'its name servers fail for the zone',
    settle: ZONE,
  },
  nameservers_reachable: {
    ok: 'the name servers answer something',
    bad: 'the name servers are silent',
    settle: ZONE,
  },
  record: { ok: 'the name has an address', bad: 'the name has no address', settle: ZONE },
  endpoint_record: {
    ok: 'the endpoint it needs has an address',
    bad: 'the endpoint it needs has no address',
    settle: "an answer of the endpoint's own name servers",
  },
  edge_connect: {
    ok: 'the edge accepts connections',
    bad: 'the edge accepts no connection',
    settle: 'a connection to the edge',
  },
  edge_answer: {
    ok: 'the edge makes no error of its own',
    bad: 'the edge answers with errors of its own',
    settle: 'an answer of the edge',
  },
  edge_delivers: {
    ok: 'the edge gets answers from the origin',
    bad: 'the edge says that it gets nothing from the origin, which answers when asked directly',
    settle: `an error page that names the origin, and ${ORIGIN}`,
  },
  prober_welcome: {
    ok: 'the edge lets the prober pass',
    bad: 'the edge puts a challenge before the prober',
    settle: 'an answer of the edge to the prober',
  },
  origin_behind_cache: {
    ok: 'no cache hides a dead origin',
    bad: 'a cache serves users, and the origin behind it fails',
    settle: ORIGIN,
  },
  edge_certificate_stands: {
    ok: 'its issuer has not taken the certificate back',
    bad: 'its issuer has taken the certificate back',
    settle: 'a stapled answer, or `revocation: list` in the map',
  },
  edge_certificate: {
    ok: 'the certificate users see is valid',
    bad: 'the certificate users see is not valid',
    settle: 'a look at the certificate users see',
  },
  edge_certificate_own: {
    ok: 'renewing it is your job',
    bad: 'the vendor renews it',
    settle: 'who renews the certificate (`edge.certificate` in the map)',
  },
  certificates_elsewhere: {
    ok: 'hosts of others show valid certificates',
    bad: 'hosts of others show certificates that are not valid either',
    settle: 'a look at the certificates of others (a vendor under `watch:`)',
  },
  origin_certificate: {
    ok: "the origin's certificate is valid",
    bad: "the origin's certificate is not valid",
    settle: ORIGIN,
  },
  tunnel_daemon: { ok: 'the tunnel daemon runs', bad: 'the tunnel daemon does not run', settle: TUNNEL },
  tunnel_ready: { ok: 'the tunnel is connected', bad: 'the tunnel has no connection', settle: TUNNEL },
  tunnel_edge: {
    ok: "the vendor's tunnel ports accept connections",
    bad: "the vendor's tunnel ports do not answer",
    settle: "a connection to the vendor's tunnel ports",
  },
  host: { ok: 'the host of the origin is alive', bad: 'the host of the origin is silent', settle: ORIGIN },
  origin_connect: {
    ok: 'the origin accepts connections',
    bad: 'the origin accepts no connection',
    settle: ORIGIN,
  },
  outside: {
    ok: 'seen from elsewhere it works',
    bad: 'seen from elsewhere it is down too',
    settle: 'a look from elsewhere, begun after the failure (`outside:` in the map)',
  },
  edge_elsewhere: {
    ok: 'the edge serves others elsewhere',
    bad: 'the edge serves nobody elsewhere either',
    settle: 'a look from elsewhere through the same edge (`outside:` in the map)',
  },
  elsewhere_heard: {
    ok: 'no look from elsewhere is still to come',
    bad: 'whoever watches from elsewhere has not looked since',
    settle: 'the next look from elsewhere',
  },
  behind_uplink: {
    ok: 'it runs behind your line, or may',
    bad: 'it does not run behind your line',
    settle: 'where it runs (`hosted:` in the map)',
  },
  routes: {
    ok: 'its prefixes were announced as they should',
    bad: 'a prefix it needs was not announced as it should',
    settle: 'what route collectors heard (`routing:` in the map)',
  },
  custom_own: {
    ok: 'the signals of your own are good',
    bad: 'a signal of your own says that a part of yours is bad',
    settle: 'a signal of your own about your parts (`signals:` in the map)',
  },
  custom_vendor: {
    ok: 'the signals of your own about the vendor are good',
    bad: "a signal of your own says that the vendor's part is bad",
    settle: 'a signal of your own about the vendor (`signals:` in the map)',
  },
  origin_answer: {
    ok: 'the origin answers well when asked directly',
    bad: 'the origin fails when asked directly',
    settle: ORIGIN,
  },
};

const GUARD_WORDS: Readonly<Record<Guard, Words>> = {
  uplink: {
    ok: 'the line was clean, by anchors the vendor does not run',
    bad: 'the line itself was in doubt',
    settle: 'a clean line for a while, by anchors the vendor does not run',
  },
  others: {
    ok: 'other vendors answer over the same line',
    bad: 'no other vendor answers either',
    settle: 'an answer of another vendor over the same line (a second vendor under `watch:`)',
  },
  witness: {
    ok: "others' hosts at the vendor broke with it",
    bad: "others' hosts at the vendor work",
    settle: 'a second control: another host at the vendor, not yours, that worked before and fails now',
  },
};

export function guardOf(signal: SignalName): Guard | undefined {
  return GUARDS.find((guard) => signal.endsWith(`_guard_${guard}`));
}

function wordsOf(signal: SignalName): Words {
  const guard = guardOf(signal);
  const words = guard === undefined ? WORDS[signal] : GUARD_WORDS[guard];
  return words ?? { ok: `${signal} is OK`, bad: `${signal} is BAD`, settle: `a measurement of ${signal}` };
}

/** e.g. `the gateway answers`. */
export function stateWords(signal: SignalName, state: 1 | 0): string {
  return state === 1 ? wordsOf(signal).ok : wordsOf(signal).bad;
}

/** e.g. `an answer of the gateway`. */
export function settlingWords(signal: SignalName): string {
  return wordsOf(signal).settle;
}
