// How much of what is under way concerns the same host or the same vendor. Nobody is asked by many at once while that makes
// nobody late: whoever has waited for a while is let in all the same, since others' silence must not hold anyone up.
import type { Target } from './target.ts';

/** Measurements of one host, and of one vendor, that are under way at once. */
const MOST_OF_ONE_HOST = 4;
const MOST_OF_ONE_VENDOR = 16;

/** How long one is kept waiting for it at most, as a share of its own deadline. */
const PATIENCE = 1 / 4;

export interface Crowds {
  /** Milliseconds after its due time until which a measurement of this target had better wait; null when it need not. */
  patienceMs(target: Target): number | null;
  enter(target: Target): void;
  leave(target: Target): void;
}

export function createCrowds(): Crowds {
  const hosts = new Map<string, number>();
  const vendors = new Map<string, number>();

  function change(target: Target, by: number): void {
    add(hosts, target.host ?? '', by);
    add(vendors, target.labels.vendor, by);
  }

  return {
    patienceMs({ host = '', labels: { vendor }, timeoutMs }) {
      const full = (hosts.get(host) ?? 0) >= MOST_OF_ONE_HOST || (vendors.get(vendor) ?? 0) >= MOST_OF_ONE_VENDOR;
      return full ? timeoutMs * PATIENCE : null;
    },
    enter: (target) => change(target, 1),
    leave: (target) => change(target, -1),
  };
}

/** What is nobody's is no crowd. */
function add(counts: Map<string, number>, key: string, by: number): void {
  if (key === '') return;
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
