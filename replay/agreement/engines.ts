// How often the two engines say the same: the table as decide() reads it, and the same table compiled to rules, as promtool
// evaluates them. On single states, and on what the scenarios make the signals say, five seconds after five seconds.
import { availableParallelism } from 'node:os';
import { RECORDS, verdictRules } from '../../alerts/records.ts';
import type { Scenario } from '../../lab/scenario.ts';
import type { States } from '../../signals/signal.ts';
import { decide } from '../../verdict/decide.ts';
import { type Recording, recordScenarios } from '../mutation/recording.ts';
import { areEqual, comparisonsOf, inTurn, type Pair, STEP_S } from './comparison.ts';
import { type Series, type TestGroup, testRules } from './promtool.ts';
import { SERVICE, seriesOf } from './states.ts';

export interface Agreement {
  compared: number;
  /** How many of them the engines differ on. */
  apart: number;
}

const PAIR: Pair = [RECORDS.code, 'expected'];
const ON = 'on (site, service)';

/** A series of its own for what decide() says. */
function shown(states: States, site: string, service = SERVICE): Series[] {
  const expected = `expected{site="${site}",service="${service}"}`;
  return [...seriesOf(states, site, service), { series: expected, values: `${decide(states).code}` }];
}

/** Single states. */
export async function compareStates(states: readonly States[]): Promise<Agreement> {
  const outputs = await Promise.all(
    dealt(states).map((share) => outputOf(comparisonsOf('states', share, shown, [PAIR], ON))),
  );
  return { compared: states.length, apart: outputs.flatMap(sitesIn).length };
}

/** Whole scenarios: every verdict about every service, at every evaluation. */
export async function compareScenarios(scenarios: readonly Scenario[], seed: number): Promise<Agreement> {
  const recordings = await recordScenarios(scenarios, seed);
  const outputs = await Promise.all(dealt(recordings).map((share) => outputOf([sideBySide(share)])));
  return { compared: recordings.length, apart: new Set(outputs.flatMap(sitesIn)).size };
}

/** In as many equal shares as there are cores: promtool uses one. */
function dealt<T>(all: readonly T[]): T[][] {
  const hands = Math.min(availableParallelism(), all.length);
  return Array.from({ length: hands }, (_, hand) => all.filter((_, index) => index % hands === hand));
}

/** Scenarios at the same time, each under its name as the site. */
function sideBySide(recordings: readonly Recording[]): TestGroup {
  const endMs = Math.max(...recordings.map(({ scenario }) => scenario.endMs));
  const steps = Array.from({ length: Math.floor(endMs / (STEP_S * 1000)) + 1 }, (_, step) => step * STEP_S);
  return {
    name: 'scenarios',
    interval: `${STEP_S}s`,
    input_series: inTurn(steps.map((at) => recordings.flatMap((recording) => shownAt(at * 1000, recording)))),
    promql_expr_test: steps.flatMap((at) => areEqual(PAIR, ON, `${at}s`)),
  };
}

/** What a scenario makes the exporter show at this instant; nothing once it is over. */
function shownAt(at: number, { scenario: { id, endMs }, services }: Recording): Series[] {
  if (at > endMs) return [];
  const names = [...new Set(services.map(({ subject }) => subject))];
  return names.flatMap((service) => {
    const now = services.findLast((one) => one.subject === service && one.at <= at);
    return now === undefined ? [] : shown(now.states as States, id, service);
  });
}

/** What promtool has to say; throws when it fails for another reason than a difference. */
async function outputOf(groups: readonly TestGroup[]): Promise<string> {
  const { ok, output } = await testRules([{ rules: verdictRules(), groups }]);
  if (!ok && sitesIn(output).length === 0) throw new Error(`promtool: ${output.slice(0, 2_000)}`);
  return output;
}

/** Every difference is shown once, by its site. */
const sitesIn = (output: string): string[] => [...output.matchAll(/\bsite="([^"]+)"/g)].map((match) => match[1] ?? '');
