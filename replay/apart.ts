// A demarc in a process of its own, as its parent sees it: heard over a channel, starved, suspended, left without file descriptors,
// killed and started again, while the world it watches goes on.
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { isDeepStrictEqual, promisify } from 'node:util';
import { projectFile } from '../catalog/root.ts';
import type { KnownFault } from '../lab/faults.ts';
import type { Befall } from '../lab/watchers.ts';
import type { VendorVerdict } from '../verdict/vendor-verdict.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Chart, HeardProber } from './prober.ts';

interface Start {
  /** The text of it. */
  map: string;
  site: string;
  speed: number;
  version: string;
  /** Of the state file. */
  folder: string;
  port: number;
}

/** What the process is told to do. */
export type Order = Start | { befallen: readonly Pick<KnownFault, 'kind' | 'rate' | 'delayMs'>[] } | { stop: true };

interface Saying {
  ready: boolean;
  verdicts: Verdict[];
  vendors: VendorVerdict[];
}

/** What the process tells: once where it listens, then again and again what it says. */
export type Report = Saying | { port: number } | { crashed: string };

export interface Apart extends HeardProber {
  befall: Befall;
}

export interface ApartOptions extends Omit<Start, 'port'>, Pick<Chart, 'plan'> {
  onCrash(message: string): void;
}

// The build's, since a process that is started anew runs no sources.
const PROGRAM = projectFile('dist/replay/prober-process.js');

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

const MUTE: Saying = { ready: false, verdicts: [], vendors: [] };

/** Linux's, of util-linux. Rejects where it is not there. */
const prlimit = async (...argv: string[]): Promise<string> =>
  (await promisify(execFile)('prlimit', argv)).stdout.trim();

/** What many systems allow a process; it fills them by itself, since so many are no burden. */
const SCARCE_FILES = 1_024;

/** Lowers how many files a process may open, or gives it back all that the machine allows it, as Node itself takes them. */
async function limitFiles({ pid }: ChildProcess, scarce: boolean): Promise<void> {
  const of = ['--pid', String(pid)];
  const most = await prlimit(...of, '--nofile', '--output', 'HARD', '--noheadings', '--raw');
  await prlimit(...of, `--nofile=${scarce ? SCARCE_FILES : most}:`);
}

/** Resolves when it listens. Rejects when it does not in time. */
export async function startApart({ plan, onCrash, ...start }: ApartOptions): Promise<Apart> {
  const listeners = new Set<(verdicts: Verdict[]) => void>();
  let saying = MUTE;
  let befallen: readonly KnownFault[] = [];
  let port = 0;
  let child: ChildProcess | null = null;

  function hear(report: Report): void {
    if ('crashed' in report) onCrash(report.crashed);
    else if ('verdicts' in report) {
      saying = report;
      for (const listener of listeners) listener(report.verdicts);
    }
  }

  async function launch(): Promise<ChildProcess> {
    const launched = fork(PROGRAM, { serialization: 'advanced', execArgv: [] });
    launched.on('message', hear);
    launched.on('error', ({ message }) => onCrash(message));
    launched.on('exit', (code, signal) => {
      if (child === launched) onCrash(`the process of demarc ended by itself: ${signal ?? code}`);
    });
    try {
      launched.send({ ...start, port } satisfies Order);
      const [report] = await once(launched, 'message', { signal: AbortSignal.timeout(START_LIMIT_MS) });
      if (!('port' in report)) throw new Error(`demarc did not start: ${JSON.stringify(report)}`);
      port = report.port;
      return launched;
    } catch (error) {
      launched.kill('SIGKILL');
      throw error;
    }
  }

  /** Takes it out of service, so that its end is no surprise; resolves when it is gone. */
  async function end(by: (ending: ChildProcess) => void): Promise<void> {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const late = setTimeout(() => ending.kill('SIGKILL'), STOP_LIMIT_MS);
    const gone = once(ending, 'exit');
    by(ending);
    await gone;
    clearTimeout(late);
  }

  const has = (faults: readonly KnownFault[], kind: KnownFault['kind']): boolean =>
    faults.some((fault) => fault.kind === kind);

  child = await launch();
  return {
    monitor: {
      plan: () => plan,
      ready: () => saying.ready,
      verdicts: () => saying.verdicts,
      vendors: () => saying.vendors,
      onChange(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    server: { url: `http://127.0.0.1:${port}` },
    async befall(faults) {
      if (isDeepStrictEqual(faults, befallen)) return;
      const before = befallen;
      befallen = faults;
      if (has(faults, 'prober_killed')) {
        await end((killed) => void killed.kill('SIGKILL'));
        // Whoever is dead says nothing.
        return hear(MUTE);
      }
      const anew = child === null;
      child ??= await launch();
      const scarce = has(faults, 'machine_out_of_files');
      if (scarce !== (!anew && has(before, 'machine_out_of_files'))) await limitFiles(child, scarce);
      child.send({ befallen: faults } satisfies Order);
    },
    stop: () => end((stopped) => void stopped.send({ stop: true } satisfies Order)),
  };
}
