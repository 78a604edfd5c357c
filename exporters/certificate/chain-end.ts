// When the first certificate of a served chain ends. Whoever shows the same chain again is answered from memory.
import type { X509Certificate } from 'node:crypto';
import { timeOf } from './verify.ts';

const known = new WeakMap<readonly X509Certificate[], number | null>();

/** Unix milliseconds; null where no end can be read. */
export function endOfChain(served: readonly X509Certificate[]): number | null {
  const kept = known.get(served);
  if (kept !== undefined) return kept;
  const ends = served.flatMap(({ validTo }) => timeOf(validTo) ?? []);
  const end = ends.length === 0 ? null : Math.min(...ends);
  known.set(served, end);
  return end;
}
