// What a scenario expects people to be told follows from its verdicts, and every way of telling otherwise is found.
import { describe, expect, it } from 'vitest';
import { builtInScenarios, type Scenario } from '../../lab/scenario.ts';
import type { Notified } from '../../replay/inbox.ts';
import { expectedCauses, toldIn } from '../../replay/notifications.ts';

function scenarioNamed(id: string): Scenario {
  const found = builtInScenarios().find((scenario) => scenario.id === id);
  if (found === undefined) throw new Error(`no scenario ${id}`);
  return found;
}

const TWO = scenarioNamed('two-vendors-and-you');

function message(receiver: string, changes: Partial<Notified> = {}): Notified {
  const labels =
    receiver === 'vendor'
      ? { vendor: 'fastly', service: 'shop', row: 'edge_failing' }
      : { service: 'blog', row: 'origin_refused' };
  const told = { at: 30_000, startedAt: 25_000, receiver, group: receiver, status: 'firing' as const };
  return { ...told, labels, annotations: {}, ...changes };
}

const ALL = [
  message('vendor', { at: 20_000 }),
  message('own'),
  message('vendor', { status: 'resolved', at: 90_000 }),
  message('own', { status: 'resolved', at: 95_000 }),
];

describe('expected causes', () => {
  it.each([
    ['two-vendors-and-you', ['own', 'vendor fastly']],
    ['own-uplink-down', ['isp', 'over']],
    ['router-dead', ['over', 'own']],
    ['uplink-lossy', []],
    ['resolver-block-list', []],
  ])('of %s are %j', (id, causes) => {
    expect(expectedCauses(scenarioNamed(id))).toEqual(causes);
  });

  it('are the guilty of every scenario that demands an alert', () => {
    for (const scenario of builtInScenarios().filter(({ alert }) => alert !== null))
      expect(expectedCauses(scenario), scenario.id).not.toEqual([]);
  });
});

describe('what was told', () => {
  const exact = { missing: [], extra: [], unended: [], repeated: [], recurred: [] };

  it('is exact when every cause came once and ended', () => {
    expect(toldIn(TWO, ALL)).toEqual({ ...exact, expected: ['own', 'vendor fastly'], delaysMs: [22_000, 12_000] });
  });

  it.each([
    ['a cause nobody was told of', ALL.slice(1, 2), { missing: ['vendor fastly'], unended: ['own'] }],
    ['a vendor nobody accused', [...ALL, message('isp')], { extra: ['30 s: undefined blog origin_refused'] }],
    ['an end that was not told', ALL.slice(0, 3), { unended: ['own'] }],
    [
      'one cause in two messages',
      [...ALL, message('own', { group: 'other', status: 'firing' })],
      { repeated: ['own'] },
    ],
  ])('finds %s', (_, alerts, wrong) => {
    expect(toldIn(TWO, alerts)).toMatchObject(wrong);
  });

  it('takes a message for the whole truth about its group', () => {
    const incident = { labels: { vendor: 'fastly', row: 'vendor_failing' } };
    const before = message('vendor', { at: 15_000, ...incident });
    expect(toldIn(TWO, [before, ...ALL]).unended).toEqual([]);
    const together = message('vendor', { at: 90_000, ...incident });
    expect(toldIn(TWO, [before, ...ALL, together]).unended).toEqual(['vendor fastly']);
    expect(toldIn(TWO, [...ALL.slice(0, 3), together, ...ALL.slice(3)]).unended).toEqual(['vendor fastly']);
  });

  it('leaves out what programs are told', () => {
    const programs = [message('heartbeat'), message('failover')];
    expect(toldIn(TWO, [...ALL, ...programs])).toMatchObject(exact);
  });
});
