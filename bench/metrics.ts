// What one reading of /metrics costs: telling every series anew, as the monitor does, and making the page of them;
// and how long the event loop is held meanwhile, seen by a watcher that wants every turn of it.
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Sample } from '../catalog/metrics.ts';
import { createMetrics, type Metrics } from '../exporters/metrics.ts';
import { median, quantile, report } from './statistics.ts';

const SIZES = [1_000, 10_000, 100_000];
const READINGS = 15;
const WARM_UP = 3;
/** About as many as an HTTP target has. */
const SERIES_PER_TARGET = 10;
/** As the monitor does. */
const TARGETS_AT_ONCE = 500;
const PHASES = ['resolve', 'connect', 'tls', 'request', 'processing', 'transfer'];

async function tell(metrics: Metrics, series: number, reading: number): Promise<void> {
  metrics.clear();
  for (let index = 0; index < series / SERIES_PER_TARGET; index += 1) {
    if (index > 0 && index % TARGETS_AT_ONCE === 0) await othersTurn();
    const name = `service-${index}`;
    const labels = { role: 'deep', service: name, vendor: 'somebody', component: 'edge' };
    const value = ((index * 7_919 + reading * 104_729) % 1_000_003) / 1_000_003;
    metrics.tell({ id: `http/${name}`, kind: 'http', labels }, [
      { metric: 'probe_success', value: 1 },
      { metric: 'probe_duration_seconds', value },
      { metric: 'probe_http_status_code', value: 200 },
      { metric: 'demarc_probe_last_run_timestamp_seconds', value: 1_700_000_000 + value },
      ...PHASES.map((phase): Sample => ({ metric: 'probe_http_duration_seconds', value, labels: { phase } })),
    ]);
  }
}

interface Reading {
  latencyMs: number;
  cpuMs: number;
  blockMs: number;
  bytes: number;
}

/** Longest time between two turns of the loop until stopped. */
function watchTurns(): () => number {
  let longest = 0;
  let last = performance.now();
  let watching = true;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (watching) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    watching = false;
    return Math.max(longest, performance.now() - last);
  };
}

async function read(metrics: Metrics, series: number, reading: number): Promise<Reading> {
  const stop = watchTurns();
  const start = performance.now();
  const before = process.cpuUsage();
  await tell(metrics, series, reading);
  const page = await metrics.render();
  metrics.clear();
  const latencyMs = performance.now() - start;
  const used = process.cpuUsage(before);
  await new Promise((resolve) => setImmediate(resolve));
  return { latencyMs, cpuMs: (used.user + used.system) / 1_000, blockMs: stop(), bytes: page.length };
}

async function measure(series: number) {
  const metrics = createMetrics('bench');
  const readings: Reading[] = [];
  for (let reading = 0; reading < WARM_UP + READINGS; reading += 1) {
    const one = await read(metrics, series, reading);
    if (reading >= WARM_UP) readings.push(one);
  }
  const blocks = readings.map(({ blockMs }) => blockMs);
  return {
    series,
    cpuMs: median(readings.map(({ cpuMs }) => cpuMs)),
    latencyMs: median(readings.map(({ latencyMs }) => latencyMs)),
    // Neighbours on the machine can only lengthen it, so the lower quartile is nearer to our own share.
    blockQ25Ms: quantile(blocks, 0.25),
    blockMs: median(blocks),
    megabytes: (readings[0]?.bytes ?? 0) / 1e6,
  };
}

export async function run(argv: readonly string[]): Promise<number> {
  const figures = [];
  for (const series of SIZES) figures.push(await measure(series));
  const rows = figures.map(({ series, ...rest }) => [
    String(series),
    ...Object.values(rest).map((ms) => ms.toFixed(1)),
  ]);
  report(argv, figures, [['series', 'CPU ms', 'latency ms', 'block ms: quartile', 'median', 'MB'], ...rows]);
  return 0;
}
