// The shapes of a Prometheus rule file, as far as we use them.

export interface RecordingRule {
  record: string;
  expr: string;
}

export interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export type Rule = RecordingRule | AlertRule;

export interface RuleGroup {
  name: string;
  interval: string;
  rules: Rule[];
}

export type Severity = 'critical' | 'warning' | 'info' | 'none';

/** Bridges a lost scrape. */
export const HOLD = '2m';
