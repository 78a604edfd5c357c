// The parts of a plain stack: promtool and amtool accept them within a configuration of somebody's own.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { RECORDS } from '../../alerts/records.ts';
import { siteAlerts } from '../../alerts/rules.ts';
import { projectFile } from '../../catalog/root.ts';
import { UserError } from '../../map/user-error.ts';
import { PARTS } from '../../parts/registry.ts';
import { runTool } from '../../replay/agreement/promtool.ts';
import { setting } from './setting.ts';

it('Prometheus takes the rule file and the discovery file', async () => {
  const files = Object.fromEntries([...PARTS.rules.files(setting()), ...PARTS['file-sd'].files(setting())]);
  const config = {
    rule_files: ['demarc.rules.yml'],
    scrape_configs: [{ job_name: 'demarc', file_sd_configs: [{ files: ['demarc.targets.json'] }] }],
  };
  const { ok, output } = await runTool('promtool', ['check', 'config', 'prometheus.yml'], {
    ...files,
    'prometheus.yml': stringify(config),
  });
  expect(ok, output).toBe(true);
  expect(output).toContain('1 rule files found');
  expect(JSON.parse(files['demarc.targets.json'] ?? '')).toEqual([{ targets: ['nas.lan:9900'] }]);
});

it('the discovery file names the machine itself where the map listens on all addresses', () => {
  const [text] = PARTS['file-sd'].files(setting({ target: null })).values();
  expect(JSON.parse(text ?? '')).toEqual([{ targets: ['127.0.0.1:9900'] }]);
});

it('Prometheus accepts the groups of the PrometheusRule', async () => {
  const [text] = PARTS['prometheus-rule'].files(setting()).values();
  const { groups } = parse(text ?? '').spec;
  const { ok, output } = await runTool('promtool', ['check', 'rules', 'rules.yml'], {
    'rules.yml': stringify({ groups }),
  });
  expect(ok, output).toBe(true);
});

it("Alertmanager takes the fragment into somebody's own configuration, and then tells whom the map names", async () => {
  const files = Object.fromEntries(PARTS['alertmanager-fragment'].files(setting()));
  const fragment = parse(files['alertmanager.fragment.yml'] ?? '');
  const config = stringify({
    templates: fragment.templates,
    route: { receiver: 'pager', routes: fragment.route.routes },
    receivers: [{ name: 'pager' }, ...fragment.receivers],
    inhibit_rules: fragment.inhibit_rules,
  });
  const { ok, output } = await runTool('amtool', ['check-config', 'alertmanager.yml'], {
    'alertmanager.yml': config,
    'demarc.tmpl': files['demarc.tmpl'] ?? '',
  });
  expect(ok, output).toBe(true);
  expect(config).toContain('/etc/demarc/alerts/token');
  expect(config).toContain('http://nas.lan:9900/api/v1/alerts');
});

it('the fragment without a map is the committed one but for the address', () => {
  const files = PARTS['alertmanager-fragment'].files(setting({ source: null, target: null }));
  const committed = parse(readFileSync(projectFile('alerts/alertmanager.fragment.yml'), 'utf8'));
  expect(parse(files.get('alertmanager.fragment.yml') ?? '')).toEqual(committed);
  expect(files.get('demarc.tmpl')).toBe(readFileSync(projectFile('alerts/demarc.tmpl'), 'utf8'));
});

it('a whole configuration needs to know whom to tell', () => {
  expect(() => PARTS.alertmanager.files(setting({ source: null }))).toThrow(UserError);
});

it("Grafana's rules are the alerts, one for one, with expressions Prometheus accepts", async () => {
  const [text] = PARTS['grafana-alerts'].files(setting()).values();
  const { apiVersion, groups } = parse(text ?? '');
  expect(apiVersion).toBe(1);
  expect(groups).toHaveLength(1);
  const { rules } = groups[0];
  const unique = (key: string) => new Set(rules.map((rule: Record<string, string>) => rule[key])).size;
  expect([unique('uid'), unique('title')]).toEqual([siteAlerts().length, siteAlerts().length]);
  const expressions = rules.map(({ data }: { data: { model: { expr: string } }[] }) => data[0]?.model.expr);
  expect(expressions).toEqual(siteAlerts().map(({ expr }) => expr));
  const group = { name: 'grafana', rules: expressions.map((expr: string) => ({ alert: 'One', expr, labels: {} })) };
  const named = group.rules.map((rule: object, index: number) => ({ ...rule, alert: `One${index}` }));
  const { ok, output } = await runTool('promtool', ['check', 'rules', 'rules.yml'], {
    'rules.yml': stringify({ groups: [{ ...group, rules: named }] }),
  });
  expect(ok, output).toBe(true);
});

it("Grafana's rules use nothing that only Prometheus has in a message, and the data source of the stack", () => {
  const [text] = PARTS['grafana-alerts'].files(setting()).values();
  const { rules } = parse(text ?? '').groups[0];
  const provisioned = parse(
    readFileSync(projectFile('compose/grafana/provisioning/datasources/prometheus.yml'), 'utf8'),
  );
  for (const { uid, data, condition, annotations } of rules) {
    expect(uid).toMatch(/^[a-z0-9-]{1,40}$/);
    expect(data.map(({ refId }: { refId: string }) => refId)).toContain(condition);
    expect(data[0].datasourceUid).toBe(provisioned.datasources[0].uid);
    expect(annotations.summary.length).toBeGreaterThan(0);
    expect(Object.values(annotations).join()).not.toMatch(/\bquery\b|\$value|\$externalLabels/);
    // Labels that a description speaks of come with the records.
    if ('description' in annotations && annotations.description.includes('$labels.cause'))
      expect(data[0].model.expr).toContain(RECORDS.lasting.split(':')[0]);
  }
});
