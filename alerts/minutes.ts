// Minutes kept of what is judged every five seconds, for questions about a month: the same answer from a twelfth of the samples.
// While Prometheus is off nothing is kept, and a month's figures leave that time out as well.
import { signalMetric } from '../catalog/metrics.ts';
import { RECORDS } from './records.ts';
import type { RuleGroup } from './rule.ts';

const INTERVAL = '1m';

/** Names of the recorded series. */
export const MINUTES = {
  /** How often this verdict was recorded in the minute; labels as `RECORDS.info`. */
  verdict: 'site_service:demarc_verdict_minute:count',
  /** 1 or 0: whether a vendor's component worked, where that is known. Labels `site`, `vendor`, `component`. */
  component: 'site_vendor_component:demarc_vendor_component_minute:bool',
} as const;

export function minuteGroup(): RuleGroup {
  return {
    name: 'demarc_minutes',
    interval: INTERVAL,
    rules: [
      { record: MINUTES.verdict, expr: `count_over_time(${RECORDS.info}[${INTERVAL}])` },
      {
        record: MINUTES.component,
        expr: [
          'max by (site, vendor, component) (demarc_vendor_component_state) >= 0',
          `and on (site) ${signalMetric('uplink')} == 1`,
        ].join('\n'),
      },
    ],
  };
}
