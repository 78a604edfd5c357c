// What makes a running demarc load its map anew: SIGHUP, a change of the map or of a certificate it trusts, or a request.
import { closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { type Clock, realClock } from '../exporters/clock.ts';
import type { RdapServers } from '../exporters/registration/bootstrap.ts';
import { type DemarcMap, defaultMap, loadMap } from '../map/load.ts';
import type { Surroundings } from '../map/plan.ts';
import { lookAround } from '../map/surroundings.ts';
import { type Problem, UserError } from '../map/user-error.ts';
import type { FollowedRegistries } from './follow-registries.ts';
import { createReloader, type ReloadOptions } from './reload.ts';
import { watchFiles } from './watch-files.ts';

export interface FollowOptions extends Pick<ReloadOptions, 'monitor' | 'log'> {
  clock?: Clock;
  /** Which RDAP servers are known besides those that came with demarc. */
  registries?: Pick<FollowedRegistries, 'present'>;
  onReplaced(map: DemarcMap): void;
}

export interface Following {
  reload(why: string): Promise<readonly Problem[]>;
  stop(): void;
}

const filesOf = (file: string, map: DemarcMap): [string, ...string[]] => [
  file,
  ...map.file.trust.map((name) => path.resolve(path.dirname(file), name)),
];

/** What was found around, with the newest list of RDAP servers. */
export const withRegistries = (around: Surroundings, registries: RdapServers | undefined): Surroundings =>
  registries === undefined ? around : { ...around, registries };

/** Without a `file`, as in the demo, there is nothing to load, and a request says so. */
export function followMap(
  { file, map }: { file?: string; map: DemarcMap },
  { monitor, log, clock = realClock, registries, onReplaced }: FollowOptions,
): Following {
  let listen = map.file.listen;
  // A file that was there once and is gone is a mistake; before, having none was the operator's choice.
  let everThere = file !== undefined && existsSync(file);
  const load = (): DemarcMap => {
    if (file === undefined) {
      throw new UserError([{ place: 'reload', what: 'the demo has no map', hint: 'start demarc with one' }]);
    }
    everThere ||= existsSync(file);
    return everThere ? loadMap(file) : defaultMap();
  };
  const files =
    file === undefined ? null : watchFiles(filesOf(file, map), { clock, log }, (name) => again(`${name} changed`));
  const reloader = createReloader({
    monitor,
    clock,
    log,
    load,
    lookAround: async (next) => withRegistries(await lookAround(next, clock), registries?.present()),
    onReplaced(next) {
      if (next.file.listen !== listen)
        log('warn', 'listen changed, which needs a restart', { listen: next.file.listen });
      ({ listen } = next.file);
      if (file !== undefined) files?.follow(filesOf(file, next));
      onReplaced(next);
    },
  });
  const again = (why: string): void => void reloader.reload(why);
  const atTerminal = process.stdin.isTTY === true;
  const hangUp = (): void => {
    if (!atTerminal || !terminalIsGone()) {
      again('SIGHUP');
      return;
    }
    process.off('SIGHUP', hangUp);
    process.kill(process.pid, 'SIGHUP');
  };
  // The demo ends when its terminal does, as programs do that have nothing to reload.
  if (file !== undefined) process.on('SIGHUP', hangUp);
  return {
    reload: reloader.reload,
    stop() {
      process.off('SIGHUP', hangUp);
      files?.stop();
      reloader.stop();
    },
  };
}

/** The same signal also says that the terminal was closed; then nobody wants to see another map. */
function terminalIsGone(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return true;
    throw error;
  }
}
