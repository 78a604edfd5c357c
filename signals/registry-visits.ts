// When a registry is asked for its record of a domain besides the regular turn: at once when the delegation looks wrong, which
// is the only time its word decides anything. Never in a burst, however many domains of it fail together.
import type { Timing } from '../catalog/timing.ts';
import type { Observation } from '../exporters/observation.ts';
import type { DomainBinding, Plan } from '../map/plan-types.ts';
import type { Wish } from './engine.ts';

/** Besides the regular ones: how many visits a registry gets in an hour, for all domains together, and how far apart. */
export const VISITS = { perHour: 20, apartMs: 2_000 } as const;

/** By registry: when it was, or will be, asked besides the regular turn. */
export type PastVisits = ReadonlyMap<string, readonly number[]>;

export interface RegistryVisits {
  /** What should be asked because of this observation, or left alone. */
  after(observation: Observation): Wish[];
  handOver(): PastVisits;
}

const HOUR_MS = 3_600_000;
const AGAIN_AFTER_FAILURE_MS = HOUR_MS;

export function createRegistryVisits(
  { domains, targets }: Pick<Plan, 'domains' | 'targets'>,
  { pace }: Pick<Timing, 'pace'>,
  now: () => number,
  past: PastVisits = new Map(),
): RegistryVisits {
  const visits = new Map(past);
  const gapOf = new Map(targets.map(({ id, gapMs }) => [id, gapMs ?? 0]));
  const domainAbove = new Map(domains.flatMap((domain) => domain.parents.map((parent) => [parent, domain] as const)));
  const askedAt = new Map<string, number>();

  /** All that is asked there with this one: who has had enough of us has had enough of all our questions. */
  function atRegistryOf(registration: string): string[] {
    const registry = domains.find((domain) => domain.registration === registration)?.registry;
    return domains.flatMap((domain) => (domain.registry === registry ? (domain.registration ?? []) : []));
  }

  /** When `registration` may be asked besides its turn; null: not now, because it will be soon or the hour is used up. */
  function nextVisit({ registry }: DomainBinding, registration: string): number | null {
    const at = now();
    if (at < (askedAt.get(registration) ?? Number.NEGATIVE_INFINITY) + (gapOf.get(registration) ?? 0)) return null;
    const lately = (visits.get(registry) ?? []).filter((visit) => visit > at - HOUR_MS / pace);
    if (lately.length >= VISITS.perHour) return null;
    const visit = Math.max(at, (lately.at(-1) ?? Number.NEGATIVE_INFINITY) + VISITS.apartMs / pace);
    visits.set(registry, [...lately, visit]);
    askedAt.set(registration, visit);
    return visit;
  }

  return {
    after(observation) {
      const { target, ok } = observation;
      if (ok) return [];
      if (observation.kind === 'registration') {
        const again: Wish = { ids: [target], delayMs: AGAIN_AFTER_FAILURE_MS / pace };
        if (observation.reason !== 'rdap_rate_limited') return [again];
        const restMs = (observation.facts.retryAfterMs ?? AGAIN_AFTER_FAILURE_MS) / pace;
        return [{ ids: atRegistryOf(target), delayMs: restMs, rest: true }, again];
      }
      const domain = domainAbove.get(target);
      if (domain === undefined || domain.registration === null) return [];
      const visit = nextVisit(domain, domain.registration);
      return visit === null ? [] : [{ ids: [domain.registration], delayMs: visit - now() }];
    },
    handOver: () => visits,
  };
}
