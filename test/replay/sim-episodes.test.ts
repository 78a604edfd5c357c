// Simulated episodes: the same seed gives the same run, single and double faults never cost a vendor its name, and relations
// that must hold between runs do.
import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import { WORLDS } from '../../lab/worlds.ts';
import type { Plan } from '../../map/plan-types.ts';
import { type Episode, SCORE_AFTER_MS, WARM_UP_MS } from '../../replay/sim/episode.ts';
import { generateEpisodes } from '../../replay/sim/generate-episodes.ts';
import { castOf } from '../../replay/sim/primitives.ts';
import { type EpisodeRun, type RunOptions, runEpisode } from '../../replay/sim/run-episode.ts';
import { scoreEpisode } from '../../replay/sim/score-episode.ts';
import { type Setting, settingOf } from '../../replay/sim/setting.ts';
import { breakage } from '../../replay/sim/sim-faults.ts';
import type { Told } from '../../replay/sim/telling.ts';

/** Some ten seconds on a machine of its own. */
const SLOW_MS = 240_000;

const SETTINGS = [...WORLDS.values()].map(settingOf);
const HOMELAB = settingOf('homelab');
const episodesOf = (setting: Setting, count: number, seed: number): Episode[] =>
  generateEpisodes(castOf(setting.world), count, seed);

/** Times in ms from the start, without what a wall clock would show. */
function timelineOf({ sayings }: EpisodeRun): { at: number; told: Told }[] {
  return sayings.map(({ at, told }) => ({ at: Math.round(at), told }));
}

const play = async (episode: Episode, setting = HOMELAB, options: RunOptions = {}) =>
  timelineOf(await runEpisode(episode, setting, options));

describe('a seed', () => {
  it('is the whole story of an episode', async () => {
    for (const episode of episodesOf(HOMELAB, 8, 3)) {
      const observed: string[][] = [[], []];
      const runs = [];
      for (const seen of observed) {
        runs.push(
          await play(episode, HOMELAB, {
            onObservation: ({ target, startedAt, reason }) => seen.push(`${startedAt} ${target} ${reason}`),
          }),
        );
      }
      expect(runs[0]).toEqual(runs[1]);
      expect(observed[0]).toEqual(observed[1]);
    }
  });

  it('gives other episodes than the next one', () => {
    expect(episodesOf(HOMELAB, 40, 1)).toEqual(episodesOf(HOMELAB, 40, 1));
    expect(episodesOf(HOMELAB, 40, 1)).not.toEqual(episodesOf(HOMELAB, 40, 2));
  });
});

/** Whether this operator had been answering; one that never does is no news. */
const isNews = (who: string, at: number, good: readonly { at: number; who: string; as: string }[]): boolean =>
  good.some(
    (one) => one.as === 'anchor' && one.who === who && one.at < at && one.at > at - 2 * DEFAULT_TIMING.cleanWindowMs,
  );

describe('a hundred single and double faults in all', () => {
  it.each(SETTINGS.map((setting) => [setting.world.name, setting] as const))(
    'cost no vendor its name in the %s',
    { timeout: SLOW_MS },
    async (_, setting) => {
      const blamed: string[] = [];
      for (const episode of episodesOf(setting, 32, 5).filter(({ family }) => family !== 'hostile')) {
        const { falseVendor } = scoreEpisode(await runEpisode(episode, setting), setting.world);
        blamed.push(...falseVendor.map(({ service, vendor, row }) => `${episode.name}: ${service}, ${vendor} ${row}`));
      }
      expect(blamed).toEqual([]);
    },
  );
});

describe('an error of yours at an edge', () => {
  const consumer = settingOf('consumer');
  it.each(castOf(consumer.world).fronts)(
    'convicts nobody when a site of others at $vendor fails by itself as $service does',
    async ({ vendor, service }) => {
      const bouts = [breakage('edge_5xx_own', service), breakage('control_5xx', vendor)].map((fault) => ({
        fault,
        fromMs: WARM_UP_MS,
        toMs: WARM_UP_MS + SCORE_AFTER_MS,
      }));
      const [drawn] = episodesOf(consumer, 1, 1);
      const run = await runEpisode({ ...(drawn as Episode), bouts, noise: 0 }, consumer);
      expect(scoreEpisode(run, consumer.world).falseVendor).toEqual([]);
    },
  );
});

describe('whatever happens', () => {
  it('a vendor is named only after anchors and a control of others answered since the symptom began, not amid noise', async () => {
    const operatorOf = new Map(HOMELAB.plan.anchors.map(({ target, operator }) => [target, operator]));
    const vendorOf = new Map(HOMELAB.plan.controls.map(({ target, vendor }) => [target, vendor]));
    const users = new Map(HOMELAB.plan.services.map(({ user, name }) => [user, name]));
    for (const episode of episodesOf(HOMELAB, 60, 9)) {
      const good: { at: number; who: string; as: 'anchor' | 'control' }[] = [];
      const silent: { at: number; who: string }[] = [];
      const bad = new Map<string, number>();
      const run = await runEpisode(episode, HOMELAB, {
        onObservation({ target, ok, startedAt, durationMs }) {
          const at = startedAt - Date.UTC(2026, 0, 1);
          const service = users.get(target);
          if (service !== undefined && !ok && !bad.has(service)) bad.set(service, at);
          const operator = operatorOf.get(target);
          const vendor = vendorOf.get(target);
          if (!ok && operator !== undefined) silent.push({ at: at + durationMs, who: operator });
          if (ok && operator !== undefined) good.push({ at, who: operator, as: 'anchor' });
          if (ok && vendor !== undefined) good.push({ at, who: vendor, as: 'control' });
        },
      });
      for (const { at, told } of run.sayings.filter((saying) => saying.told.party === 'vendor')) {
        const since = bad.get(told.service) ?? Number.POSITIVE_INFINITY;
        const seen = good.filter((one) => one.at > since && one.at <= at && one.who !== told.vendor);
        expect(new Set(seen.filter(({ as }) => as === 'anchor').map(({ who }) => who)).size).toBeGreaterThanOrEqual(2);
        expect(seen.some(({ as }) => as === 'control')).toBe(true);
        const noise = silent.filter(
          (one) => one.at <= at && one.at > at - DEFAULT_TIMING.holdDownMs && isNews(one.who, one.at, good),
        );
        expect(new Set(noise.map(({ who }) => who)).size).toBeLessThan(2);
      }
    }
  });

  it('the hour of the day does not matter', async () => {
    for (const episode of episodesOf(HOMELAB, 12, 4)) {
      const later = await play(episode, HOMELAB, { startsAt: Date.UTC(2031, 5, 17, 13, 37, 11) });
      expect(later).toEqual(await play(episode));
    }
  });

  it('names are only names: with two vendors renamed, the verdict is renamed too', async () => {
    const swapped: Setting = { ...HOMELAB, plan: renamed(HOMELAB.plan) };
    for (const episode of episodesOf(HOMELAB, 14, 6)) {
      const before = await play(episode);
      const after = await play(episode, swapped);
      expect(after).toEqual(
        before.map(({ at, told }) => ({ at, told: { ...told, vendor: told.vendor && other(told.vendor) } })),
      );
    }
  });
});

const other = (name: string): string => ({ cloudflare: 'fastly', fastly: 'cloudflare' })[name] ?? name;

/** The same plan with the names of two vendors exchanged, everywhere they are read. */
function renamed(plan: Plan): Plan {
  const swap = <T extends { vendor: string }>(one: T): T => ({ ...one, vendor: other(one.vendor) });
  const operated = <T extends { operator: string }>(one: T): T => ({ ...one, operator: other(one.operator) });
  return {
    ...plan,
    targets: plan.targets.map((target) => ({ ...target, labels: swap(target.labels) })),
    anchors: plan.anchors.map(operated),
    publicResolvers: plan.publicResolvers.map(operated),
    controls: plan.controls.map(swap),
    services: plan.services.map((service) => ({ ...service, dependencies: service.dependencies.map(swap) })),
    vendors: new Map(
      [...plan.vendors].map(([id, vendor]) => [other(id), { ...vendor, operators: vendor.operators.map(other) }]),
    ),
  };
}
