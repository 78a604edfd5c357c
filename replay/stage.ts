// One scenario's own world with demarc watching it: lab, monitor and status server, under a site name of its own.
import { atSpeed, type Timing } from '../catalog/timing.ts';
import { realClock } from '../exporters/clock.ts';
import type { Lab } from '../lab/lab.ts';
import { startLab } from '../lab/start.ts';
import { type DemarcMap, parseMap } from '../map/load.ts';
import { lookAround } from '../map/surroundings.ts';
import { timingOf } from '../signals/engine.ts';
import { createStatusApp, listen, type StatusServer } from '../status/server.ts';
import { startMonitor } from '../verdict/monitor.ts';
import type { Monitor } from '../verdict/monitor-types.ts';

export interface Stage {
  site: string;
  lab: Lab;
  monitor: Monitor;
  server: StatusServer;
  stop(): Promise<void>;
}

export interface StageOptions {
  site: string;
  world: string;
  /** Time runs this much faster: intervals, deadlines and windows shrink alike. */
  speed: number;
  version: string;
  onCrash(message: string): void;
}

export async function setStage({ site, world, speed, version, onCrash }: StageOptions): Promise<Stage> {
  const lab = await startLab({ world, speed });
  const parsed = parseMap(lab.map, `map of ${world}`, process.cwd());
  const map: DemarcMap = { ...parsed, file: { ...parsed.file, site } };
  const timing: Timing = atSpeed(timingOf(map.file.interval, map.file.timeout), speed);
  const around = await lookAround(map, realClock);
  const monitor = startMonitor({
    map,
    around,
    version,
    timing,
    log: (level, message) => void (level === 'error' && onCrash(message)),
  });
  const app = createStatusApp({ monitor: () => monitor, demo: lab, version, log: () => undefined });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  return {
    site,
    lab,
    monitor,
    server,
    async stop() {
      await server.close();
      await monitor.stop();
      await lab.stop();
    },
  };
}
