// The model of the probe that calls an API as its user does: at an endpoint of the world, which knows no credentials, so whoever
// calls meets the same.
import type { Observation } from '../../exporters/observation.ts';
import type { Target } from '../../exporters/target.ts';
import type { Wired } from './measuring.ts';
import { measureHttp } from './web-model.ts';

export function measureApi(target: Target, startedAt: number, wired: Wired): Observation {
  const { facts, ...said } = measureHttp(target, startedAt, wired);
  const outcome = { reason: said.reason, status: facts.status };
  const { second } = target.settings;
  const calls = { first: outcome, second: second === undefined ? null : outcome, elsewhere: null };
  return { ...said, kind: 'api', facts: { address: facts.address, calls } };
}
