// Alerts about the power in the house: what a UPS says before anything fails by it.
import { type Owner, selfAnnotations } from './annotations.ts';
import { type AlertRule, HOLD, type Severity } from './rule.ts';

interface Care {
  alert: string;
  /** Of one UPS: the labels are `site` and `target`. */
  expr: string;
  lasts?: string;
  severity: Severity;
  summary: string;
  description: string;
}

function rule({ alert, expr, lasts, severity, summary, description }: Care): AlertRule {
  return {
    alert,
    expr,
    ...(lasts === undefined ? {} : { for: lasts }),
    keep_firing_for: HOLD,
    labels: { severity, owner: 'self' satisfies Owner },
    annotations: selfAnnotations(alert, summary, description),
  };
}

const WHICH = '{{ reReplaceAll "^power/" "" $labels.target }} at {{ $labels.site }}';

const each = (metric: string, aggregation: 'max' | 'min'): string => `${aggregation} by (site, target) (${metric})`;

const ON_BATTERY = `${each('demarc_power_on_line', 'min')} == 0`;
const LOW = `${each('demarc_power_battery_low', 'max')} == 1`;

/** On battery, battery low, battery worn. */
export function powerAlerts(): AlertRule[] {
  return [
    rule({
      alert: 'DemarcPowerOnBattery',
      // One that is nearly empty has an alert of its own.
      expr: `${ON_BATTERY} unless on (site, target) ${LOW}`,
      // Shorter dips are what a UPS is for.
      lasts: '15s',
      severity: 'warning',
      summary: 'A UPS runs on its battery, or is off.',
      description: `The UPS ${WHICH} gives no power of the line.`,
    }),
    rule({
      alert: 'DemarcBatteryLow',
      expr: `${LOW} and on (site, target) ${ON_BATTERY}`,
      severity: 'critical',
      summary: 'A UPS runs on a battery that is nearly empty.',
      description: `The battery of the UPS ${WHICH} is nearly empty: all on it will stop within minutes.`,
    }),
    rule({
      alert: 'DemarcBatteryWorn',
      expr: `${each('demarc_power_battery_replace', 'max')} == 1`,
      lasts: '10m',
      severity: 'warning',
      summary: 'A UPS wants its battery replaced.',
      description: `The UPS ${WHICH} wants its battery replaced. At the next power cut it may hold nothing.`,
    }),
  ];
}
