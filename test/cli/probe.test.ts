// `demarc probe` as a person meets it: settings that are told and checked, one measurement, and nothing unsafe printed.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../catalog/metrics.ts';
import { type ProbeOptions, probe } from '../../cli/probe.ts';
import { shown, shownJson } from '../../cli/probe-page.ts';
import { MEANING_OF_KIND, settingsFrom, settingsOf } from '../../cli/probe-settings.ts';
import type { ProbeKind } from '../../exporters/observation.ts';
import { PROBES } from '../../exporters/registry.ts';
import { UserError } from '../../map/user-error.ts';
import { a, cname, nameServer, reply } from '../exporters/fake-name-server.ts';
import { httpServer, rawServer, tlsServer } from '../exporters/local-server.ts';
import { serveDocument } from '../exporters/serve-document.ts';
import { STATUSPAGE } from '../exporters/status-feeds.ts';
import { LEAF_NAME, rootAuthority } from '../exporters/test-ca.ts';
import { timeServer } from '../exporters/time-server.ts';

const KINDS = Object.keys(PROBES).filter((kind): kind is ProbeKind => kind in PROBES);

interface Run {
  code: number;
  text: string;
}

/** No name server of the system is ever asked: the one given here refuses at once. */
async function run(kind: string | undefined, pairs: string[] = [], options: Partial<ProbeOptions> = {}): Promise<Run> {
  const lines: string[] = [];
  const chosen = { timeout: '2s', resolver: '127.0.0.1:9', ...options };
  const code = await probe(kind, pairs, chosen, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
}

async function refused(kind: string, pairs: string[], options: Partial<ProbeOptions> = {}): Promise<string[]> {
  const error: unknown = await run(kind, pairs, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error ?? new Error('was not refused');
  return error.message.split('\n');
}

const hello = () => httpServer((_, response) => response.writeHead(200, { 'Content-Length': '5' }).end('hello'));

describe('without settings', () => {
  it('lists the kinds', async () => {
    const { code, text } = await run(undefined);
    expect(code).toBe(0);
    for (const kind of KINDS) expect(text).toMatch(new RegExp(`^${kind} `, 'm'));
    expect(Object.keys(MEANING_OF_KIND).sort()).toEqual([...KINDS].sort());
  });

  it.each(KINDS)('tells every setting of %s, with type and meaning', async (kind) => {
    const { code, text } = await run(kind);
    expect(code).toBe(0);
    const settings = settingsOf(kind);
    // Of a certificate either the host or the file must be given, and a tailscaled is where it usually is.
    if (kind !== 'certificate' && kind !== 'tailscale') expect(settings.some(({ required }) => required)).toBe(true);
    for (const { key, type, meaning } of settings) {
      expect(text).toContain(key);
      expect(type, key).not.toBe('JSON');
      expect(meaning, key).toMatch(/^\S.*\.$/);
    }
  });

  it('tells types, defaults and what must be given', async () => {
    const { text } = await run('http');
    expect(text).toMatch(/^demarc probe http url=…$/m);
    expect(text).toMatch(/^ {2}url +URL, required$/m);
    expect(text).toMatch(/^ {2}method +GET \| HEAD, default GET$/m);
    expect(text).toMatch(/^ {2}expect\.status +list of 100 to 599, 2xx or 200-299, default 200$/m);
    expect(text).toMatch(/^ {2}maxBodyBytes +1 to 1048576, default 65536$/m);
  });

  it('tells them as JSON', async () => {
    const settings: unknown = JSON.parse((await run('clock', [], { json: true })).text);
    expect(settings).toContainEqual({
      key: 'port',
      type: '1 to 65535',
      preset: '123',
      required: false,
      meaning: 'UDP port it answers at.',
    });
  });
});

describe('a measurement', () => {
  it('as wished', async () => {
    const { port } = await hello();
    const { code, text } = await run('http', [`url=http://127.0.0.1:${port}/`, 'expect.status=200,204']);
    expect(code).toBe(0);
    expect(text).toMatch(/^ok {2}HTTP 200 from 127\.0\.0\.1 in \d+ ms$/m);
    expect(text).toMatch(/^reason {2}ok$/m);
    for (const phase of ['connect', 'request', 'processing', 'transfer']) {
      expect(text).toMatch(new RegExp(`^ {2}${phase} +[\\d.]+ ms +█+$`, 'm'));
    }
    expect(text).toMatch(/^ {2}status +200$/m);
    expect(text).toMatch(/^ {2}probe_success 1$/m);
    expect(text).toMatch(/^ {2}probe_http_duration_seconds\{phase="connect"\} [\d.e-]+$/m);
    expect(text).not.toContain('Checks');
  });

  it('not as wished ends with 1', async () => {
    const { port } = await hello();
    const wish = [`url=http://127.0.0.1:${port}/?key=hunter2`, 'expect.body=goodbye'];
    const { code, text } = await run('http', wish, { debug: true });
    expect(code).toBe(1);
    expect(text).toMatch(/^failed {2}HTTP 200 .*without the expected text$/m);
    expect(text).toMatch(/^reason {2}http_body\nphase {3}check$/m);
    expect(text).toMatch(/^ {2}status +ok +expected 200, got 200$/m);
    expect(text).toMatch(/^ {2}body +FAIL expected contains "goodbye", got not in the 5 characters that were read$/m);
    expect(text).toMatch(/^ {2}url +http:\/\/127\.0\.0\.1:\d+\/\?key=\*\*\*$/m);
    expect(text).not.toContain('hunter2');
    expect(text).toMatch(/^ {2}probe_success\{target="probe",kind="http",.*\} 0$/m);
    expect(text).toMatch(/^ {2}demarc_probe_failure_info\{.*reason="http_body",phase="check".*\} 1$/m);
    expect(text).not.toMatch(/demarc_signal|demarc_state/);
  });

  it('ends at its deadline, in the phase it had reached', async () => {
    const { port } = await rawServer(() => undefined);
    const start = performance.now();
    const { code, text } = await run('http', [`url=http://127.0.0.1:${port}/`], { timeout: '200ms', debug: true });
    expect(performance.now() - start).toBeLessThan(1_500);
    expect(code).toBe(1);
    expect(text).toMatch(/^reason {2}timeout\nphase {3}processing$/m);
    expect(text).toMatch(/^ {2}processing +[\d.]+ ms +█+ +ended here$/m);
    expect(text).toMatch(/^ {2}status +\? +expected 200, got not read$/m);
    expect(text).toMatch(/^ +[\d.]+ ms {2}no answer: timeout$/m);
    // A timer may strike a hair early.
    expect(text).toMatch(/^ {2}deadline +FAIL expected within 200 ms, got (199|2\d\d)\.\d ms$/m);
  });

  it('tells which name server said what, and where it went then', async () => {
    const { port } = await hello();
    const server = await nameServer((asked) => {
      return reply(asked, asked.type === 'A' ? { answers: [a('app.test', '127.0.0.1')] } : {});
    });
    const settings = [`url=http://app.test:${port}/`];
    const { code, text } = await run('http', settings, { resolver: server.at, debug: true });
    expect(code).toBe(0);
    expect(text).toMatch(/^ {2}app\.test {2}127\.0\.0\.1 \(fresh, [\d.]+ ms\)$/m);
    expect(text).toMatch(/^Address\n {2}127\.0\.0\.1$/m);
    expect(server.asked.map(({ name }) => name)).toEqual(['app.test', 'app.test']);
  });

  it('tells whose each alias is, as the catalogue knows', async () => {
    const { at } = await nameServer((asked) =>
      asked.type === 'SOA'
        ? reply(asked, { rcode: 5 })
        : reply(asked, { rcode: 3, answers: [cname('www.example.org', 'd1.cloudfront.net')] }),
    );
    const { code, text } = await run('dns', [`server=${at}`, 'name=www.example.org', 'type=A', 'zones=true'], {
      debug: true,
    });
    expect(code).toBe(1);
    expect(text).toContain('said NXDOMAIN at the end of an alias, in the hands of aws');
    expect(text).toMatch(/^ {2}www\.example\.org {4}zone not told, of nobody known$/m);
    expect(text).toMatch(/^ {2}d1\.cloudfront\.net {2}zone not told, of aws, ends here: nxdomain$/m);
    expect(text).toContain('owner="aws"');
    expect(text).not.toMatch(/owners\.|aliases\./);
  });

  it('tells every exchange of a redirect, and where one leads that is not followed', async () => {
    const { port } = await httpServer((request, response) => {
      const headers = { 'Set-Cookie': 'sid=hunter2', Location: request.url === '/' ? '/b?token=hunter2' : '/c' };
      response.writeHead(302, headers).end();
    });
    const settings = [`url=http://127.0.0.1:${port}/`, 'follow.most=1'];
    const { text } = await run('http', settings, { debug: true });
    const happened = text.slice(text.indexOf('What happened'), text.indexOf('Checks'));
    expect(happened.match(/^ +[\d.]+ ms {2}\S.*$/gm)?.map((line) => line.replace(/^ +[\d.]+ ms {2}/, ''))).toEqual([
      `GET http://127.0.0.1:${port}/, at 127.0.0.1`,
      'HTTP/1.1 302, 0 bytes of body read',
      `GET http://127.0.0.1:${port}/b?token=***, at 127.0.0.1`,
      'HTTP/1.1 302, 0 bytes of body read',
      `not followed to http://127.0.0.1:${port}/c: http_redirect`,
    ]);
    expect(happened).toMatch(/^ {16}location: \/b\?token=\*\*\*$/im);
    expect(happened).toMatch(/^ {16}location: \/c$/im);
    expect(text).not.toContain('hunter2');
  });

  it('tells every message of a DNS question', async () => {
    const { at } = await nameServer((asked) => {
      return asked.edns
        ? reply(asked, { rcode: 1 })
        : reply(asked, { answers: [a('example.org')], truncated: asked.via === 'udp' });
    });
    const wish = ['expect.answers.atLeast=2', 'expect.records.records=192.0.2.9'];
    const { text } = await run('dns', [`server=${at}`, 'name=example.org', 'type=A', ...wish], { debug: true });
    const happened = text.slice(text.indexOf('What happened'), text.indexOf('Checks'));
    expect(
      happened
        .split('\n')
        .slice(1)
        .map((line) => line.replace(/^ +([\d.]+ ms +)?/, '')),
    ).toEqual([
      `asked example.org A at ${at} over udp, rd, mixed case, 40 bytes`,
      'FORMERR, flags ra, no EDNS, 29 bytes',
      '0 answers, 0 authority, 0 additional',
      `asked example.org A at ${at} over udp, rd, mixed case, 29 bytes`,
      'NOERROR, flags tc ra, no EDNS, 56 bytes',
      'example.org. 60 A 192.0.2.1',
      '1 answers, 0 authority, 0 additional',
      `asked example.org A at ${at} over tcp, rd, 29 bytes`,
      'NOERROR, flags ra, no EDNS, 56 bytes',
      'example.org. 60 A 192.0.2.1',
      '1 answers, 0 authority, 0 additional',
      ...['', ''],
    ]);
    expect(text).toMatch(/^ {2}records +FAIL expected same: 192\.0\.2\.9, got 192\.0\.2\.1$/m);
    expect(text).toMatch(/^ {2}shape +ok +expected answer, got answer \(NOERROR\)$/m);
    expect(text).toMatch(/^ {2}answers +FAIL expected 2 or more, got 1$/m);
  });

  it('tells the chain, and on what each check of a certificate was made', async () => {
    const root = await rootAuthority();
    const leaf = await root.issue();
    const { port } = await tlsServer({ key: leaf.key, cert: leaf.cert + root.cert });
    const { text } = await run('certificate', ['host=127.0.0.1', `port=${port}`], { debug: true });
    expect(text).toMatch(/^ +[\d.]+ ms {2}looked at 127\.0\.0\.1 port \d+: TLSv1\.3, TLS_\w+$/m);
    expect(text).toMatch(/^ +[\d.]+ ms {2}2 certificates, odd: root$/m);
    expect(text).toMatch(/^ {16} {3}names DNS:/m);
    expect(text).toMatch(new RegExp(`^ {2}hostname +FAIL expected 127\\.0\\.0\\.1, got DNS:${LEAF_NAME}`, 'm'));
    expect(text).toMatch(/^ {2}trusted +FAIL expected a path to a trusted authority, for servers, got issued by /m);
    expect(text).toMatch(/^ {2}stapled +\? +expected a valid answer, got not told$/m);
    expect(text).toMatch(/probe_tls_version_info\{.*version="TLS 1\.3".*\} 1$/m);
  });

  it('tells what was said before TLS began', async () => {
    const { port } = await rawServer((socket) => {
      socket.write('220 mail.test ESMTP\x1b[2J\r\n');
      socket.on('data', (said) => socket.write(`${said}`.startsWith('EHLO') ? '250 mail.test\r\n' : '502 no\r\n'));
    });
    const { text } = await run('certificate', ['host=127.0.0.1', `port=${port}`, 'startTls=smtp'], { debug: true });
    const happened = text.slice(text.indexOf('What happened'), text.indexOf('Checks'));
    expect(happened.match(/(we|they) said .*$/gm)).toEqual([
      'they said 323230206d61696c2e746573742045534d54501b5b324a0d0a',
      'we said EHLO demarc.invalid',
      'they said 250 mail.test',
    ]);
    expect(happened).toMatch(/starttls_refused$/m);
    expect(text).toMatch(/^ {2}hostname +\? +expected 127\.0\.0\.1, got no names$/m);
  });

  it('tells that the name server failed', async () => {
    const server = await nameServer((asked) => reply(asked, { rcode: 3 }));
    const { code, text } = await run('tcp', ['host=gone.test', 'port=1'], { resolver: server.at, debug: true });
    expect(code).toBe(1);
    expect(text).toMatch(/^ {2}gone\.test {2}dns_nxdomain \(last_good, [\d.]+ ms\)$/m);
    expect(text).toMatch(/^Address\n {2}none$/m);
  });

  it('trusts whom it is told to trust', async () => {
    const root = await rootAuthority();
    const leaf = await root.issue();
    const { port } = await tlsServer({ key: leaf.key, cert: leaf.cert });
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'demarc-probe-')), 'ca.pem');
    writeFileSync(file, root.cert);
    const settings = [`url=https://127.0.0.1:${port}/`, `host=${LEAF_NAME}`];
    const without = await run('http', settings, { debug: true });
    expect(without.code).toBe(1);
    expect(without.text).toMatch(/^ {2}certificate +FAIL expected valid, got tls_\w+$/m);
    const trusting = await run('http', settings, { debug: true, trust: [file] });
    expect(trusting.text).toMatch(/^ {2}certificate +ok +expected valid, got valid$/m);
    expect(trusting.code).toBe(0);
  });

  it('is told as JSON, the debug part too', async () => {
    const { port } = await timeServer(() => [{ received: Date.now(), sent: Date.now() }]);
    const { code, text } = await run('clock', ['host=127.0.0.1', `port=${port}`], { json: true, debug: true });
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      kind: 'clock',
      ok: true,
      reason: 'ok',
      facts: { stratum: 2 },
      timeoutMs: 2_000,
      debug: {
        settings: { host: '127.0.0.1', port },
        address: '127.0.0.1',
        checks: Array(4).fill({ passed: true }),
      },
    });
  });

  const ROUTE = {
    status: 'ok',
    data: {
      resource: '193.0.0.0/21',
      visibility: {
        v4: { ris_peers_seeing: 9, total_ris_peers: 340 },
        v6: { ris_peers_seeing: 0, total_ris_peers: 0 },
      },
      origins: [{ origin: 3333 }],
      query_time: '2026-11-22T08:00:00',
    },
  };

  it.each<[ProbeKind, unknown, (base: string) => string[], RegExp[]]>([
    [
      'registration',
      { objectClassName: 'domain', ldhName: 'example.org' },
      (base) => ['domain=example.com', `server=${base}`],
      [/^reason {2}answer_malformed\nphase {3}check\nflaw {4}about another domain$/m, /^ {2}document +FAIL /m],
    ],
    ['status', {}, (base) => [`url=${base}`, 'format=aws'], [/^flaw {4}JSON of another shape$/m]],
    ['acme', {}, (base) => [`directory=${base}`], [/^failed {2}authority: .*\(no ACME directory\)/m]],
    ['identity', { keys: [] }, (base) => [`issuer=${base}`], [/^flaw {4}no discovery document$/m]],
    [
      'custom',
      { queue: 42 },
      (base) => [`url=${base}`, 'pointer=/queue', 'good.atLeast=1', 'good.atMost=10'],
      [/^failed {2}the value is 42, which is bad$/m, /^ {2}value +FAIL expected at least 1 and at most 10, got 42$/m],
    ],
    [
      'outside',
      { state: 'down', at: '2026-11-22T13:40:00Z' },
      (base) => [`url=${base}`, 'pointer=/state', 'up=up', 'down=down', 'checked=/at'],
      [/^failed {2}whoever watches it saw it down/m, /^ {2}checkedAt +2026-11-22T13:40:00\.000Z$/m],
    ],
    [
      'routing',
      ROUTE,
      (base) => [`url=${base}`, 'prefix=193.0.0.0/21', 'origins=64500'],
      [
        /^failed {2}the prefix was seen by 9 of 340 peers/m,
        /^ {2}seen +FAIL expected by 50 % of the peers, got 9 of 340$/m,
        /^ {2}origins +\? +expected 64500, got 3333$/m,
        /^ {2}asOf +2026-11-22T08:00:00\.000Z$/m,
      ],
    ],
    [
      'portal',
      'pay here',
      (base) => [`url=${base}`],
      [/^ {2}status +FAIL expected 204, got 200$/m, /^ {2}answer +FAIL expected clear, got captured$/m],
    ],
  ])('of the kind %s says what was wrong with a document', async (kind, document, settingsAt, lines) => {
    const { base } = await serveDocument({ body: JSON.stringify(document) });
    const { code, text } = await run(kind, settingsAt(base), { debug: true });
    expect(code).toBe(1);
    for (const line of lines) expect(text).toMatch(line);
  });

  it('of the kind power says what was wrong with the conversation', async () => {
    const { port } = await hello();
    const { text } = await run('power', ['host=127.0.0.1', `port=${port}`, 'ups=rack'], { debug: true });
    expect(text).toMatch(/^flaw {4}no list$/m);
  });

  it('of every kind has checks, and samples that the catalogue knows', async () => {
    const { port } = await hello();
    const feed = await serveDocument({ body: JSON.stringify(STATUSPAGE) });
    const names = await nameServer((asked) => reply(asked, { answers: [a('example.org')], authoritative: true }));
    const settings: Record<ProbeKind, string[]> = {
      tcp: ['host=127.0.0.1', `port=${port}`],
      dns: [`server=${names.at}`, 'name=example.org', 'type=A', 'expect.authoritative=true'],
      http: [`url=http://127.0.0.1:${port}/`],
      certificate: ['host=127.0.0.1', `port=${port}`],
      cloudflared: [`url=http://127.0.0.1:${port}`],
      registration: ['domain=example.com', `server=${feed.base}`],
      status: [`url=${feed.base}`, 'format=statuspage', 'components=API Requests,Pages'],
      clock: ['host=127.0.0.1', `port=${port}`],
      ping: ['host=127.0.0.1', 'count=1'],
      quic: ['host=127.0.0.1', `port=${port}`],
      train: [`server=127.0.0.1:${port}`],
      routing: [`url=http://127.0.0.1:${port}/`, 'prefix=192.0.2.0/24'],
      outside: [`url=http://127.0.0.1:${port}/`, 'pointer=/state', 'up=up', 'down=down'],
      portal: [`url=http://127.0.0.1:${port}/`],
      power: ['host=127.0.0.1', `port=${port}`, 'ups=ups'],
      identity: [`issuer=http://127.0.0.1:${port}`],
      api: [`url=http://127.0.0.1:${port}/`, `elsewhere=http://127.0.0.1:${port}/b`],
      acme: [`directory=http://127.0.0.1:${port}/`],
      tailscale: ['socket=/nowhere/tailscaled.sock'],
      wireguard: ['interface=wg0', 'program=/nowhere/wg'],
      ngrok: [`url=http://127.0.0.1:${port}`],
      frp: [`url=http://127.0.0.1:${port}`, 'proxy=blog'],
      custom: [`url=http://127.0.0.1:${port}/`, 'pointer=/state', 'good.equals=up'],
    };
    for (const kind of KINDS) {
      const { text } = await run(kind, settings[kind], { debug: true, json: true, timeout: '500ms' });
      const { debug, samples }: { debug: { checks: unknown[] }; samples: { metric: string }[] } = JSON.parse(text);
      expect(debug.checks.length, kind).toBeGreaterThan(1);
      expect([...METRICS.keys()]).toEqual(expect.arrayContaining(samples.map(({ metric }) => metric)));
    }
  });
});

describe('what is wrong is said, all of it', () => {
  it.each<[string, string[], Partial<ProbeOptions>, string[]]>([
    ['htpp', [], {}, ['kind: there is no probe kind "htpp", did you mean http?']],
    ['__proto__', [], {}, [expect.stringMatching(/^kind: there is no probe kind "__proto__", there are tcp, /)]],
    [
      'tcp',
      ['port=abc', 'hosst=127.0.0.1', 'aliveWhenRefused=maybe'],
      {},
      [
        'host: is missing, expected string',
        'port: has the wrong type, expected number',
        'aliveWhenRefused: has the wrong type, expected boolean',
        'hosst: unknown key hosst, did you mean host?',
      ],
    ],
    ['tcp', ['host=a', 'port=1', 'port=2'], {}, ['port: is given twice, give each setting once']],
    ['tcp', ['host=a', 'port=1', '443'], {}, ['"443": is not key=value, write it like port=443']],
    ['tcp', ['host=a', 'port=1', '__proto__.x=1'], {}, ['"__proto__.x=1": is not key=value, write it like port=443']],
    ['tcp', ['host=a', 'port=1', '\x1b[2J'], {}, ['"\\u001b[2J": is not key=value, write it like port=443']],
    ['tcp', ['host=a', 'port=1', 'constructor.x=1'], {}, ['constructor: unknown key constructor, remove it']],
    [
      'http',
      ['url=http://127.0.0.1/', 'expect.statsu=200'],
      {},
      ['expect.statsu: unknown key statsu, did you mean status?'],
    ],
    [
      'http',
      ['url=http://127.0.0.1/', 'expect={"status":[200]}', 'expect.status=204'],
      {},
      ['expect.status: is given twice, give each setting once'],
    ],
    ['http', ['url=http://u:hunter2@127.0.0.1/'], {}, ['url: is not valid, must not hold credentials']],
    ['tcp', ['host=a', 'port=1'], { timeout: '4' }, ['--timeout: 4 is not a time, give 10ms to 60s, like 4s']],
    ['tcp', ['host=a', 'port=1'], { timeout: '2m' }, ['--timeout: 2m is not a time, give 10ms to 60s, like 4s']],
    [
      'tcp',
      ['host=a', 'port=1'],
      { resolver: 'dns.test' },
      [
        '--resolver: dns.test is not the address of a name server, write it like 192.0.2.1:53, [2001:db8::1]:53 or tls://192.0.2.1#dns.example',
      ],
    ],
    [
      'tcp',
      ['host=a', 'port=1'],
      { trust: ['/nowhere/ca.pem'] },
      ['--trust: /nowhere/ca.pem cannot be read (ENOENT), give a PEM file'],
    ],
  ])('%s %j %j', async (kind, pairs, options, problems) => {
    const said = await refused(kind, pairs, options);
    expect(said).toEqual(problems);
    expect(said.join()).not.toContain('hunter2');
  });

  it('a file without a certificate', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'demarc-probe-')), 'ca.pem');
    writeFileSync(file, 'hello');
    const said = await refused('tcp', ['host=a', 'port=1'], { trust: [file] });
    expect(said).toEqual([`--trust: ${file} holds no PEM certificate, give a PEM file`]);
  });
});

describe('values', () => {
  it.each<[ProbeKind, string[], unknown]>([
    ['tcp', ['host=1', 'port=443', 'aliveWhenRefused=true'], { host: '1', port: 443, aliveWhenRefused: true }],
    [
      'http',
      ['url=http://127.0.0.1/?a=b', 'expect.status=200, 204', 'expect.body=a=b,c'],
      { url: 'http://127.0.0.1/?a=b', expect: { status: [200, 204], body: 'a=b,c' } },
    ],
    ['http', ['url=http://[::1]/', 'expect={"status":[301]}'], { url: 'http://[::1]/', expect: { status: [301] } }],
    [
      'http',
      ['url=http://127.0.0.1/', 'errorClasses=[{"generator":"origin"}]', 'popHeader.name=x', 'popHeader.pattern=.'],
      { url: 'http://127.0.0.1/', errorClasses: [{ generator: 'origin' }], popHeader: { name: 'x', pattern: '.' } },
    ],
    [
      'status',
      ['url=http://127.0.0.1/', 'format=aws', 'components=["a, b","c"]'],
      { url: 'http://127.0.0.1/', format: 'aws', components: ['a, b', 'c'] },
    ],
  ])('%s %j', (kind, pairs, settings) => {
    expect(settingsFrom(kind, pairs)).toEqual(settings);
  });

  it('of any kind are taken, or refused as the mistake they are', () => {
    const keys = [
      'host',
      'port',
      'url',
      'expect',
      'expect.status',
      'expect.body',
      'components',
      'constructor',
      'a.b.c',
    ];
    const pair = fc.oneof(
      fc.tuple(fc.constantFrom(...keys), fc.string()).map((parts) => parts.join('=')),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.array(pair, { maxLength: 5 }), (kind, pairs) => {
        try {
          settingsFrom(kind, pairs);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
        expect('b' in {}).toBe(false);
      }),
    );
  });
});

describe('on a terminal', () => {
  it.each([
    ['\x1b[2J', '\\u{1b}[2J'],
    ['a\nb\r', 'a\\u{a}b\\u{d}'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['\u2028', '\\u{2028}'],
    ['\u{e0001}', '\\u{e0001}'],
    ['Zürich 東京 😀', 'Zürich 東京 😀'],
  ])('%j is shown as it is', (text, safe) => {
    expect(shown(text)).toBe(safe);
  });

  it('no text moves the cursor, and JSON stays the same JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(shown(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        const json = shownJson({ text });
        expect(json.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});
