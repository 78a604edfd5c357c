// What can happen to the machine that watches: part of the list in faults.ts. Where demarc runs in a process of its own it happens to
// that, and the world goes on. Else the lab stands still with it, since both run in one process: to whoever asks from outside,
// everything here is late at once; and what would leave nobody to end it is refused.
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

export const MACHINE_FAULTS = {
  machine_starved: {
    target: null,
    share: 'second',
    befalls: 'prober',
    label: 'Give this machine no time',
    help: 'demarc, and a lab it watches from within, stands still for `rate` of every second.',
  },
  machine_suspended: {
    target: null,
    whole: 'it sleeps for `delay` at a time',
    delayMs: 10_000,
    befalls: 'prober',
    label: 'Suspend this machine',
    help: 'demarc, and a lab it watches from within, sleeps again and again, by 10000 ms unless `delay` says otherwise, and wakes for two seconds.',
  },
  machine_out_of_files: {
    target: null,
    whole: 'there is a descriptor left or there is none',
    befalls: 'prober',
    label: 'Let this machine run out of file descriptors',
    help: 'demarc may open nothing more: the kernel answers EMFILE to every new socket and file, and what is open goes on.',
  },
  prober_killed: {
    target: null,
    whole: 'a process lives or is dead',
    befalls: 'prober',
    label: 'Kill demarc',
    help: 'The process of demarc is killed without a word (SIGKILL), and started again when this ends, with the state it had written.',
  },
} as const;

/** Before it sleeps, and between two sleeps. */
export const AWAKE_MS = 2_000;

const SECOND_MS = 1_000;
const LOOK_EVERY_MS = 50;

type Present = readonly { kind: string; rate: number; delayMs: number }[];

/** How long the process has to stand still at once, and to be awake after it, milliseconds; null: not at all. */
function standstill(faults: Present): { stillMs: number; awakeMs: number } | null {
  const find = (kind: keyof typeof MACHINE_FAULTS): Present[number] | undefined =>
    faults.find((fault) => fault.kind === kind);
  const suspended = find('machine_suspended');
  if (suspended !== undefined) return { stillMs: suspended.delayMs, awakeMs: AWAKE_MS };
  const starved = find('machine_starved');
  if (starved === undefined) return null;
  return { stillMs: starved.rate * SECOND_MS, awakeMs: (1 - starved.rate) * SECOND_MS };
}

/** Keeps this process still as the faults of the moment want it, awake first; returns what ends that. */
export function keepStill(faults: () => Present): () => void {
  const memory = new Int32Array(new SharedArrayBuffer(4));
  let nextAt: number | null = null;
  const looks = setInterval(() => {
    const now = performance.now();
    const wanted = standstill(faults());
    if (wanted === null) nextAt = null;
    else if (nextAt === null) nextAt = now + wanted.awakeMs;
    else if (now >= nextAt) {
      nextAt = now + wanted.stillMs + wanted.awakeMs;
      // Unlike a busy loop, it leaves the machine to others.
      Atomics.wait(memory, 0, 0, wanted.stillMs);
    }
  }, LOOK_EVERY_MS);
  looks.unref();
  return () => clearInterval(looks);
}

/** Opens files until the kernel allows this process no more, and again whatever it closes meanwhile; returns what ends that. */
export function hoardFiles(wanted: () => boolean): () => void {
  const hoard: number[] = [];
  const release = (): void => hoard.splice(0).forEach((file) => void closeSync(file));
  const looks = setInterval(() => {
    if (!wanted()) return release();
    for (let file = openIfAllowed(); file !== null; file = openIfAllowed()) hoard.push(file);
  }, LOOK_EVERY_MS);
  looks.unref();
  return () => {
    clearInterval(looks);
    release();
  };
}

function openIfAllowed(): number | null {
  try {
    return openSync(devNull, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EMFILE') return null;
    throw error;
  }
}
