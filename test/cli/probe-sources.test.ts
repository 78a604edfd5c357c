// `demarc probe --debug` about tunnels, registries, status pages, clocks and power: what was done, and each thing it was held
// against, with what was found.
import { describe, expect, it } from 'vitest';
import { probe } from '../../cli/probe.ts';
import type { ProbeKind } from '../../exporters/observation.ts';
import { freePort } from '../../replay/process.ts';
import { program } from '../exporters/local-daemons.ts';
import { httpServer } from '../exporters/local-server.ts';
import { nutServer } from '../exporters/nut-server.ts';
import { STATUSPAGE } from '../exporters/status-feeds.ts';
import { type Reply, timeServer } from '../exporters/time-server.ts';

/** The lines of a section, each with its spaces made one; of the checks, without that of the deadline. */
async function explained(kind: ProbeKind, pairs: string[], title = 'Checks'): Promise<string[]> {
  const lines: string[] = [];
  await probe(kind, pairs, { timeout: '2s', resolver: '127.0.0.1:9', debug: true }, (line) => lines.push(line));
  const from = lines.indexOf(title) + 1;
  const section = from === 0 ? [] : lines.slice(from, lines.indexOf('', from));
  return section.map((line) => line.trim().replace(/ +/g, ' ')).filter((line) => !line.startsWith('deadline'));
}

/** What happened, without the times. */
const happened = async (kind: ProbeKind, pairs: string[]): Promise<string[]> =>
  (await explained(kind, pairs, 'What happened')).map((line) => line.replace(/^\d+\.\d+ ms /, ''));

/** Pages by path. */
async function serving(pages: Record<string, unknown>, status = 200): Promise<string> {
  const { port } = await httpServer(({ url = '' }, response) => {
    const page = pages[url];
    response.writeHead(page === undefined ? 404 : status);
    response.end(typeof page === 'string' ? page : JSON.stringify(page));
  });
  return `http://127.0.0.1:${port}/`;
}

const KEY = `${'A'.repeat(43)}=`;

const dump = (secondsAgo: number, keepalive: string): string => {
  const at = Math.floor(Date.now() / 1000) - secondsAgo;
  return `wg0\tPRIVATE\tPUBLIC\t51820\toff\nwg0\t${KEY}\tPRESHARED\t192.0.2.1:51820\t10.0.0.0/24\t${at}\t1\t1\t${keepalive}\n`;
};

const tailnet = (more: object): string =>
  program(JSON.stringify({ BackendState: 'Running', Self: { Online: true }, Peer: {}, ...more }));

describe('of a tunnel', () => {
  it('cloudflared, which is there and not connected', async () => {
    const base = await serving({ '/ready': { status: 503, readyConnections: 0, connectorId: 'x' } }, 503);
    expect(await explained('cloudflared', [`url=${base}`])).toEqual([
      '/ready ok expected 200, or 503 in words of cloudflared, got 503',
      'connections FAIL expected at least 1 to the edge, got 0',
      'all of them note expected 4, to two regions, got 0',
      '/metrics ? expected no registration refused since its start, got not told',
    ]);
  });

  it('cloudflared, with one connection of four and registrations that were refused', async () => {
    const metrics =
      'build_info{version="2020.1.0"} 1\ncloudflared_tunnel_tunnel_register_fail{error="server_error"} 3\n';
    const base = await serving({
      '/ready': { status: 200, readyConnections: 1, connectorId: 'x' },
      '/metrics': metrics,
    });
    expect((await explained('cloudflared', [`url=${base}`])).slice(1)).toEqual([
      'connections ok expected at least 1 to the edge, got 1',
      'all of them note expected 4, to two regions, got 1',
      '/metrics note expected no registration refused since its start, got 3 refused',
      'version note expected of the last twelve months, got 2020.1.0',
    ]);
  });

  it('cloudflared, where something else answers', async () => {
    const base = await serving({ '/ready': 'OK' });
    expect((await explained('cloudflared', [`url=${base}`]))[0]).toBe(
      '/ready FAIL expected 200, or 503 in words of cloudflared, got something else',
    );
  });

  it.each<[string, object, string[]]>([
    [
      'that is logged out',
      { BackendState: 'NeedsLogin' },
      [
        'daemon FAIL expected running, got logged out',
        'key ? expected in time, got not looked at',
        'peer ? expected nas online, got not looked at',
      ],
    ],
    [
      'whose key has ended',
      { Self: { Expired: true } },
      [
        'daemon ok expected running, got as expected',
        'key FAIL expected in time, got expired',
        'peer ? expected nas online, got not looked at',
      ],
    ],
    [
      'that knows no such peer',
      {},
      [
        'daemon ok expected running, got as expected',
        'key ok expected in time, got as expected',
        'peer FAIL expected nas online, got not in the tailnet',
      ],
    ],
  ])('tailscale, %s', async (_, more, checks) => {
    const path = tailnet(more);
    expect((await explained('tailscale', [`program=${path}`, 'peer=nas'])).slice(0, 3)).toEqual(checks);
    expect((await happened('tailscale', [`program=${path}`, 'peer=nas']))[0]).toBe(`ran ${path} status --json`);
  });

  it('tailscale, which has lost its control plane and whose key ends today', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const path = tailnet({ Health: ['not-in-map-poll'], Self: { Online: false, KeyExpiry: soon } });
    expect((await explained('tailscale', [`program=${path}`])).slice(2)).toEqual([
      'control plane note expected reached, got not reached',
      'warnings note expected none, got 1',
      `key lasts note expected a day and more, got until ${soon.slice(0, 10)}`,
    ]);
  });

  it.each<[string, number, string, string, string]>([
    [
      'that shook hands',
      20,
      '25',
      `peer=${KEY}`,
      'handshake ok expected within 180 s and one keepalive, got 2\\d s ago',
    ],
    [
      'that is stale',
      900,
      '25',
      `peer=${KEY}`,
      'handshake FAIL expected within 180 s and one keepalive, got 90\\d s ago',
    ],
    [
      'that is idle',
      900,
      'off',
      `peer=${KEY}`,
      'handshake \\? .*, got 90\\d s ago, and without keepalive that proves nothing',
    ],
    ['with another peer', 20, '25', `peer=${'B'.repeat(43)}=`, 'handshake \\? .*, got not looked at'],
  ])('wireguard, %s', async (_, secondsAgo, keepalive, peer, line) => {
    const path = program(dump(secondsAgo, keepalive));
    const lines = await explained('wireguard', [`program=${path}`, 'interface=wg0', peer]);
    expect(lines[0]).toBe('interface ok expected wg0 up, got as expected');
    expect(lines.at(-1)).toMatch(new RegExp(`^${line}$`));
    const story = await happened('wireguard', [`program=${path}`, 'interface=wg0', peer]);
    expect(story[0]).toBe(`ran ${path} show all dump`);
    expect([...lines, ...story].join()).not.toMatch(/PRIVATE|PRESHARED/);
  });

  it('ngrok, without the tunnel that should be there', async () => {
    const base = await serving({
      '/api/tunnels': { tunnels: [{ name: 'web', public_url: 'https://x.test' }] },
      '/api/status': { status: 'online', session: { legs: [] } },
    });
    expect(await explained('ngrok', [`url=${base}`, 'tunnel=ssh'])).toEqual([
      'agent ok expected online, got as expected',
      'tunnel FAIL expected ssh, got not there',
    ]);
  });

  it('frp, whose own check of the service fails', async () => {
    const base = await serving({ '/api/status': { http: [{ name: 'blog', status: 'check failed' }] } });
    expect(await explained('frp', [`url=${base}`, 'proxy=blog'])).toEqual([
      'proxy ok expected blog listed, got as expected',
      'state FAIL expected running, got its own check of your service failed',
    ]);
  });

  it.each<[ProbeKind, (base: string) => string[], string]>([
    ['ngrok', (base) => [`url=${base}`], 'agent ? expected online, got not looked at'],
    ['frp', (base) => [`url=${base}`, 'proxy=blog'], 'proxy ? expected blog listed, got not looked at'],
    ['wireguard', () => ['program=/nowhere/wg', 'interface=wg0'], 'interface ? expected wg0 up, got not looked at'],
    ['tailscale', () => ['socket=/nowhere/s'], 'daemon ? expected running, got not looked at'],
  ])('%s, which is not there', async (kind, pairs, line) => {
    expect(await explained(kind, pairs(`http://127.0.0.1:${await freePort()}/`))).toContain(line);
  });
});

describe('of a document', () => {
  it('a registration that was taken out, has ended, and could be transferred', async () => {
    const base = await serving({
      '/domain/example.com': {
        objectClassName: 'domain',
        ldhName: 'example.com',
        status: ['client hold'],
        events: [{ eventAction: 'expiration', eventDate: '2020-01-02T00:00:00Z' }],
      },
    });
    expect(await explained('registration', ['domain=example.com', `server=${base}`])).toEqual([
      'status ok expected 200, got 200',
      'document ok expected the RDAP object of the domain, got read',
      'delegated note expected no state that takes it out of the zone, got clientHold',
      'current note expected an end in the future, got 2020-01-02',
      'locked note expected a lock against transfers, got no lock',
    ]);
  });

  it('a status page that does not know a component, through a forward proxy', async () => {
    const base = await serving({ '/': STATUSPAGE });
    const proxied = [`url=${base}`, 'format=statuspage', 'components=Pages,Nobody'];
    expect(await explained('status', proxied)).toEqual([
      'status ok expected 200, got 200',
      'document ok expected a feed of the format, got read',
      expect.stringMatching(/^Pages ok expected in the feed, got \w+$/),
      'Nobody note expected in the feed, got not in the feed, or in a word nobody knows',
      expect.stringMatching(/^words \w+ expected all known, got \d unknown$/),
    ]);
    const gone = `http://127.0.0.1:${await freePort()}/`;
    expect(await explained('status', [...proxied, `proxy.url=${gone}`])).toEqual([
      'status ? expected 200, got none',
      'document ? expected a feed of the format, got not read',
    ]);
  });
});

describe('of a clock', () => {
  it.each<[string, Reply, string[]]>([
    [
      'that is set',
      {},
      ['answer ok expected the time, by a clock that is set, got the time', 'stratum ok expected 2, got 2'],
    ],
    [
      'that is not',
      { leap: 3 },
      [
        'answer FAIL expected the time, by a clock that is set, got ntp_unsynchronized',
        'stratum ? expected 1 to 15, got none',
      ],
    ],
    [
      'that refuses',
      { stratum: 0, reference: 'RATE' },
      [
        'answer FAIL expected the time, by a clock that is set, got refused: RATE',
        'stratum ? expected 1 to 15, got none',
      ],
    ],
  ])('%s', async (_, reply, checks) => {
    const now = Date.now();
    const server = await timeServer(() => [{ received: now, sent: now, ...reply }]);
    const lines = await explained('clock', ['host=127.0.0.1', `port=${server.port}`]);
    expect(lines.slice(0, 2)).toEqual(checks);
  });

  it('tells what was asked and what came', async () => {
    const server = await timeServer(() => [{ stratum: 0, reference: 'RATE' }]);
    expect(await happened('clock', ['host=127.0.0.1', `port=${server.port}`])).toEqual([
      `asked 127.0.0.1 at port ${server.port} for the time by NTP, in one datagram that is not sent again`,
      'answered: refused, RATE',
    ]);
  });

  it('that says ours is wrong', async () => {
    const server = await timeServer(() => [{ received: Date.now() + 90_000, sent: Date.now() + 90_000 }]);
    const lines = await explained('clock', ['host=127.0.0.1', `port=${server.port}`]);
    expect(lines.at(-1)).toMatch(
      /^our clock note expected within 30 s, got (89|90)\d{3}\.\d ms behind, give or take \d+\.\d ms$/,
    );
  });
});

it('of a UPS on battery, which is nearly empty', async () => {
  const { port } = await nutServer({ variables: { 'ups.status': 'OB LB RB' } });
  expect(await explained('power', ['host=127.0.0.1', `port=${port}`, 'ups=rack'])).toEqual([
    'source FAIL expected line, got battery',
    'battery note expected not low, got low',
    'battery lasts note expected good, got to be replaced',
    'test ok expected none, got none',
  ]);
  expect(await happened('power', ['host=127.0.0.1', `port=${port}`, 'ups=rack'])).toEqual([
    'LIST VAR rack',
    'ups.status OB LB RB',
  ]);
});
