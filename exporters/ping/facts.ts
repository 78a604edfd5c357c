// What a burst of echo requests teaches, besides what every burst does.
import type { BurstFacts } from '../burst.ts';

export interface PingFacts extends BurstFacts {
  address: string | null;
  /** Largest packet known to pass whole: one that did, or as somebody on the way said. */
  mtu: number | null;
}
