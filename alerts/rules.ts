// The rule groups. In the first stand the verdict and the alerts about it, so that both always speak of the same instant.
import { alertRules } from './alerts.ts';
import { failoverAdvised, failoverRecord } from './failover.ts';
import { forewarningGroup } from './forewarnings.ts';
import { minuteGroup } from './minutes.ts';
import { recordingRules } from './records.ts';
import type { AlertRule, RuleGroup } from './rule.ts';
import { upkeepGroup } from './upkeep.ts';
import { vantageGroup } from './vantages.ts';
import { vendorGroup } from './vendor-alerts.ts';

export function ruleGroup(): RuleGroup {
  return {
    name: 'demarc',
    interval: '5s',
    rules: [...recordingRules(), failoverRecord(), ...alertRules(), failoverAdvised()],
  };
}

/** All of them, as the rule file has them. */
export function ruleGroups(): RuleGroup[] {
  return [ruleGroup(), vendorGroup(), minuteGroup(), upkeepGroup(), forewarningGroup()];
}

const alertsOf = (groups: readonly RuleGroup[]): AlertRule[] =>
  groups.flatMap(({ rules }) => rules.filter((rule) => 'alert' in rule));

/** Every alert of one site. */
export const siteAlerts = (): AlertRule[] => alertsOf(ruleGroups());

/** Every alert of every group, those across sites included. */
export const allAlerts = (): AlertRule[] => alertsOf([...ruleGroups(), vantageGroup()]);
