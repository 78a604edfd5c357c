// Child processes on a core of their own, where the machine has `taskset` and a second core, and what they used.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The one that is measured, and the one for everything else. */
export type Core = 0 | 1;

export interface Usage {
  /** User and system time of all threads, milliseconds. */
  cpuMs: number;
  rssBytes: number;
}

const CLOCK_TICK_MS = 10;
const PAGE_BYTES = 4_096;
const ANSWER_LIMIT_MS = 180_000;

export const canPin = (): boolean =>
  availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' }).status === 0;

/** A command line that runs on one core. */
export function pinned(core: Core, file: string, argv: readonly string[]): { file: string; argv: string[] } {
  if (!canPin()) return { file, argv: [...argv] };
  return { file: 'taskset', argv: ['-c', String(core), file, ...argv] };
}

/** Moves this process, which makes the load, off the measured core. */
export function stayOff(): void {
  if (canPin()) spawnSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)], { stdio: 'ignore' });
}

export interface Helper {
  pid: number;
  /** Sends a message and gives the next one that comes back. Throws when the process ends or says nothing for minutes. */
  ask<Answer>(message: object): Promise<Answer>;
  stop(): Promise<void>;
}

/** A module of this folder as a process of its own, which answers messages. */
export function startHelper(core: Core, module: string): Helper {
  const script = fileURLToPath(new URL(module, import.meta.url));
  const command = pinned(core, process.execPath, ['--expose-gc', script]);
  const child: ChildProcess = spawn(command.file, command.argv, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    async ask<Answer>(message: object) {
      const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
      const answered = once(child, 'message', { signal });
      child.send(message);
      const ended = exited.then(() => Promise.reject(new Error(`${module} ended`)));
      // The other end is our own code, written beside this caller.
      const [answer] = (await Promise.race([answered, ended])) as [Answer];
      return answer;
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Makes this process a helper: every message is answered with what `answer` makes of it. */
export function beHelper<Message>(answer: (message: Message) => Promise<unknown>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (message: Message) => process.send?.(await answer(message)));
}

/** What a process has used so far; Linux only. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold blanks; the fields after it are counted from the third.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, rssPages = 0] = [fields[11], fields[12], fields[21]];
  return { cpuMs: (user + system) * CLOCK_TICK_MS, rssBytes: rssPages * PAGE_BYTES };
}
