// The first half of the scenarios, on every engine.
import { describeShare } from './on-prometheus.ts';

describeShare(0);
