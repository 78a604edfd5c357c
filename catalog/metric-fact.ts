// What is told of a metric, and of those that every target of the probe plan has.

export interface MetricFact {
  type: 'gauge' | 'counter';
  help: string;
  labels: readonly string[];
}

/** Labels of every series that is about one target of the probe plan. */
export const TARGET_LABELS = ['target', 'kind', 'role', 'service', 'vendor', 'component'] as const;

export const perTarget = <const L extends readonly string[]>(help: string, extra: L) =>
  ({ type: 'gauge', help, labels: [...TARGET_LABELS, ...extra] }) as const satisfies MetricFact;
