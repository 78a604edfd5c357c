// The newest word of those who are asked rarely, as it outlives a restart: registries and status pages count their askers.
import { z } from 'zod';
import { EPP_STATUSES } from '../exporters/registration/epp-status.ts';
import type { RegistrationFacts } from '../exporters/registration/facts.ts';
import { FEED_STATES, type StatusFacts } from '../exporters/status/facts.ts';
import type { Target } from '../exporters/target.ts';
import type { Tracks } from './tracks.ts';

const Registration: z.ZodType<RegistrationFacts> = z.object({
  address: z.string().nullable(),
  httpStatus: z.number().nullable(),
  expiry: z.number().nullable(),
  statuses: z.array(z.enum(EPP_STATUSES)),
  unknownStatuses: z.number(),
  nameServers: z.array(z.string()),
  delegationSigned: z.boolean().nullable(),
  retryAfterMs: z.number().nullable(),
});

const State = z.enum(FEED_STATES).nullable();

const Status: z.ZodType<StatusFacts> = z.object({
  address: z.string().nullable(),
  httpStatus: z.number().nullable(),
  overall: State,
  components: z.array(z.object({ name: z.string(), state: State })),
  incidents: z.array(
    z.object({ id: z.string(), impact: State, startedAt: z.number().nullable(), createdAt: z.number().nullable() }),
  ),
  openIncidents: z.number().nullable(),
  unknownWords: z.number(),
});

const Good = {
  target: z.string(),
  ok: z.literal(true),
  reason: z.literal('ok'),
  phase: z.null(),
  phases: z.record(z.string(), z.number()),
  startedAt: z.number().nonnegative(),
  durationMs: z.number(),
};

export const KeptResult = z.object({
  target: z.string(),
  /** What it was asked, as text: another question has another answer. */
  asked: z.string(),
  /** Wall time of the newest measurement, good or not. */
  at: z.number().nonnegative(),
  /** The newest good one. */
  good: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('registration'), ...Good, facts: Registration }),
      z.object({ kind: z.literal('status'), ...Good, facts: Status }),
    ])
    .nullable(),
});

export type KeptResult = z.output<typeof KeptResult>;

/** Only who is asked: the document is the same, whichever of its parts are looked at, and by whatever way it came. */
const askedOf = ({ kind, settings: { known: _, proxy: __, ...settings } }: Target): string =>
  JSON.stringify([kind, settings]);

/** What of these tracks must outlive a restart. */
export function keepResults(targets: readonly Target[], tracks: Tracks): KeptResult[] {
  return targets.flatMap((target): KeptResult[] => {
    const track = tracks.get(target.id);
    if (!isKept(target) || track?.newest == null) return [];
    const { lastGood } = track;
    const kept = lastGood?.kind === 'registration' || lastGood?.kind === 'status' ? { ...lastGood } : null;
    const good = kept?.ok === true ? KeptResult.shape.good.parse(kept) : null;
    return [{ target: target.id, asked: askedOf(target), at: track.newest.startedAt, good }];
  });
}

/** Gives tracks that know nothing yet what was known before. */
export function restoreResults(targets: readonly Target[], tracks: Tracks, results: readonly KeptResult[]): void {
  const byTarget = new Map(results.map((result) => [result.target, result]));
  for (const target of targets) {
    const kept = byTarget.get(target.id);
    const track = tracks.get(target.id);
    if (kept?.good == null || track === undefined || track.newest !== null || kept.asked !== askedOf(target)) continue;
    track.newest = kept.good;
    track.lastGood = kept.good;
  }
}

const isKept = ({ kind }: Target): boolean => kind === 'registration' || kind === 'status';
