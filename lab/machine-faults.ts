// What can happen to the machine that watches: part of the list in faults.ts. The lab stands still with it, since both run in one
// process: to whoever asks from outside, everything here is late at once.

export const MACHINE_FAULTS = {
  machine_starved: {
    target: null,
    share: 'second',
    label: 'Give this machine no time',
    help: 'The process of the lab, and demarc where it watches from within, stands still for `rate` of every second.',
  },
  machine_suspended: {
    target: null,
    whole: 'it sleeps for `delay` at a time',
    delayMs: 10_000,
    label: 'Suspend this machine',
    help: 'The process of the lab, and demarc where it watches from within, sleeps again and again, by 10000 ms unless `delay` says otherwise, and wakes for two seconds.',
  },
} as const;

/** Before it sleeps, and between two sleeps. */
export const AWAKE_MS = 2_000;

const SECOND_MS = 1_000;
const LOOK_EVERY_MS = 50;

type Present = readonly { kind: string; rate: number; delayMs: number }[];

/** How long the process has to stand still at once, milliseconds; null: not at all. */
function standstillMs(faults: Present): number | null {
  const find = (kind: keyof typeof MACHINE_FAULTS): Present[number] | undefined =>
    faults.find((fault) => fault.kind === kind);
  const starved = find('machine_starved');
  return find('machine_suspended')?.delayMs ?? (starved === undefined ? null : starved.rate * SECOND_MS);
}

/** Keeps this process still as the faults of the moment want it; returns what ends that. */
export function keepStill(faults: () => Present): () => void {
  const memory = new Int32Array(new SharedArrayBuffer(4));
  let awakeUntil = 0;
  const looks = setInterval(() => {
    const begun = performance.now();
    const stillMs = begun < awakeUntil ? null : standstillMs(faults());
    if (stillMs === null) return;
    awakeUntil = begun + Math.max(SECOND_MS, stillMs);
    // Unlike a busy loop, it leaves the machine to others.
    Atomics.wait(memory, 0, 0, stillMs);
  }, LOOK_EVERY_MS);
  looks.unref();
  return () => clearInterval(looks);
}
