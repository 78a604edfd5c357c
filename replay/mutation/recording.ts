// Plays the scenarios once in virtual time and writes down every state the tables were asked about. What a table says feeds
// nothing back, so a changed table can be tried on the recording instead of on the world.
import type { Scenario } from '../../lab/scenario.ts';
import type { Plan } from '../../map/plan-types.ts';
import type { Signal } from '../../signals/signal.ts';
import type { ReplayResult } from '../result.ts';
import { type Heard, replaySim } from '../sim/engine.ts';
import type { NamedStates } from './mutants.ts';

/** From `at` on, a subject was in these states. */
export interface Instant {
  at: number;
  /** Service, or `vendor/component`. */
  subject: string;
  states: NamedStates;
  /** Services whose verdict names the component; of vendors only. */
  hits: readonly string[];
}

/** What the tables were asked in a play, and how the play as a whole was scored. */
export interface Recording {
  scenario: Scenario;
  result: ReplayResult;
  plan: Plan;
  services: Instant[];
  vendors: Instant[];
}

export async function recordScenarios(scenarios: readonly Scenario[], seed: number): Promise<Recording[]> {
  const recordings = new Map<string, Omit<Recording, 'result'>>();
  const last = new Map<string, string>();
  /** Equal states are the same object, so that whoever judges them again need not. */
  const met = new Map<string, NamedStates>();
  const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]));

  function note(list: Instant[], instant: Instant, scenario: string): void {
    const key = `${scenario} ${instant.subject}`;
    const value = JSON.stringify([instant.states, instant.hits]);
    if (last.get(key) === value) return;
    last.set(key, value);
    const same = JSON.stringify(instant.states);
    const states = met.get(same) ?? instant.states;
    met.set(same, states);
    list.push({ ...instant, states });
  }

  function take(id: string, heard: Heard): void {
    const scenario = byId.get(id);
    if (scenario === undefined) return;
    const { at, signals, verdicts, vendors, plan } = heard;
    const recording = recordings.get(id) ?? { scenario: withoutPaths(scenario), plan, services: [], vendors: [] };
    recordings.set(id, recording);
    for (const { name } of plan.services)
      note(recording.services, { at, subject: name, states: statesOf(signals, name), hits: [] }, id);
    const uplink = signals.find(({ name, service }) => name === 'uplink' && service === '')?.state ?? -1;
    for (const { vendor, component, signals: own } of vendors) {
      const hits = verdicts
        .filter((one) => one.vendor === vendor && one.component === component && one.party !== 'unknown')
        .map(({ service }) => service);
      const told = Object.fromEntries([...own].map(([name, { state }]) => [name, state]));
      const states: NamedStates = { ...told, uplink, convicted: hits.length > 0 ? 1 : 0 };
      note(recording.vendors, { at, subject: `${vendor}/${component}`, states, hits }, id);
    }
  }

  const results = await replaySim(scenarios, { seed, onEvent: () => undefined, onHeard: take });
  return results.flatMap((result) => {
    const recording = recordings.get(result.scenario);
    return recording === undefined ? [] : { ...recording, result };
  });
}

/** A table prints no evidence that a path could be read from. */
const withoutPaths = (scenario: Scenario): Scenario => ({
  ...scenario,
  expect: scenario.expect.map(({ path: _, ...claims }) => claims),
});

const statesOf = (signals: readonly Signal[], name: string): NamedStates =>
  Object.fromEntries(
    signals
      .filter(({ service }) => service === '' || service === name)
      .map(({ name: signal, state }) => [signal, state]),
  );
