// Takes up a changed map while demarc runs. One load at a time; a map that is not right leaves the old one running.
import type { Clock } from '../exporters/clock.ts';
import type { DemarcMap } from '../map/load.ts';
import type { Surroundings } from '../map/plan.ts';
import { type Problem, UserError } from '../map/user-error.ts';
import type { RunningMonitor } from '../verdict/monitor-types.ts';
import type { Logger } from './logger.ts';

export interface ReloadOptions {
  monitor: Pick<RunningMonitor, 'replace' | 'refuse'>;
  clock: Clock;
  log: Logger;
  /** Reads the map anew. Throws {@link UserError} when it is not right. */
  load(): DemarcMap;
  lookAround(map: DemarcMap): Promise<Surroundings>;
  /** After every load that succeeded. */
  onReplaced(map: DemarcMap): void;
}

export interface Reloader {
  /** Loads the map now, or once more after the load that is under way. The result is what is wrong with it. */
  reload(why: string): Promise<readonly Problem[]>;
  /** After this, nothing is replaced any more. */
  stop(): void;
}

/** Between the end of a load and the next one: a storm of requests costs one load a second. */
const GAP_MS = 1_000;

export function createReloader(options: ReloadOptions): Reloader {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<readonly Problem[]> | null = null;
  let endGap = (): void => undefined;
  let stopped = false;

  const gap = (): Promise<void> =>
    new Promise((resolve) => {
      const cancel = options.clock.after(stopped ? 0 : GAP_MS, resolve);
      endGap = () => {
        cancel();
        resolve();
      };
    });

  async function inTurn(why: string): Promise<readonly Problem[]> {
    await running;
    // From here on a request means another load: this one may have read the file already.
    next = null;
    const load = loadOnce(why, options, () => stopped);
    running = load.then(gap);
    return load;
  }

  return {
    reload(why) {
      next ??= inTurn(why);
      return next;
    },
    stop() {
      stopped = true;
      endGap();
    },
  };
}

async function loadOnce(
  why: string,
  { monitor, log, load, lookAround, onReplaced }: ReloadOptions,
  stopped: () => boolean,
): Promise<readonly Problem[]> {
  if (stopped()) return [];
  try {
    const map = load();
    const around = await lookAround(map);
    if (stopped()) return [];
    monitor.replace(map, around);
    for (const { place, what, hint } of map.warnings) log('warn', `${place}: ${what}, ${hint}`);
    log('info', `the map was reloaded: ${why}`);
    onReplaced(map);
    return [];
  } catch (error) {
    // Whatever it is, probing goes on with the old map.
    monitor.refuse();
    const bug: Problem = { place: 'reload', what: 'this is a bug of demarc', hint: String(error) };
    const problems = error instanceof UserError ? error.problems : [bug];
    for (const { place, what, hint } of problems) log('error', `${place}: ${what}, ${hint}`);
    log('error', `the map was not reloaded (${why}); the old one goes on`);
    return problems;
  }
}
