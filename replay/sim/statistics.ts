// The few statistics an evaluation is reported in.

/** The value below which a share of the values lies; null when there are none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What was true and what was said of one thing, each as a class. */
export interface Labelled {
  truth: string;
  said: string;
}

/** Mean of the F1 of every class that is true of something: rare classes count as much as frequent ones. */
export function macroF1(labelled: readonly Labelled[]): number {
  const classes = [...new Set(labelled.map(({ truth }) => truth))];
  const scores = classes.map((name) => {
    const hits = labelled.filter(({ truth, said }) => truth === name && said === name).length;
    const told = labelled.filter(({ said }) => said === name).length;
    const meant = labelled.filter(({ truth }) => truth === name).length;
    return (2 * hits) / (told + meant);
  });
  return mean(scores) ?? 0;
}

/**
 * Upper end of the 95 % interval for a share of which `hits` in `count` were seen.
 * Without a hit the rule of three (3 / count); with some, Wilson's score interval.
 */
export function upperBound(hits: number, count: number): number {
  if (count === 0) return 1;
  if (hits === 0) return Math.min(1, 3 / count);
  const z = 1.96;
  const share = hits / count;
  const centre = share + z ** 2 / (2 * count);
  const spread = z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return Math.min(1, (centre + spread) / (1 + z ** 2 / count));
}

export function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}
