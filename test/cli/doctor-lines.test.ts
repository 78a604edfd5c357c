// The rarer lines of the doctor: each can be said, in these words, with what to do. The usual ones stand in doctor.test.ts and
// doctor-programs.test.ts.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { checkAlertmanager } from '../../cli/doctor-alertmanager.ts';
import { checkExporter, checkResolver, checkVantage, type Exporter, SELDOM } from '../../cli/doctor-exporter.ts';
import type { Finding } from '../../cli/doctor-finding.ts';
import { checkGrafana } from '../../cli/doctor-grafana.ts';
import { checkClockBy, checkOutside } from '../../cli/doctor-live.ts';
import { checkClockHere, checkExposure, checkIpv6, checkPort, checkState } from '../../cli/doctor-machine.ts';
import { checkFacts, checkMap } from '../../cli/doctor-map.ts';
import { checkPrometheus } from '../../cli/doctor-prometheus.ts';
import { readExposition } from '../../cli/exposition.ts';
import { loadMap, parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { diagnose, folder, machine, NOBODY, program } from './doctor-bench.ts';

const line = ({ area, check, outcome, text, fix }: Finding): string =>
  `${area} ${check}: ${outcome}: ${text}${fix === '' ? '' : ` -> ${fix}`}`;

const lines = (findings: readonly Finding[]): string[] => findings.map(line);

const exporterOf = (page: string): Exporter => ({ url: NOBODY, site: 'home', series: readExposition(page) });

/** Everything it names is on loopback, where nobody answers. */
const deafMap = parseMap(
  `version: 1
timeout: 1s
gateway: none
resolver: { address: '127.0.0.1:2' }
publicResolvers: [{ address: '127.0.0.1:2', operator: one }]
anchors: [{ address: 127.0.0.1, port: 2, operator: one }, { address: 127.0.0.1, port: 3, operator: two }]
watch: []
`,
  'map',
  '/',
);

describe('of the machine', () => {
  it('a disk that is nearly full', () => {
    const at = folder();
    expect(line(checkState(at, () => 1_048_576))).toBe(
      `machine state: warning: the disk of ${at} is nearly full -> make room`,
    );
    expect(line(checkState(at))).toMatch(/ok: .* can be written$/);
  });

  it('a clock that has lost its battery, one that is kept right, and one of which nothing is known', async () => {
    const files = machine();
    expect(checkClockHere(0, files)?.text).toMatch(
      /^the clock says 1970-01-01T.*certificates will look not yet valid$/,
    );
    expect(checkClockHere(0, files)).toMatchObject({ outcome: 'problem', fix: expect.stringMatching(/NTP/) });
    expect(checkClockHere(Date.now(), files)).toMatchObject({ outcome: 'ok', text: 'kept right by systemd-timesyncd' });
    const findings = await diagnose({ files: machine({ synchronized: false }) });
    expect(lines(findings).find((one) => one.startsWith('machine clock'))).toMatch(
      /skipped: plausible; a time server is asked with --live only/,
    );
  });

  it('a port that is free, and an address that is none of this machine', async () => {
    expect((await checkPort({ host: '127.0.0.1', port: 0 }, false)).text).toBe('127.0.0.1:0 is free');
    expect(line(await checkPort({ host: '192.0.2.1', port: 9815 }, false))).toMatch(
      /problem: 192\.0\.2\.1:9815 cannot be listened on \(EADDRNOTAVAIL\) -> .*set listen in the map$/,
    );
  });

  it('an address of IPv6, or none', () => {
    const of = (address: string) =>
      checkIpv6({
        eth0: [{ family: 'IPv6', address, internal: false, netmask: '', mac: '', cidr: null, scopeid: 0 }],
      }).text;
    expect(of('2001:db8::1')).toBe('this machine has a global address');
    expect(of('fe80::1')).toMatch(/^no global address: anchors over IPv6 are left out/);
  });

  it('ports it cannot see', () => {
    const files = { ...machine(), proc: path.join(folder(), 'none') };
    expect(lines(checkExposure(new Map([[9090, 'Prometheus']]), files))).toEqual([
      'machine exposure: skipped: this system does not tell which addresses its ports are open at',
    ]);
  });
});

describe('of the map', () => {
  it('none at all', () => {
    const here = process.cwd();
    const empty = folder();
    mkdirSync(path.join(empty, 'inside'));
    process.chdir(path.join(empty, 'inside'));
    try {
      expect(lines(checkMap(undefined).findings)).toEqual([
        'map map: skipped: there is no demarc.yaml here; looking at what demarc watches without one',
      ]);
    } finally {
      process.chdir(here);
    }
  });

  it('facts that were all compared with the vendors', () => {
    const compared = {
      ...deafMap,
      vendors: new Map(),
      anchors: deafMap.anchors.map((one) => ({ ...one, checked: '2026-11-01' })),
    };
    expect(line(checkFacts(compared))).toBe(
      'vendors facts: ok: all 2 facts about vendors were compared with the vendors',
    );
  });
});

describe('of the exporter', () => {
  it('a page of metrics that does not come, and one without a measurement', async () => {
    const verdicts = { '/api/v1/verdicts': { verdicts: [] } };
    const options = { map: null, version: '1', now: Date.now() };
    const mute = await program({ ...verdicts, '/metrics': 500 });
    expect(lines((await checkExporter(mute, options)).findings)).toEqual([
      `exporter running: problem: ${mute} answers 500 to /metrics -> look at its log`,
    ]);
    const fresh = await program({ ...verdicts, '/metrics': 'a 1\n', '/-/ready': 'ready' });
    const said = lines((await checkExporter(fresh, options)).findings);
    expect(said).toContain(
      'exporter fresh: problem: nothing has been measured yet -> wait for a minute, then look at its log',
    );
    expect(said[0]).toMatch(/^exporter running: warning: demarc unknown runs at .*, and this is 1 -> restart it/);
  });

  it('old results of those who are asked seldom, which are none of its troubles, also on a map it was not given', async () => {
    const now = Date.now();
    const run = (role: string, agoS: number): string =>
      `demarc_probe_last_run_timestamp_seconds{role="${role}",target="${role}/a",site="home"} ${now / 1000 - agoS}\n`;
    const page = run('anchor', 3) + [...SELDOM, 'control'].map((role) => run(role, 3_000)).join('');
    const from = await program({ '/api/v1/verdicts': { verdicts: [] }, '/metrics': page, '/-/ready': 'ready' });
    const { findings } = await checkExporter(from, { map: null, version: '1', now });
    expect(lines(findings)).toContain('exporter fresh: ok: 1 target, the oldest result is 3 s old');
    const maps = ['test/upgrade/states/e04663f/demarc.yaml', 'demarc.example.yaml'];
    const delegation = parseMap(
      'version: 1\ndomains: { example.org: { parents: [192.0.2.1], delegation: true } }\n',
      'demarc.yaml',
      '.',
    );
    const all = [...maps.map((file) => loadMap(projectFile(file))), delegation];
    const targets = all.flatMap((map) => planOf(map, NOTHING_KNOWN).targets);
    const gentle = targets.filter(({ gapMs }) => gapMs !== undefined).map(({ labels }) => labels.role);
    expect(new Set(gentle)).toEqual(new Set([...SELDOM, 'control']));
  });

  it('what it says of the resolver', () => {
    expect(line(checkResolver(null))).toBe('machine resolver: skipped: no exporter to tell; --live asks it');
    expect(line(checkResolver(exporterOf('demarc_signal_resolver{site="home"} -1\n')))).toBe(
      'machine resolver: skipped: the exporter does not know yet',
    );
  });

  it('where it stands', () => {
    const there = exporterOf('probe_success{role="gateway",target="gateway/192.0.2.1:53"} 1\n');
    expect(line(checkVantage(there, '192.0.2.1'))).toBe(
      'exporter vantage: ok: the exporter sees the same gateway as this machine',
    );
    expect(line(checkVantage(there, null))).toBe(
      'exporter vantage: skipped: this machine knows no gateway to compare with',
    );
    expect(line(checkVantage(there, '192.0.2.9'))).toMatch(
      /warning: .* it watches the gateway 192\.0\.2\.1, and this machine's is 192\.0\.2\.9 -> give it the network of the host/,
    );
  });
});

describe('of the outside', () => {
  it('a resolver, anchors and a time server that do not answer', async () => {
    expect(lines(await checkOutside(deafMap, planOf(deafMap, NOTHING_KNOWN)))).toEqual([
      expect.stringMatching(/^machine resolver: problem: resolver\/.* -> look at that resolver$/),
      'machine anchors: problem: 0 of 2 anchors answer, of 0 operators -> the line is down, or a firewall keeps demarc in',
      'vendors controls: skipped: nothing can be said about vendors over this line',
    ]);
    const clock = await checkClockBy({ host: '127.0.0.1', port: 2 }, deafMap);
    expect(line(clock)).toMatch(/^machine clock: skipped: 127\.0\.0\.1 does not tell the time: ./);
  });

  it('no resolver to ask', async () => {
    const without = { ...planOf(deafMap, NOTHING_KNOWN), resolver: null };
    expect(lines(await checkOutside(deafMap, without))[0]).toBe(
      'machine resolver: warning: this machine names no resolver that can be asked -> name it under resolver in the map',
    );
  });
});

describe('of the programs beside', () => {
  it('a Prometheus that tells nothing more, and one that has not scraped yet', async () => {
    const build = { '/api/v1/status/buildinfo': { data: { version: '3.5.3' } } };
    const close = await program({ ...build, '/api/v1/targets': 403, '/api/v1/rules': 403 });
    const said = lines((await checkPrometheus(close, { exporter: null, now: Date.now() })).findings);
    expect(said).toContain(
      'prometheus target: skipped: it does not tell what it scrapes: answers 403 to /api/v1/targets',
    );
    const one = {
      labels: { job: 'demarc' },
      scrapeUrl: 'http://127.0.0.1:9815/metrics',
      health: 'unknown',
      lastError: '',
    };
    const young = await program({ ...build, '/api/v1/targets': { data: { activeTargets: [one] } } });
    expect(lines((await checkPrometheus(young, { exporter: null, now: Date.now() })).findings)).toContain(
      'prometheus target: problem: http://127.0.0.1:9815/metrics is unknown: not scraped yet -> start demarc there, or correct the address',
    );
  });

  it('an Alertmanager that is not there, that hides its alerts, and to which Prometheus sends', async () => {
    const options = { map: null, sentTo: null };
    expect(lines(await checkAlertmanager(NOBODY, options))).toEqual([
      expect.stringMatching(
        /^alertmanager reachable: problem: .* gives no answer \(ECONNREFUSED\) -> start it .*--alertmanager none$/,
      ),
    ]);
    const status = { versionInfo: { version: '0.33.1' }, config: { original: 'route: { receiver: me }\n' } };
    const at = await program({ '/api/v2/status': status, '/api/v2/alerts': 403 });
    const said = lines(await checkAlertmanager(at, { map: null, sentTo: [at.replace('127.0.0.1', 'localhost')] }));
    expect(said).toContain('alertmanager sender: ok: Prometheus sends its alerts here');
    expect(said).toContain('alertmanager arrival: skipped: it does not tell its alerts: answers 403 to /api/v2/alerts');
  });

  it('a Grafana that is not there, or shows a viewer little', async () => {
    expect(lines(await checkGrafana(NOBODY))).toEqual([
      expect.stringMatching(/^grafana reachable: problem: .* -> start it .*--grafana none$/),
    ]);
    const at = await program({
      '/api/health': { database: 'ok', version: '12.4.3' },
      '/api/frontend/settings': { datasources: { Prometheus: { type: 'prometheus', uid: 'abc' } } },
      '/api/datasources/uid/abc/health': 403,
      '/api/search': 500,
    });
    expect(lines(await checkGrafana(at)).slice(1)).toEqual([
      'grafana data source: ok: Prometheus is there',
      'grafana dashboards: skipped: answers 500 to /api/search',
    ]);
  });
});
