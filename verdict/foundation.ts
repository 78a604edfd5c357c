// A verdict that accuses a vendor, and what that vendor runs on failing too: said together, since one waits for the other.
import type { VendorReading } from '../signals/vendor-signals.ts';
import type { Verdict } from './verdict.ts';

/** The same verdicts, with a sentence about what the accused runs on where that fails too. `readings` are asked for if needed. */
export function withFoundations(verdicts: readonly Verdict[], readings: () => readonly VendorReading[]): Verdict[] {
  if (!verdicts.some(({ party }) => party === 'vendor')) return [...verdicts];
  const known = new Map(readings().map(({ vendor, component, signals }) => [`${vendor}/${component}`, signals]));
  return verdicts.map((verdict) => {
    const { party, vendor, component, because } = verdict;
    const foundation = party === 'vendor' ? known.get(`${vendor}/${component}`)?.get('foundation') : undefined;
    return foundation?.state === 0 ? { ...verdict, because: `${because} ${foundation.evidence}.` } : verdict;
  });
}
