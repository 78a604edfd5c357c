// The rule group of what nobody suffers from yet, and will. It reads what the exporter measures, and no record of the verdict.
import { failoverNotReady } from './failover.ts';
import type { AlertRule, RuleGroup } from './rule.ts';

export function upkeepRules(): AlertRule[] {
  return [failoverNotReady()];
}

/** What is measured in days need not be asked for every five seconds. */
export function upkeepGroup(): RuleGroup {
  return { name: 'demarc_upkeep', interval: '30s', rules: upkeepRules() };
}
