// The rules of grafana/dashboard-linter, by their names. Not applied, since our records have no job and no instance:
// template-job-rule, template-instance-rule, target-job-rule, target-instance-rule. No Loki, so no LogQL rules.
import { describe, expect, it } from 'vitest';
import type { Panel } from '../../dashboards/preview-model.ts';
import { expressionsOf, generated, nodesOf } from './reading.ts';

const DATASOURCE = { type: 'prometheus', uid: '$' + '{datasource}' };

const of = (panels: readonly Panel[], ...types: string[]): Panel[] => panels.filter(({ type }) => types.includes(type));

describe.each(generated('json'))('$file', ({ dashboard }) => {
  const { panels, templating } = dashboard;
  const queried = panels.filter(({ type }) => type !== 'row' && type !== 'text');

  it('template-datasource-rule', () => {
    const [first] = templating.list;
    expect(first).toMatchObject({ type: 'datasource', name: 'datasource', label: 'Data source', query: 'prometheus' });
  });

  it('template-label-promql-rule', () => {
    for (const { query } of templating.list.filter(({ type }) => type === 'query')) {
      expect(query).toMatchObject({ qryType: 1, query: expect.stringMatching(/^label_values\([^()]+, [a-z_]+\)$/) });
    }
  });

  it('template-on-time-change-reload-rule', () => {
    for (const { refresh } of templating.list.filter(({ type }) => type === 'query')) expect(refresh).toBe(2);
  });

  it('panel-datasource-rule', () => {
    for (const { title, datasource, targets } of queried) {
      expect(datasource, title).toEqual(DATASOURCE);
      for (const target of targets) expect(target.datasource, title).toEqual(DATASOURCE);
    }
  });

  it('panel-title-description-rule', () => {
    for (const { title, description } of queried) {
      expect(title).not.toBe('');
      expect(description, title).toMatch(/\.$/);
    }
  });

  it('panel-units-rule', () => {
    for (const { title, fieldConfig } of of(panels, 'stat', 'timeseries', 'bargauge', 'table')) {
      const { unit, mappings } = fieldConfig?.defaults ?? {};
      expect(unit ?? mappings, title).toBeDefined();
    }
  });

  it('panel-no-targets-rule', () => {
    for (const { title, targets } of queried) expect(targets, title).not.toHaveLength(0);
  });

  it('target-promql-rule', () => {
    for (const { place, expr } of expressionsOf(dashboard)) {
      expect(expr, place).not.toBe('');
      expect(
        nodesOf(expr).some(({ broken }) => broken),
        place,
      ).toBe(false);
    }
  });

  it('target-rate-interval-rule', () => {
    // A total over the time shown is a number of now, for which the linter has no rule of its own.
    for (const { place, expr, instant } of expressionsOf(dashboard)) {
      for (const [, range] of expr.matchAll(/\b(?:rate|irate|increase)\([^[]*\[([^\]]*)\]/g))
        expect(range, place).toBe(instant ? '$__range' : '$__rate_interval');
    }
  });

  it('target-counter-agg-rule', () => {
    for (const { place, expr } of expressionsOf(dashboard)) {
      for (const { text, parents } of nodesOf(expr).filter(({ name }) => name === 'VectorSelector')) {
        if (/^\w+_total\b/.test(text)) expect(parents, place).toContain('FunctionCall');
      }
    }
  });

  it('uneditable-dashboard', () => {
    expect(dashboard.editable).toBe(false);
  });
});
