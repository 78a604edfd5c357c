// One expectation that a measurement was held against, as a person wants to read it.

export interface Check {
  check: string;
  expected: string;
  actual: string;
  /** null: the measurement did not get that far, or it cannot be told. */
  passed: boolean | null;
  /** Good to know, and nothing that was judged by. */
  advice?: true;
}

/** Lowest and highest that are as wished, either may be left open. */
export interface Bounds {
  atLeast?: number | undefined;
  atMost?: number | undefined;
}

export const isWithin = (value: number, { atLeast = -Infinity, atMost = Infinity }: Bounds): boolean =>
  value >= atLeast && value <= atMost;

/** `unit` with the space before it, as in ` s`. */
export function boundsText({ atLeast, atMost }: Bounds, unit = ''): string {
  if (atMost === undefined) return atLeast === undefined ? 'any' : `${atLeast}${unit} or more`;
  return atLeast === undefined ? `${atMost}${unit} or less` : `${atLeast} to ${atMost}${unit}`;
}
