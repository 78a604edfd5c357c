// Alerts about what misleads or will fail, though no service fails by it yet. Each one: fires, does not fire, keeps firing over
// a lost scrape and a restart of the exporter, and ends some minutes after its trouble.
import { describe, it } from 'vitest';
import { forewarningGroup } from '../../alerts/forewarnings.ts';
import type { ExpressionTest, Series } from '../../replay/agreement/promtool.ts';
import { expectTimeline, firingExactly, series } from './timeline.ts';

type Labels = Record<string, string>;

const SITE = { site: 'home', job: 'demarc', instance: 'home:9815' };
const VENDOR = { ...SITE, vendor: 'acme' };
const PAGE = { ...VENDOR, role: 'status', component: '', target: 'status/acme', kind: 'status' };

/** Values of every series, in the order of `metrics`. */
type Values = readonly number[];

interface Case {
  alert: string;
  /** Labels of the alert besides its name. */
  labels: Labels;
  metrics: readonly (readonly [metric: string, labels: Labels])[];
  bad: Values;
  good: Values;
  /** Minutes it must last before it is told, and by when it is. */
  quietFor: number;
  toldBy: number;
  /** What looks like it and is not. */
  innocent: Readonly<Record<string, Values>>;
}

const DISAGREES = {
  alert: 'DemarcStatusPageDisagrees',
  labels: { site: 'home', vendor: 'acme', severity: 'info', owner: 'none' },
  metrics: [
    ['demarc_vendor_status', PAGE],
    ['demarc_vendor_component_state', { ...VENDOR, component: 'edge' }],
    ['demarc_signal_uplink', SITE],
  ],
  good: [0, 1, 1],
  quietFor: 9,
  toldBy: 12,
} as const;

const DISAGREES_ABOUT_A_PART = {
  ...DISAGREES,
  metrics: [
    ['demarc_vendor_status', PAGE],
    ['demarc_vendor_status', { ...PAGE, component: 'edge' }],
    ...DISAGREES.metrics.slice(1),
  ],
  good: [0, 0, 1, 1],
} as const;

const UPS = { ...SITE, target: 'power/rack', kind: 'power', role: 'power' };
const OF_UPS = { site: 'home', target: 'power/rack', owner: 'self' };
const ON_LINE = ['demarc_power_on_line', UPS] as const;
const LOW = ['demarc_power_battery_low', UPS] as const;

const CASES: readonly Case[] = [
  {
    alert: 'DemarcHostsLost',
    labels: { site: 'home', severity: 'critical', owner: 'self' },
    metrics: [['demarc_signal_fleet', SITE]],
    bad: [0],
    good: [1],
    quietFor: 0,
    toldBy: 1,
    innocent: { 'hosts nobody could ask': [-1] },
  },
  {
    alert: 'DemarcPowerOnBattery',
    labels: { ...OF_UPS, severity: 'warning' },
    metrics: [ON_LINE, LOW],
    bad: [0, 0],
    good: [1, 0],
    quietFor: 0,
    toldBy: 1,
    innocent: { 'a battery that charges again': [1, 1] },
  },
  {
    alert: 'DemarcBatteryLow',
    labels: { ...OF_UPS, severity: 'critical' },
    metrics: [ON_LINE, LOW],
    bad: [0, 1],
    good: [1, 0],
    quietFor: 0,
    toldBy: 1,
    innocent: { 'a battery that charges again': [1, 1] },
  },
  {
    alert: 'DemarcBatteryWorn',
    labels: { ...OF_UPS, severity: 'warning' },
    metrics: [['demarc_power_battery_replace', UPS]],
    bad: [1],
    good: [0],
    quietFor: 9,
    toldBy: 12,
    innocent: {},
  },
  {
    alert: 'DemarcClockWrong',
    labels: { site: 'home', severity: 'warning', owner: 'self' },
    metrics: [['demarc_signal_clock', SITE]],
    bad: [0],
    good: [1],
    quietFor: 0.5,
    toldBy: 2,
    innocent: { 'a time nobody could be asked for': [-1] },
  },
  {
    alert: 'DemarcDelegationChanged',
    labels: { site: 'home', service: 'blog', severity: 'critical', owner: 'self' },
    metrics: [['demarc_signal_delegation_expected', { ...SITE, service: 'blog' }]],
    bad: [0],
    good: [1],
    quietFor: 0,
    toldBy: 1,
    innocent: { 'a parent that does not answer': [-1] },
  },
  {
    ...DISAGREES,
    bad: [0, 0, 1],
    innocent: {
      'a page that admits it': [3, 0, 1],
      'a degraded service, which may or may not show': [2, 1, 1],
      'a line that is down': [0, 0, 0],
      'hosts of which nothing is known': [4, -1, 1],
    },
  },
  { ...DISAGREES, bad: [4, 1, 1], innocent: {} },
  {
    ...DISAGREES_ABOUT_A_PART,
    bad: [2, 0, 0, 1],
    innocent: { 'trouble of another part': [4, 0, 1, 1], 'a word that admits it': [0, 4, 0, 1] },
  },
  { ...DISAGREES_ABOUT_A_PART, bad: [0, 4, 1, 1], innocent: {} },
];

const PER_MINUTE = 12;

const held = (value: number, minutes: number): string => `${value}x${minutes * PER_MINUTE - 1}`;

/** What holds for how many minutes, one after the other; null is a gap, at whose start Prometheus marks an end. */
function over({ metrics }: Case, ...parts: (readonly [values: Values | null, minutes: number])[]): Series[] {
  return metrics.map(([metric, labels], index) => {
    const spans = parts.map(([values, minutes]) =>
      values === null ? `stale _x${minutes * PER_MINUTE - 1}` : held(values[index] ?? 0, minutes),
    );
    return series(metric, labels, spans.join(' '));
  });
}

const firing = (minute: number, { alert, labels }: Case): ExpressionTest =>
  firingExactly(`${minute * 60}s`, [{ alertname: alert, ...labels }]);

const quiet = (minute: number): ExpressionTest => firingExactly(`${minute * 60}s`, []);

const play = (input: Series[], tests: ExpressionTest[]): Promise<void> =>
  expectTimeline(forewarningGroup(), input, tests);

describe.each(CASES.map((one) => ({ name: `${one.alert} at ${one.bad.join()}`, one })))('$name', ({ one }) => {
  it('comes once it has lasted, and not before', async () => {
    const before = one.quietFor === 0 ? [] : [quiet(10 + one.quietFor)];
    await play(over(one, [one.good, 10], [one.bad, 20]), [quiet(9), ...before, firing(10 + one.toldBy, one)]);
  });

  it('goes some minutes after the end, and not at once', async () => {
    await play(over(one, [one.bad, 20], [one.good, 20]), [firing(19, one), firing(21, one), quiet(36)]);
  });

  it('keeps firing over a lost scrape and over a restart', async () => {
    await play(over(one, [one.bad, 20], [null, 1], [one.bad, 10]), [
      firing(19, one),
      firing(20.5, one),
      firing(30, one),
    ]);
  });

  it('ends when its series is gone for good', async () => {
    await play(over(one, [one.bad, 20], [null, 20]), [firing(19, one), quiet(39)]);
  });

  it.each(Object.entries(one.innocent))('does not come for %s', async (_, values) => {
    await play(over(one, [values, 30]), [quiet(5), quiet(15), quiet(29)]);
  });
});
