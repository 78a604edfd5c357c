// The form most checks have: one word or number that came, held against those that would do.
import type { Check } from '../exporters/check.ts';

export function answered(
  check: string,
  actual: string | number | null,
  expected: readonly (string | number | null)[],
): Check {
  return {
    check,
    expected: expected.join(' or '),
    actual: actual === null ? 'none' : String(actual),
    passed: actual === null ? null : expected.includes(actual),
  };
}
