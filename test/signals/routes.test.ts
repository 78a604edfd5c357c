// What route collectors heard: told as evidence with its time, and never a reason for a verdict.
import { expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { type BenchWorld, benchWorld, MAP, START } from './bench-world.ts';

const ROUTED = `${MAP}
routing:
  prefixes:
    - { prefix: 192.0.2.0/24, owner: isp }
    - { prefix: 198.51.100.0/24, owner: cloudflare, origins: [13335] }
    - { prefix: 203.0.113.0/24, owner: fastly }
`;

/** All but what route collectors are asked. */
function round(world: BenchWorld): void {
  world.wait(15);
  world.round(world.plan.targets.flatMap(({ id, kind }) => (kind === 'routing' ? [] : id)));
}

function hear(world: BenchWorld, prefix: string, reason: Reason, seeing = 300): void {
  const ok = reason === 'ok';
  const startedAt = START + world.now() * 1000;
  const origins = reason === 'timeout' ? null : [13_335];
  const facts = { address: null, httpStatus: 200, origins, seeing, peers: 340, asOf: startedAt - 3_600_000 };
  const measured = { target: `route/${prefix}`, ok, startedAt, durationMs: 5, reason, phases: {} };
  world.engine.observe({ kind: 'routing', ...measured, phase: ok ? null : 'check', facts });
}

function started(): BenchWorld {
  const world = benchWorld(undefined, START, ROUTED);
  for (let count = 0; count < 3; count += 1) round(world);
  return world;
}

const evidenceOf = (world: BenchWorld) => world.verdict().evidence.find(({ signal }) => signal === 'routes');

it('is nothing before anybody was asked', () => {
  const world = started();
  expect(world.state('routes')).toBe(-1);
  expect(evidenceOf(world)).toBeUndefined();
});

it('stands beside a verdict and changes none, whatever it is', () => {
  const world = started();
  for (const prefix of ['service/', 'edge/', 'control/cloudflare/edge']) world.broken.set(prefix, 'silent');
  for (let count = 0; count < 4; count += 1) round(world);
  const before = world.verdict();
  expect(before.row).toBe('edge_unreachable');
  hear(world, '192.0.2.0/24', 'ok');
  hear(world, '198.51.100.0/24', 'route_unseen', 4);
  expect(world.state('routes')).toBe(0);
  const after = world.verdict();
  expect(evidenceOf(world)).toMatchObject({
    state: 'bad',
    text: expect.stringMatching(
      /^198\.51\.100\.0\/24 was seen by 4 of 340 peers .* from AS13335, at 2023-11-14 \d\d:\d\d UTC$/,
    ),
  });
  expect({ ...after, evidence: [] }).toEqual({ ...before, evidence: [] });
});

it('of a vendor the service does not need is not told about it', () => {
  const world = started();
  hear(world, '203.0.113.0/24', 'route_unseen', 0);
  expect(world.state('routes')).toBe(-1);
  hear(world, '192.0.2.0/24', 'ok');
  expect(world.state('routes')).toBe(1);
  hear(world, '192.0.2.0/24', 'timeout');
  expect(world.state('routes')).toBe(-1);
});
