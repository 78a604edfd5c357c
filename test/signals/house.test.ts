// What is told of the house and of the way out of it: power by its UPSes, and portals by pages that are known.
import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import type { Observation } from '../../exporters/observation.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { createSignalEngine } from '../../signals/engine.ts';

const NOW = 1_800_000_000_000;
const MINUTE_MS = 60_000;

const plan = planOf(
  parseMap(
    `
version: 1
anchors: []
watch: []
power: [{ host: 127.0.0.1, ups: rack }, { host: 127.0.0.1, ups: desk }]
portalTests:
  - { url: 'http://127.0.0.1:1/', operator: one }
  - { url: 'http://127.0.0.1:2/', operator: one }
  - { url: 'http://127.0.0.1:3/', operator: two }
domains: { shop.test: none }
services: { shop: { url: 'https://shop.test/' } }
`,
    'map',
    '/',
  ),
  NOTHING_KNOWN,
);

const [RACK = '', DESK = ''] = plan.power;
const [ONE = '', ALSO_ONE = '', TWO = ''] = plan.portals.map(({ target }) => target);

type Source = 'line' | 'battery' | null;

const common = { durationMs: 20, phases: {} } as const;

function ups(target: string, source: Source, agoMs = 0, calibrating = false): Observation {
  const reason = source === null ? 'timeout' : source === 'line' ? 'ok' : 'power_on_battery';
  const nothing = { low: null, replace: null, charge: null, runtimeMs: null, inputVolts: null, load: null };
  const facts = { address: null, source, calibrating, ...nothing };
  const phase = source === 'line' ? null : 'check';
  return { kind: 'power', target, startedAt: NOW - agoMs, ok: source === 'line', reason, phase, facts, ...common };
}

function page(target: string, answer: 'clear' | 'captured' | null): Observation {
  const reason = answer === null ? 'timeout' : answer === 'clear' ? 'ok' : 'captive_portal';
  const facts = { address: null, httpStatus: null, answer };
  const phase = answer === 'clear' ? null : 'check';
  return { kind: 'portal', target, startedAt: NOW, ok: answer === 'clear', reason, phase, facts, ...common };
}

/** Seen twice, which is as often as it takes. */
function stateOf(name: string, ...observations: Observation[]) {
  const engine = createSignalEngine({ plan, timing: DEFAULT_TIMING, now: () => NOW });
  for (const observation of [...observations, ...observations]) engine.observe(observation);
  return engine.read().find((signal) => signal.name === name)?.state;
}

describe('the power', () => {
  it.each<[string, Observation[], number]>([
    ['nobody told', [], -1],
    ['one of two told', [ups(RACK, 'line')], -1],
    ['both are on the line', [ups(RACK, 'line'), ups(DESK, 'line')], 1],
    ['one is on battery', [ups(RACK, 'line'), ups(DESK, 'battery')], 0],
    ['one tests its battery', [ups(RACK, 'line'), ups(DESK, 'battery', 0, true)], -1],
    ['one said long ago that it is on the line', [ups(RACK, 'line', 60 * MINUTE_MS), ups(DESK, 'line')], -1],
    ['one fell silent on battery', [ups(RACK, 'battery', 60 * MINUTE_MS), ups(DESK, null)], 0],
    ['one fell silent on battery two days ago', [ups(RACK, 'battery', 48 * 60 * MINUTE_MS)], -1],
  ])('when %s', (_, observations, state) => {
    expect(stateOf('power', ...observations)).toBe(state);
  });
});

describe('portals', () => {
  it.each<[string, Observation[], number]>([
    ['nobody answered', [page(ONE, null)], -1],
    ['one page is itself', [page(ONE, 'clear')], 1],
    ['two of one operator are not', [page(ONE, 'captured'), page(ALSO_ONE, 'captured')], -1],
    ['those of two operators are not', [page(ONE, 'captured'), page(TWO, 'captured')], 0],
    ['one of them still is', [page(ONE, 'captured'), page(TWO, 'captured'), page(ALSO_ONE, 'clear')], 1],
  ])('when %s', (_, observations, state) => {
    expect(stateOf('no_portal', ...observations)).toBe(state);
  });
});
