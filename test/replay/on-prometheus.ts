// Outages of record and failures of yours that look like a vendor's, several at once, judged by a real Prometheus with the committed
// rules and told on by a real Alertmanager; and by the verdict in process beside it, which is the other engine at the clock of the
// wall. All others are played on the model only (sim-scenarios.test.ts); `demarc replay --engine prometheus` plays them here.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInScenarios } from '../../lab/scenario.ts';
import { replayOnPrometheus, type WatchedResult } from '../../replay/prometheus.ts';
import type { ReplayResult } from '../../replay/result.ts';
import { disagreements, settled } from '../../replay/sequence.ts';
import { replaySim } from '../../replay/sim/engine.ts';
import { findTools } from '../../scripts/tools.mjs';

/** A world, scraped, takes some four hundredths of a core; with twice as many at once two cores were late now and then. */
const PARALLEL = 8;
const LIMIT_MS = 1_500_000;
const SEED = 1;

/** Outages of record, failures of yours that look like them, and the plain ones: two rounds of what this machine can hold. */
const PLAYED = [
  'aws-2025-10-20',
  'azure-front-door-2025-10-29',
  'cloudflare-2025-11-18',
  'cloudflare-tunnel-2023-10-25',
  'dyn-2016-10-21',
  'facebook-2021-10-04',
  'fastly-2021-06-08',
  'origin-certificate-expired',
  'origin-refused',
  'own-process-while-uplink-down',
  'own-uplink-down',
  'resolver-dead',
  'router-dead',
  'tls-intercepted',
  'tunnel-daemon-dead',
];

const scenarios = builtInScenarios().filter(({ id }) => PLAYED.includes(id));
const results = new Map<string, WatchedResult>();
const modelled = new Map<string, ReplayResult>();
const story: string[] = [];

beforeAll(async () => {
  const { paths, hint } = await findTools(['prometheus', 'alertmanager']);
  if (paths.prometheus === undefined || paths.alertmanager === undefined)
    throw new Error(`Prometheus is missing: ${hint}`);
  const tools = { prometheus: paths.prometheus, alertmanager: paths.alertmanager };
  for (const result of await replaySim(scenarios, { seed: SEED, onEvent: () => undefined }))
    modelled.set(result.scenario, result);
  const played = await replayOnPrometheus(scenarios, {
    tools,
    parallel: PARALLEL,
    version: 'test',
    onEvent: (id, at, text) => void story.push(`${id} ${at} ${text}`),
  });
  for (const result of played) results.set(result.scenario, result);
}, LIMIT_MS);

afterAll(() => {
  for (const { scenario, timeToVerdictMs, alertAtMs } of results.values()) {
    process.stdout.write(
      `${scenario}: verdict ${timeToVerdictMs} ms after the fault, webhook at ${alertAtMs} ms of the scenario\n`,
    );
  }
});

function resultOf(id: string): WatchedResult {
  const result = results.get(id);
  if (result === undefined) throw new Error(`${id} was not played:\n${story.join('\n')}`);
  return result;
}

it('plays those it names', () => {
  expect(scenarios.map(({ id }) => id).sort()).toEqual(PLAYED);
});

const wrongIn = ({ expectations, broken }: ReplayResult) => ({
  wrong: expectations.filter(({ met }) => !met),
  broken,
});

describe.each(scenarios)('$id', ({ id, endMs }) => {
  it('is judged by the rules as the scenario demands, at every moment', () => {
    const result = resultOf(id);
    expect({ ...wrongIn(result), timeline: result.timeline }).toMatchObject({ wrong: [], broken: [] });
  });

  it('is judged in process as the scenario demands, at every moment', () => {
    const { inProcess } = resultOf(id);
    expect({ ...wrongIn(inProcess), timeline: inProcess.timeline }).toMatchObject({ wrong: [], broken: [] });
  });

  it('has the same verdicts in the same order in process, by the rules and in the model', () => {
    const { inProcess, timeline, disagreements: lasting } = resultOf(id);
    const model = modelled.get(id)?.timeline ?? [];
    expect({
      rules: disagreements(inProcess.timeline, timeline, endMs),
      model: disagreements(settled(model), settled(inProcess.timeline), endMs),
      lasting,
    }).toEqual({ rules: [], model: [], lasting: 0 });
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
    const exact = { missing: [], extra: [], unended: [], repeated: [] };
    expect({ ...told, alerts: alerts.map(({ annotations: _, ...rest }) => rest) }).toMatchObject(exact);
  });
});

it('tells within a minute of the fault', () => {
  const delays = [...results.values()].flatMap(({ told }) => told.delaysMs).sort((a, b) => a - b);
  const p95 = delays[Math.ceil(0.95 * delays.length) - 1] ?? Number.POSITIVE_INFINITY;
  const seconds = (ms: number | undefined): string => `${((ms ?? 0) / 1000).toFixed(1)} s`;
  const median = delays[Math.floor(delays.length / 2)];
  process.stdout.write(`fault to message: median ${seconds(median)}, p95 ${seconds(p95)}, of ${delays.length}\n`);
  expect(p95).toBeLessThanOrEqual(60_000);
});

it('never names a vendor while the uplink is cut', () => {
  const { alerts, timeline } = resultOf('own-uplink-down');
  expect(alerts.filter(({ labels }) => labels.owner === 'vendor')).toEqual([]);
  expect(timeline.filter(({ verdict }) => verdict.party === 'vendor')).toEqual([]);
});
