// How long a thread has stood still by its own doing, as Linux tells of threads. A machine without time for it, a disk that
// does not answer and whoever stopped it are not its doing.
import { readFileSync } from 'node:fs';

/** What a thread did up to a moment. */
export interface ThreadLook {
  /** One letter: R has or wants a core, S waits for what another thread or a peer does, D for a disk, T was stopped. */
  state: string;
  cpuMs: number;
}

/** USER_HZ, which is part of the interface of Linux. */
const MS_PER_TICK = 10;

/** Fields behind the name of the program, which may hold anything: state first, then by proc_pid_stat(5). */
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** The thread that runs the event loop of this process; null where nobody tells of threads. */
export function lookAtMainThread(): ThreadLook | null {
  try {
    return threadLookOf(readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

export function threadLookOf(stat: string): ThreadLook {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME]);
  return { state: fields[0] ?? '', cpuMs: ticks * MS_PER_TICK };
}

/** Of `tickMs` between two looks, what counts against the thread. */
export function ownStandstill(before: ThreadLook | null, now: ThreadLook | null, tickMs: number): number {
  if (before === null || now === null) return tickMs;
  if (now.state === 'R') return Math.min(tickMs, now.cpuMs - before.cpuMs);
  return now.state === 'S' ? tickMs : 0;
}
