// Views from elsewhere: what is news, what is old, whom they clear, and that they accuse nobody.
import { describe, expect, it } from 'vitest';
import type { State } from '../../catalog/signals.ts';
import type { Observation } from '../../exporters/observation.ts';
import { judgeAll } from '../../verdict/explain.ts';
import { judgeVendors } from '../../verdict/vendor-judge.ts';
import { type BenchWorld, benchWorld, MAP, START } from './bench-world.ts';

const VIEW = "{ url: 'https://watch.test/', pointer: /a, up: [up], down: [down], every: 15s }";
const WATCHED = `${MAP}
    outside: { vps: ${VIEW}, robot: ${VIEW} }
  wiki:
    url: https://wiki.test/
    edge: { vendor: cloudflare }
`;

const PROBED = ['anchor', 'control', 'resolver', 'public_resolver', 'gateway', 'service', 'edge', 'host', 'origin'];
const EDGE = ['service/', 'edge/', 'control/cloudflare/edge'];

const world = (): BenchWorld => benchWorld(undefined, START, WATCHED);

/** What `name` says now, having looked so many seconds ago; null: neither up nor down. */
function say(at: BenchWorld, name: string, up: boolean | null, ageS = 0): void {
  const startedAt = START + at.now() * 1000;
  const observation: Observation = {
    kind: 'outside',
    target: `outside/blog/${name}`,
    ok: up === true,
    startedAt,
    durationMs: 5,
    reason: up === null ? 'value_missing' : up ? 'ok' : 'value_bad',
    phase: up === true ? null : 'check',
    phases: {},
    facts: { address: null, httpStatus: 200, up, checkedAt: up === null ? null : startedAt - ageS * 1000 },
  };
  at.engine.observe(observation);
}

type Views = Readonly<Record<string, boolean | null>>;

function rounds(at: BenchWorld, count: number, views: Views = {}, ageS = 0): void {
  for (let round = 0; round < count; round += 1) {
    at.wait(15);
    at.round(PROBED);
    for (const [name, up] of Object.entries(views)) say(at, name, up, ageS);
  }
}

const BOTH_UP = { vps: true, robot: true };

/** All is well, and everybody says so; then the way to the edge is lost. */
function cutOff(views: Views, ageS = 0): BenchWorld {
  const at = world();
  rounds(at, 3, BOTH_UP);
  for (const prefix of EDGE) at.broken.set(prefix, 'silent');
  rounds(at, 5, views, ageS);
  return at;
}

describe('a view from elsewhere', () => {
  it.each<[string, Views, number, State]>([
    ['works for both', BOTH_UP, 0, 1],
    ['works for one, and the other has no word', { vps: true, robot: null }, 0, 1],
    ['is old news of both', BOTH_UP, 600, -1],
    ['is down for both', { vps: false, robot: false }, 0, 0],
    ['is another for each', { vps: true, robot: false }, 0, -1],
    ['has no word', { vps: null, robot: null }, 0, -1],
  ])('%s', (_, views, ageS, state) => {
    expect(cutOff(views, ageS).state('outside')).toBe(state);
  });

  it('counts what was seen before only until the failure', () => {
    const at = world();
    rounds(at, 3, BOTH_UP, 3);
    expect(at.state('outside')).toBe(1);
    at.broken.set('service/', 'silent');
    rounds(at, 1);
    expect(at.state('outside')).toBe(-1);
  });

  it('that was never seen to work says nothing when it is bad', () => {
    const at = world();
    rounds(at, 3, { vps: false });
    for (const prefix of EDGE) at.broken.set(prefix, 'silent');
    rounds(at, 5, { vps: false });
    expect(at.state('outside')).toBe(-1);
  });
});

/** What is said of the edge itself. */
const verdictOfEdge = (at: BenchWorld) => {
  const signals = at.engine.read();
  const found = judgeVendors(at.engine.vendors(), signals, judgeAll(signals, at.plan), at.plan);
  return found.find(({ vendor, component }) => vendor === 'cloudflare' && component === 'edge')?.row;
};

describe('a look from elsewhere that is still to come', () => {
  const LOOKED = VIEW.replace('every: 15s', 'every: 60s, checked: /at');
  const told = (text: string): BenchWorld => benchWorld(undefined, START, WATCHED.replaceAll(VIEW, text));
  const silent = (at: BenchWorld, broken: 'silent' | 'own_500' = 'silent'): BenchWorld => {
    rounds(at, 3, BOTH_UP);
    for (const prefix of EDGE) at.broken.set(prefix, broken);
    rounds(at, 3);
    return at;
  };

  it('is waited for before an edge that is silent is accused', () => {
    const at = silent(told(LOOKED));
    for (const service of ['blog', 'wiki'])
      expect(at.verdict(service)).toMatchObject({ row: 'edge_unreachable_awaited', party: 'unknown' });
    expect(verdictOfEdge(at)).toBe('vendor_suspected');
    for (const name of ['vps', 'robot']) say(at, name, true);
    expect(at.verdict()).toMatchObject({ row: 'edge_unreachable_here', party: 'unknown' });
  });

  it('keeps nobody waiting once it has come, good or bad', () => {
    const at = silent(told(LOOKED));
    for (const name of ['vps', 'robot']) say(at, name, false);
    expect(at.verdict()).toMatchObject({ row: 'edge_unreachable', party: 'vendor' });
    expect(verdictOfEdge(at)).toBe('vendor_failing');
  });

  it('keeps nobody waiting longer than one turn of asking', () => {
    const at = silent(told(LOOKED));
    rounds(at, 1);
    expect(at.verdict().row).toBe('edge_unreachable_awaited');
    rounds(at, 2);
    expect(at.verdict()).toMatchObject({ row: 'edge_unreachable', party: 'vendor' });
  });

  it('is not waited for where it would be old news, nor where the edge has spoken', () => {
    expect(silent(told(VIEW)).verdict().row).toBe('edge_unreachable');
    expect(silent(told(LOOKED), 'own_500').verdict().row).toBe('edge_failing');
  });
});

describe('an edge that is silent from here, with all the proofs against it', () => {
  it('is accused without a view from elsewhere', () => {
    const at = cutOff({});
    expect(at.verdict()).toMatchObject({ row: 'edge_unreachable', party: 'vendor' });
    expect(verdictOfEdge(at)).toBe('vendor_failing');
  });

  it('is cleared by one who was served, for every service behind it', () => {
    const at = cutOff({ vps: true });
    for (const service of ['blog', 'wiki'])
      expect(at.verdict(service)).toMatchObject({ row: 'edge_unreachable_here', party: 'unknown' });
    expect(verdictOfEdge(at)).toBe('vendor_cut_off_here');
  });

  it.each<[string, Views, number]>([
    ['an old word', BOTH_UP, 600],
    ['a bad word', { vps: false, robot: false }, 0],
    ['no word', { vps: null, robot: null }, 0],
  ])('is not cleared by %s, and convicted by no more than before', (_, views, ageS) => {
    const at = cutOff(views, ageS);
    expect(at.verdict()).toMatchObject({ row: 'edge_unreachable', party: 'vendor' });
    expect(verdictOfEdge(at)).toBe('vendor_failing');
  });

  it('is not cleared of errors it has sent', () => {
    const at = world();
    rounds(at, 3, BOTH_UP);
    for (const prefix of EDGE) at.broken.set(prefix, 'own_500');
    rounds(at, 5, BOTH_UP);
    expect(at.verdict()).toMatchObject({ row: 'edge_failing', party: 'vendor' });
    expect(verdictOfEdge(at)).toBe('vendor_failing');
  });

  it('is not accused by views that are bad, when the guard is not whole', () => {
    const at = world();
    rounds(at, 3, BOTH_UP);
    for (const prefix of ['service/', 'edge/']) at.broken.set(prefix, 'silent');
    rounds(at, 5, { vps: false, robot: false });
    expect(at.verdict().party).toBe('unknown');
  });
});
