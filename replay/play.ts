// Plays a scenario's timeline on a stage and writes down what was said when. Who says it, in process or Prometheus, is a parameter.
import type { Scenario, ScenarioStep } from '../lab/scenario.ts';
import { isBefallen } from '../lab/watchers.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { stepsBefore } from './history.ts';
import {
  brokenIn,
  brokenText,
  type Moment,
  type Said,
  SILENT,
  saidText,
  type VendorMoment,
  type VendorSaid,
} from './result.ts';
import { keyOf, vendorSaidBy } from './score-vendors.ts';
import type { Stage } from './stage.ts';

export interface PlayOptions {
  speed: number;
  /** What is being said right now, by service. */
  listen(): Promise<ReadonlyMap<string, Said>>;
  /** What is being said right now of vendors themselves, by `vendor/component`. */
  listenVendors(): Promise<ReadonlyMap<string, VendorSaid>>;
  /** Told of every step and every change, for progress. */
  onEvent(at: number, text: string): void;
  /** Told of every change of a verdict. */
  onMoment?(moment: Moment): void;
  /** Ends it before its time, with an error. */
  signal?: AbortSignal;
  /** How often to listen, real milliseconds. */
  everyMs: number;
}

/** The world should be well before anything breaks, and was not: too little time, or a fault of ours. */
export class NotHealthy extends Error {}

const WARM_UP_LIMIT_MS = 120_000;
/** Healthy for this long before anything breaks, so that every witness has been seen working. */
const WARM_UP_MS = 5_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

export function saidBy({ party, vendor, component, cause, row }: Verdict): Said {
  return { party, vendor, component, cause, row };
}

/** What the evidence showed broken, where the exporter says the same itself: whoever else says it prints no more. */
function evidenceOf({ monitor }: Stage, service: string, { row }: Said): Pick<Moment, 'broken'> {
  const verdict = monitor.verdicts().find((one) => one.service === service && one.row === row);
  return verdict === undefined ? {} : { broken: brokenIn(verdict) };
}

/** Listens to the verdict in process. */
export function embedded({ monitor }: Stage): Pick<PlayOptions, 'listen' | 'listenVendors'> {
  return {
    listen: async () => new Map(monitor.verdicts().map((verdict) => [verdict.service, saidBy(verdict)])),
    listenVendors: async () => new Map(monitor.vendors().map((verdict) => [keyOf(verdict), vendorSaidBy(verdict)])),
  };
}

/** Waits until everything was measured and is fine; throws when the world is not healthy in time. */
async function warmUp(stage: Stage, { listen, speed, signal, everyMs }: PlayOptions): Promise<void> {
  const limit = performance.now() + WARM_UP_LIMIT_MS;
  let fineSince: number | null = null;
  while (fineSince === null || performance.now() - fineSince < WARM_UP_MS / speed) {
    signal?.throwIfAborted();
    const said = [...(await listen())];
    const expected = stage.monitor.plan().services.length;
    const fine = stage.monitor.ready() && said.length === expected && said.every(([, { party }]) => party === 'none');
    fineSince = fine ? (fineSince ?? performance.now()) : null;
    if (performance.now() > limit) {
      const state = said.map(([service, { row }]) => `${service} ${row}`).join(', ');
      throw new NotHealthy(`the world was not healthy within ${WARM_UP_LIMIT_MS / 1000} s: ${state}`);
    }
    await pause(everyMs);
  }
}

export interface Played {
  moments: Moment[];
  vendors: VendorMoment[];
}

/** Plays the whole timeline; the result is what was said, in scenario time. */
export async function play(scenario: Scenario, stage: Stage, options: PlayOptions): Promise<Played> {
  const { speed, listen, listenVendors, onEvent, onMoment, signal, everyMs } = options;
  if (scenario.history === null) await warmUp(stage, options);
  const start = performance.now();
  const now = (): number => Math.round((performance.now() - start) * speed);
  const moments: Moment[] = [];
  const vendors: VendorMoment[] = [];
  const last = new Map<string, string>();
  const lastOfVendors = new Map<string, string>();
  const broken = new Map(stage.broken);
  // Elsewhere silence is an answer that was late, and no news.
  const hasWatchers = isBefallen('prober', scenario.timeline) || isBefallen('pipeline', scenario.timeline);
  const before: readonly ScenarioStep[] = stepsBefore(scenario);
  const steps = scenario.timeline.filter((step) => !before.includes(step));

  async function hear(): Promise<void> {
    const at = now();
    const said = await listen();
    const silenced = hasWatchers ? [...last.keys()].filter((service) => !said.has(service)) : [];
    for (const [service, verdict] of [...said, ...silenced.map((service) => [service, SILENT] as const)]) {
      const key = JSON.stringify(verdict);
      if (last.get(service) === key) continue;
      last.set(service, key);
      const moment = {
        at: moments.length === 0 || at < everyMs * speed ? 0 : at,
        service,
        verdict,
        ...evidenceOf(stage, service, verdict),
      };
      moments.push(moment);
      onMoment?.(moment);
      onEvent(at, `${service}: ${saidText(verdict)}`);
    }
    for (const [component, told] of await listenVendors()) {
      const key = JSON.stringify(told);
      if (lastOfVendors.get(component) === key) continue;
      lastOfVendors.set(component, key);
      vendors.push({ at: at < everyMs * speed ? 0 : at, component, said: told });
      if (at > 0) onEvent(at, `${component}: ${told.row}`);
    }
  }

  await hear();
  while (now() < scenario.endMs || steps.length > 0) {
    signal?.throwIfAborted();
    const next = steps[0];
    if (next !== undefined && next.atMs <= now()) {
      steps.shift();
      await act(next, stage, broken);
      onEvent(now(), 'break' in next ? brokenText(next.break) : `--- healed: ${next.heal}`);
      continue;
    }
    const until = Math.min(everyMs, next === undefined ? everyMs : Math.max(1, (next.atMs - now()) / speed));
    await pause(until);
    await hear();
  }
  return { moments, vendors };
}

async function act(step: ScenarioStep, stage: Stage, broken: Map<string, string>): Promise<void> {
  if ('heal' in step) {
    await stage.lab.heal(broken.get(step.heal));
    return;
  }
  const { id } = await stage.lab.inject(step.break);
  if (step.as !== null) broken.set(step.as, id);
}
