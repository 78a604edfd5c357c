// What a dependency picture shows: services on one side, what they stand on on the other, by whose it is.
import type { Element } from '../map/dependencies.ts';
import type { DependencyReport } from '../map/dependency-report.ts';

export type Picture = Pick<DependencyReport, 'services' | 'elements'>;

/** Whose an element is, in the order they are drawn. */
export const GROUPS = { own: 'Yours', isp: 'Your ISP', vendor: 'Vendors' } as const;

export type Group = keyof typeof GROUPS;

export function groupOf({ kind }: Element): Group {
  if (kind === 'line') return 'isp';
  return kind === 'vendor' || kind === 'component' ? 'vendor' : 'own';
}
