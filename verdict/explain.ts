// From a row and the signals to the words people read: headline, evidence, what else is broken, what cannot be seen.
import type { Layer } from '../catalog/layers.ts';
import { SIGNALS, type SignalName, type State, signalFact } from '../catalog/signals.ts';
import type { Plan, ServiceBinding } from '../map/plan-types.ts';
import type { Signal, States } from '../signals/signal.ts';
import { conjunctsOf } from './conjuncts.ts';
import { decide, rowsHolding } from './decide.ts';
import type { Row } from './row.ts';
import { isUnmeasured } from './unmeasured.ts';
import { type Concurrent, type Evidence, STATE_WORD, type Verdict } from './verdict.ts';

/** Behind a broken layer, these cannot be judged: their evidence runs through it, or their errors are its consequence. */
const MASKS: Partial<Record<Layer, readonly Layer[]>> = {
  lan: ['uplink', 'dns', 'endpoint', 'edge', 'certificate'],
  uplink: ['dns', 'endpoint', 'edge', 'certificate'],
  endpoint: ['origin'],
  host: ['origin'],
};

/** Whether a verdict by this row says whose component it is about: it is failing, or under suspicion. */
export const mayName = ({ party }: Row): boolean => party !== 'own' && party !== 'none' && party !== 'isp';

const BLAMING: ReadonlySet<string> = new Set(['own', 'isp', 'vendor', 'registrar', 'registry', 'ca']);

const READY = { 1: 'yes', 0: 'no', [-1]: 'unknown' } as const satisfies Record<State, Verdict['failover']>;

/** Who runs the layer a row is about, in ids and in words. */
interface Accused {
  vendor: string | null;
  component: string | null;
  vendorTitle: string;
  componentTitle: string;
}

function accusedBy(row: Row, service: ServiceBinding, plan: Plan): Accused {
  const dependency = service.dependencies.find(({ layer }) => layer === row.layer);
  const binding = dependency && plan.vendors.get(dependency.vendor);
  return {
    vendor: dependency?.vendor ?? null,
    component: dependency?.component ?? null,
    vendorTitle: binding?.title ?? dependency?.vendor ?? 'the vendor',
    componentTitle: (dependency && binding?.components[dependency.component]?.title) ?? row.layer ?? 'service',
  };
}

function fill(text: string, service: ServiceBinding, { vendorTitle, componentTitle }: Accused): string {
  const name = service.kind === 'uplink' ? 'the uplink' : service.name;
  const filled = text
    .replaceAll('{service}', name)
    .replaceAll('{vendor}', vendorTitle)
    .replaceAll('{component}', componentTitle);
  // A service's name is spelt as in the map, even at the start of a sentence.
  return service.kind === 'map' && filled.startsWith(name) ? filled : filled.charAt(0).toUpperCase() + filled.slice(1);
}

/** The one sentence: what is down, and who it is. */
function headlineOf(row: Row, cause: string, service: ServiceBinding, accused: Accused): string {
  const name = service.kind === 'uplink' ? 'Your uplink' : service.name;
  if (row.party === 'none') return row.id === 'fine' ? `${name} is fine.` : `${name} works for now: ${cause}.`;
  if (isUnmeasured(row.id)) return `Nothing is known about ${service.name}: ${cause}.`;
  const whose = `${accused.vendorTitle}'s ${accused.componentTitle}`;
  switch (row.party) {
    case 'own':
      return `${name} is down, and it is yours: ${cause}.`;
    case 'isp':
      return `${name} is down, and it is your ISP: ${cause}.`;
    case 'unknown':
      if (row.id === 'recovering') return `${name} is recovering.`;
      if (row.id === 'confirming') return `${name} is down; who it is, is being confirmed.`;
      if (row.id.endsWith('_suspected') && accused.vendor !== null)
        return `${name} is down; ${whose} is suspected, but unproven.`;
      return `${name} is down, and nobody can be blamed yet: ${cause}.`;
    default:
      return `${name} is down, and it is ${whose}, not you.`;
  }
}

const others = new WeakMap<Row, readonly SignalName[]>();

/** Signals a row does not read, of which there is something to say besides; who may testify is said by the guard alone. */
function othersThan(row: Row): readonly SignalName[] {
  const known = others.get(row);
  if (known !== undefined) return known;
  const telling = new Set(conjunctsOf(row).map(({ signal }) => signal));
  const rest = [...SIGNALS.keys()].filter((name) => !telling.has(name) && !name.includes('_guard_'));
  others.set(row, rest);
  return rest;
}

type Signals = ReadonlyMap<SignalName, Signal>;

type Words = Pick<Row, 'cause' | 'because' | 'action'>;

/** Without a result that tells, though something was met on the way. */
const MET_ANOTHER: Words = {
  cause: 'what was met on the way does not tell how it is',
  because: 'What the probes of {service} met on the way says nothing of {service} itself.',
  action:
    'See in the evidence what was met. A server that a forward proxy does not get through to can be told from the proxy once another server is asked through it too.',
};

const wordsOf = (row: Row, signals: Signals): Words => (isWithoutWord(row) && metAnything(signals) ? MET_ANOTHER : row);

/** Whether the row is the one that holds where no other does: it reads nothing. */
const isWithoutWord = (row: Row): boolean => conjunctsOf(row).length === 0;

const metAnything = (signals: Signals): boolean => (signals.get('service')?.evidence ?? '') !== '';

function evidenceOf(row: Row, signals: Signals): Evidence[] {
  const line = (name: SignalName): Evidence[] => {
    const signal = signals.get(name);
    if (signal === undefined || (signal.evidence === '' && signalFact(name).via === 'self')) return [];
    return [
      {
        signal: name,
        state: STATE_WORD[signal.state],
        text: signal.evidence === '' ? signalFact(name).help : signal.evidence,
      },
    ];
  };
  const telling = conjunctsOf(row).flatMap(({ signal }) => line(signal));
  const rest = othersThan(row).flatMap(line);
  const met = isWithoutWord(row) && metAnything(signals) ? line('service') : [];
  return [...telling, ...met, ...rest.filter(({ state }) => state !== 'unknown')];
}

/** Faults besides the primary one, held up by evidence the primary neither masks nor explains. */
function concurrentWith(primary: Row, service: ServiceBinding, states: States, plan: Plan): Concurrent[] {
  if (!BLAMING.has(primary.party)) return [];
  const masked = maskedBy(primary);
  const blind = primary.layer === 'lan' || primary.layer === 'uplink';
  const independent = (row: Row): boolean =>
    row.id !== primary.id &&
    BLAMING.has(row.party) &&
    row.layer !== primary.layer &&
    row.layer !== null &&
    !masked.includes(row.layer) &&
    (!blind || conjunctsOf(row).every(({ signal }) => signal === 'service' || signalFact(signal).via !== 'uplink'));
  return rowsHolding(states)
    .filter(independent)
    .map((row) => ({
      row: row.id,
      party: row.party,
      cause: row.cause,
      sentence: fill(row.because, service, accusedBy(row, service, plan)),
    }));
}

const maskedBy = (row: Row): readonly Layer[] =>
  row.layer === null || row.party === 'none' ? [] : (MASKS[row.layer] ?? []);

function layersOf(service: ServiceBinding): ReadonlySet<Layer> {
  const layers: Layer[] = ['lan', 'uplink', 'resolver', ...service.dependencies.map(({ layer }) => layer)];
  if (service.nameservers.length > 0) layers.push('dns');
  if (service.origin !== null) layers.push('host', 'origin');
  if (service.edgeCertificate !== null) layers.push('certificate');
  return new Set(layers);
}

/** Judges one service: its own signals and the site's, by name. */
export function judge(service: ServiceBinding, signals: Signals, plan: Plan, failover: State | null = null): Verdict {
  const states: States = Object.fromEntries([...signals].map(([name, { state }]) => [name, state]));
  const row = decide(states);
  const accused = accusedBy(row, service, plan);
  const { cause, because, action } = wordsOf(row, signals);
  const present = layersOf(service);
  const since = signals.get('service')?.since ?? null;
  return {
    site: plan.site,
    service: service.name,
    party: row.party,
    cause,
    vendor: mayName(row) ? accused.vendor : null,
    component: mayName(row) ? accused.component : null,
    row: row.id,
    code: row.code,
    confidence: row.confidence,
    headline: headlineOf(row, cause, service, accused),
    because: fill(because, service, accused),
    since: since === null ? null : new Date(since).toISOString(),
    evidence: evidenceOf(row, signals),
    action,
    concurrent: concurrentWith(row, service, states, plan),
    failover: failover === null ? null : READY[failover],
    masked: maskedBy(row).filter((layer) => present.has(layer)),
  };
}

/** Verdicts of all services, in the plan's order. `failovers`: whether a second path works, by service. */
export function judgeAll(
  signals: readonly Signal[],
  plan: Plan,
  failovers: ReadonlyMap<string, State> = new Map(),
): Verdict[] {
  const site = signals.filter(({ service }) => service === '').map((signal) => [signal.name, signal] as const);
  const byService = new Map(plan.services.map(({ name }) => [name, new Map<SignalName, Signal>(site)]));
  for (const signal of signals) byService.get(signal.service)?.set(signal.name, signal);
  return plan.services.map((service) =>
    judge(service, byService.get(service.name) ?? new Map(), plan, failovers.get(service.name) ?? null),
  );
}
