// The compiled rules about vendors say what decideVendor() says, and take from the verdicts about services what it takes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingRules } from '../../alerts/records.ts';
import { VENDOR_RECORDS, vendorRecordingRules } from '../../alerts/vendor-records.ts';
import { type MetricName, vendorSignalMetric } from '../../catalog/metrics.ts';
import type { State } from '../../catalog/signals.ts';
import { VENDOR_SIGNAL_NAMES } from '../../catalog/vendor-signals.ts';
import { areEqual, comparisonsOf } from '../../replay/agreement/comparison.ts';
import { type Series, type TestGroup, testRules } from '../../replay/agreement/promtool.ts';
import { SERVICE, seriesOf, typicalStates, VALUES } from '../../replay/agreement/states.ts';
import { isGuarded } from '../../verdict/conjuncts.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';
import { decideVendor } from '../../verdict/vendor-judge.ts';
import {
  type VendorCondition,
  type VendorRow,
  type VendorStates,
  vendorConjunctsOf,
} from '../../verdict/vendor-row.ts';
import { VENDOR_TABLE } from '../../verdict/vendor-table.ts';

const ROWS: readonly VendorRow[] = VENDOR_TABLE;
const CONDITIONS: readonly VendorCondition[] = [...VENDOR_SIGNAL_NAMES, 'uplink', 'convicted'];
const COMPONENT = 'vendor="acme",component="edge"';

/** Without the record of hits, so that hits can be given. */
const ALONE = vendorRecordingRules().filter(({ record }) =>
  ([VENDOR_RECORDS.components, VENDOR_RECORDS.code] as string[]).includes(record),
);

function metricOf(condition: VendorCondition): MetricName | string {
  if (condition === 'uplink') return 'demarc_signal_uplink';
  return condition === 'convicted' ? VENDOR_RECORDS.hit : vendorSignalMetric(condition);
}

/** Conviction is a series or none: its states are OK and nothing. */
const valuesOf = (condition: VendorCondition): readonly (State | undefined)[] =>
  condition === 'convicted' ? [1, undefined] : VALUES;

function vendorSeries(states: VendorStates, site: string): Series[] {
  const info = `demarc_vendor_info{site="${site}",${COMPONENT},vendor_title="Acme",component_title="edge",instance="x"}`;
  const told = (Object.entries(states) as [VendorCondition, State | undefined][]).flatMap(([condition, state]) => {
    const labels = condition === 'uplink' ? '' : `,${COMPONENT}${condition === 'convicted' ? ',service="web"' : ''}`;
    return state === undefined
      ? []
      : [{ series: `${metricOf(condition)}{site="${site}"${labels}}`, values: `${state}` }];
  });
  return [{ series: info, values: '1' }, ...told];
}

function groupsOf(name: string, scenarios: readonly VendorStates[]): TestGroup[] {
  const shown = (states: VendorStates, site: string): Series[] => {
    const expected = `expected{site="${site}",${COMPONENT}}`;
    return [...vendorSeries(states, site), { series: expected, values: `${decideVendor(states).code}` }];
  };
  return comparisonsOf(name, scenarios, shown, [[VENDOR_RECORDS.code, 'expected']], 'on (site, vendor, component)');
}

function everyCombination(row: VendorRow): VendorStates[] {
  return vendorConjunctsOf(row)
    .map(({ condition }) => condition)
    .reduce<VendorStates[]>(
      (known, condition) =>
        known.flatMap((states) =>
          valuesOf(condition).map((value) => ({ ...states, [condition]: value }) as VendorStates),
        ),
      [{}],
    );
}

const randomStates = fc.sample(
  fc
    .tuple(...CONDITIONS.map((condition) => fc.constantFrom(...valuesOf(condition))))
    .map((values) => Object.fromEntries(values.map((value, index) => [CONDITIONS[index], value])) as VendorStates),
  { numRuns: 4_000, seed: 20_261_121 },
);

describe('the compiled table about vendors', () => {
  const combinations = ROWS.reduce((sum, row) => sum + everyCombination(row).length, 0);

  it(`agrees on all ${combinations} combinations of what a row reads`, { timeout: 90_000 }, async () => {
    const run = await testRules(ROWS.map((row) => ({ rules: ALONE, groups: groupsOf(row.id, everyCombination(row)) })));
    expect(run.output).not.toContain('FAILED');
    expect(run.ok).toBe(true);
  });

  it('agrees on 4,000 random states of everything', { timeout: 90_000 }, async () => {
    const run = await testRules([{ rules: ALONE, groups: groupsOf('random', randomStates) }]);
    expect(run.output).not.toContain('FAILED');
    expect(run.ok).toBe(true);
  });

  it('would notice a wrong rule', { timeout: 90_000 }, async () => {
    const wrong = ALONE.map((rule) => ({
      ...rule,
      expr: rule.expr.replace('demarc_signal_vendor_guard_witness == 1', 'demarc_signal_vendor_guard_witness >= 0'),
    }));
    // The first that is guarded is the one whose rule was changed.
    const row = ROWS.find(({ party }) => party === 'vendor') ?? VENDOR_TABLE[0];
    const run = await testRules([{ rules: wrong, groups: groupsOf(row.id, everyCombination(row)) }]);
    expect(run.ok).toBe(false);
  });
});

describe('what a verdict about a service says of a vendor', () => {
  const DEPENDENCIES = ['dns', 'endpoint', 'edge', 'tunnel'] as const;
  const rows: readonly Row[] = TABLE;

  function siteOf(row: Row): Series[] {
    const site = row.id;
    const info = rows.map(({ id, code, party, cause, layer, confidence }) => ({
      series: `demarc_row_info{site="${site}",code="${code}",row="${id}",party="${party}",owner="${isGuarded({ ...row, party } as Row) ? 'vendor' : 'other'}",cause="${cause.replaceAll('"', '')}",layer="${layer ?? ''}",confidence="${confidence}"}`,
      values: '1',
    }));
    const dependencies = DEPENDENCIES.map((layer) => ({
      series: `demarc_dependency_info{site="${site}",service="${SERVICE}",layer="${layer}",vendor="acme",component="${layer}"}`,
      values: '1',
    }));
    return [...seriesOf(typicalStates(row), site), ...info, ...dependencies];
  }

  it('is recorded for rows that name one, and for no other', { timeout: 90_000 }, async () => {
    const named = rows.filter((row) => isGuarded(row) && DEPENDENCIES.some((layer) => layer === row.layer));
    expect(named.length).toBeGreaterThanOrEqual(4);
    const expected = ({ id, layer }: Row): Series => ({
      series: `expected{site="${id}",service="${SERVICE}",vendor="acme",component="${layer}"}`,
      values: '1',
    });
    // promtool takes 10,000 samples at once, and all rows together are more.
    const groups = [0, 1].map((share): TestGroup => {
      const shared = rows.filter((_, index) => index % 2 === share);
      return {
        name: `every row, share ${share}`,
        interval: '5s',
        input_series: [...shared.flatMap(siteOf), ...shared.filter((row) => named.includes(row)).map(expected)],
        promql_expr_test: areEqual([VENDOR_RECORDS.hit, 'expected'], 'on (site, service, vendor, component)'),
      };
    });
    const run = await testRules([{ rules: [...recordingRules(), ...vendorRecordingRules()], groups }]);
    expect(run.output).not.toContain('FAILED');
    expect(run.ok).toBe(true);
  });
});
