// What a further witness may change: a healthy anchor never turns "nobody knows" into a vendor's guilt when no vendor is at fault.
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../exporters/observation.ts';
import type { Plan } from '../../map/plan-types.ts';
import type { Episode } from '../../replay/sim/episode.ts';
import { generateEpisodes } from '../../replay/sim/generate-episodes.ts';
import { castOf } from '../../replay/sim/primitives.ts';
import { runEpisode } from '../../replay/sim/run-episode.ts';
import { settingOf } from '../../replay/sim/setting.ts';
import { createTeller } from '../../replay/sim/telling.ts';
import { truthOf } from '../../replay/sim/truth.ts';
import { createSignalEngine } from '../../signals/engine.ts';

const SETTING = settingOf('homelab');
const { plan, timing, world } = SETTING;
const STEP_MS = 2_000;

const sample = plan.targets.find(({ labels }) => labels.role === 'anchor');
if (sample === undefined) throw new Error('the plan has no anchor');
const EXTRA = { ...sample, id: 'anchor/extra/192.0.2.1:443' };

function healthy(startedAt: number): Observation {
  const facts = { address: '192.0.2.1', answer: 'accepted' } as const;
  const measured = { durationMs: 20, reason: 'ok', phase: null, phases: {}, facts } as const;
  return { kind: 'tcp', target: EXTRA.id, ok: true, startedAt, ...measured };
}

/** Whether a vendor is named, at every step of a recorded run, for this plan. */
function vendorsNamed(watched: Plan, observations: readonly Observation[]): string[] {
  let now = observations[0]?.startedAt ?? 0;
  const engine = createSignalEngine({ plan: watched, timing, now: () => now });
  const tell = createTeller(watched);
  const named: string[] = [];
  let spokenAt = now;
  for (const observation of observations) {
    now = Math.max(now, observation.startedAt + observation.durationMs);
    engine.observe(observation);
    if (now - spokenAt < STEP_MS) continue;
    spokenAt = now;
    named.push(
      ...tell(engine.read()).flatMap(({ service, party, vendor }) =>
        party === 'vendor' ? [`${service} ${vendor}`] : [],
      ),
    );
  }
  return named;
}

const blameless = ({ bouts }: Episode): boolean =>
  bouts.every(({ fault }) => [...truthOf(fault, world).values()].every(({ party }) => party !== 'vendor'));

describe('a further healthy anchor', () => {
  it('makes nobody guilty', async () => {
    const extended: Plan = {
      ...plan,
      targets: [...plan.targets, EXTRA],
      anchors: [...plan.anchors, { target: EXTRA.id, operator: 'extra' }],
    };
    for (const episode of generateEpisodes(castOf(world), 40, 8).filter(
      (one) => one.family !== 'hostile' && blameless(one),
    )) {
      const recorded: Observation[] = [];
      await runEpisode(episode, SETTING, { onObservation: (observation) => recorded.push(observation) });
      const witnessed = recorded.flatMap((one) => (one.target === sample.id ? [one, healthy(one.startedAt)] : [one]));
      expect(vendorsNamed(plan, recorded)).toEqual([]);
      expect(vendorsNamed(extended, witnessed)).toEqual([]);
    }
  });
});
