// `demarc serve`: the exporter, the verdict and the status page in one process. Without a map, the demo.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { realClock } from '../exporters/clock.ts';
import { parseEndpoint } from '../exporters/dns/endpoint.ts';
import { residentMemory } from '../exporters/resident-memory.ts';
import { startLab } from '../lab/start.ts';
import { type DemarcMap, defaultMap, loadMap, parseMap } from '../map/load.ts';
import { lookAround } from '../map/surroundings.ts';
import { UserError } from '../map/user-error.ts';
import { createGames, type RunningGames } from '../replay/games.ts';
import { fileMemory, noMemory } from '../signals/memory.ts';
import type { Demo } from '../status/demo.ts';
import { type Journal, startJournal } from '../status/journal.ts';
import { keepMaintenance } from '../status/maintenance.ts';
import { followWindows } from '../status/maintenance-file.ts';
import { createPublicApp } from '../status/public-routes.ts';
import { createStatusApp, listen, type StatusAppOptions, type StatusServer } from '../status/server.ts';
import { startMonitor } from '../verdict/monitor.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { followMap, withRegistries } from './follow-map.ts';
import { followRegistries } from './follow-registries.ts';
import { createLogger, type Logger } from './logger.ts';
import { defaultMemoryLimit, keepMemoryLimit, parseMemoryLimit } from './memory-limit.ts';
import { EXIT, paint, print, tell } from './terminal.ts';
import { version } from './version.ts';
import { startWatchdog } from './watchdog.ts';

export interface ServeOptions {
  map?: string;
  withoutMap: 'demo' | 'vendors';
  listen?: string;
  state: string;
  webReload?: boolean;
  memoryLimit?: string;
}

const DEFAULT_MAP = 'demarc.yaml';

/** Two minutes of an outage fit into one, and the probes are not hurried. */
const GAME_SPEED = 3;

interface Subject {
  map: DemarcMap;
  /** Where the map is, or would be; the demo's is nowhere. */
  file?: string;
  demo?: Demo & { stop(): Promise<void> };
  games?: RunningGames;
}

/** What to watch: the map named, the map here, or what was chosen for having none. */
async function choose({ map, withoutMap }: ServeOptions): Promise<Subject> {
  if (map !== undefined) return { map: loadMap(map), file: map };
  if (existsSync(DEFAULT_MAP)) return { map: loadMap(DEFAULT_MAP), file: DEFAULT_MAP };
  if (withoutMap === 'vendors') {
    tell(
      `There is no ${DEFAULT_MAP}: watching your uplink and the vendors that much of the web leans on. demarc.example.yaml shows how to add your services.`,
    );
    return { map: defaultMap(), file: DEFAULT_MAP };
  }
  tell(
    `There is no ${DEFAULT_MAP}, so this is the demo: a simulated homelab on this machine's loopback. Nothing outside is contacted.`,
  );
  const lab = await startLab();
  const games = createGames({ version: version(), speed: GAME_SPEED });
  return { map: parseMap(lab.map, 'lab map', process.cwd()), demo: { ...lab, gamesAt: '/games' }, games };
}

function endpointOf(text: string, place: string): { host: string; port: number } {
  const endpoint = parseEndpoint(text);
  if (endpoint === null || !/:\d+$/.test(text)) {
    throw new UserError([{ place, what: `${text} is not host:port`, hint: 'write it like 127.0.0.1:9815' }]);
  }
  return endpoint;
}

export async function serve(options: ServeOptions): Promise<number> {
  // Before all else: the first process of a container that is told to end, and does not listen, is not ended.
  const ending = toldToEnd();
  const log = createLogger();
  const subject = await choose(options);
  try {
    return await watch(subject, options, log, ending);
  } finally {
    await subject.games?.stop();
    await subject.demo?.stop();
  }
}

/** Runs until it is told to end, or has to; the exit code. */
async function watch(subject: Subject, options: ServeOptions, log: Logger, ending: Ending): Promise<number> {
  const { map, demo, games } = subject;
  const memoryLimit = parseMemoryLimit(options.memoryLimit);
  const where = endpointOf(options.listen ?? map.file.listen, options.listen === undefined ? 'listen' : '--listen');
  for (const { place, what, hint } of map.warnings) log('warn', `${place}: ${what}, ${hint}`);
  const stateFolder = path.resolve(options.state);
  const registries = followRegistries(map, {
    folder: stateFolder,
    clock: realClock,
    log,
    onNew: () => void reloads.reload('a new list of registries'),
  });
  const around = withRegistries(await lookAround(map, realClock), registries.present());
  const memory =
    demo === undefined ? fileMemory(stateFolder, realClock.now, (message) => log('warn', message)) : noMemory;
  let present = map;
  const maintenance = keepMaintenance({
    planned: () => present.file.maintenance,
    byHand: followWindows(stateFolder, (message) => log('warn', message)),
    services: () => monitor.plan().services.map(({ name }) => name),
    now: realClock.now,
  });
  const inMaintenance = (service: string): boolean => maintenance.present().has(service);
  const monitor = startMonitor({ map, around, version: version(), memory, inMaintenance, log });
  monitor.onChange(logChanges(log));
  let journal: Journal | null = null;
  const servers: StatusServer[] = [];
  const guards: (() => void)[] = [];
  const reloads = followMap(subject, {
    monitor,
    log,
    registries,
    onReplaced(next) {
      present = next;
      registries.follow(next);
      journal?.restart();
    },
  });
  registries.follow(map);
  try {
    const app: StatusAppOptions = {
      monitor: () => monitor,
      journal: () => journal,
      maintenance,
      publicView: () => present.file.public ?? null,
      version: version(),
      hosts: [where.host],
      log: ({ event, ...details }) => log('info', event, details),
      ...(demo === undefined ? {} : { demo }),
      ...(games === undefined ? {} : { games }),
      ...(options.webReload === true ? { reload: () => reloads.reload('asked over HTTP') } : {}),
    };
    const server = await open(createStatusApp(app), where);
    servers.push(server);
    const publicWhere = map.file.public?.listen;
    if (publicWhere !== undefined)
      servers.push(await open(createPublicApp(app), endpointOf(publicWhere, 'public.listen')));
    // Not before the port is ours: another demarc may be writing there. The demo's world keeps a journal of its own.
    const folder = demo === undefined ? stateFolder : path.join(stateFolder, 'demo');
    journal = startJournal({
      folder,
      monitor,
      clock: realClock,
      version: version(),
      log,
      maintenance,
      onRefused: monitor.stateNotWritten,
    });
    print(`demarc ${version()} is at ${paint('bold', server.url)}`);
    for (const { url } of servers.slice(1)) print(`The public page is at ${paint('bold', url)}`);
    // Not over a lab, which stands still with the machine it simulates, and has a world in its memory.
    if (demo === undefined) guards.push(startWatchdog());
    const limit = (): number => defaultMemoryLimit(monitor.plan().targets.length, process.constrainedMemory());
    guards.push(
      keepMemoryLimit({
        limit: () => memoryLimit ?? (demo === undefined ? limit() : 0),
        resident: residentMemory,
        clock: realClock,
        log,
        shed() {
          monitor.shedMemory();
          journal?.forgetEvidence();
        },
        exceeded(what) {
          tell(`demarc: ${what}. Ending with exit code ${EXIT.tooLarge}, to be started again`);
          ending.end(EXIT.tooLarge);
        },
      }),
    );
    return await ending.code;
  } finally {
    for (const stop of guards) stop();
    await Promise.all(servers.map((server) => server.close()));
    registries.stop();
    reloads.stop();
    journal?.stop();
    await monitor.stop();
  }
}

async function open(app: Parameters<typeof listen>[0], where: Parameters<typeof listen>[1]): Promise<StatusServer> {
  try {
    return await listen(app, where);
  } catch (error) {
    throw listenError(error, `${where.host}:${where.port}`);
  }
}

/** One line for every service that is judged anew; being measured for the first time is no news. */
function logChanges(log: Logger): (verdicts: readonly Verdict[]) => void {
  const last = new Map<string, string>();
  return (verdicts) => {
    for (const { headline, service, row, party } of verdicts) {
      const before = last.get(service);
      last.set(service, row);
      if (row === before || row === 'no_result') continue;
      if (party !== 'none') log(party === 'unknown' ? 'info' : 'warn', headline, { service, row });
      else if (before !== undefined && before !== 'no_result') log('info', headline, { service, row });
    }
  };
}

interface Ending {
  /** Resolves when it shall end. */
  code: Promise<number>;
  end(code: number): void;
}

function toldToEnd(): Ending {
  let end: Ending['end'] = () => undefined;
  const code = new Promise<number>((resolve) => {
    end = resolve;
  });
  process.once('SIGINT', () => end(EXIT.fine));
  process.once('SIGTERM', () => end(EXIT.fine));
  return { code, end };
}

function listenError(error: unknown, where: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const what = {
    EADDRINUSE: 'is taken by another program',
    EACCES: 'needs more rights',
    EADDRNOTAVAIL: 'is not an address of this machine',
    ENOTFOUND: 'is not an address of this machine',
  }[code];
  return what === undefined
    ? error
    : new UserError([{ place: where, what, hint: 'choose another with --listen host:port' }]);
}
