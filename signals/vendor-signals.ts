// The signals of every vendor component at this instant, read from its controls: the same guard discipline as for services,
// with the controls' own trouble as the symptom. No service of yours is needed for it.
import type { VendorLayer } from '../catalog/layers.ts';
import type { State } from '../catalog/signals.ts';
import type { VendorSignalName } from '../catalog/vendor-signals.ts';
import type { Plan, VendorPart } from '../map/plan-types.ts';
import { describe } from './describe.ts';
import { foundationOf } from './foundation.ts';
import { type GuardSources, type GuardState, othersOf } from './guard.ts';
import { silentOver } from './ipv6.ts';
import type { Meter } from './meter.ts';
import { isLookAwaited, readServedBy } from './outside.ts';
import type { PageWord } from './status-pages.ts';
import { mannerOf, TELLING } from './witness.ts';

/** What is known of one component. */
export interface VendorReading extends VendorPart {
  signals: ReadonlyMap<VendorSignalName, GuardState>;
  /** Wall ms since which it has been answering, or in trouble; null when neither is known. */
  since: number | null;
  /** What the vendor's own status page says of it; absent where nothing known was read. */
  page?: PageWord;
}

/** A control that has been seen to work. */
interface Control {
  target: string;
  /** Where it is asked: two names at one server are one witness. */
  place: string;
  state: State;
  meter: Meter;
}

/** The controls of one component, by how they are. Those whose newest answer disagrees with their state are in neither list. */
interface Sight {
  known: readonly Control[];
  good: readonly Control[];
  bad: readonly Control[];
  /** Start of the trouble: when the second of them broke, or the only one. */
  t0: number | null;
}

/** Layer of the same vendor that controls of a layer run through. */
const RUNS_THROUGH: Partial<Record<VendorLayer, VendorLayer>> = { tunnel: 'edge', endpoint: 'dns' };

/** So many intervals a way must have been asked since the trouble began. */
const PATH_INTERVALS = 2;

const NOTHING: GuardState = { state: -1, evidence: '' };

const REGISTERING: ReadonlySet<string> = new Set<VendorLayer>(['registry', 'registration']);

/** Every component that is watched, or that a service leans on. */
export function vendorComponents({ controls, services, vendors }: Plan): VendorPart[] {
  // Registries and registrars are judged where a domain of yours fails by them, and nowhere else.
  const isComponent = ({ vendor, component }: VendorPart): boolean =>
    !REGISTERING.has(vendors.get(vendor)?.components[component]?.layer ?? '');
  const all = [...controls, ...services.flatMap(({ dependencies }) => dependencies)].filter(isComponent);
  const found = new Map(all.map(({ vendor, component }) => [`${vendor}/${component}`, { vendor, component }]));
  return [...found.values()];
}

/** All of them, in the plan's order. */
export function readVendors(sources: GuardSources): VendorReading[] {
  const places = placesOf(sources.plan);
  const readings = vendorComponents(sources.plan).map((one) => readVendor(one, sources, places));
  return readings.map((reading) => withFoundation(reading, readings, sources.plan));
}

function withFoundation(reading: VendorReading, all: readonly VendorReading[], plan: Plan): VendorReading {
  const below = plan.vendors.get(reading.vendor)?.components[reading.component]?.runsOn;
  const found = all.find(({ vendor, component }) => vendor === below?.vendor && component === below.component);
  if (below === undefined || found === undefined) return reading;
  const foundation = foundationOf(below, found.signals, plan);
  return { ...reading, signals: new Map([...reading.signals, ['foundation', foundation]]) };
}

const knownPlaces = new WeakMap<Plan, Map<string, string>>();

/** Where each control is asked: a plan never changes. */
function placesOf(plan: Plan): Map<string, string> {
  const places = knownPlaces.get(plan) ?? findPlaces(plan);
  knownPlaces.set(plan, places);
  return places;
}

function findPlaces({ targets, controls }: Plan): Map<string, string> {
  const asked = new Map(targets.map(({ id, settings }) => [id, settings]));
  return new Map(
    controls.map(({ target }) => {
      const { server, url, host } = asked.get(target) ?? {};
      return [target, String(server ?? (typeof url === 'string' ? new URL(url).hostname : host))];
    }),
  );
}

function readVendor(one: VendorPart, sources: GuardSources, places: Map<string, string>): VendorReading {
  const { plan, uplink } = sources;
  const binding = plan.vendors.get(one.vendor);
  const layer = binding?.components[one.component]?.layer;
  const sight = lookAt(one, sources, places);
  const { t0, bad, good } = sight;
  const accused = binding?.operators ?? [];
  const families = new Set(bad.map(({ target }) => silentOver(sources.tracks.get(target)?.lastFailure)));
  // Those that were silent over different families are testified for by the one fewer have.
  const over = families.has(6) ? 6 : families.has(4) ? 4 : undefined;
  const failedAt = Math.max(...bad.map(({ meter }) => meter.lastBad ?? 0));
  const guards: [VendorSignalName, GuardState][] =
    t0 === null
      ? []
      : [
          ['path', isAwaited(one, sight, t0, sources) ? NOTHING : pathOf(one, layer, t0, sources, places)],
          ['elsewhere', elsewhereOf(one, sight, t0, sources)],
          ['guard_uplink', { state: uplink.cleanSince(t0, accused, over), evidence: uplink.evidence(over) }],
          ['guard_others', othersOf({ vendor: one.vendor, layer, failedAt }, accused, t0, sources)],
          ['guard_witness', witnessesOf(sight, layer, sources)],
        ];
  const since = bad.length > 0 ? [t0 ?? 0] : good.flatMap(({ meter }) => meter.since ?? []);
  return {
    ...one,
    signals: new Map([
      ['controls', controlsOf(sight, sources)],
      ['any_control', anyOf(sight)],
      ['settled', settledOf(sight)],
      ...guards,
    ]),
    since: since.length > 0 ? Math.max(...since) : null,
  };
}

function lookAt({ vendor, component }: VendorPart, sources: GuardSources, places: Map<string, string>): Sight {
  const { plan, tracks, timing, now } = sources;
  const seen = plan.controls
    .filter((control) => control.vendor === vendor && control.component === component)
    .flatMap(({ target }): Control[] => {
      const meter = tracks.meter(target, 'works');
      const state = tracks.state(target, 'works');
      const worked = meter !== undefined && meter.lastOk !== null;
      return worked && state !== -1 ? [{ target, place: places.get(target) ?? target, state, meter }] : [];
    });
  const good = seen.filter(({ state, meter }) => state === 1 && meter.ring.at(-1) === 1);
  // One that has been broken for a day while others work has rotted.
  const rotten = ({ state, meter }: Control): boolean =>
    state === 0 && good.length > 0 && now() - (meter.firstBad ?? now()) > timing.witnessWindowMs;
  const known = seen.filter((control) => !rotten(control));
  const bad = known.filter(({ state }) => state === 0);
  const starts = bad.flatMap(({ meter }) => meter.firstBad ?? []).sort((a, b) => a - b);
  return { known, good, bad, t0: starts[1] ?? starts[0] ?? null };
}

function controlsOf({ known, good, bad }: Sight, { tracks }: GuardSources): GuardState {
  const first = bad[0];
  if (first !== undefined) {
    const failure = tracks.get(first.target)?.lastFailure;
    const said = failure ? `: ${describe(failure)}` : '';
    return { state: 0, evidence: `${bad.length} of ${known.length} controls that are not yours fail${said}` };
  }
  return good.length > 0
    ? { state: 1, evidence: `${good.length} of ${known.length} controls that are not yours answer` }
    : NOTHING;
}

function anyOf({ known, good, bad, t0 }: Sight): GuardState {
  if (bad.length > 0 && bad.length === known.length) return { state: 0, evidence: 'none answers' };
  const answering = good.filter(({ meter }) => (meter.lastOk ?? 0) > (t0 ?? 0));
  return answering.length > 0 ? { state: 1, evidence: `${answering.length} of ${known.length} answer` } : NOTHING;
}

function settledOf({ known, good, bad }: Sight): GuardState {
  return { state: good.length + bad.length < known.length ? 0 : 1, evidence: '' };
}

/** An error that was received is the component's own, whomever it serves elsewhere; silence may be the way's. */
function elsewhereOf(one: VendorPart, sight: Sight, t0: number, sources: GuardSources): GuardState {
  const { state, evidence } = readServedBy(one, t0, sources);
  return isUnreached(sight, sources) && state === 1 ? { state, evidence } : NOTHING;
}

/** Whether somebody elsewhere may yet say that the way is broken, and not the component. */
function isAwaited(one: VendorPart, sight: Sight, t0: number, sources: GuardSources): boolean {
  return isUnreached(sight, sources) && isLookAwaited(one, t0, sources);
}

function isUnreached({ bad }: Sight, { tracks }: GuardSources): boolean {
  const failures = bad.map(({ target }) => tracks.get(target)?.lastFailure ?? null);
  return failures.every((failure) => failure !== null && mannerOf(failure) === 'connection');
}

/** Where the way to the controls is broken, their silence says nothing about them. */
function pathOf(
  { vendor }: VendorPart,
  layer: VendorLayer | undefined,
  t0: number,
  sources: GuardSources,
  places: Map<string, string>,
): GuardState {
  const through = layer && RUNS_THROUGH[layer];
  const components = Object.entries(sources.plan.vendors.get(vendor)?.components ?? {});
  const sights = components
    .filter(([, binding]) => binding.layer === through)
    .map(([component]) => lookAt({ vendor, component }, sources, places));
  if (sights.some(({ bad }) => bad.length > 0)) return { state: 0, evidence: `its ${through} fails too` };
  const { timing, now } = sources;
  const known = sights.flatMap((sight) => sight.known);
  // A way that fails in part answers now and then; only one without a failure for a while is proven.
  const since = t0 - timing.staleIntervals * timing.intervalMs;
  const sound = sights
    .flatMap(({ good }) => good)
    .filter(({ meter }) => (meter.lastOk ?? 0) > t0 && (meter.lastBad ?? 0) < since);
  const longEnough = known.length === 0 || now() - t0 >= PATH_INTERVALS * timing.intervalMs;
  return sound.length === known.length && longEnough ? { state: 1, evidence: '' } : NOTHING;
}

/** Two in different places, broken within a day of each other; at an edge in one manner, which one's own trouble has not. */
function witnessesOf({ bad, good, t0 }: Sight, layer: VendorLayer | undefined, sources: GuardSources): GuardState {
  const { tracks, timing } = sources;
  const manner = ({ target }: Control): string | null => {
    const failure = tracks.get(target)?.lastFailure;
    if (layer !== 'edge') return 'any';
    const own = failure ? mannerOf(failure) : 'other';
    return TELLING.has(own) ? own : null;
  };
  const together = (a: Control, b: Control): boolean =>
    a.place !== b.place &&
    manner(a) !== null &&
    manner(a) === manner(b) &&
    Math.abs((a.meter.firstBad ?? 0) - (b.meter.firstBad ?? 0)) <= timing.witnessWindowMs;
  if (bad.some((a, index) => bad.slice(index + 1).some((b) => together(a, b))))
    return { state: 1, evidence: `${new Set(bad.map(({ place }) => place)).size} of its hosts broke together` };
  const places = (controls: readonly Control[]): number => new Set(controls.map(({ place }) => place)).size;
  const answering = good.filter(({ meter }) => (meter.lastOk ?? 0) > (t0 ?? 0));
  return places(bad) === 1 && places(answering) >= 2
    ? { state: 0, evidence: `only one fails, and ${places(answering)} others answer` }
    : NOTHING;
}
