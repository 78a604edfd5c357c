// What a vendor runs on at another: told with the accusation where it fails too, and nowhere else.
import { describe, expect, it } from 'vitest';
import type { VendorSignalName } from '../../catalog/vendor-signals.ts';
import type { Plan } from '../../map/plan-types.ts';
import { guards } from '../../replay/mutation/case.ts';
import { foundationOf } from '../../signals/foundation.ts';
import type { GuardState } from '../../signals/guard.ts';
import type { VendorReading } from '../../signals/vendor-signals.ts';
import { withFoundations } from '../../verdict/foundation.ts';
import { verdictOf } from '../alerts/judged.ts';
import { VENDOR } from '../alerts/timeline.ts';

const BELOW = { vendor: 'cloud', component: 'database' };
const PLAN = {
  vendors: new Map([
    [
      'cloud',
      {
        title: 'Cloud',
        operators: [],
        components: { database: { title: 'Database', layer: 'endpoint' } },
        statusPage: null,
      },
    ],
  ]),
} as unknown as Plan;

const FAILING = { controls: 0, any_control: 0, path: 1, guard_uplink: 1, guard_others: 1, guard_witness: 1 } as const;

type States = Partial<Record<VendorSignalName, 1 | 0 | -1>>;

const signals = (states: States): ReadonlyMap<VendorSignalName, GuardState> =>
  new Map(Object.entries(states).map(([name, state]) => [name as VendorSignalName, { state, evidence: '' }]));

const foundation = (states: States): GuardState => foundationOf(BELOW, signals(states), PLAN);

describe('what a vendor runs on', () => {
  it('fails when all of its controls do, on every proof there is', () => {
    expect(foundation(FAILING)).toEqual({ state: 0, evidence: 'Database at Cloud, which it runs on, fails too' });
  });

  it.each(['any_control', 'path', 'guard_uplink', 'guard_others', 'guard_witness'] as const)(
    'is not said to fail without %s',
    (name) => {
      expect(foundation({ ...FAILING, [name]: -1 }).state).toBe(-1);
    },
  );

  it('works when its controls do', () => {
    expect(foundation({ ...FAILING, controls: 1, any_control: 1 }).state).toBe(1);
  });
});

describe('a verdict', () => {
  const edge = { service: 0, uplink: 1, edge_connect: 0, elsewhere_heard: 1, ...guards('edge') } as const;
  const reading = (state: 1 | 0 | -1): VendorReading => ({
    vendor: VENDOR,
    component: 'edge-part',
    signals: new Map([['foundation', { state, evidence: 'Database at Cloud, which it runs on, fails too' }]]),
    since: null,
  });
  const told = (state: 1 | 0 | -1): string | undefined =>
    withFoundations([verdictOf(edge)], () => [reading(state)])[0]?.because;

  it('that accuses a vendor tells what it runs on, where that fails too', () => {
    expect(told(0)).toBe(`${verdictOf(edge).because} Database at Cloud, which it runs on, fails too.`);
    expect(told(1)).toBe(verdictOf(edge).because);
    expect(told(-1)).toBe(verdictOf(edge).because);
  });

  it('that accuses nobody else asks for nothing', () => {
    const own = verdictOf({ service: 0, host: 0 });
    const asked = (): never => {
      throw new Error('nobody was accused');
    };
    expect(withFoundations([own], asked)).toEqual([own]);
  });
});
