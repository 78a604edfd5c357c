// What a burst of echo requests teaches, besides what every burst does.
import type { BurstFacts } from '../burst.ts';

export interface PingFacts extends BurstFacts {
  address: string | null;
  /** Largest packet the way takes, where somebody on it said so. */
  mtu: number | null;
}
