// One line of what the doctor found: which check, how it ended, and what would mend it.

export const OUTCOMES = ['ok', 'warning', 'problem', 'skipped'] as const;

export type Outcome = (typeof OUTCOMES)[number];

export const AREAS = ['map', 'machine', 'exporter', 'prometheus', 'alertmanager', 'grafana', 'vendors'] as const;

export type Area = (typeof AREAS)[number];

export interface Finding {
  area: Area;
  check: string;
  outcome: Outcome;
  text: string;
  /** Empty when there is nothing to do. */
  fix: string;
}

export interface Findings {
  ok(check: string, text: string): Finding;
  /** Works, but not as well as it could. */
  warning(check: string, text: string, fix: string): Finding;
  problem(check: string, text: string, fix: string): Finding;
  /** Was not looked at, and why. */
  skipped(check: string, text: string): Finding;
}

export function findingsIn(area: Area): Findings {
  return {
    ok: (check, text) => ({ area, check, outcome: 'ok', text, fix: '' }),
    warning: (check, text, fix) => ({ area, check, outcome: 'warning', text, fix }),
    problem: (check, text, fix) => ({ area, check, outcome: 'problem', text, fix }),
    skipped: (check, text) => ({ area, check, outcome: 'skipped', text, fix: '' }),
  };
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The first few of a list, and how many more there are. */
export function some(names: readonly string[], most = 3): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
