// What would happen to me: plays faults on the model of a map in virtual time, and tells what is said about every service
// and who is told. Nothing is asked and nothing is sent.

import { OWNERS_OF_RECEIVER } from '../../alerts/alertmanager.ts';
import { UNTELLABLE } from '../../alerts/alerts.ts';
import { titleOf } from '../../alerts/annotations.ts';
import { type ForecastAlert, forecastMessages, type SaidRow } from '../../alerts/forecast.ts';
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import type { Target } from '../../exporters/target.ts';
import type { Fault } from '../../lab/lab.ts';
import { parseFault } from '../../lab/parse-fault.ts';
import { carrierOf, isNear, receiverHost } from '../../map/alert-path.ts';
import { zonesAboveToFind } from '../../map/bind-domains.ts';
import { endpointZone } from '../../map/bind-service.ts';
import type { DemarcMap } from '../../map/load.ts';
import { planOf, type Surroundings } from '../../map/plan.ts';
import type { Plan } from '../../map/plan-types.ts';
import { timingOf } from '../../signals/engine.ts';
import { judgeAll } from '../../verdict/explain.ts';
import { TABLE } from '../../verdict/table.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { warmUp } from '../sim/engine.ts';
import type { Setting } from '../sim/setting.ts';
import { startSimulation } from '../sim/simulation.ts';
import { worldOf } from './map-world.ts';
import { placeTargets } from './place-targets.ts';

/** From `afterMs` on, counted from the break, this is said. */
export interface Step extends Pick<Verdict, 'party' | 'vendor' | 'component' | 'cause' | 'row' | 'confidence'> {
  afterMs: number;
  headline: string;
  action: string;
}

/** `up`: nothing was said; `blip`: something was, for less than a minute; `flaps`: it comes and goes; `down`: it lasts. */
export type Fate = 'up' | 'blip' | 'flaps' | 'down';

export interface Outcome {
  service: string;
  outcome: Fate;
  /** In order, from the break to the end of the watch. */
  steps: Step[];
  /** What is said for most of the outage; null when all stays fine. */
  verdict: Step | null;
  /** From the break until that is first said, the shortest and the longest of several plays. */
  saidAfterMs: [least: number, most: number] | null;
  /** From the repair until fine again. */
  fineAfterMs: number | null;
}

export interface Told {
  /** From the break; negative values do not exist. */
  afterMs: number;
  status: 'firing' | 'resolved';
  /** The receivers of the map, or none. */
  receivers: Recipient[];
  title: string;
  alerts: readonly ForecastAlert[];
}

export interface Recipient {
  name: string;
  kind: string;
  /** What keeps it from being sent at once. */
  held: string | null;
}

export interface WhatIf {
  faults: readonly Fault[];
  /** How long the fault lasts, and how long is watched after its repair. */
  lastsMs: number;
  watchedMs: number;
  services: Outcome[];
  messages: Told[];
}

const CAUSES = new Map<string, string>(TABLE.map(({ id, cause }) => [id, cause]));

const AFTER_REPAIR_MS = 10 * 60_000;
/** By then a verdict has long come. */
const SETTLED_BY_MS = 2 * 60_000;
/** The probes' phase decides by how much a verdict is early or late. */
const SEEDS = [1, 2, 3, 4, 5] as const;
const [STORY_SEED, ...OTHER_SEEDS] = SEEDS;

/** What a machine at home usually has around it; used where the map says `auto`. */
function usualSurroundings(map: DemarcMap): Surroundings {
  const zones = [
    ...Object.values(map.file.services).flatMap(({ dns }) => dns?.zone ?? []),
    ...[...map.vendors.values()].flatMap(({ components }) =>
      Object.values(components).flatMap(({ endpoint }) => (endpoint === undefined ? [] : [endpointZone(endpoint)])),
    ),
    ...zonesAboveToFind(map),
  ];
  const serversOf = (zone: string): string[] => [`ns1.${zone}`, `ns2.${zone}`];
  return {
    gateway: '192.168.1.1',
    resolvers: ['192.168.1.1:53'],
    nameservers: new Map(zones.map((zone) => [zone, serversOf(zone)])),
  };
}

/** Of what is asked gently, only what decides has a place in the model of a map. */
const GENTLE: readonly string[] = ['delegation', 'registration', 'signatures', 'time', 'portal'];

function isModelled({ id, gapMs, labels }: Target, { domains, controls }: Plan): boolean {
  if (gapMs === undefined || GENTLE.includes(labels.role)) return true;
  const control = controls.find(({ target }) => target === id);
  return domains.some(({ registry }) => registry === control?.vendor);
}

export function settingOfMap(map: DemarcMap): Setting {
  const world = worldOf(map);
  const whole = planOf(map, usualSurroundings(map));
  const known: Plan = { ...whole, targets: whole.targets.filter((target) => isModelled(target, whole)) };
  const { targets, places } = placeTargets(known, world);
  const timing = timingOf(map.file.interval ?? DEFAULT_TIMING.intervalMs, map.file.timeout);
  return { world, places, plan: { ...known, targets }, timing };
}

export async function answerWhatIf(
  map: DemarcMap,
  setting: Setting,
  faults: readonly Fault[],
  lastsMs: number,
): Promise<WhatIf> {
  const watchedMs = lastsMs + AFTER_REPAIR_MS;
  const story = await playFaults(setting, faults, lastsMs, watchedMs, STORY_SEED);
  const others: Map<string, Step[]>[] = [];
  const settledMs = Math.min(lastsMs, SETTLED_BY_MS);
  for (const seed of OTHER_SEEDS) others.push(await playFaults(setting, faults, settledMs, settledMs, seed));
  const services = setting.plan.services.map(({ name }) => outcomeOf(name, story, others, lastsMs));
  return { faults, lastsMs, watchedMs, services, messages: messagesOf(map, setting, story, { lastsMs, watchedMs }) };
}

async function playFaults(
  setting: Setting,
  faults: readonly Fault[],
  lastsMs: number,
  watchedMs: number,
  seed: number,
): Promise<Map<string, Step[]>> {
  const steps = new Map<string, Step[]>(setting.plan.services.map(({ name }) => [name, []]));
  let start: number | null = null;
  const simulation = startSimulation({
    setting,
    seed,
    noise: 0,
    reconnect: 'real',
    onTold(now, told) {
      if (start === null) return;
      const changed = told.some(({ service, row }) => steps.get(service)?.at(-1)?.row !== row);
      if (changed) hear(now - start);
    },
  });
  function hear(afterMs: number): void {
    for (const verdict of judgeAll(simulation.engine.read(), setting.plan)) {
      const own = steps.get(verdict.service);
      if (own?.at(-1)?.row === verdict.row) continue;
      const { party, vendor, component, cause, row, confidence, headline, action } = verdict;
      own?.push({ afterMs: Math.round(afterMs), party, vendor, component, cause, row, confidence, headline, action });
    }
  }
  start = await warmUp(simulation);
  hear(0);
  const broken = faults.map((fault) => parseFault(fault, setting.world));
  for (const fault of broken) simulation.break(fault);
  await simulation.clock.runUntil(start + lastsMs);
  for (const fault of broken) simulation.heal(fault);
  await simulation.clock.runUntil(start + watchedMs);
  return steps;
}

interface Stretch {
  step: Step;
  lastedMs: number;
}

/** What was said until `untilMs`, and for how long each time. */
function stretches(steps: readonly Step[], untilMs: number): Stretch[] {
  return steps
    .filter(({ afterMs }) => afterMs < untilMs)
    .map((step, index) => ({ step, lastedMs: Math.min(untilMs, steps[index + 1]?.afterMs ?? untilMs) - step.afterMs }));
}

/** Said on the way to a verdict, or from it. */
const PASSING: readonly string[] = ['confirming', 'recovering'];

/** What was said the longest, but fine; what only leads to a verdict counts when there was no other. */
function mainStep(told: readonly Stretch[]): Step | null {
  const bad = told.filter(({ step }) => step.party !== 'none');
  const found = bad.filter(({ step }) => !PASSING.includes(step.row));
  const counted = found.length > 0 ? found : bad;
  const lasted = (row: string): number =>
    counted.reduce((sum, { step, lastedMs }) => sum + (step.row === row ? lastedMs : 0), 0);
  const [longest] = [...counted].sort((a, b) => lasted(b.step.row) - lasted(a.step.row));
  return longest === undefined ? null : (counted.find(({ step }) => step.row === longest.step.row)?.step ?? null);
}

const BLIP_MS = 60_000;

function fateOf(told: readonly Stretch[]): Fate {
  const badMs = told.reduce((sum, { step, lastedMs }) => sum + (step.party === 'none' ? 0 : lastedMs), 0);
  if (badMs === 0) return 'up';
  const returns = told.filter(({ step }) => step.party === 'none').length - 1;
  if (badMs < BLIP_MS && returns > 0) return 'blip';
  return returns > 1 ? 'flaps' : 'down';
}

function outcomeOf(
  service: string,
  story: ReadonlyMap<string, Step[]>,
  others: readonly ReadonlyMap<string, Step[]>[],
  lastsMs: number,
): Outcome {
  const steps = story.get(service) ?? [];
  const told = stretches(steps, lastsMs);
  const verdict = mainStep(told);
  const alike = others.flatMap((play) => play.get(service)?.find(({ row }) => row === verdict?.row)?.afterMs ?? []);
  const times = verdict === null ? [] : [verdict.afterMs, ...alike];
  const fine = steps.find(({ afterMs, party }) => afterMs > lastsMs && party === 'none');
  return {
    service,
    outcome: fateOf(told),
    steps,
    verdict,
    saidAfterMs: verdict === null ? null : [Math.min(...times), Math.max(...times)],
    fineAfterMs: fine === undefined ? null : fine.afterMs - lastsMs,
  };
}

function messagesOf(
  map: DemarcMap,
  { plan }: Setting,
  story: ReadonlyMap<string, Step[]>,
  { lastsMs, watchedMs }: Pick<WhatIf, 'lastsMs' | 'watchedMs'>,
): Told[] {
  const said: SaidRow[] = [...story]
    .flatMap(([service, steps]) =>
      steps.map(({ afterMs, row, vendor, component }) => ({ at: afterMs, service, row, vendor, component })),
    )
    .sort((a, b) => a.at - b.at);
  const offlineAt = (at: number): boolean =>
    [...story.values()].some((steps) =>
      UNTELLABLE.some((row) => steps.findLast(({ afterMs }) => afterMs <= at)?.row === row),
    );
  return forecastMessages(said, watchedMs).map(({ at, receiver, status, alerts }) => ({
    afterMs: at,
    status,
    receivers: recipientsOf(map, receiver, alerts, { offline: offlineAt(at), mended: at > lastsMs }),
    title: titleOfMessage(alerts, plan, status),
    alerts,
  }));
}

const asReceiver = (name: string): keyof typeof OWNERS_OF_RECEIVER => name as keyof typeof OWNERS_OF_RECEIVER;

function recipientsOf(
  { file, vendors }: DemarcMap,
  receiver: string,
  alerts: readonly ForecastAlert[],
  { offline, mended }: { offline: boolean; mended: boolean },
): Recipient[] {
  const owners = OWNERS_OF_RECEIVER[asReceiver(receiver)];
  const entries = Object.entries(file.notify?.receivers ?? {});
  return entries
    .filter(([, entry]) => entry.owners.some((owner) => owners.includes(owner)))
    .map(([name, entry]) => {
      const host = receiverHost(entry);
      const outside = host === null || !isNear(host);
      const carrier = carrierOf(entry, vendors);
      const shares = !mended && carrier !== null && alerts.some(({ vendor }) => vendor === carrier);
      const held =
        offline && outside
          ? 'leaves only when the line is back'
          : shares
            ? `is carried by ${carrier}, which is what failed`
            : null;
      return { name, kind: entry.kind, held };
    });
}

/** As the message itself begins: the uplink first, else the first alert, and how many more there are. */
function titleOfMessage(alerts: readonly ForecastAlert[], plan: Plan, status: Told['status']): string {
  const main = alerts.find(({ service }) => service === 'uplink') ?? alerts[0];
  if (main === undefined) return '';
  const { owner, vendor, component, service, row, alertname } = main;
  const binding = plan.vendors.get(vendor ?? '');
  const accused = `${binding?.title ?? vendor}'s ${binding?.components[component ?? '']?.title ?? component}`;
  const words =
    alertname === 'DemarcOutageOver'
      ? 'back'
      : owner === 'none'
        ? row
        : titleOf(owner, accused, CAUSES.get(row) ?? row);
  const more = alerts.length > 1 ? ` +${alerts.length - 1}` : '';
  return `${status === 'resolved' ? 'Over: ' : ''}[${service}${more}] ${words}`;
}
