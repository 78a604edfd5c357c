// What a train of datagrams teaches, besides what every burst does.
import type { BurstFacts } from '../burst.ts';

export interface TrainFacts extends BurstFacts {
  address: string | null;
}
