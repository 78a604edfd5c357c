// One observation in one sentence of measured facts. Peer text reaches this only through closed lists and checked shapes.
import type { Reason } from '../catalog/reasons.ts';
import type { CallOutcome } from '../exporters/api/facts.ts';
import type { Generator } from '../exporters/http/facts.ts';
import type { Observation, ObservationOf } from '../exporters/observation.ts';

const WRITER = {
  origin: 'your origin',
  vendor_internal: 'the edge itself',
  vendor_says_origin: 'the edge, about the origin',
  own_edge_code: 'your own code or settings at the edge',
  daemon: 'the tunnel daemon',
  challenge: 'a challenge page',
  middlebox: 'something in between',
} as const satisfies Record<Exclude<Generator, 'unknown'>, string>;

/** What an answer lacked although its status was as wished. */
const UNMET: Partial<Record<Reason, string>> = {
  http_body: ', without the expected text',
  http_header: ', without the expected headers',
  http_json: ', without the expected values',
  http_decode: ', which cannot be unpacked',
  http_redirect: ', leading where it must not',
  target_denied: ', leading to where nobody may be asked',
};

const ms = (value: number): string => `${Math.round(value)} ms`;

/** An observation never changes, and is told many times a second while something fails. */
const told = new WeakMap<Observation, string>();

/** e.g. `HTTP 500 from 192.0.2.1 in 12 ms, written by the edge itself`. */
export function describe(observation: Observation): string {
  const known = told.get(observation) ?? sentenceOf(observation);
  told.set(observation, known);
  return known;
}

function sentenceOf(observation: Observation): string {
  switch (observation.kind) {
    case 'tcp':
      return describeTcp(observation);
    case 'dns':
      return describeDns(observation);
    case 'http':
      return describeHttp(observation);
    case 'certificate':
      return describeCertificate(observation);
    case 'cloudflared':
      return describeTunnel(observation);
    case 'registration':
      return describeRegistration(observation);
    case 'status':
      return describeStatus(observation);
    case 'tailscale':
    case 'wireguard':
    case 'ngrok':
    case 'frp':
      return describeDaemon(observation);
    case 'identity':
    case 'acme':
      return describeShown(observation);
    case 'api':
      return describeApi(observation);
    case 'custom':
      return describeCustom(observation);
    case 'routing':
      return describeRouting(observation);
    case 'outside':
      return describeOutside(observation);
    case 'clock':
      return describeClock(observation);
    case 'ping':
    case 'train':
      return describeBurst(observation);
    case 'quic':
      return describeQuic(observation);
    case 'portal':
      return describePortal(observation);
    case 'power':
      return describePower(observation);
  }
}

function failure({ reason, phase, flaw, durationMs }: Observation): string {
  const where = phase === null ? '' : ` during ${phase}`;
  const forged =
    reason === 'dns_intercepted'
      ? ': an address of the house for a name that leads outside (if meant so: splitHorizon in the map)'
      : '';
  const exactly = flaw === undefined ? '' : ` (${flaw})`;
  return `${reason.replaceAll('_', ' ')}${exactly}${forged}${where} after ${ms(durationMs)}`;
}

function describeTcp(observation: ObservationOf<'tcp'>): string {
  const { facts, durationMs } = observation;
  const address = facts.address ?? 'no address';
  if (facts.answer === 'accepted') return `${address} accepted a connection in ${ms(durationMs)}`;
  if (facts.answer === 'refused') return `${address} refused the connection in ${ms(durationMs)}`;
  return `${address}: ${failure(observation)}`;
}

function inWhoseHands({ owner }: { owner: string | null }): string {
  if (owner === null) return 'in hands the map does not know';
  return owner === 'self' ? 'in a zone of yours' : `in the hands of ${owner}`;
}

function describeDns(observation: ObservationOf<'dns'>): string {
  const { facts, durationMs } = observation;
  if (facts.rcode === null) return `${facts.server}: ${failure(observation)}`;
  const count = facts.answers.length;
  const answers =
    facts.shape === 'nodata'
      ? 'but no address'
      : facts.shape === 'answer'
        ? `with ${count} record${count === 1 ? '' : 's'}`
        : facts.shape === 'referral'
          ? `and refers to ${facts.nameServers.length} name server${facts.nameServers.length === 1 ? '' : 's'}`
          : '';
  const last = facts.aliases.at(-1);
  const through = last === undefined || last.end === 'answer' ? '' : `at the end of an alias, ${inWhoseHands(last)},`;
  if (facts.identity === 'other') return `${facts.server}: somebody else answered in its place, in ${ms(durationMs)}`;
  return `${facts.server} said ${facts.rcode} ${answers} ${through} in ${ms(durationMs)}`.replaceAll(/ {2,}/g, ' ');
}

function describeHttp(observation: ObservationOf<'http'>): string {
  const { facts, durationMs } = observation;
  const from = facts.address === null ? '' : ` from ${facts.address}`;
  if (facts.status === null) {
    const passed = facts.proxyStatus ? `, HTTP ${facts.proxyStatus} of the proxy` : '';
    return `no HTTP answer${from}: ${failure(observation)}${passed}`;
  }
  const code = facts.vendorCode === null ? '' : ` (${facts.vendorCode})`;
  const writer =
    facts.generator === null || facts.generator === 'unknown' ? '' : `, written by ${WRITER[facts.generator]}`;
  return `HTTP ${facts.status}${code}${from} in ${ms(durationMs)}${writer}${UNMET[observation.reason] ?? ''}`;
}

function describeCertificate(observation: ObservationOf<'certificate'>): string {
  const { facts } = observation;
  if (facts.notAfter === null) return `no certificate: ${failure(observation)}`;
  const ends = new Date(facts.notAfter).toISOString().slice(0, 16).replace('T', ' ');
  const verdict = observation.ok ? 'valid' : observation.reason.replace(/^tls_/, '').replaceAll('_', ' ');
  return `certificate ${verdict}, ends ${ends} UTC`;
}

function describeTunnel(observation: ObservationOf<'cloudflared'>): string {
  const { facts } = observation;
  if (facts.state === null) return `daemon: ${failure(observation)}`;
  return `daemon answers, ${facts.readyConnections ?? 0} connections to the edge`;
}

export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

function describeRegistration(observation: ObservationOf<'registration'>): string {
  const { ok, facts } = observation;
  if (!ok) return `registry: ${failure(observation)}`;
  const until = facts.expiry === null ? 'no end published' : `until ${dayOf(facts.expiry)}`;
  return `registered, ${until}, ${facts.statuses.join(', ') || 'no status'}`;
}

function describeStatus(observation: ObservationOf<'status'>): string {
  const { ok, facts } = observation;
  if (!ok) return `status page: ${failure(observation)}`;
  const count = facts.openIncidents;
  const open = count === null ? '' : `, ${count} open incident${count === 1 ? '' : 's'}`;
  return `status page says ${facts.overall ?? 'nothing known'}${open}`;
}

type OtherTunnel = ObservationOf<'tailscale' | 'wireguard' | 'ngrok' | 'frp'>;

function describeDaemon(observation: OtherTunnel): string {
  const { kind, facts } = observation;
  if (facts.state === null) return `${kind}: ${failure(observation)}`;
  const ailment = facts.ailment === null ? '' : `, ${facts.ailment.replaceAll('_', ' ')}`;
  return `${kind} is ${facts.state.replaceAll('_', ' ')}${ailment}`;
}

/** The name the map gives it, with which its id ends. */
const nameIn = (target: string): string => target.slice(target.lastIndexOf('/') + 1);

/** What a provider shows to everybody. */
function describeShown(observation: ObservationOf<'identity'> | ObservationOf<'acme'>): string {
  const { kind, ok, target } = observation;
  const name = nameIn(target);
  if (!ok) return `${name}: ${failure(observation)}`;
  if (kind === 'acme') return `${name}: the directory can be read`;
  const { length: count } = observation.facts.keyIds ?? [];
  return `${name}: the provider shows ${count} key${count === 1 ? '' : 's'}`;
}

function describeApi({ target, flaw, durationMs, facts: { calls } }: ObservationOf<'api'>): string {
  const said = ({ status, reason }: CallOutcome): string =>
    status === null ? reason.replaceAll('_', ' ') : `HTTP ${status}`;
  const { first, second, elsewhere } = calls;
  const exactly = flaw === undefined ? '' : ` (${flaw})`;
  const again = second === null ? '' : `, ${said(second)} with the second credential`;
  const there = elsewhere === null ? '' : `, ${said(elsewhere)} in the other region`;
  return `${nameIn(target)}: ${said(first)}${exactly}${again}${there} in ${ms(durationMs)}`;
}

function describeCustom(observation: ObservationOf<'custom'>): string {
  const { ok, reason, target, facts } = observation;
  const name = nameIn(target);
  if (!ok && reason !== 'value_bad') return `${name} cannot be read: ${failure(observation)}`;
  return `${name} is ${facts.value ?? 'something else'}, which is ${ok ? 'good' : 'bad'}`;
}

function describeOutside(observation: ObservationOf<'outside'>): string {
  const { target, startedAt, facts } = observation;
  const { up, checkedAt } = facts;
  const name = nameIn(target);
  if (up === null || checkedAt === null) return `${name} has no word: ${failure(observation)}`;
  return `${name} saw it ${up ? 'work' : 'down'} ${Math.round((startedAt - checkedAt) / 1000)} s before it was asked`;
}

/** Its id ends with the prefix, which has a slash of its own. */
function describeRouting(observation: ObservationOf<'routing'>): string {
  const { origins, seeing, peers, asOf } = observation.facts;
  const prefix = observation.target.slice(observation.target.indexOf('/') + 1);
  if (origins === null || asOf === null) return `route of ${prefix}: ${failure(observation)}`;
  const from = origins.length === 0 ? 'announced by nobody' : `from ${origins.map((as) => `AS${as}`).join(', ')}`;
  const at = new Date(asOf).toISOString().slice(0, 16).replace('T', ' ');
  return `${prefix} was seen by ${seeing} of ${peers} peers of route collectors, ${from}, at ${at} UTC`;
}

function describeClock(observation: ObservationOf<'clock'>): string {
  const { facts } = observation;
  if (facts.offsetMs === null) return `time server: ${failure(observation)}`;
  const direction = facts.offsetMs >= 0 ? 'behind' : 'ahead of';
  return `our clock is ${ms(Math.abs(facts.offsetMs))} ${direction} the time server`;
}

function describePower(observation: ObservationOf<'power'>): string {
  const { source, low, charge, runtimeMs } = observation.facts;
  if (source === null) return `UPS: ${failure(observation)}`;
  const said = source === 'off' ? 'is off' : `runs on ${source === 'line' ? 'the line' : 'its battery'}`;
  const full = charge === null ? '' : `, ${Math.round(charge * 100)} % charged`;
  const lasts = runtimeMs === null || source !== 'battery' ? '' : `, ${Math.round(runtimeMs / 60_000)} min left`;
  return `the UPS ${said}${full}${lasts}${low === true ? ', battery low' : ''}`;
}

function describePortal(observation: ObservationOf<'portal'>): string {
  const { answer, httpStatus } = observation.facts;
  if (answer === null) return `known page: ${failure(observation)}`;
  return answer === 'clear' ? 'the known page is itself' : `HTTP ${httpStatus} in place of the known page`;
}

const BURST_OF = { ping: 'pings', train: 'questions' } as const;

function describeBurst(observation: ObservationOf<'ping'> | ObservationOf<'train'>): string {
  const { address, sent, received, rttMs } = observation.facts;
  if (sent === null || received === null) return `${address ?? 'no address'}: ${failure(observation)}`;
  const took = rttMs === null ? '' : ` in ${ms(rttMs.mean)}`;
  return `${address}: ${received} of ${sent} ${BURST_OF[observation.kind]} came back${took}`;
}

function describeQuic(observation: ObservationOf<'quic'>): string {
  const { address, offersVersion1 } = observation.facts;
  if (offersVersion1 === null) return `${address ?? 'no address'}: QUIC ${failure(observation)}`;
  return `${address}: answers QUIC${offersVersion1 ? '' : ', but not version 1'}`;
}
