// What `demarc doctor` says of Prometheus, Alertmanager and Grafana, and how it prints it. Each is a fake that can be broken
// in one way; the real ones are asked in doctor.prometheus.e2e.ts.
import { describe, expect, it } from 'vitest';
import { alertmanagerConfig } from '../../alerts/alertmanager.ts';
import { toYaml } from '../../alerts/generate.ts';
import type { Rule } from '../../alerts/rule.ts';
import { ruleGroup, ruleGroups } from '../../alerts/rules.ts';
import { AREAS, type Finding, findingsIn } from '../../cli/doctor-finding.ts';
import { findingLines, summaryOf } from '../../cli/doctor-text.ts';
import { readExposition } from '../../cli/exposition.ts';
import { version } from '../../cli/version.ts';
import { diagnose, folder, mapFile, NOBODY, program, type Reply, said } from './doctor-bench.ts';
import { runDemarc } from './run-demarc.ts';

const vector = (value: number): object => ({ data: { result: [{ metric: {}, value: [0, String(value)] }] } });
const NO_DATA = { data: { result: [] } };

const loaded = (rules: readonly Rule[]): Record<string, unknown>[] =>
  rules.map((rule) => ({
    name: 'record' in rule ? rule.record : rule.alert,
    query: rule.expr.replace(/^\s*#.*$/gm, '').replace(/\s+/g, ' '),
    health: 'ok',
    ...('record' in rule ? {} : { labels: rule.labels, state: rule.alert === 'Watchdog' ? 'firing' : 'inactive' }),
  }));

const loadedRules = (): Record<string, unknown>[] => loaded(ruleGroup().rules);

/** What is loaded besides the group that judges. */
const others = (): object[] =>
  ruleGroups()
    .filter(({ name }) => name !== 'demarc')
    .map(({ name, rules }) => ({ name, interval: 60, rules: loaded(rules) }));

const groups = (rules: unknown[], interval = 5): object => ({
  data: { groups: [{ name: 'demarc', interval, rules }, ...others()] },
});

const target = (more: object = {}): object => ({
  data: {
    activeTargets: [
      {
        labels: { job: 'demarc' },
        scrapeUrl: 'http://127.0.0.1:9815/metrics',
        health: 'up',
        lastError: '',
        scrapeInterval: '5s',
        ...more,
      },
    ],
  },
});

function prometheus(more: Readonly<Record<string, Reply>> = {}): Promise<string> {
  return program({
    '/api/v1/status/buildinfo': { data: { version: '3.5.3' } },
    '/api/v1/alertmanagers': { data: { activeAlertmanagers: [{ url: 'http://127.0.0.1:9093/api/v2/alerts' }] } },
    '/api/v1/targets': target(),
    '/api/v1/rules': groups(loadedRules()),
    '/api/v1/query': vector(Date.now() / 1000),
    ...more,
  });
}

const outcomes = (findings: readonly Finding[], area: string): string[] =>
  findings.filter((finding) => finding.area === area).map(({ check, outcome }) => `${check} ${outcome}`);

describe('Prometheus', () => {
  it('is fine', async () => {
    expect(outcomes(await diagnose({ prometheus: await prometheus() }), 'prometheus')).toEqual([
      'reachable ok',
      'clock ok',
      'target ok',
      'rules ok',
      'interval ok',
      'heartbeat ok',
      'receiver ok',
    ]);
  });

  it.each<[string, string, Readonly<Record<string, Reply>>, RegExp]>([
    [
      'scrapes nothing',
      'target',
      { '/api/v1/targets': { data: { activeTargets: [] } } },
      /^problem: it does not scrape demarc -> add a job/,
    ],
    [
      'cannot scrape',
      'target',
      { '/api/v1/targets': target({ health: 'down', lastError: 'connection refused' }) },
      /^problem: http:\/\/127\.0\.0\.1:9815\/metrics is down: connection refused/,
    ],
    [
      'scrapes seldom',
      'target',
      { '/api/v1/targets': target({ scrapeInterval: '1m' }) },
      /^warning: demarc is scraped every 1m only/,
    ],
    [
      'has no rules',
      'rules',
      { '/api/v1/rules': { data: { groups: [] } } },
      /^problem: no rule group demarc is loaded/,
    ],
    [
      'has the rules twice',
      'rules',
      {
        '/api/v1/rules': {
          data: { groups: [...[0, 1].map(() => ({ name: 'demarc', interval: 5, rules: loadedRules() })), ...others()] },
        },
      },
      /^problem: the rule group demarc is loaded 2 times/,
    ],
    [
      'lacks a group',
      'rules',
      { '/api/v1/rules': { data: { groups: [{ name: 'demarc', interval: 5, rules: loadedRules() }] } } },
      /^problem: no rule group demarc_\w+ is loaded: a part of what demarc tells is missing/,
    ],
    [
      'fails to evaluate',
      'rules',
      {
        '/api/v1/rules': groups(
          loadedRules().map((rule, index) =>
            index === 2 ? { ...rule, health: 'err', lastError: 'many-to-many' } : rule,
          ),
        ),
      },
      /^problem: site_service:demarc_verdict_early:code fails: many-to-many/,
    ],
    [
      'has rules of another version',
      'rules',
      {
        '/api/v1/rules': groups(
          loadedRules().map((rule, index) => (index === 2 ? { ...rule, query: 'vector(1)' } : rule)),
        ),
      },
      /^problem: the rule groups are not those of this version: site_service:demarc_verdict_early:code -> load alerts/,
    ],
    [
      'lacks a rule',
      'rules',
      { '/api/v1/rules': groups(loadedRules().slice(0, -1)) },
      /^problem: .* not those of this version: [A-Z]\w+ -> /,
    ],
    [
      'has a rule too many',
      'rules',
      { '/api/v1/rules': groups([...loadedRules(), ...loadedRules().slice(0, 1)]) },
      /: \d+ rules in demarc instead of \d+/,
    ],
    [
      'judges seldom',
      'interval',
      { '/api/v1/rules': groups(loadedRules(), 60) },
      /^warning: the rules are evaluated every 60 s, not 5 s/,
    ],
    [
      'has no heartbeat',
      'heartbeat',
      { '/api/v1/rules': groups(loadedRules().map((rule) => ({ ...rule, state: 'inactive' }))) },
      /^problem: the alert Watchdog does not fire/,
    ],
    [
      'tells nobody',
      'receiver',
      { '/api/v1/alertmanagers': { data: { activeAlertmanagers: [] } } },
      /^problem: it sends alerts to nobody/,
    ],
    [
      'lives in another time',
      'clock',
      { '/api/v1/query': vector(Date.now() / 1000 - 600) },
      /^warning: its clock and ours are 60\d s apart/,
    ],
    [
      'refuses to tell its rules',
      'rules',
      { '/api/v1/rules': 403 },
      /^skipped: it does not tell its rules: answers 403/,
    ],
  ])('that %s is told so', async (_, check, broken, expected) => {
    const findings = await diagnose({ prometheus: await prometheus(broken) });
    expect(said(findings, 'prometheus', check)[0]).toMatch(expected);
  });

  it('is asked for its data of a running demarc', async () => {
    const from = await program({
      '/api/v1/verdicts': { verdicts: [{ site: 'home', service: 'uplink' }] },
      '/metrics': `demarc_build_info{version="${version()}",site="home"} 1\n`,
      '/-/ready': 'ready',
    });
    const old = await diagnose({ from, prometheus: await prometheus({ '/api/v1/query': vector(90) }) });
    expect(said(old, 'prometheus', 'data')[0]).toBe(
      'problem: its newest data of site home is 90 s old -> see that its target is up',
    );
    expect(said(old, 'prometheus', 'agreement')[0]).toMatch(/^problem: demarc and Prometheus differ about 90 services/);
    const none = await diagnose({ from, prometheus: await prometheus({ '/api/v1/query': NO_DATA }) });
    expect(said(none, 'prometheus', 'data')[0]).toMatch(/^problem: it has no data of site home/);
    expect(said(none, 'prometheus', 'agreement')[0]).toMatch(/^skipped/);
  });

  it('that is named and not there is a problem, and can be left out', async () => {
    expect(said(await diagnose({ prometheus: NOBODY }), 'prometheus', 'reachable')[0]).toMatch(
      /^problem: http:\/\/127\.0\.0\.1:2 gives no answer \(ECONNREFUSED\) -> start it/,
    );
    expect(said(await diagnose({}), 'prometheus', 'reachable')).toEqual(['skipped: left out']);
  });
});

const status = (config: string): object => ({ versionInfo: { version: '0.33.1' }, config: { original: config } });

/** As Alertmanager shows it: with its secrets hidden. */
const ourConfig = (): string => toYaml(alertmanagerConfig()).replace(/url: http\S+/g, 'url: <secret>');

function alertmanager(more: Readonly<Record<string, Reply>> = {}): Promise<string> {
  return program({
    '/api/v2/status': status(ourConfig()),
    '/api/v2/alerts': [{ labels: { alertname: 'Watchdog' } }],
    ...more,
  });
}

describe('Alertmanager', () => {
  it('is fine, but for a heartbeat that nobody outside hears', async () => {
    const findings = await diagnose({ map: mapFile('version: 1\n'), alertmanager: await alertmanager() });
    expect(outcomes(findings, 'alertmanager')).toEqual([
      'reachable ok',
      'arrival ok',
      'routes ok',
      'heartbeat warning',
    ]);
    expect(said(findings, 'alertmanager', 'heartbeat')[0]).toMatch(
      /^warning: Watchdog goes to heartbeat, and the map names nobody outside/,
    );
  });

  it('is fine when the map names who listens outside', async () => {
    const map = mapFile('version: 1\nnotify: { heartbeat: { url: https://heartbeat.example/ping } }\n');
    const findings = await diagnose({ map, alertmanager: await alertmanager() });
    expect(said(findings, 'alertmanager', 'heartbeat')).toEqual([
      'ok: Watchdog goes to heartbeat, and the map names who listens outside',
    ]);
  });

  it.each<[string, string, Readonly<Record<string, Reply>>, RegExp]>([
    [
      'has just begun',
      'arrival',
      { '/api/v2/alerts': [], '/api/v2/status': { ...status(ourConfig()), uptime: new Date().toISOString() } },
      /^warning: the alert Watchdog has not arrived yet/,
    ],
    ['gets nothing', 'arrival', { '/api/v2/alerts': [] }, /^problem: the alert Watchdog does not arrive/],
    [
      'routes by nothing',
      'routes',
      { '/api/v2/status': status('route: { receiver: me }\n') },
      /^warning: no route is for alerts whose owner is self, isp, vendor, unknown/,
    ],
    [
      'has no heartbeat',
      'heartbeat',
      { '/api/v2/status': status('route: { receiver: me }\n') },
      /^warning: no route is for the alert Watchdog/,
    ],
    [
      'routes deep down',
      'routes',
      {
        '/api/v2/status': status(
          `route: { receiver: me, routes: [{ matchers: ['team="ops"'], routes: [{ matchers: ['owner=~"self|isp|vendor|unknown"'] }] }] }\n`,
        ),
      },
      /^ok/,
    ],
    ['hides its configuration', 'routes', { '/api/v2/status': status('') }, /^skipped/],
  ])('that %s is told so', async (_, check, broken, expected) => {
    const findings = await diagnose({ alertmanager: await alertmanager(broken) });
    expect(said(findings, 'alertmanager', check)[0]).toMatch(expected);
  });

  it('that Prometheus does not know is told so', async () => {
    const findings = await diagnose({ alertmanager: await alertmanager(), prometheus: await prometheus() });
    expect(said(findings, 'alertmanager', 'sender')[0]).toMatch(
      /^warning: Prometheus sends its alerts to 127\.0\.0\.1:9093, not here/,
    );
  });
});

function grafana(more: Readonly<Record<string, Reply>> = {}): Promise<string> {
  return program({
    '/api/health': { database: 'ok', version: '12.4.3' },
    '/api/frontend/settings': {
      datasources: { Prometheus: { type: 'prometheus', uid: 'abc' }, Loki: { type: 'loki', uid: 'x' } },
    },
    '/api/datasources/uid/abc/health': { status: 'OK', message: 'Successfully queried the Prometheus API.' },
    '/api/search': [{ title: 'Is it me or them?' }, { title: 'Vendor' }],
    ...more,
  });
}

describe('Grafana', () => {
  it('is fine', async () => {
    const findings = await diagnose({ grafana: await grafana() });
    expect(outcomes(findings, 'grafana')).toEqual(['reachable ok', 'data source ok', 'dashboards ok']);
    expect(said(findings, 'grafana', 'dashboards')).toEqual(['ok: 2 dashboards of demarc: Is it me or them?, Vendor']);
  });

  it.each<[string, string, Readonly<Record<string, Reply>>, RegExp]>([
    [
      'has a sick database',
      'reachable',
      { '/api/health': { database: 'failing', version: '12' } },
      /^problem: .* trouble with its database: failing/,
    ],
    ['wants a login', 'data source', { '/api/frontend/settings': 401 }, /^skipped: it wants a login/],
    ['wants a login for dashboards', 'dashboards', { '/api/search': 401 }, /^skipped: it wants a login/],
    [
      'has no data source',
      'data source',
      { '/api/frontend/settings': { datasources: {} } },
      /^problem: there is no data source of the kind Prometheus/,
    ],
    [
      'cannot reach Prometheus',
      'data source',
      { '/api/datasources/uid/abc/health': { status: 'ERROR', message: 'connection refused' } },
      /^problem: Prometheus does not work: connection refused/,
    ],
    [
      'refuses the question',
      'data source',
      { '/api/datasources/uid/abc/health': 500 },
      /^problem: Prometheus does not work: answers 500/,
    ],
    ['has no dashboard', 'dashboards', { '/api/search': [] }, /^warning: no dashboard of demarc is there/],
  ])('that %s is told so', async (_, check, broken, expected) => {
    const findings = await diagnose({ grafana: await grafana(broken) });
    expect(said(findings, 'grafana', check)[0]).toMatch(expected);
  });
});

describe('the text', () => {
  const { ok, warning, problem } = findingsIn('machine');

  it('has the word first, folds at 80 columns, and puts what to do below', () => {
    const long = 'this clock is 61.000 s ahead of 127.0.0.1, and that is more than any certificate can stand';
    expect(findingLines(problem('clock', long, 'keep it right with NTP'))).toEqual([
      '  problem  clock       this clock is 61.000 s ahead of 127.0.0.1, and that is',
      '                       more than any certificate can stand',
      '                       -> keep it right with NTP',
    ]);
    expect(summaryOf([ok('a', ''), warning('b', '', ''), warning('c', '', '')])).toBe(
      '0 problems, 2 warnings, 1 ok, 0 not looked at',
    );
  });

  it('of every finding of a bad day fits', async () => {
    const findings = await diagnose({
      prometheus: await prometheus({ '/api/v1/rules': groups([]) }),
      alertmanager: await alertmanager({ '/api/v2/alerts': [] }),
    });
    expect(findings.flatMap(findingLines).filter((line) => line.length > 80)).toEqual([]);
  });

  it('is ordered by area', async () => {
    const areas = (await diagnose({ grafana: await grafana() })).map(({ area }) => AREAS.indexOf(area));
    expect(areas).toEqual([...areas].sort((one, other) => one - other));
  });

  it('of a page of metrics is read as it was written', () => {
    const page = '# HELP a b\n# TYPE a gauge\na 1\nb_total{x="1",y="a\\"} b\\\\c\\nd",z=""} 2.5e+3\n\nbroken{\n';
    expect(readExposition(page)).toEqual([
      { name: 'a', labels: {}, value: 1 },
      { name: 'b_total', labels: { x: '1', y: 'a"} b\\c\nd', z: '' }, value: 2_500 },
    ]);
  });
});

describe('demarc doctor', () => {
  const nothing = ['--prometheus', 'none', '--alertmanager', 'none', '--grafana', 'none', '--from', NOBODY];

  it('ends with 1 for a problem, and tells progress on the side', async () => {
    const { code, stdout, stderr } = await runDemarc(['doctor', ...nothing, '--state', folder()]);
    expect(stderr).toBe(`asking demarc at ${NOBODY}\n`);
    expect(stdout).toMatch(/^ {2}problem {2}running {5}http:\/\/127\.0\.0\.1:2 gives no answer/m);
    expect(stdout).toMatch(/1 problem, \d+ warnings?, \d+ ok, \d+ not looked at\n$/);
    expect(code).toBe(1);
  });

  it('ends with 0 for nothing worse than a warning, and speaks JSON', async () => {
    const from = await program({
      '/api/v1/verdicts': { verdicts: [{ site: 'home', service: 'uplink' }] },
      '/metrics': `demarc_build_info{version="${version()}",site="home"} 1\ndemarc_probe_last_run_timestamp_seconds{target="a",site="home"} ${Date.now() / 1000}\n`,
      '/-/ready': 'ready',
    });
    const { code, stdout } = await runDemarc(['doctor', ...nothing, '--from', from, '--state', folder(), '--json']);
    const { healthy, findings } = JSON.parse(stdout) as { healthy: boolean; findings: Finding[] };
    expect([healthy, findings.filter(({ outcome }) => outcome === 'problem')]).toEqual([true, []]);
    expect(findings).toContainEqual(expect.objectContaining({ area: 'exporter', check: 'running', outcome: 'ok' }));
    expect(code).toBe(0);
  });

  it('ends with 2 when the question is wrong', async () => {
    const { code, stdout, stderr } = await runDemarc(['doctor', '--grafana', 'here']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('--grafana: here is not a URL, write it like http://127.0.0.1:9090\n');
  });
});
