// Watches the event loop of `demarc serve` from a thread of its own: a loop that stands still cannot even say so. Whoever supervises
// demarc starts it again, with the state as it was last written.
import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { STANDSTILL_MS } from '../catalog/limits.ts';
import { EXIT } from './terminal.ts';

/** What the loop tells the thread, by their places in the memory they share. */
export const TURNS = 0;
export const DEBUGGED = 1;

export interface Watched {
  memory: Int32Array;
  patienceMs: number;
  exitCode: number;
  /** Said on stderr at the end. */
  line: string;
}

const TURN_MS = 500;

/** For what runs, not for what starts; returns what ends it. A loop that a debugger may hold is left alone. */
export function startWatchdog(): () => void {
  const memory = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const line =
    `demarc: the event loop stood still for ${STANDSTILL_MS / 1_000} s; this is a bug of demarc. ` +
    `Ending with exit code ${EXIT.stoodStill}, to be started again`;
  const watched: Watched = { memory, patienceMs: STANDSTILL_MS, exitCode: EXIT.stoodStill, line };
  // Experimental, as Node warns, is what the thread ends the process by.
  const thread = new Worker(new URL('./watchdog-thread.js', import.meta.url), {
    workerData: watched,
    execArgv: ['--no-warnings'],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  thread.unref();
  const timer = setInterval(() => {
    Atomics.add(memory, TURNS, 1);
    Atomics.store(memory, DEBUGGED, inspector.url() === undefined ? 0 : 1);
  }, TURN_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    void thread.terminate();
  };
}
