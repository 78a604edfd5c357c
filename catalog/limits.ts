// What one demarc may take of the machine it runs on, unless it is told otherwise. The parts that are generated, the image and
// the compose stack agree with it.

const MIB = 1_048_576;

/** So long the event loop of `demarc serve` may stand still before its watchdog ends it. */
export const STANDSTILL_MS = 5_000;

/** Resident memory of `demarc serve`. */
export const MEMORY = {
  /** What a map with few targets may take, and what the image, the unit and the pod are given. */
  baseBytes: 256 * MIB,
  /** More for every target: twice what 10,000 of them were measured to need. */
  perTargetBytes: MIB / 32,
  /** Where a control group sets a limit, it is ended before the kernel does it without a word. */
  shareOfControlGroup: 15 / 16,
  /** From this share of the limit on, what can be done without is forgotten. */
  softShare: 3 / 4,
  /** The heap of the image and of the unit, within their limit. */
  heapMiB: 192,
} as const;
