// The rules as text: names, labels and annotations as the linters pint and mixtool want them,
// and the guard in every guarded row.
import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { OFFLINE_ROWS } from '../../alerts/alerts.ts';
import { renderArtifacts } from '../../alerts/generate.ts';
import { rowExpression } from '../../alerts/promql.ts';
import { RECORDS, recordingRules, verdictRules } from '../../alerts/records.ts';
import { allAlerts, ruleGroup, ruleGroups } from '../../alerts/rules.ts';
import { vantageGroup } from '../../alerts/vantages.ts';
import { METRICS } from '../../catalog/metrics.ts';
import { OWNER_OF_PARTY } from '../../catalog/parties.ts';
import { projectFile } from '../../catalog/root.ts';
import { GUARDS } from '../../catalog/signals.ts';
import { isGuarded } from '../../verdict/conjuncts.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';

const groups = [...ruleGroups(), vantageGroup()];
const everyRule = groups.flatMap(({ rules }) => rules);
const records = everyRule.filter((rule) => 'record' in rule);
const rows: readonly Row[] = TABLE;
const alerts = allAlerts();
const code = verdictRules()
  .filter(({ record }) => record === RECORDS.early || record === RECORDS.code)
  .map(({ expr }) => expr)
  .join('\nor on (site, service)\n');

/** What the compiled table says under the name of a row. */
function compiled(row: Row): string {
  return code.split('\nor on (site, service)\n').find((part) => part.startsWith(`# ${row.id}\n`)) ?? '';
}

/** The text of every node of this kind in an expression. */
function nodes(expr: string, kind: string): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.name === kind) found.push(expr.slice(node.from, node.to));
    },
  });
  return found;
}

/** Names of the nodes at which the parser found something else than PromQL. */
function syntaxErrors(expr: string): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) found.push(expr.slice(node.from - 20, node.to + 20));
    },
  });
  return found;
}

describe('the compiled table', () => {
  it.each(rows)('has $id under its name, once and unchanged', (row) => {
    const starts = { all: RECORDS.services, failing: RECORDS.failing };
    expect(compiled(row)).toBe(`# ${row.id}\n${rowExpression(row, starts)}`);
    expect(code.split(`# ${row.id}\n`)).toHaveLength(2);
  });

  it.each(rows.filter(isGuarded))('demands the whole guard for $id', (row) => {
    for (const guard of GUARDS) {
      const filter = `and on (site, service) (demarc_signal_${row.layer}_guard_${guard} == 1)`;
      expect(compiled(row)).toContain(filter);
    }
  });

  it('keeps the order of the table', () => {
    expect([...code.matchAll(/^# (\w+)$/gm)].map((match) => match[1])).toEqual(rows.map(({ id }) => id));
  });
});

describe('the rule groups', () => {
  it.each(groups)('$name stays within the limits of a bundle', ({ name, rules }) => {
    expect(name.length).toBeLessThanOrEqual(40);
    expect(rules.length).toBeLessThanOrEqual(name === 'demarc' ? 21 : 20);
  });

  it('judges every five seconds', () => {
    expect(ruleGroup().interval).toBe('5s');
  });

  it.each(everyRule)('is PromQL: $record$alert', ({ expr }) => {
    expect(syntaxErrors(expr)).toEqual([]);
  });

  it('reads only metrics that exist, and records only after they were made', () => {
    const foreign = [
      'up',
      'prometheus_rule_evaluation_failures_total',
      'prometheus_rule_group_iterations_missed_total',
      'prometheus_rule_group_last_duration_seconds',
      'prometheus_rule_group_interval_seconds',
    ];
    const known = new Set<string>([...METRICS.keys(), ...foreign]);
    for (const rule of everyRule) {
      for (const selector of nodes(rule.expr, 'VectorSelector')) {
        const name = selector.replace(/\{.*$/s, '');
        expect(known, `${name} in ${rule.expr}`).toContain(name);
      }
      if ('record' in rule) known.add(rule.record);
    }
  });

  it('joins with every label the info metrics have, and no other', () => {
    const info = recordingRules().find(({ record }) => record === RECORDS.info)?.expr ?? '';
    const joined = /max by \(site, (.*)\) \(demarc_row_info\)/.exec(info)?.[1]?.split(', ');
    expect(joined?.sort()).toEqual([...(METRICS.get('demarc_row_info')?.labels ?? [])].sort());
  });

  it.each(records)('names records level:metric:operation: $record', ({ record }) => {
    expect(record).toMatch(/^[a-z_]+:[a-z_]+:[a-z]+$/);
  });

  it('writes no regular expression where a word would do, nor anchors', () => {
    for (const { expr } of everyRule) {
      for (const matcher of expr.matchAll(/[=!]~"([^"]*)"/g)) {
        expect(matcher[1]).toMatch(/[|.*+?]/);
        expect(matcher[1]).not.toMatch(/^\^|\$$/);
      }
    }
  });
});

describe.each(alerts)('alert $alert', ({ alert, expr, labels, annotations }) => {
  it('has a name in camel case of at most 40 letters', () => {
    expect(alert).toMatch(/^(Demarc[A-Z][A-Za-z]+|Watchdog)$/);
    expect(alert.length).toBeLessThanOrEqual(40);
  });

  it('says how bad it is and whose, from closed lists, without templates', () => {
    expect(alert === 'Watchdog' ? ['none'] : ['critical', 'warning', 'info']).toContain(labels.severity);
    // The one alert about several owners has the label of its row.
    const owners: (string | undefined)[] = Object.values(OWNER_OF_PARTY);
    expect([...owners, ...(alert === 'DemarcOutageOver' ? [undefined] : [])]).toContain(labels.owner);
    expect(Object.values(labels).join()).not.toContain('{{');
  });

  it('compares, or asks for absence', () => {
    expect(expr).toMatch(/ (>|==|!=|<) |absent\(|^vector\(1\)$/);
  });

  it('has a summary that is the same for all, and a description that is not', () => {
    expect(annotations.summary).toMatch(/^[A-Z][^{}]*\.$/);
    expect(annotations.description).toContain('{{');
    expect(annotations.runbook_url).toMatch(
      /^http:\/\/127\.0\.0\.1:9815\/runbooks\/([a-z_]+|\{\{ \$labels\.row \}\})$/,
    );
  });
});

describe('alerts', () => {
  it('of one name differ in their labels, as Prometheus wants it', () => {
    const identities = alerts.map(({ alert, labels }) => JSON.stringify([alert, labels]));
    expect(new Set(identities).size).toBe(identities.length);
  });

  it('write no label that contradicts the row', () => {
    for (const { expr, labels } of alerts.filter(
      ({ expr, labels }) => labels.layer !== undefined && /row=~?"/.test(expr),
    )) {
      const ids = /row=~?"([^"]+)"/.exec(expr)?.[1]?.split('|') ?? [];
      const layers = rows.filter(({ id }) => ids.includes(id)).map(({ layer }) => layer);
      expect(new Set(layers)).toEqual(new Set([labels.layer]));
    }
  });

  it('know which rows say that the line is down', () => {
    expect(OFFLINE_ROWS).toEqual(['power_cut', 'lan_down', 'uplink_down', 'uplink_down_unplaced']);
  });
});

describe('committed files', () => {
  it.each([...renderArtifacts()])('%s is what the sources say: else run `npm run generate`', (file, text) => {
    expect(readFileSync(projectFile(file), 'utf8')).toBe(text);
  });
});
