// Replays in virtual time: the same scenario files, scored the same way, in milliseconds and without a socket.
import { parseFault } from '../../lab/parse-fault.ts';
import type { Scenario } from '../../lab/scenario.ts';
import type { Plan } from '../../map/plan-types.ts';
import type { Signal } from '../../signals/signal.ts';
import type { VendorReading } from '../../signals/vendor-signals.ts';
import { judgeAll } from '../../verdict/explain.ts';
import { judgeVendors } from '../../verdict/vendor-judge.ts';
import { rememberedBy } from '../history.ts';
import {
  brokenIn,
  brokenText,
  type Moment,
  type ReplayResult,
  type Said,
  saidText,
  type VendorMoment,
} from '../result.ts';
import { score } from '../score.ts';
import { keyOf, vendorSaidBy } from '../score-vendors.ts';
import { type Setting, settingOf } from './setting.ts';
import type { SimFault } from './sim-faults.ts';
import { type Simulation, STARTS_AT, startSimulation } from './simulation.ts';
import type { Told } from './telling.ts';

/** What the tables are asked about at one instant. */
export interface Heard {
  /** Scenario ms. */
  at: number;
  signals: readonly Signal[];
  /** What the table about services says of them. */
  verdicts: readonly Told[];
  vendors: readonly VendorReading[];
  plan: Plan;
}

export interface SimOptions {
  seed: number;
  onEvent(scenario: string, at: number, text: string): void;
  /** Told of every instant at which a verdict is made. */
  onHeard?(scenario: string, heard: Heard): void;
}

const WARM_UP_LIMIT_MS = 120_000;
/** Healthy for this long before anything breaks, as the other engines have it. */
const WARM_UP_MS = 5_000;
const STEP_MS = 100;
const TICK_MS = 1_000;

export async function replaySim(
  scenarios: readonly Scenario[],
  { seed, onEvent, onHeard }: SimOptions,
): Promise<ReplayResult[]> {
  const settings = new Map<string, Setting>();
  const results: ReplayResult[] = [];
  for (const scenario of scenarios) {
    const setting = settings.get(scenario.world.name) ?? settingOf(scenario.world);
    settings.set(scenario.world.name, setting);
    const tellers = {
      onEvent: (at: number, text: string) => onEvent(scenario.id, at, text),
      onHeard: onHeard && ((heard: Heard) => onHeard(scenario.id, heard)),
    };
    const { timeline, vendors } = await playOne(scenario, setting, seed, tellers);
    results.push(score(scenario, 'sim', timeline, vendors));
  }
  return results;
}

interface Tellers {
  onEvent(at: number, text: string): void;
  onHeard: ((heard: Heard) => void) | undefined;
}

async function playOne(
  scenario: Scenario,
  setting: Setting,
  seed: number,
  { onEvent, onHeard }: Tellers,
): Promise<{ timeline: Moment[]; vendors: VendorMoment[] }> {
  const timeline: Moment[] = [];
  const vendors: VendorMoment[] = [];
  const last = new Map<string, string>();
  let start: number | null = null;
  const { history } = scenario;
  const simulation = startSimulation({
    setting,
    seed: scenario.noise?.seed ?? seed,
    memory: history === null ? {} : rememberedBy(history, setting.plan, STARTS_AT),
    noise: scenario.noise?.share ?? 0,
    reconnect: 'quick',
    onTold(now, told, signals) {
      if (start !== null) hear(now - start, told, signals);
    },
  });

  const heardAt = (at: number, verdicts: readonly Told[], signals: readonly Signal[]): Heard => {
    const { plan } = setting;
    return { at: Math.round(at), signals, verdicts, vendors: simulation.engine.vendors(), plan };
  };

  /** The evidence is put into words only where a scenario asks for it. */
  function brokenLinks(service: string, signals: readonly Signal[]): Pick<Moment, 'broken'> {
    if (scenario.expect.every(({ path }) => path === undefined)) return {};
    const verdict = judgeAll(signals, setting.plan).find((one) => one.service === service);
    return verdict === undefined ? {} : { broken: brokenIn(verdict) };
  }

  function hear(at: number, told: readonly Told[], signals: readonly Signal[]): void {
    onHeard?.(heardAt(at, told, signals));
    for (const { service, party, vendor, component, cause, row } of told) {
      if (last.get(service) === row) continue;
      last.set(service, row);
      const verdict: Said = { party, vendor, component, cause, row };
      timeline.push({ at: Math.round(at), service, verdict, ...brokenLinks(service, signals) });
      onEvent(at, `${service}: ${saidText(verdict)}`);
    }
  }

  function hearVendors(at: number): void {
    const signals = simulation.engine.read();
    const heard = heardAt(at, simulation.tell(signals), signals);
    onHeard?.(heard);
    for (const verdict of judgeVendors(heard.vendors, heard.signals, heard.verdicts, heard.plan)) {
      const component = keyOf(verdict);
      const said = vendorSaidBy(verdict);
      const key = JSON.stringify(said);
      if (last.get(component) === key) continue;
      last.set(component, key);
      vendors.push({ at: Math.round(at), component, said });
      if (at > 0) onEvent(at, `${component}: ${said.row}`);
    }
  }

  /** Vendors are heard once a second: nobody else watches them while all services are well. */
  async function runUntil(begin: number, at: number): Promise<void> {
    for (let next = simulation.clock.monotonic() + TICK_MS; next < begin + at; next += TICK_MS) {
      await simulation.clock.runUntil(next);
      hearVendors(next - begin);
    }
    await simulation.clock.runUntil(begin + at);
    hearVendors(at);
  }

  // With a history, what is broken at 0 is so before the first probe is sent.
  start = history === null ? await warmUp(simulation) : simulation.clock.monotonic();
  if (history === null) {
    const signals = simulation.engine.read();
    hear(0, simulation.tell(signals), signals);
    hearVendors(0);
  }
  const broken = new Map<string, SimFault>();
  for (const step of scenario.timeline) {
    await runUntil(start, step.atMs);
    if ('heal' in step) {
      const fault = broken.get(step.heal);
      if (fault !== undefined) simulation.heal(fault);
      onEvent(step.atMs, `--- healed: ${step.heal}`);
      continue;
    }
    const fault = parseFault(step.break, setting.world);
    simulation.break(fault);
    if (step.as !== null) broken.set(step.as, fault);
    onEvent(step.atMs, brokenText(step.break));
  }
  await runUntil(start, scenario.endMs);
  return { timeline, vendors };
}

/** Monotonic time at which every target has been measured and all has been fine long enough. */
export async function warmUp({ clock, engine, tell }: Simulation): Promise<number> {
  let fineSince: number | null = null;
  while (fineSince === null || clock.monotonic() - fineSince < WARM_UP_MS) {
    await clock.runUntil(clock.monotonic() + STEP_MS);
    const fine = engine.complete() && tell(engine.read()).every(({ party }) => party === 'none');
    fineSince = fine ? (fineSince ?? clock.monotonic()) : null;
    if (clock.monotonic() > WARM_UP_LIMIT_MS) throw new Error('the simulated world was not healthy in time');
  }
  return clock.monotonic();
}
