// What more or less may be seen and change nothing: neither a further healthy anchor nor answers that get lost turn "nobody
// knows" into a vendor's guilt when no vendor is at fault.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../exporters/observation.ts';
import type { Plan } from '../../map/plan-types.ts';
import { randomFrom } from '../../replay/sim/chance.ts';
import type { Episode } from '../../replay/sim/episode.ts';
import { truthOf } from '../../replay/sim/truth.ts';
import { recordedRuns, SETTING, verdictsOver } from './recorded-runs.ts';

const { plan, world } = SETTING;

const sample = plan.targets.find(({ labels }) => labels.role === 'anchor');
if (sample === undefined) throw new Error('the plan has no anchor');
const EXTRA = { ...sample, id: 'anchor/extra/192.0.2.1:443' };

function healthy(startedAt: number): Observation {
  const facts = { address: '192.0.2.1', answer: 'accepted' } as const;
  const measured = { durationMs: 20, reason: 'ok', phase: null, phases: {}, facts } as const;
  return { kind: 'tcp', target: EXTRA.id, ok: true, startedAt, ...measured };
}

/** The vendors named at any step of a recorded run, for this plan. */
const vendorsNamed = (watched: Plan, observations: readonly Observation[]): string[] =>
  verdictsOver(observations, watched)
    .flat()
    .flatMap(({ service, party, vendor }) => (party === 'vendor' ? [`${service} ${vendor}`] : []));

const blameless = ({ bouts }: Episode): boolean =>
  bouts.every(({ fault }) => [...truthOf(fault, world).values()].every(({ party }) => party !== 'vendor'));

/** Recorded runs in which no vendor is at fault. */
const blamelessRuns = (count: number, seed: number): Promise<Observation[][]> =>
  recordedRuns(count, seed, (one) => one.family !== 'hostile' && blameless(one));

/** Roles whose answers come over the line. */
const OUTSIDE = [
  'anchor',
  'public_resolver',
  'control',
  'service',
  'edge',
  'edge_certificate',
  'nameserver',
  'endpoint',
];
const overTheLine = new Set(plan.targets.filter(({ labels }) => OUTSIDE.includes(labels.role)).map(({ id }) => id));

/** The same measurement, had its packets been lost. */
function lost(observation: Observation): Observation {
  const silent = { ok: false, reason: 'timeout', phase: 'connect', durationMs: 4_000 } as const;
  switch (observation.kind) {
    case 'tcp':
      return { ...observation, ...silent, facts: { ...observation.facts, answer: null } };
    case 'http':
      return { ...observation, ...silent, facts: { ...observation.facts, status: null, generator: null } };
    case 'dns':
      return {
        ...observation,
        ...silent,
        reason: 'dns_timeout',
        phase: 'request',
        facts: { ...observation.facts, rcode: null, shape: null, authoritative: null },
      };
    case 'certificate': {
      const checks = { time: null, hostname: null, trusted: null, completeChain: null };
      return { ...observation, ...silent, facts: { ...observation.facts, checks } };
    }
    default:
      return observation;
  }
}

describe('a further healthy anchor', () => {
  it('makes nobody guilty', async () => {
    const extended: Plan = {
      ...plan,
      targets: [...plan.targets, EXTRA],
      anchors: [...plan.anchors, { target: EXTRA.id, operator: 'extra' }],
    };
    for (const recorded of await blamelessRuns(40, 8)) {
      const witnessed = recorded.flatMap((one) => (one.target === sample.id ? [one, healthy(one.startedAt)] : [one]));
      expect(vendorsNamed(plan, recorded)).toEqual([]);
      expect(vendorsNamed(extended, witnessed)).toEqual([]);
    }
  });
});

describe('a line that loses answers', () => {
  it('makes nobody guilty, whatever happens besides', async () => {
    const runs = await blamelessRuns(30, 11);
    const share = fc.double({ min: 0.1, max: 0.6, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...runs), share, fc.integer({ min: 1 }), (recorded, rate, seed) => {
        const random = randomFrom(seed);
        const lossy = recorded.map((one) => (overTheLine.has(one.target) && random() < rate ? lost(one) : one));
        expect(vendorsNamed(plan, lossy)).toEqual([]);
      }),
      { numRuns: 60, seed: 20_261_121 },
    );
  });
});
