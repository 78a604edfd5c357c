// The alerts about vendors themselves: told quietly, and only while no verdict about a service tells already.
import { VENDOR_TABLE } from '../verdict/vendor-table.ts';
import { ACCUSED, byRow, LASTED, SINCE, selfAnnotations } from './annotations.ts';
import { STATUS_PAGE } from './links.ts';
import { type AlertRule, HOLD, type RuleGroup } from './rule.ts';
import { VENDOR_RECORDS, vendorRecordingRules } from './vendor-records.ts';

const COMPONENT = 'site, vendor, component';

/** A service that is hit says so within this time; then its own alert is the message. */
const NOBODY_HIT_FOR = '1m';

const ACCUSING = VENDOR_TABLE.filter(({ party }) => party === 'vendor');

function vendorIncident(): AlertRule {
  return {
    alert: 'DemarcVendorIncident',
    expr: `${VENDOR_RECORDS.lasting} > 0\nunless on (${COMPONENT}) ${VENDOR_RECORDS.hit}`,
    for: NOBODY_HIT_FOR,
    keep_firing_for: HOLD,
    labels: { severity: 'info', owner: 'vendor' },
    annotations: {
      summary: 'A vendor is failing, and no verdict about a service of yours names it.',
      description: `${ACCUSED} is {{ $labels.cause }}. No verdict about a service of yours names it.`,
      title: `${ACCUSED}: {{ $labels.cause }}`,
      since: SINCE,
      lasted: LASTED,
      evidence: byRow(ACCUSING, ({ because }) => because),
      action: byRow(ACCUSING, ({ action }) => action),
      runbook_url: `${STATUS_PAGE}/runbooks/vendor_incident`,
    },
  };
}

function enginesDisagree(): AlertRule {
  return {
    alert: 'DemarcEnginesDisagree',
    expr: `max by (${COMPONENT}) (demarc_vendor_verdict_code) != on (${COMPONENT}) ${VENDOR_RECORDS.code}`,
    for: '1m',
    keep_firing_for: HOLD,
    labels: { severity: 'warning', owner: 'none', about: 'vendors' },
    annotations: selfAnnotations(
      'DemarcEnginesDisagree',
      'The exporter and the rules judge differently.',
      'About {{ $labels.vendor }}/{{ $labels.component }} at {{ $labels.site }} the exporter says code {{ $value }} and the rules do not: are both of one version?',
    ),
  };
}

export function vendorAlertRules(): AlertRule[] {
  return [vendorIncident(), enginesDisagree()];
}

/** A group of its own: what it reads of the first is at most one interval old, which `for` covers. */
export function vendorGroup(): RuleGroup {
  return { name: 'demarc_vendors', interval: '5s', rules: [...vendorRecordingRules(), ...vendorAlertRules()] };
}
