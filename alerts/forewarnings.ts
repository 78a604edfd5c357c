// Alerts about what will fail, or misleads, though no service fails by it yet.
import { type Owner, selfAnnotations } from './annotations.ts';
import { powerAlerts } from './power.ts';
import { type AlertRule, HOLD, type RuleGroup, type Severity } from './rule.ts';

/**
 * A vendor's page and what its own hosts answer, where both are sure and contradict each other.
 * Labels stand in the order of the alphabet, as Prometheus shows them: by that `doctor` knows the rule.
 */
const PAGE = 'max by (site, vendor) (demarc_vendor_status{component="", role="status"})';
const HOSTS = 'min by (site, vendor) (demarc_vendor_component_state)';
const WORD = 'max by (site, vendor, component) (demarc_vendor_status{component!="", role="status"})';
const ITS_HOSTS = 'min by (site, vendor, component) (demarc_vendor_component_state)';
const DISAGREEMENT = [
  '(',
  '  max by (site, vendor) (',
  `    (${WORD} < 2 and on (site, vendor, component) ${ITS_HOSTS} == 0)`,
  `    or on (site, vendor, component) (${WORD} > 2 and on (site, vendor, component) ${ITS_HOSTS} == 1)`,
  '  )',
  // What a page says of all of it counts where it says nothing of the parts.
  `  or on (site, vendor) ((${PAGE} < 2 and on (site, vendor) ${HOSTS} == 0) unless on (site, vendor) ${WORD})`,
  `  or on (site, vendor) ((${PAGE} > 2 and on (site, vendor) ${HOSTS} == 1) unless on (site, vendor) ${WORD})`,
  ')',
  'and on (site) max by (site) (demarc_signal_uplink) == 1',
].join('\n');

/** What is known before, or without, any service failing by it. */
export function forewarnings(): AlertRule[] {
  return [
    {
      alert: 'DemarcClockWrong',
      expr: 'max by (site) (demarc_signal_clock) == 0',
      for: '1m',
      keep_firing_for: HOLD,
      labels: { severity: 'warning' satisfies Severity, owner: 'self' satisfies Owner },
      annotations: selfAnnotations(
        'DemarcClockWrong',
        'The clock of this machine is wrong.',
        'Time servers agree that the clock at {{ $labels.site }} is more than 30 s off: certificates are misjudged there.',
      ),
    },
    {
      alert: 'DemarcDelegationChanged',
      expr: 'max by (site, service) (demarc_signal_delegation_expected) == 0',
      keep_firing_for: HOLD,
      labels: { severity: 'critical' satisfies Severity, owner: 'self' satisfies Owner },
      annotations: selfAnnotations(
        'DemarcDelegationChanged',
        'A domain of yours points at other name servers than the map declares.',
        'The zone above the domain of {{ $labels.service }} at {{ $labels.site }} names other name servers. Was it you?',
      ),
    },
    {
      alert: 'DemarcStatusPageDisagrees',
      expr: DISAGREEMENT,
      for: '10m',
      keep_firing_for: HOLD,
      labels: { severity: 'info' satisfies Severity, owner: 'none' satisfies Owner },
      annotations: selfAnnotations(
        'DemarcStatusPageDisagrees',
        "A vendor's status page says something else than what is measured.",
        'The status page of {{ $labels.vendor }} and what {{ $labels.site }} sees of it contradict each other.',
      ),
    },
    {
      alert: 'DemarcHostsLost',
      expr: 'max by (site) (demarc_signal_fleet) == 0',
      // Ends before the verdict that keeps it back, evaluated ever so late.
      keep_firing_for: '90s',
      labels: { severity: 'critical' satisfies Severity, owner: 'self' satisfies Owner },
      annotations: selfAnnotations(
        'DemarcHostsLost',
        'Many hosts fell silent at once.',
        'At least three hosts at {{ $labels.site }}, and three in ten, fell silent within ten minutes.',
      ),
    },
    ...powerAlerts(),
  ];
}

/** In a group of their own beside those of upkeep, so that neither grows too long for one evaluation. */
export function forewarningGroup(): RuleGroup {
  return { name: 'demarc_forewarnings', interval: '30s', rules: forewarnings() };
}
