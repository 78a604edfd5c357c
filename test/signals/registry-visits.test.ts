// A registry is asked at once when a delegation looks wrong, and never in a burst, however many domains fail together.
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { nothingRead } from '../../exporters/dns/facts.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import type { Target } from '../../exporters/target.ts';
import type { DomainBinding } from '../../map/plan-types.ts';
import type { Wish } from '../../signals/engine.ts';
import { createRegistryVisits, type PastVisits, VISITS } from '../../signals/registry-visits.ts';

const GAP_MS = 60_000;
const HOUR_MS = 3_600_000;

const domains = Array.from({ length: 30 }, (_, index): DomainBinding => {
  const name = `shop-${index}.test`;
  return {
    name,
    registry: 'registry-test',
    registration: `registration/${name}`,
    parents: [`delegation/${name}@a`, `delegation/${name}@b`],
    servers: ['a', 'b'],
    expiresOn: null,
    declared: false,
    keys: [],
  };
});

const targets = domains.map(({ name }): Target => {
  const labels = { role: 'registration', service: '', vendor: '', component: '' };
  const pace = { intervalMs: 6 * HOUR_MS, gapMs: GAP_MS, timeoutMs: 4_000 };
  return { id: `registration/${name}`, kind: 'registration', settings: {}, ...pace, labels };
});

function gone(target: string): ObservationOf<'dns'> {
  const facts = { ...nothingRead('127.0.0.1:53'), rcode: 'NXDOMAIN', shape: 'nxdomain' as const };
  return {
    kind: 'dns',
    target,
    ok: false,
    reason: 'dns_nxdomain',
    phase: 'check',
    phases: {},
    startedAt: 0,
    durationMs: 5,
    facts,
  };
}

function unanswered(reason: Reason, retryAfterMs: number | null): ObservationOf<'registration'> {
  const nothing = { expiry: null, statuses: [], unknownStatuses: 0, nameServers: [], delegationSigned: null };
  return {
    kind: 'registration',
    target: 'registration/shop-0.test',
    ok: false,
    reason,
    phase: 'check',
    phases: {},
    startedAt: 0,
    durationMs: 5,
    facts: { address: null, httpStatus: null, ...nothing, retryAfterMs },
  };
}

function watched(pace = 1, past?: PastVisits) {
  let at = 0;
  const visits = createRegistryVisits({ domains, targets }, { pace }, () => at, past);
  return {
    visits,
    wait(ms: number) {
      at += ms;
    },
    /** When which registration is asked, after these domains' first parents were found gone. */
    fail: (which: readonly DomainBinding[] = domains, parent = 0) =>
      which.flatMap(({ parents }) =>
        visits.after(gone(parents[parent] ?? '')).map(({ ids, delayMs }) => ({ id: ids.join(), at: at + delayMs })),
      ),
  };
}

const one = domains.slice(0, 1);

describe('a registry', () => {
  it('is asked at once about the first domain that looks wrong, and once for both of its parents', () => {
    const { fail } = watched();
    expect(fail(one)).toEqual([{ id: 'registration/shop-0.test', at: 0 }]);
    expect(fail(one, 1)).toEqual([]);
  });

  it('is asked again about it after the gap', () => {
    const { fail, wait } = watched();
    fail(one);
    wait(GAP_MS - 1);
    expect(fail(one)).toEqual([]);
    wait(1);
    expect(fail(one)).toHaveLength(1);
  });

  it('gets no burst when all of its domains fail together', () => {
    const asked = watched().fail();
    expect(asked).toHaveLength(VISITS.perHour);
    const apart = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0));
    expect(apart.every((ms) => ms === VISITS.apartMs)).toBe(true);
  });

  it('gets no more in an hour, however long it lasts, and is asked again in the next', () => {
    const { fail, wait } = watched();
    const hour = Array.from({ length: 60 }, () => {
      const asked = fail();
      wait(GAP_MS);
      return asked.length;
    });
    expect(hour.reduce((sum, count) => sum + count)).toBe(VISITS.perHour);
    wait(GAP_MS);
    expect(fail(one)).toHaveLength(1);
  });

  it.each<[string, Reason, number | null, Wish[]]>([
    [
      'that asks for two minutes of rest gets them from everybody',
      'rdap_rate_limited',
      120_000,
      [
        { ids: domains.map(({ name }) => `registration/${name}`), delayMs: 120_000, rest: true },
        { ids: ['registration/shop-0.test'], delayMs: HOUR_MS },
      ],
    ],
    [
      'that had enough, and says not for how long, gets an hour',
      'rdap_rate_limited',
      null,
      [
        { ids: domains.map(({ name }) => `registration/${name}`), delayMs: HOUR_MS, rest: true },
        { ids: ['registration/shop-0.test'], delayMs: HOUR_MS },
      ],
    ],
    [
      'that is silent is asked again in an hour about this one',
      'timeout',
      null,
      [{ ids: ['registration/shop-0.test'], delayMs: HOUR_MS }],
    ],
  ])('%s', (_, reason, retryAfterMs, wished) => {
    expect(watched().visits.after(unanswered(reason, retryAfterMs))).toEqual(wished);
  });

  it('leaves the other registries to be asked when one has had enough', () => {
    const other = { ...one[0], name: 'shop.example', registry: 'registry-example', registration: 'registration/x' };
    const all = [...one, other] as DomainBinding[];
    const visits = createRegistryVisits({ domains: all, targets }, { pace: 1 }, () => 0);
    const [rest] = visits.after(unanswered('rdap_rate_limited', 1_000));
    expect(rest?.ids).toEqual(['registration/shop-0.test']);
  });

  it('is not asked more because the map was replaced', () => {
    const before = watched();
    before.fail();
    expect(watched(1, before.visits.handOver()).fail()).toEqual([]);
  });

  it('has its pace with the time of a lab that runs faster', () => {
    const asked = watched(10).fail();
    expect((asked[1]?.at ?? 0) - (asked[0]?.at ?? 0)).toBe(VISITS.apartMs / 10);
  });
});
