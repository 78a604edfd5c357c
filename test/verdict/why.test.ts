// The diagnosis retells the decision: it excludes only what is excluded, and asks only for what is missing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIGNAL_NAMES, type SignalName, type State, signalFact } from '../../catalog/signals.ts';
import type { Signal } from '../../signals/signal.ts';
import { holds, rowsHolding } from '../../verdict/decide.ts';
import { judge } from '../../verdict/explain.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';
import { type Why, whyOf } from '../../verdict/why.ts';
import { PLAN } from '../status/fake-scenes.ts';

const [BLOG] = PLAN.services;
if (BLOG === undefined) throw new Error('the plan has no service');

type Given = Partial<Record<SignalName, State>>;

/** A blog behind an edge and a tunnel, with an origin of its own; nothing it needs from outside. */
const FINE: Given = {
  prober: 1,
  gateway: 1,
  uplink: 1,
  resolver: 1,
  resolver_own: 1,
  other_resolvers: 1,
  data: 1,
  settled: 1,
  recovering: 0,
  needs_met: 1,
  service: 1,
  nameservers: 1,
  nameservers_reachable: 1,
  record: 1,
  edge_connect: 1,
  edge_answer: 1,
  edge_certificate: 1,
  edge_certificate_own: 0,
  tunnel_daemon: 1,
  tunnel_ready: 1,
  tunnel_edge: 1,
  host: 1,
  origin_connect: 1,
  origin_answer: 1,
};

const EDGE_PROVEN: Given = { edge_guard_uplink: 1, edge_guard_others: 1, edge_guard_witness: 1 };

function signalsOf(given: Given): Signal[] {
  return Object.entries(given).map(([name, state]) => {
    const known = name as SignalName;
    const service = signalFact(known).subject === 'site' ? '' : 'blog';
    const evidence = state === -1 ? '' : `${name} was seen`;
    return { name: known, service, state, since: null, lastOk: null, lastBad: null, evidence };
  });
}

function whyWith(change: Given): Why {
  const signals = signalsOf({ ...FINE, ...change });
  const verdict = judge(BLOG as NonNullable<typeof BLOG>, new Map(signals.map((one) => [one.name, one])), PLAN);
  return whyOf(verdict, signals);
}

const byOf = ({ ruledOut }: Why, row: string): string | undefined =>
  ruledOut.find(({ rows }) => rows.includes(row))?.by;

const standingOf = ({ remaining }: Why, row: string): string | undefined =>
  remaining.find((one) => one.row === row)?.standing;

describe('what it says', () => {
  it('is nothing but the hops when all is fine', () => {
    const why = whyWith({});
    expect(why).toMatchObject({ status: 'fine', ruledOut: [], hidden: [], remaining: [], settle: [] });
    expect(why.hops.map(({ layer, state }) => `${layer} ${state}`)).toEqual([
      'lan ok',
      'uplink ok',
      'resolver ok',
      'dns ok',
      'edge ok',
      'certificate ok',
      'tunnel ok',
      'host ok',
      'origin ok',
    ]);
  });

  it('is how each other cause fell, when the edge is proven', () => {
    const why = whyWith({ service: 0, edge_answer: 0, ...EDGE_PROVEN });
    expect(why.verdict.row).toBe('edge_failing');
    expect(byOf(why, 'lan_down')).toBe('the gateway answers');
    expect(byOf(why, 'uplink_down')).toBe('anchors outside answer');
    expect(byOf(why, 'edge_unreachable')).toBe('the edge accepts connections');
    expect(byOf(why, 'tunnel_service_down')).toBe('the tunnel is connected');
    expect(byOf(why, 'origin_refused')).toBe('the origin accepts connections');
    expect(byOf(why, 'origin_error')).toBe('the origin answers well when asked directly');
    expect(why.remaining).toEqual([
      {
        row: 'edge_failing',
        cause: 'edge failing',
        party: 'vendor',
        standing: 'matched',
        reasons: [
          "Cloudflare's edge answers with errors of its own making, on your host and on others'.",
          'edge_guard_uplink was seen',
          'edge_guard_others was seen',
          'edge_guard_witness was seen',
        ],
      },
    ]);
    expect(why.settle).toEqual([]);
  });

  it('leaves out causes this map has no part of', () => {
    const why = whyWith({ service: 0, edge_answer: 0, ...EDGE_PROVEN });
    const told = [...why.ruledOut.flatMap(({ rows }) => rows), ...why.remaining.map(({ row }) => row)];
    expect(told).not.toContain('endpoint_record_empty');
    expect(told).not.toContain('origin_certificate_expired');
  });

  it('asks for a second control when there is no witness', () => {
    const why = whyWith({ service: 0, edge_answer: 0, edge_guard_uplink: 1, edge_guard_others: 1 });
    expect(why.verdict.row).toBe('edge_suspected');
    expect(standingOf(why, 'edge_failing')).toBe('open');
    expect(why.settle).toEqual([
      'a second control: another host at the vendor, not yours, that worked before and fails now',
    ]);
  });

  it("excludes the vendor's failure when others' hosts there work", () => {
    const why = whyWith({ service: 0, edge_answer: 0, ...EDGE_PROVEN, edge_guard_witness: 0 });
    expect(why.verdict.row).toBe('edge_suspected');
    expect(byOf(why, 'edge_failing')).toBe("others' hosts at the vendor work");
    expect(why.settle).toEqual([]);
  });

  it('does not take a line in doubt for an excuse of the vendor', () => {
    const why = whyWith({ service: 0, edge_answer: 0, ...EDGE_PROVEN, edge_guard_uplink: 0 });
    expect(byOf(why, 'edge_failing')).toBeUndefined();
    expect(why.remaining.find(({ row }) => row === 'edge_failing')?.reasons).toEqual([
      'against it: the line itself was in doubt',
    ]);
  });

  it('asks for the gateway when nobody can tell the LAN from the ISP', () => {
    const why = whyWith({ service: 0, uplink: 0, gateway: -1 });
    expect(why.verdict.row).toBe('uplink_down_unplaced');
    expect(standingOf(why, 'lan_down')).toBe('open');
    expect(standingOf(why, 'uplink_down')).toBe('open');
    expect(why.settle).toEqual(['an answer of the gateway (`gateway:` in the map)']);
  });

  it('uses no evidence from behind a line that is cut', () => {
    const why = whyWith({ service: 0, uplink: 0, nameservers: 0, edge_connect: 0, tunnel_ready: 0, tunnel_edge: 0 });
    expect(why.verdict.row).toBe('uplink_down');
    expect(byOf(why, 'lan_down')).toBe('the gateway answers');
    expect(byOf(why, 'origin_refused')).toBe('the origin accepts connections');
    expect(byOf(why, 'tunnel_service_down')).toBeUndefined();
    expect(why.hidden).toEqual(
      expect.arrayContaining(['authoritative DNS down', 'edge failing', 'tunnel service broken']),
    );
    expect(why.hops.find(({ layer }) => layer === 'edge')?.state).toBe('masked');
  });

  it('names a fault of your own besides', () => {
    const why = whyWith({ service: 0, edge_answer: 0, ...EDGE_PROVEN, origin_connect: 0, origin_answer: -1 });
    expect(standingOf(why, 'origin_refused')).toBe('also');
  });

  it('waits while the witnesses are being asked', () => {
    const why = whyWith({ service: 0, settled: 0 });
    expect(why.verdict.row).toBe('confirming');
    expect(why.settle).toEqual(['Wait a few seconds.']);
  });

  it.each([
    ['no_result', { service: -1 }],
    ['data_missing', { service: -1, data: 0 }],
    ['prober_starved', { service: -1, prober: 0 }],
  ] as const)('explains nothing without a measurement: %s', (row, change) => {
    const why = whyWith(change);
    expect(why.verdict.row).toBe(row);
    expect(why).toMatchObject({ status: 'unknown', ruledOut: [], remaining: [] });
  });
});

describe('in any world', () => {
  const world = fc.record(
    Object.fromEntries(SIGNAL_NAMES.map((name) => [name, fc.constantFrom<State>(1, 0, -1)])) as Record<
      SignalName,
      fc.Arbitrary<State>
    >,
  );

  it('excludes only what does not hold, and calls nothing true that does not', () => {
    fc.assert(
      fc.property(world, (given) => {
        const why = whyWith({ ...given, service: 0 });
        const states = { ...given, service: 0 as const };
        const rowOf = (id: string): Row | undefined => (TABLE as readonly Row[]).find((row) => row.id === id);
        for (const id of why.ruledOut.flatMap(({ rows }) => rows)) {
          const row = rowOf(id);
          expect(id).not.toBe(why.verdict.row);
          expect(row !== undefined && holds(row, states)).toBe(false);
        }
        const holding = rowsHolding(states).map(({ id }) => id);
        for (const { row, standing } of why.remaining) expect(holding.includes(row)).toBe(standing !== 'open');
        const told = [...why.ruledOut.flatMap(({ rows }) => rows), ...why.remaining.map(({ row }) => row)];
        expect(new Set(told).size).toBe(told.length);
      }),
      { numRuns: 500 },
    );
  });

  it('has words for every signal', () => {
    for (const row of TABLE as readonly Row[]) {
      for (const state of [1, 0] as const) {
        const why = whyWith({ service: 0, ...Object.fromEntries(Object.keys(row.when).map((name) => [name, state])) });
        for (const { by } of why.ruledOut) expect(by).not.toMatch(/ is (OK|BAD)$/);
      }
    }
  });
});
