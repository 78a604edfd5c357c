// Our side of the measurements, as a process of its own: the exporter's scheduler, probes and metrics, without signals.
// Run by startHelper().
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { realClock } from '../exporters/clock.ts';
import { createMetrics, type Metrics, samplesOf } from '../exporters/metrics.ts';
import type { Observation } from '../exporters/observation.ts';
import type { ProbeContext } from '../exporters/probe.ts';
import { PROBES } from '../exporters/registry.ts';
import { createResolver } from '../exporters/resolver.ts';
import { createScheduler } from '../exporters/scheduler.ts';
import type { Target } from '../exporters/target.ts';
import { beHelper } from './pinned.ts';
import { type LocalServers, type Measured, type Pace, targetsOf } from './probe-kinds.ts';
import { quantile } from './statistics.ts';

export interface Slice {
  servers: LocalServers;
  /** How many targets of which kind. */
  counts: Partial<Record<Measured, number>>;
  pace: Pace;
  /** Run before anything is counted. */
  warmUpMs: number;
  forMs: number;
  /** One page of all targets is made this often; 0 for never. */
  pageEveryMs: number;
}

export interface SliceResult {
  probes: number;
  failed: number;
  crashed: number;
  seconds: number;
  cpuMs: number;
  rssBytes: number;
  /** Milliseconds that starts came after they were due. */
  lateness: { p50: number; p99: number; max: number };
  /** Milliseconds the event loop was held. */
  loop: { p99: number; max: number };
  inFlight: number;
  durationP50Ms: number;
}

const LOOP_RESOLUTION_MS = 10;
const SWEEP_MS = 100;
const MAX_COUNTED = 400_000;

function prepare(target: Target): (context: ProbeContext) => Promise<Observation> {
  const make: (id: string, settings: unknown) => (context: ProbeContext) => Promise<Observation> =
    PROBES[target.kind].prepare;
  return make(target.id, target.settings);
}

async function makePage(metrics: Metrics, targets: readonly Target[], newest: Map<string, Observation>): Promise<void> {
  metrics.clear();
  for (const target of targets) {
    const observation = newest.get(target.id);
    if (observation !== undefined) metrics.tell(target, samplesOf(observation));
  }
  await metrics.render();
  metrics.clear();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

async function runSlice({ servers, counts, pace, warmUpMs, forMs, pageEveryMs }: Slice): Promise<SliceResult> {
  const targets = Object.entries(counts).flatMap(([kind, count]) => targetsOf(kind as Measured, count, servers, pace));
  const metrics = createMetrics('bench');
  const newest = new Map<string, Observation>();
  const lateness: number[] = [];
  const durations: number[] = [];
  let [probes, failed, crashed, counting] = [0, 0, 0, false];
  const scheduler = createScheduler({
    targets,
    prepare,
    clock: realClock,
    resolver: createResolver({ servers: [], clock: realClock, deadlineMs: 4_000 }),
    trust: [servers.authority],
    onStart(lateMs) {
      if (counting && lateness.length < MAX_COUNTED) lateness.push(lateMs);
    },
    onObservation(observation) {
      metrics.increase('demarc_probe_results_total', { kind: observation.kind, reason: observation.reason });
      newest.set(observation.target, observation);
      if (!counting) return;
      probes += 1;
      failed += observation.ok ? 0 : 1;
      if (durations.length < MAX_COUNTED) durations.push(observation.durationMs);
    },
    onCrash() {
      crashed += 1;
    },
  });
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  scheduler.start();
  await pause(warmUpMs);
  let page = Promise.resolve();
  const makeNext = (): void => {
    page = makePage(metrics, targets, newest);
  };
  const paging = pageEveryMs > 0 ? setInterval(makeNext, pageEveryMs) : undefined;
  loop.enable();
  counting = true;
  const [start, before] = [performance.now(), process.cpuUsage()];
  await pause(forMs);
  const used = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1_000;
  counting = false;
  loop.disable();
  clearInterval(paging);
  const inFlight = scheduler.inFlight();
  await page;
  globalThis.gc?.();
  // What was collected is given back a little later.
  await pause(SWEEP_MS);
  const rssBytes = process.memoryUsage.rss();
  await scheduler.stop();
  const loopMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - LOOP_RESOLUTION_MS);
  return {
    probes,
    failed,
    crashed,
    seconds,
    cpuMs: (used.user + used.system) / 1_000,
    rssBytes,
    lateness: { p50: quantile(lateness, 0.5), p99: quantile(lateness, 0.99), max: quantile(lateness, 1) },
    loop: { p99: loopMs(loop.percentile(99)), max: loopMs(loop.max) },
    inFlight,
    durationP50Ms: quantile(durations, 0.5),
  };
}

beHelper(runSlice);
