// Many hosts lost at once: how many it takes, how close together, and what they must share to be told of it.
import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { createSignalEngine } from '../../signals/engine.ts';

const NOW = 1_800_000_000_000;
const NAMES = [...Array(10).keys()].map((index) => `host-${index}`);

/** The first six run Windows; every other one stands in rack b. */
const plan = planOf(
  parseMap(
    `
version: 1
anchors: []
watch: []
gateway: { address: 127.0.0.1 }
hosts:
${NAMES.map((name, index) => `  ${name}: { address: 127.0.0.1, port: ${index + 1}, labels: { os: ${index < 6 ? 'windows' : 'linux'}, rack: ${index % 2 === 0 ? 'a' : 'b'} } }`).join('\n')}
`,
    'map',
    '/',
  ),
  NOTHING_KNOWN,
);

interface Look {
  lost: number[];
  /** When each was lost, minutes ago; at the same time when left out. */
  agoMin?: number[];
  unheard?: number[];
  gateway?: boolean;
}

function look({ lost, agoMin = [], unheard = [], gateway = true }: Look) {
  let now = NOW;
  const engine = createSignalEngine({ plan, timing: DEFAULT_TIMING, now: () => now });
  const observe = (target: string, ok: boolean, startedAt: number) => {
    const facts = { address: '127.0.0.1', answer: ok ? ('accepted' as const) : null };
    const end = ok ? ({ reason: 'ok', phase: null } as const) : ({ reason: 'timeout', phase: 'connect' } as const);
    engine.observe({ kind: 'tcp', target, ok, startedAt, durationMs: 1, phases: {}, facts, ...end });
  };
  for (const [index, { targets }] of plan.fleet.entries()) {
    if (unheard.includes(index)) continue;
    const since = NOW - (agoMin[lost.indexOf(index)] ?? 0) * 60_000;
    for (const at of [since, NOW - 1, NOW]) observe(targets[0] ?? '', !lost.includes(index), at);
  }
  for (const at of [NOW - 1, NOW]) observe(plan.gateway ?? '', gateway, at);
  now = NOW + 1;
  const { state, evidence } = engine.read().find(({ name }) => name === 'fleet') ?? {};
  return { state, evidence };
}

describe('hosts', () => {
  it.each<[string, Look, number, string]>([
    ['all there', { lost: [] }, 1, '0 of 10 hosts are silent'],
    ['two lost', { lost: [0, 1] }, 1, '2 of 10 hosts are silent'],
    ['all of Windows lost', { lost: [0, 1, 2, 3, 4, 5] }, 0, '6 of 10 hosts are silent; all have os=windows'],
    ['three of Windows lost', { lost: [0, 1, 2] }, 0, '3 of 10 hosts are silent; nothing tells them from the others'],
    ['a rack lost', { lost: [0, 2, 4, 6, 8] }, 0, '5 of 10 hosts are silent; all have rack=a'],
    ['three lost an hour apart', { lost: [0, 1, 2], agoMin: [120, 60, 0] }, 1, '3 of 10 hosts are silent'],
    [
      'lost with the gateway',
      { lost: [0, 1, 2], gateway: false },
      -1,
      '3 of 10 hosts are silent, and so is the gateway',
    ],
    ['never heard of', { lost: [], unheard: [...NAMES.keys()] }, -1, ''],
  ])('%s', (_, given, state, evidence) => {
    expect(look(given)).toEqual({ state, evidence });
  });
});
