// Some scenarios, all at once, judged by a real Prometheus with the committed rules and told on by a real Alertmanager. The others are
// played on the model (sim-scenarios.test.ts); `demarc replay --engine prometheus` plays them all here.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInScenarios } from '../../lab/scenario.ts';
import { replayOnPrometheus, type WatchedResult } from '../../replay/prometheus.ts';
import { findTools } from '../../scripts/tools.mjs';

const PLAYED = [
  'aws-2025-10-20',
  'cloudflare-2025-11-18',
  'fastly-2021-06-08',
  'origin-certificate-expired',
  'origin-refused',
  'own-uplink-down',
  'router-dead',
  'tunnel-daemon-dead',
];
const scenarios = builtInScenarios().filter(({ id }) => PLAYED.includes(id));
const results = new Map<string, WatchedResult>();
const story: string[] = [];

beforeAll(async () => {
  const { paths, hint } = await findTools(['prometheus', 'alertmanager']);
  if (paths.prometheus === undefined || paths.alertmanager === undefined)
    throw new Error(`Prometheus is missing: ${hint}`);
  const tools = { prometheus: paths.prometheus, alertmanager: paths.alertmanager };
  const played = await replayOnPrometheus(scenarios, {
    tools,
    parallel: scenarios.length,
    version: 'test',
    onEvent: (id, at, text) => void story.push(`${id} ${at} ${text}`),
  });
  for (const result of played) results.set(result.scenario, result);
}, 900_000);

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

it('finds every scenario it names', () => {
  expect(scenarios.map(({ id }) => id)).toEqual(PLAYED);
});

describe.each(scenarios)('$id', ({ id }) => {
  it('is judged as the scenario demands, at every moment', () => {
    const { expectations, broken, timeline } = resultOf(id);
    expect({ wrong: expectations.filter(({ met }) => !met), broken, timeline }).toMatchObject({
      wrong: [],
      broken: [],
    });
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

  it('is judged alike by the exporter and by the rules', () => {
    expect(resultOf(id).disagreements).toBe(0);
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
