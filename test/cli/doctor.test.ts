// `demarc doctor` against programs that are as they should be, and against each way in which they are not.

import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isLoopback } from '../../cli/doctor-ask.ts';
import { listeningSockets } from '../../cli/doctor-sockets.ts';
import { version } from '../../cli/version.ts';
import { startLab } from '../../lab/start.ts';
import { until } from '../../replay/process.ts';
import { setStage } from '../../replay/stage.ts';
import { timeServer } from '../exporters/time-server.ts';
import { diagnose, folder, machine, mapFile, NOBODY, program, said } from './doctor-bench.ts';

const MAP = 'version: 1\nsite: home\n';

describe('the map', () => {
  it('is told with its size and its warnings', async () => {
    const findings = await diagnose({ map: mapFile('version: 1\nwatch: [fastly]\n') });
    const [fine, ...warnings] = said(findings, 'map', 'map');
    expect(fine).toMatch(/^ok: .*demarc\.yaml: 0 services, \d+ probes$/);
    expect(warnings[0]).toMatch(
      /^warning: demarc\.yaml:2:8 watch: fewer than two vendors are watched -> no vendor can be/,
    );
  });

  it('that is bad is a problem for every line, and the rest is looked at all the same', async () => {
    const findings = await diagnose({ map: mapFile('version: 1\nintervall: 3s\nsite: HOME\n') });
    expect(said(findings, 'map', 'map')).toEqual([
      expect.stringMatching(/^problem: demarc\.yaml:3:7 site: is not valid -> must be/),
      'problem: demarc.yaml:2:12 intervall: unknown key intervall -> did you mean interval?',
    ]);
    expect(said(findings, 'machine', 'state')[0]).toMatch(/^ok/);
  });

  it.each([
    [{ map: 'nowhere.yaml' }, /^nowhere\.yaml: does not exist/],
    [{ prometheus: 'here' }, /^--prometheus: here is not a URL/],
    [{ from: 'ftp://127.0.0.1' }, /^--from: ftp:\/\/127\.0\.0\.1 is not a URL/],
    [{ timeServer: 'clock' }, /^--time-server: clock is not host:port/],
  ])('%j makes no sense', async (options, message) => {
    await expect(diagnose(options)).rejects.toThrow(message);
  });

  it('counts the facts nobody ever compared with the vendors', async () => {
    const [text] = said(await diagnose({ map: mapFile(MAP) }), 'vendors', 'facts');
    expect(text).toMatch(/^warning: (\d+) of \1 facts about vendors were never compared .* -> .*doctor --live/);
  });
});

describe('the machine', () => {
  it('is fine', async () => {
    const findings = await diagnose({ map: mapFile(MAP) });
    const outcomes = findings
      .filter(({ area }) => area === 'machine')
      .map(({ check, outcome }) => `${check} ${outcome}`);
    expect(outcomes).toEqual([
      'port ok',
      'state ok',
      'clock ok',
      'gateway ok',
      'ipv6 ok',
      'exposure ok',
      'resolver skipped',
      'anchors skipped',
    ]);
    expect(said(findings, 'machine', 'gateway')).toEqual(['ok: 192.0.2.1, found by itself']);
  });

  it('behind a bridge does not see what a person at it sees', async () => {
    const route = 'eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0';
    const findings = await diagnose({ map: mapFile(MAP), files: machine({ route, container: true }) });
    expect(said(findings, 'machine', 'gateway')[0]).toMatch(
      /^problem: the exporter does not see what this machine sees: 172\.17\.0\.1 is the bridge of the containers/,
    );
  });

  it.each([
    ['gateway: none\n', '', /^warning: the map says there is none: a dead router/],
    ['gateway: { address: 127.0.0.1 }\n', '', /^ok: 127\.0\.0\.1, as the map says/],
    ['', 'eth0\t000A0A0A\t00000000\t0001\t0\t0\t0\tFFFFFF00\t0\t0\t0', /^warning: no default gateway was found/],
  ])('with %j tells of the gateway', async (text, route, expected) => {
    const files = route === '' ? machine() : machine({ route });
    const findings = await diagnose({ map: mapFile(MAP + text), files });
    expect(said(findings, 'machine', 'gateway')[0]).toMatch(expected);
  });

  it('whose port is taken says so', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    other.on('connection', (socket) => socket.destroy());
    const findings = await diagnose({ from: `http://127.0.0.1:${port}` });
    expect(said(findings, 'machine', 'port')).toEqual([
      `problem: 127.0.0.1:${port} is taken by another program -> end that program, or set listen in the map`,
    ]);
  });

  it.each([
    ['is a file', (at: string) => writeFileSync(path.join(at, 'state'), ''), /^problem: .*state is not a folder/],
    [
      'was set aside',
      (at: string) => writeFileSync(path.join(at, 'state.json.broken'), ''),
      /^warning: .*state\.json\.broken/,
    ],
  ])('whose state %s says so', async (what, make, expected) => {
    const at = folder();
    make(at);
    const state = what === 'is a file' ? path.join(at, 'state') : at;
    expect(said(await diagnose({ state }), 'machine', 'state')[0]).toMatch(expected);
  });

  it('whose state cannot be written says so, unless it is root that asks', async () => {
    const at = folder();
    chmodSync(at, 0o500);
    onTestFinished(() => chmodSync(at, 0o700));
    const expected = process.getuid?.() === 0 ? /^ok/ : /^problem: .*EACCES/;
    expect(said(await diagnose({ state: path.join(at, 'state') }), 'machine', 'state')[0]).toMatch(expected);
  });

  it('tells which pages are open to others', async () => {
    const port = (at: number): string => at.toString(16).toUpperCase().padStart(4, '0');
    const v4Loopback = `0100007F:${port(9093)}`;
    const v6Any = `${'0'.repeat(32)}:${port(3000)}`;
    const mappedLoopback = `0000000000000000FFFF00000100007F:${port(9090)}`;
    const files = machine({
      tcp: [v4Loopback, `00000000:${port(9090)}`, `00000000:${port(22)}`],
      tcp6: [v6Any, mappedLoopback],
    });
    expect(listeningSockets(files.proc)).toContainEqual({ address: '::ffff:127.0.0.1', port: 9090, loopback: true });
    const findings = await diagnose({ files, prometheus: 'http://127.0.0.1:9090', grafana: 'http://127.0.0.1:3000' });
    expect(said(findings, 'machine', 'exposure')).toEqual([
      expect.stringMatching(/^warning: Prometheus listens at 0\.0\.0\.0, port 9090: .* -> bind it to 127\.0\.0\.1/),
      expect.stringMatching(/^warning: Grafana listens at ::, port 3000/),
    ]);
  });
});

describe('what may be asked without --live', () => {
  it.each([
    ['http://127.0.0.1:9090', true],
    ['http://127.8.0.1', true],
    ['http://localhost:9090/prometheus/', true],
    ['http://[::1]:9090', true],
    ['http://127.0.0.1.example.com', false],
    ['http://localhost.example.com', false],
    ['http://192.168.1.20:9090', false],
    ['https://prometheus.example.com', false],
  ])('%s: %s', (url, allowed) => {
    expect(isLoopback(url)).toBe(allowed);
  });

  it('is nothing elsewhere', async () => {
    const elsewhere = 'http://192.0.2.1:9090';
    const findings = await diagnose({ prometheus: elsewhere, alertmanager: elsewhere, grafana: elsewhere });
    for (const area of ['prometheus', 'alertmanager', 'grafana'])
      expect(said(findings, area, 'reachable')).toEqual([
        'skipped: http://192.0.2.1:9090 is not this machine: asked with --live only, since that sends packets to the outside',
      ]);
  });
});

async function stage() {
  const running = await setStage({
    site: 'lab',
    world: 'homelab',
    speed: 5,
    version: version(),
    onCrash: () => undefined,
  });
  onTestFinished(() => running.stop());
  await until('all to be measured', () => running.monitor.ready(), 60_000);
  return { ...running, map: mapFile(running.lab.map) };
}

describe('the running demarc', () => {
  it('is fine', async () => {
    const { server, map } = await stage();
    const findings = await diagnose({ map, from: server.url });
    const own = findings
      .filter(({ area }) => area === 'exporter')
      .map(({ check, outcome, text }) => `${check} ${outcome}: ${text}`);
    expect(own).toEqual([
      `running ok: demarc ${version()} at ${server.url}, site lab`,
      'ready ok: every target has been measured',
      'reload ok: it runs the newest map it was given',
      'services ok: it watches blog, shop, orders, uplink',
      expect.stringMatching(/^fresh ok: \d+ targets, the oldest result is \d+ s old$/),
      expect.stringMatching(/^controls ok: all \d+ controls of the vendors answer$/),
    ]);
    expect(said(findings, 'machine', 'port')).toEqual([`ok: ${server.url.replace('http://', '')} is demarc's`]);
    expect(said(findings, 'machine', 'resolver')[0]).toMatch(/^ok: resolver\/.* answers the exporter$/);
  });

  it('that refused its map, or watches another, says so', async () => {
    const { server, monitor } = await stage();
    monitor.metrics = (
      (page) => async () =>
        Buffer.from(String(await page()).replace(/(last_reload_successful\{.*\}) 1/, '$1 0'))
    )(monitor.metrics);
    const other = mapFile(`${MAP}services: { wiki: { url: https://wiki.test/ }, blog: { url: https://blog.test/ } }\n`);
    const findings = await diagnose({ map: other, from: server.url });
    expect(said(findings, 'exporter', 'reload')[0]).toMatch(/^problem: it refused the newest map/);
    expect(said(findings, 'exporter', 'services')[0]).toMatch(
      /^warning: it does not watch wiki; it watches shop, orders, which this map does not know ->/,
    );
  });

  it('tells which controls have rotted', async () => {
    const { server, lab, monitor, map } = await stage();
    await lab.inject({ kind: 'edge_5xx', target: 'fastly' });
    const fails = (): boolean =>
      monitor.plan().controls.some(({ target }) => monitor.observation(target)?.ok === false);
    await until('a control to fail', fails, 30_000);
    expect(said(await diagnose({ map, from: server.url }), 'exporter', 'controls')[0]).toMatch(
      /^warning: \d of \d+ controls of the vendors do not answer as expected: control\/fastly/,
    );
  });

  it('that has fallen silent, of another version, starved and unable to write is called so', async () => {
    const lines = [
      'demarc_build_info{version="0.0.1",node="v20",site="home"} 1',
      'demarc_probe_last_run_timestamp_seconds{target="anchor/a",site="home"} 1',
      `demarc_probe_last_run_timestamp_seconds{target="anchor/b",site="home"} ${Date.now() / 1000}`,
      'demarc_state_write_errors_total{site="home"} 3',
      'demarc_probe_crashes_total{kind="tcp",site="home"} 2',
      'demarc_signal_prober{site="home"} 0',
      'demarc_signal_resolver{site="home"} 0',
    ];
    const from = await program({
      '/api/v1/verdicts': { verdicts: [{ site: 'home', service: 'uplink' }] },
      '/metrics': lines.join('\n'),
      '/-/ready': 503,
    });
    const findings = await diagnose({ map: mapFile(MAP), from });
    const own = findings
      .filter(({ area }) => area === 'exporter')
      .map(({ check, outcome, text }) => `${check} ${outcome}: ${text}`);
    expect(own).toEqual([
      "vantage warning: the exporter does not see what this machine sees: it watches no gateway, and this machine's is 192.0.2.1",
      `running warning: demarc 0.0.1 runs at ${from}, and this is ${version()}`,
      'ready warning: not every target has been measured yet',
      'reload ok: it runs the newest map it was given',
      'services ok: it watches uplink',
      'fresh problem: 1 of 2 targets not measured for 49 s: anchor/a',
      'bugs warning: probes crashed 2 times, which is a bug of demarc',
      'state problem: it could not write its state 3 times',
      'load problem: it comes too late to its own measurements',
    ]);
    expect(said(findings, 'machine', 'resolver')[0]).toMatch(/^problem: .* does not answer the exporter/);
  });

  it('that is not there, or is something else, is a problem', async () => {
    expect(said(await diagnose({}), 'exporter', 'running')).toEqual([
      `problem: ${NOBODY} gives no answer (ECONNREFUSED) -> start it: demarc serve, or docker compose up -d`,
    ]);
    const from = await program({ '/api/v1/verdicts': 'hello' });
    expect(said(await diagnose({ from }), 'exporter', 'running')[0]).toMatch(
      /in a form not known here -> is it a demarc\?/,
    );
  });
});

describe('with --live', () => {
  it('asks the lab once, and tells who does not behave as the catalogue says', async () => {
    const lab = await startLab();
    onTestFinished(() => lab.stop());
    const server = await timeServer(() => [{ received: Date.now(), sent: Date.now() }]);
    const options = { map: mapFile(lab.map), live: true, timeServer: `127.0.0.1:${server.port}` };
    const fine = await diagnose(options);
    expect(said(fine, 'machine', 'resolver')[0]).toMatch(/^ok: resolver\//);
    expect(said(fine, 'machine', 'anchors')).toEqual(['ok: 6 of 6 anchors answer, of 5 operators']);
    expect(said(fine, 'machine', 'clock')[0]).toMatch(/^ok: this clock is 0\.\d{3} s (behind|ahead of) 127\.0\.0\.1$/);
    expect(
      said(fine, 'vendors', 'controls')
        .map((text) => text.replace(/\d+/g, 'N'))
        .sort(),
    ).toEqual([
      'ok: AWS: N of N behave as the catalogue says',
      'ok: Cloudflare: N of N behave as the catalogue says',
      'ok: Fastly: N of N behave as the catalogue says',
      'ok: the .test registry: N of N behave as the catalogue says',
    ]);

    await lab.inject({ kind: 'edge_5xx', target: 'fastly' });
    const broken = await diagnose(options);
    expect(said(broken, 'vendors', 'controls').find((text) => text.startsWith('warning'))).toMatch(
      /^warning: Fastly: \d of \d do not behave as the catalogue says: fastly\/edge\/.* -> if Fastly is fine, replace/,
    );

    await lab.inject({ kind: 'uplink_cut' });
    const cut = await diagnose(options);
    expect(said(cut, 'machine', 'anchors')[0]).toMatch(/^problem: 0 of 6 anchors answer, of 0 operators/);
    expect(said(cut, 'vendors', 'controls')).toEqual(['skipped: nothing can be said about vendors over this line']);
  });

  it.each([
    [5_000, /^warning: this clock is 5\.\d{3} s behind/],
    [-60_000, /^problem: this clock is (60|59)\.\d{3} s ahead of/],
  ])('tells a clock that is %i ms off', async (off, expected) => {
    const lab = await startLab();
    onTestFinished(() => lab.stop());
    const server = await timeServer(() => [{ received: Date.now() + off, sent: Date.now() + off }]);
    const findings = await diagnose({ map: mapFile(lab.map), live: true, timeServer: `127.0.0.1:${server.port}` });
    expect(said(findings, 'machine', 'clock')[0]).toMatch(expected);
  });
});
