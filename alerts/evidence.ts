// What a verdict of a row rests on, in words for an alert. A row holds only while its conditions do, so which state each
// of its signals is in follows from the row: nothing has to be asked for it.
import { GUARDS, type Guard, type GuardSignal, type SignalName } from '../catalog/signals.ts';
import { type Conjunct, conjunctsOf } from '../verdict/conjuncts.ts';
import type { Demand, Row } from '../verdict/row.ts';

interface Phrases {
  ok: string;
  bad: string;
}

const GUARD_PHRASES: Record<Guard, Phrases> = {
  uplink: { ok: 'your line was clean since it began', bad: 'your line was not clean since it began' },
  others: { ok: 'another vendor answers over the same line', bad: 'no other vendor answers either' },
  witness: { ok: 'a target of theirs that is not yours broke with it', bad: 'their other targets work' },
};

const PHRASES: Record<Exclude<SignalName, GuardSignal>, Phrases> = {
  prober: { ok: 'the prober is in time', bad: 'the prober itself is late, or may open no more files' },
  gateway: { ok: 'your router answers', bad: 'your router does not answer' },
  fleet: { ok: 'other hosts are there', bad: 'many hosts fell silent within minutes' },
  no_portal: { ok: 'known pages are themselves', bad: 'known pages of two operators have another answer' },
  power: { ok: 'the UPS has power of the line', bad: 'the UPS runs on its battery, or did when last heard' },
  power_explains: { ok: 'the power failed first', bad: 'the power failed later' },
  uplink: { ok: 'addresses outside answer', bad: 'every address outside is silent' },
  second_family: { ok: 'your line carries IPv6', bad: 'everything outside is silent over IPv6 alone' },
  second_family_silent: { ok: 'nothing came back over IPv6', bad: 'it did not fall silent over IPv6' },
  resolver: { ok: 'the resolver answers', bad: 'the resolver fails' },
  resolver_unchecked: {
    ok: 'the resolver answers when told to check nothing',
    bad: 'the resolver fails without the check too',
  },
  resolver_own: { ok: 'you run the resolver', bad: 'your ISP runs the resolver' },
  other_resolvers: { ok: 'public resolvers answer', bad: 'public resolvers are silent too' },
  clock: { ok: 'the clock of this machine is right', bad: 'the clock of this machine is wrong' },
  data: { ok: 'there are results', bad: 'no result within three intervals' },
  settled: { ok: 'every witness was asked', bad: 'witnesses are still being asked' },
  recovering: { ok: 'the newest answer is good again', bad: 'the newest answer is no better' },
  needs_met: { ok: 'what it needs from outside answers', bad: 'what it needs from outside is missing' },
  beyond_uplink: { ok: 'the way to it leads over your line', bad: 'the way to it stays in the house' },
  zone_own: { ok: 'you run its name servers', bad: 'a vendor runs its name servers' },
  service: { ok: 'it works for a user', bad: 'it fails for a user' },
  forward_proxy: { ok: 'the forward proxy lets requests pass', bad: 'the forward proxy lets no request for it pass' },
  forward_proxy_own: { ok: 'the forward proxy is yours', bad: 'somebody else runs the forward proxy' },
  registry: { ok: "the registry's servers answer", bad: "the registry's servers are silent" },
  registry_hold: { ok: 'the registry has no hold on the domain', bad: 'the registry says serverHold' },
  keys_above: {
    ok: 'what the zone above says of the keys is accepted',
    bad: 'validating resolvers refuse what the zone above says of the keys',
  },
  zone_signatures: {
    ok: 'the signatures of the zone are accepted',
    bad: 'validating resolvers refuse the signatures of the zone',
  },
  zone_signer_own: { ok: 'you sign the zone', bad: 'the vendor signs the zone' },
  delegation: { ok: 'the zone above knows the domain', bad: 'the zone above says that there is no such domain' },
  delegation_expected: {
    ok: 'the zone above names your name servers',
    bad: 'the zone above names other name servers than yours',
  },
  registration_current: { ok: 'the domain is registered', bad: 'the registration of the domain has ended' },
  registration_kept: { ok: 'nobody is deleting the domain', bad: 'the registry is deleting the domain' },
  registrar_hold: { ok: 'the registrar has no hold on the domain', bad: 'the registry says clientHold' },
  nameservers: { ok: 'the name servers serve the zone', bad: 'the name servers do not serve the zone' },
  nameservers_reachable: { ok: 'the name servers answer at all', bad: 'the name servers are silent' },
  record: { ok: 'the name has an address', bad: 'the name servers agree that there is no address' },
  endpoint_record: { ok: 'the endpoint has an address', bad: "the endpoint's own name servers give no address" },
  edge_connect: { ok: 'connections to the edge succeed', bad: 'connections to the edge fail' },
  edge_answer: { ok: 'no error of its own making', bad: 'the edge answers with an error of its own making' },
  edge_delivers: { ok: 'the edge gets answers from the origin', bad: 'the edge says it gets nothing from the origin' },
  prober_welcome: { ok: 'the edge lets the prober pass', bad: 'the edge puts a challenge before the prober' },
  origin_behind_cache: {
    ok: 'no cache hides a dead origin',
    bad: 'users get copies, and the origin fails when asked directly',
  },
  edge_certificate: { ok: 'the certificate users see is valid', bad: 'the certificate users see is not valid' },
  edge_certificate_stands: { ok: 'its issuer has not taken it back', bad: 'its issuer has taken it back' },
  edge_certificate_own: { ok: 'renewing it is your job', bad: 'the vendor renews it' },
  certificates_elsewhere: { ok: "others' certificates are valid", bad: "others' certificates are not valid either" },
  clock_explains: { ok: 'by true time the certificate is good', bad: 'it is not valid by true time either' },
  origin_certificate: { ok: "the origin's certificate is valid", bad: "the origin's certificate is not valid" },
  tunnel_daemon: { ok: 'the daemon answers', bad: 'the daemon does not answer' },
  tunnel_ready: { ok: 'the daemon is connected', bad: 'the daemon has no connection to the edge' },
  tunnel_edge: { ok: "the vendor's tunnel ports accept connections", bad: "the vendor's tunnel ports do not answer" },
  host: { ok: 'its host is alive', bad: 'its host is silent on your own network' },
  origin_connect: { ok: 'the origin accepts connections', bad: 'asked directly, the origin accepts no connection' },
  outside: { ok: 'seen from elsewhere it works', bad: 'seen from elsewhere it is down too' },
  edge_elsewhere: { ok: 'the edge serves others elsewhere', bad: 'the edge serves nobody elsewhere either' },
  elsewhere_heard: {
    ok: 'no look from elsewhere is still to come',
    bad: 'whoever watches from elsewhere has not looked since',
  },
  behind_uplink: { ok: 'it runs behind your line', bad: 'it does not run behind your line' },
  routes: { ok: 'its prefixes were announced as they should', bad: 'a prefix it needs was not announced as it should' },
  custom_own: { ok: 'the signals of your own are good', bad: 'a signal of your own about a part of yours is bad' },
  custom_vendor: {
    ok: 'the signals of your own about the vendor are good',
    bad: "a signal of your own about the vendor's part is bad",
  },
  origin_answer: { ok: 'the origin answers when asked directly', bad: 'the origin fails when asked directly' },
};

function phrasesOf(signal: SignalName): Phrases {
  const guard = GUARDS.find((name) => signal.endsWith(`_guard_${name}`));
  return guard === undefined ? PHRASES[signal as Exclude<SignalName, GuardSignal>] : GUARD_PHRASES[guard];
}

const WORD: Record<Demand, string> = {
  ok: 'OK',
  bad: 'BAD',
  unknown: 'UNKNOWN',
  not_ok: 'not OK',
  not_bad: 'not BAD',
};

/** `BAD edge_answer: the edge answers with an error of its own making`. */
function lineOf({ signal, demand }: Conjunct): string {
  const { ok, bad } = phrasesOf(signal);
  const meaning = {
    ok,
    bad,
    unknown: 'cannot be told',
    not_ok: `no proof that ${ok}`,
    not_bad: `no proof that ${bad}`,
  };
  return `${WORD[demand]} ${signal}: ${meaning[demand]}`;
}

const LINES = 3;

/** What is broken tells most, then who else was seen. That the line was clean is the least surprising. */
function weight({ signal, demand }: Conjunct): number {
  if (demand === 'bad' || demand === 'not_ok') return 0;
  if (signal.endsWith('_guard_witness')) return 1;
  if (signal.endsWith('_guard_others')) return 2;
  return signal.endsWith('_guard_uplink') ? 4 : 3;
}

/** The conditions of a row that tell most. That the service fails is said by whoever shows these. */
export function tellingConjuncts(row: Row): Conjunct[] {
  const all = conjunctsOf(row);
  const others = all.filter(({ signal }) => signal !== 'service');
  return (others.length > 0 ? others : all).toSorted((a, b) => weight(a) - weight(b)).slice(0, LINES);
}

/** At most three lines. */
export function evidenceOf(row: Row): string {
  return tellingConjuncts(row).map(lineOf).join('\n');
}
