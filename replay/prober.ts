// demarc as a replay runs it: the monitor of a map, and the server it is scraped at. In the process of the lab, or in one of its own.
import { atSpeed, type Timing } from '../catalog/timing.ts';
import { realClock } from '../exporters/clock.ts';
import type { Lab } from '../lab/lab.ts';
import { type DemarcMap, parseMap } from '../map/load.ts';
import { planOf, type Surroundings } from '../map/plan.ts';
import type { Plan } from '../map/plan-types.ts';
import { lookAround } from '../map/surroundings.ts';
import { timingOf } from '../signals/engine.ts';
import type { Memory } from '../signals/memory.ts';
import { createStatusApp, listen, type StatusServer } from '../status/server.ts';
import { startMonitor } from '../verdict/monitor.ts';
import type { Monitor } from '../verdict/monitor-types.ts';

/** What a replay hears of a monitor, wherever that runs. */
export type Heard = Pick<Monitor, 'plan' | 'ready' | 'verdicts' | 'vendors' | 'onChange'>;

export interface HeardProber {
  monitor: Heard;
  server: Pick<StatusServer, 'url'>;
  stop(): Promise<void>;
}

/** In this process. */
export interface Prober extends HeardProber {
  monitor: Monitor;
  server: StatusServer;
}

/** A map under the name of its site, and what is around. */
export interface Chart {
  map: DemarcMap;
  around: Surroundings;
  plan: Plan;
}

export async function chartOf(text: string, site: string): Promise<Chart> {
  const parsed = parseMap(text, `map of ${site}`, process.cwd());
  const map: DemarcMap = { ...parsed, file: { ...parsed.file, site } };
  const around = await lookAround(map, realClock);
  return { map, around, plan: planOf(map, around) };
}

export interface ProberOptions {
  chart: Chart;
  speed: number;
  version: string;
  /** Nothing outlives it when left out. */
  memory?: Memory;
  /** Any free one when left out. */
  port?: number;
  /** The lab it may be broken by, from the page. */
  demo?: Lab;
  onCrash(message: string): void;
}

export async function startProber(options: ProberOptions): Promise<Prober> {
  const { chart, speed, version, memory, port = 0, demo, onCrash } = options;
  const { map, around } = chart;
  const timing: Timing = atSpeed(timingOf(map.file.interval, map.file.timeout), speed);
  const monitor = startMonitor({
    map,
    around,
    version,
    timing,
    ...(memory === undefined ? {} : { memory }),
    log: (level, message) => void (level === 'error' && onCrash(message)),
  });
  const app = createStatusApp({
    monitor: () => monitor,
    ...(demo === undefined ? {} : { demo }),
    version,
    log: () => undefined,
  });
  const server = await listen(app, { host: '127.0.0.1', port });
  return {
    monitor,
    server,
    async stop() {
      await server.close();
      await monitor.stop();
    },
  };
}
