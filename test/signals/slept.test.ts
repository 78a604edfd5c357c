// What fails while this process sleeps has been failed by it: whoever was asked may have answered, or given up in good time.
import { expect, it } from 'vitest';
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import type { Observation } from '../../exporters/observation.ts';

import { benchWorld, START } from './bench-world.ts';

const { timeoutMs } = DEFAULT_TIMING;

/** What the gateway counts as after three such answers. */
function gatewayAfter(failure: Pick<Observation, 'reason' | 'durationMs'>): string {
  const { plan, engine, round, wait, state } = benchWorld();
  round();
  for (let times = 1; times <= 3; times += 1) {
    wait(3);
    engine.observe({
      kind: 'tcp',
      target: plan.gateway ?? '',
      ok: false,
      phase: 'connect',
      startedAt: START + times * 3_000,
      phases: {},
      facts: { address: '127.0.0.1', answer: null },
      ...failure,
    });
  }
  return { '1': 'ok', '0': 'bad', '-1': 'unknown' }[String(state('gateway'))] ?? '';
}

it.each([
  ['silence until the deadline', { reason: 'timeout', durationMs: timeoutMs }, 'bad'],
  ['silence that was noticed late', { reason: 'timeout', durationMs: timeoutMs + 900 }, 'bad'],
  ['a reset in time', { reason: 'connect_reset', durationMs: 40 }, 'bad'],
  ['silence slept through', { reason: 'timeout', durationMs: timeoutMs + 10_000 }, 'ok'],
  ['a reset by somebody who waited long enough', { reason: 'connect_reset', durationMs: timeoutMs + 10_000 }, 'ok'],
] as const)('%s', (_, failure, said) => {
  expect(gatewayAfter(failure)).toBe(said);
});
