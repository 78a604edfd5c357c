// What can befall those who watch a world, and is no part of it: whoever runs them beside the lab carries it out.
import { FAULTS, type FaultFact, type FaultKind, type KnownFault } from './faults.ts';
import type { MACHINE_FAULTS } from './machine-faults.ts';
import type { PIPELINE_FAULTS } from './pipeline-faults.ts';

/** The process of demarc, or what scrapes it. */
export type Watcher = NonNullable<FaultFact['befalls']>;

/** Brings a watcher into line with all that befalls it at present, and resolves when it is. */
export type Befall = (faults: readonly KnownFault[]) => Promise<void>;

/** null: it happens to something in the world. */
export const watcherHitBy = (kind: FaultKind): Watcher | null => (FAULTS[kind] as FaultFact).befalls ?? null;

/** What a lab does by itself to whoever watches from within. */
const BY_ITSELF = ['machine_starved', 'machine_suspended'] as const satisfies FaultKind[];

/** What takes somebody who runs the watchers apart, and can bring them back. */
export type ApartKind = Exclude<keyof typeof MACHINE_FAULTS | keyof typeof PIPELINE_FAULTS, (typeof BY_ITSELF)[number]>;

export const isApartKind = (kind: FaultKind): kind is ApartKind =>
  watcherHitBy(kind) !== null && !BY_ITSELF.some((own) => own === kind);

/** Whether a step of this timeline befalls that watcher. */
export function isBefallen(
  watcher: Watcher,
  timeline: readonly ({ break: { kind: string } } | { heal: string })[],
): boolean {
  return timeline.some((step) => 'break' in step && watcherHitBy(step.break.kind as FaultKind) === watcher);
}
