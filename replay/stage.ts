// One scenario's own world with demarc watching it: lab, monitor and status server, under a site name of its own.
import { atSpeed, type Timing } from '../catalog/timing.ts';
import { realClock } from '../exporters/clock.ts';
import type { Lab } from '../lab/lab.ts';
import type { Scenario } from '../lab/scenario.ts';
import { startLab } from '../lab/start.ts';
import type { World } from '../lab/world.ts';
import { type DemarcMap, parseMap } from '../map/load.ts';
import { planOf } from '../map/plan.ts';
import { lookAround } from '../map/surroundings.ts';
import { timingOf } from '../signals/engine.ts';
import { createStatusApp, listen, type StatusServer } from '../status/server.ts';
import { startMonitor } from '../verdict/monitor.ts';
import type { Monitor } from '../verdict/monitor-types.ts';
import { breakBefore, stateLeft } from './history.ts';

export interface Stage {
  site: string;
  lab: Lab;
  monitor: Monitor;
  server: StatusServer;
  /** Ids of what was broken before demarc started, by the name to heal it by. */
  broken: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

export interface StageOptions {
  site: string;
  world: string | World;
  /** Time runs this much faster: intervals, deadlines and windows shrink alike. */
  speed: number;
  version: string;
  /** Of a scenario: what was before, and what fails by chance. */
  past?: Pick<Scenario, 'history' | 'timeline' | 'noise'>;
  onCrash(message: string): void;
}

const NO_PAST = { history: null, timeline: [], noise: null } as const;

export async function setStage({ site, world, speed, version, past = NO_PAST, onCrash }: StageOptions): Promise<Stage> {
  const { share: noise = 0, seed = 1 } = past.noise ?? {};
  const lab = await startLab({ world, speed, noise, seed });
  const parsed = parseMap(lab.map, `map of ${site}`, process.cwd());
  const map: DemarcMap = { ...parsed, file: { ...parsed.file, site } };
  const timing: Timing = atSpeed(timingOf(map.file.interval, map.file.timeout), speed);
  const around = await lookAround(map, realClock);
  const broken = await breakBefore(past, lab);
  const left = past.history === null ? null : await stateLeft(past.history, planOf(map, around));
  const monitor = startMonitor({
    map,
    around,
    version,
    timing,
    ...(left === null ? {} : { memory: left.memory }),
    log: (level, message) => void (level === 'error' && onCrash(message)),
  });
  const app = createStatusApp({ monitor: () => monitor, demo: lab, version, log: () => undefined });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  return {
    site,
    lab,
    monitor,
    server,
    broken,
    async stop() {
      await server.close();
      await monitor.stop();
      await left?.forget();
      await lab.stop();
    },
  };
}
