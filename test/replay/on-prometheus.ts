// Scenarios judged by a real Prometheus with the committed rules and told on by a real Alertmanager; by the verdict in process
// beside it, which is the other engine at the clock of the wall; and by the model. All three must say the same.
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInScenarios, type Scenario } from '../../lab/scenario.ts';
import { rowsOfChance } from '../../replay/notifications.ts';
import { AGAIN, replayOnPrometheus, type WatchedResult } from '../../replay/prometheus.ts';
import type { ReplayResult } from '../../replay/result.ts';
import { disagreements, PASSING } from '../../replay/sequence.ts';
import { replaySim } from '../../replay/sim/engine.ts';
import { prometheusTools } from '../../replay/tools.ts';

/** At most; how many there are is up to the machine. */
const PARALLEL = 22;
const LIMIT_MS = 1_500_000;
const SEED = 1;
/** A process has one event loop, the smallest machine two cores. */
const SHARES = 2;

/** Every scenario is in one share; the shares are alike in number and in length. */
function shareOf(index: number): Scenario[] {
  const ordered = builtInScenarios().sort((a, b) => b.endMs - a.endMs);
  return ordered.filter((_, place) => place % SHARES === index);
}

/** What the model said of a scenario. */
interface Modelled extends Pick<ReplayResult, 'timeline'>, Pick<Scenario, 'endMs'> {
  /** Rows that are up to the phase of the probes. */
  byChance: readonly string[];
}

const wrongIn = ({ expectations, broken }: ReplayResult) => ({
  wrong: expectations.filter(({ met }) => !met),
  broken,
});

/** Where the engines differ from what is judged in process. */
const differencesIn = ({ inProcess, timeline, disagreements: lasting }: WatchedResult, model: Modelled) => ({
  rules: disagreements(inProcess.timeline, timeline, model.endMs),
  model: disagreements(model.timeline, inProcess.timeline, model.endMs, [...PASSING, ...model.byChance]),
  lasting,
});

const NO_DIFFERENCES: ReturnType<typeof differencesIn> = { rules: [], model: [], lasting: 0 };

/** The tests of one share, `index` from 0; the whole share is played before the first of them. */
export function describeShare(index: number): void {
  const scenarios = shareOf(index);
  const results = new Map<string, WatchedResult>();
  const modelled = new Map<string, Modelled>();
  const story: string[] = [];

  beforeAll(async () => {
    const tools = await prometheusTools((line) => void story.push(line));
    const models = await replaySim(scenarios, { seed: SEED, onEvent: () => undefined });
    for (const [index, scenario] of scenarios.entries()) {
      const timeline = models[index]?.timeline ?? [];
      modelled.set(scenario.id, { timeline, endMs: scenario.endMs, byChance: rowsOfChance(scenario) });
    }
    const played = await replayOnPrometheus(scenarios, {
      tools,
      parallel: PARALLEL,
      version: 'test',
      isRight: (result) =>
        result.passed &&
        result.inProcess.passed &&
        isDeepStrictEqual(differencesIn(result, modelOf(result.scenario)), NO_DIFFERENCES),
      onEvent: (id, at, text) => void story.push(`${id} ${at} ${text}`),
    });
    for (const result of played) results.set(result.scenario, result);
  }, LIMIT_MS);

  afterAll(() => {
    for (const { scenario, timeToVerdictMs, alertAtMs, stalledMs } of results.values()) {
      const stalled = stalledMs > 0 ? `; the machine stood still for ${stalledMs} ms` : '';
      process.stdout.write(
        `${scenario}: verdict ${timeToVerdictMs} ms after the fault, webhook at ${alertAtMs} ms of the scenario${stalled}\n`,
      );
    }
    for (const line of story.filter((one) => one.includes(AGAIN))) process.stdout.write(`${line}\n`);
  });

  function resultOf(id: string): WatchedResult {
    const result = results.get(id);
    if (result === undefined) throw new Error(`${id} was not played:\n${story.join('\n')}`);
    return result;
  }

  function modelOf(id: string): Modelled {
    const model = modelled.get(id);
    if (model === undefined) throw new Error(`${id} was not modelled`);
    return model;
  }

  describe.each(scenarios)('$id', ({ id }) => {
    it('is judged by the rules as the scenario demands, at every moment', () => {
      const result = resultOf(id);
      expect({ ...wrongIn(result), timeline: result.timeline }).toMatchObject({ wrong: [], broken: [] });
    });

    it('is judged in process as the scenario demands, at every moment', () => {
      const { inProcess } = resultOf(id);
      expect({ ...wrongIn(inProcess), timeline: inProcess.timeline }).toMatchObject({ wrong: [], broken: [] });
    });

    it('is not judged by rules that cannot see it', () => {
      expect(resultOf(id).saidBlind).toEqual([]);
    });

    it('has the same verdicts in the same order in process, by the rules and in the model', () => {
      expect(differencesIn(resultOf(id), modelOf(id))).toEqual(NO_DIFFERENCES);
    });

    it('reaches the webhook with the right owner, and nobody else is told on', () => {
      const { alertMissing, forbidden, alerts } = resultOf(id);
      const seen = alerts.map(
        ({ status, labels }) => `${status} ${labels.alertname} ${labels.owner} ${labels.service} ${labels.row}`,
      );
      expect({ alertMissing, forbidden, seen }).toMatchObject({ alertMissing: false, forbidden: [] });
    });

    it('tells of every cause once, of its end, and of nothing else', () => {
      const { told, alerts } = resultOf(id);
      const exact = { missing: [], extra: [], unended: [], repeated: [], recurred: [] };
      const messages = alerts.map(({ at, status, receiver, labels }) => [
        at,
        status,
        receiver,
        ...Object.values(labels),
      ]);
      expect(told, messages.map((words) => words.join(' ')).join('\n')).toMatchObject(exact);
    });
  });

  it('tells half of all faults within a minute, and nearly all within two on a slow machine', () => {
    const delays = [...results.values()].flatMap(({ told }) => told.delaysMs).sort((a, b) => a - b);
    const p95 = delays[Math.ceil(0.95 * delays.length) - 1] ?? Number.POSITIVE_INFINITY;
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
    const median = delays[Math.floor(delays.length / 2)] ?? Number.POSITIVE_INFINITY;
    process.stdout.write(`fault to message: median ${seconds(median)}, p95 ${seconds(p95)}, of ${delays.length}\n`);
    expect(median).toBeLessThanOrEqual(60_000);
    expect(p95).toBeLessThanOrEqual(120_000);
  });
}
