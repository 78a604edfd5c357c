// The thread beside the event loop of `demarc serve`, which ends the process once that loop has stood still for too long. Time is
// counted in ticks of this thread: while the machine sleeps it has none.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { exitFromThread } from './exit-from-thread.ts';
import { lookAtMainThread, ownStandstill } from './standstill.ts';
import { DEBUGGED, TURNS, type Watched } from './watchdog.ts';

const TICK_MS = 250;
const STDERR = 2;

const { memory, patienceMs, exitCode, line }: Watched = workerData;

let turns = Atomics.load(memory, TURNS);
let before = lookAtMainThread();
let stillMs = 0;

setInterval(() => {
  const now = lookAtMainThread();
  const turned = Atomics.load(memory, TURNS);
  const isIdle = turned === turns && Atomics.load(memory, DEBUGGED) === 0;
  stillMs = isIdle ? stillMs + ownStandstill(before, now, TICK_MS) : 0;
  [turns, before] = [turned, now];
  if (stillMs < patienceMs) return;
  writeSync(STDERR, `${line}\n`);
  exitFromThread(exitCode);
}, TICK_MS);
