// The second path of a service: when a program may act on a vendor's failure, and when a person must look after the path.
import { failoverAnnotations, selfAnnotations } from './annotations.ts';
import { RECORDS } from './records.ts';
import type { AlertRule, RecordingRule } from './rule.ts';

/** A failure that is younger may be over before anybody could have moved. */
const HOLDS_AFTER_S = 60;

/** Nothing seen of a vendor for this long is no end of its failure; more would be no news. */
const REMEMBERED = '1h';

/** Whoever moved must not be sent back by the first good answer. */
const STEADY = '5m';

const DEPENDENCY = 'max by (site, service, layer, vendor, component)';

/** Since when a vendor has been failing a service that has a second path. Reads the records of the verdict. */
export function failoverRecord(): RecordingRule {
  return {
    record: RECORDS.failover,
    expr: [
      `time() - max by (site, service, layer) (${RECORDS.lasting}{owner="vendor"} >= ${HOLDS_AFTER_S})`,
      'and on (site, service) demarc_failover_ready',
    ].join('\n'),
  };
}

/**
 * Ends when the service is fine and the vendor's controls answer, both: after a switch the service is fine because of it, and
 * would be sent back to a vendor that still fails. For want of data it does not end either.
 */
export function failoverAdvised(): AlertRule {
  return {
    alert: 'DemarcFailoverAdvised',
    expr: [
      '(',
      `  last_over_time(${RECORDS.failover}[${REMEMBERED}])`,
      '  * on (site, service, layer) group_left (vendor, component)',
      `  ${DEPENDENCY} (last_over_time(demarc_dependency_info[${REMEMBERED}]))`,
      ') > 0',
      'unless on (site, service, layer) (',
      `  ${DEPENDENCY} (demarc_dependency_info)`,
      '  * on (site, vendor, component) group_left ()',
      '  max by (site, vendor, component) (demarc_vendor_component_state) == 1',
      `  and on (site, service) ${RECORDS.info}{owner="none"}`,
      ')',
    ].join('\n'),
    keep_firing_for: STEADY,
    labels: { severity: 'info', owner: 'vendor' },
    annotations: failoverAnnotations('DemarcFailoverAdvised', 'A vendor has failed a service that has a second path.'),
  };
}

/** It is needed on the day the first path fails, so it is looked after on the days before. */
export function failoverNotReady(): AlertRule {
  return {
    alert: 'DemarcFailoverNotReady',
    expr: 'max by (site, service) (max_over_time(demarc_failover_ready[2m])) == 0',
    for: '5m',
    keep_firing_for: STEADY,
    labels: { severity: 'warning', owner: 'self' },
    annotations: selfAnnotations(
      'DemarcFailoverNotReady',
      'The second path of a service does not work.',
      'The second path of {{ $labels.service }} at {{ $labels.site }} fails over a line that works: it could not be switched to.',
    ),
  };
}
