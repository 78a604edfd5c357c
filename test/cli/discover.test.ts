// `demarc discover` against fakes of the documented APIs: what is proposed and why, what is left out, and that hostile answers
// stay text.
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseMap } from '../../map/load.ts';
import { runDemarc } from './run-demarc.ts';

const servers: http.Server[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demarc-discover-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await rm(folder, { recursive: true });
});

/** Answers these paths with JSON, or a text as it is; on a socket of a file when one is named. */
async function fake(answers: Readonly<Record<string, unknown>>, socket?: string): Promise<string> {
  const server = http.createServer((request, response) => {
    const [where = ''] = (request.url ?? '').split('?');
    if (request.method !== 'GET' || !Object.hasOwn(answers, where)) return void response.writeHead(404).end();
    const answer = answers[where];
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  servers.push(server);
  if (socket === undefined) server.listen(0, '127.0.0.1');
  else server.listen(socket);
  await once(server, 'listening');
  return socket ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const NOWHERE = ['--docker', 'none', '--cloudflared', 'none', '--traefik', 'none', '--caddy', 'none'];

/** Asks only what is named. */
const discover = (...argv: string[]) => {
  const kept = NOWHERE.filter((_, at) => !argv.includes(NOWHERE[at - (at % 2)] ?? ''));
  return runDemarc(['discover', ...kept, ...argv], folder);
};

const container = (name: string, Labels: Record<string, string>) => ({ Names: [`/${name}`], Labels });
const docker = (...containers: unknown[]) => fake({ '/containers/json': containers }, path.join(folder, 'docker.sock'));

describe('Docker', () => {
  it('labels become keys of a service', async () => {
    const socket = await docker(
      container('web-1', {
        'com.docker.compose.service': 'blog',
        'demarc.url': 'https://blog.example.org/',
        'demarc.edge.vendor': 'cloudflare',
        'demarc.expect.status': '200, 204',
        'demarc.origin.url': 'http://192.0.2.7:8080/',
        'demarc.origin.hostPort': '22',
      }),
      container('db', { other: 'label' }),
      container('off', { 'demarc.url': 'https://off.example.org/', 'demarc.enable': 'false' }),
      container('half', { 'demarc.name': 'half' }),
    );
    const { code, stdout, stderr } = await discover('--docker', socket);
    expect([code, stderr]).toEqual([0, `Docker at ${socket}: 1 seen\n`]);
    expect(parse(stdout)).toEqual({
      services: {
        blog: {
          url: 'https://blog.example.org/',
          edge: { vendor: 'cloudflare' },
          expect: { status: [200, 204] },
          origin: { url: 'http://192.0.2.7:8080/', hostPort: 22 },
        },
      },
    });
    expect(stdout).toContain('# the labels of the container web-1');
    expect(stdout).toContain('# left out: the container off: its label demarc.enable says so');
    expect(stdout).toContain('# left out: the container half: it has labels of demarc, but no demarc.url');
    expect(parseMap(`version: 1\n${stdout}`, 'proposed', folder).file.services.blog?.origin?.hostPort).toBe(22);
  });

  it('wrong labels are refused as the map would refuse them', async () => {
    const socket = await docker(
      container('typo', { 'demarc.url': 'https://a.example.org/', 'demarc.orgin.url': 'http://192.0.2.7/' }),
      container('vendor', { 'demarc.url': 'https://b.example.org/', 'demarc.edge.vendor': 'cloudfare' }),
      container('secret', { 'demarc.url': 'https://me:secret@c.example.org/' }),
    );
    const { stdout } = await discover('--docker', socket);
    expect(parse(stdout)).toEqual({ services: {} });
    expect(stdout.match(/^# left out: /gm)).toHaveLength(3);
    expect(stdout).not.toContain('me:secret');
  });
});

describe('cloudflared', () => {
  const INGRESS = [
    { hostname: 'blog.example.org', service: 'http://localhost:8080' },
    { hostname: '*.example.org', service: 'http://localhost:8081' },
    { hostname: 'ssh.example.org', service: 'ssh://localhost:22' },
    { service: 'http_status:404' },
  ];

  it.each(['the daemon', 'the file'])('rules of %s become services behind the tunnel', async (which) => {
    const url = await fake({ '/config': { version: 3, config: { ingress: INGRESS, 'warp-routing': {} } } });
    const file = path.join(folder, 'config.yml');
    writeFileSync(file, JSON.stringify({ tunnel: 'x', 'credentials-file': '/y', ingress: INGRESS }));
    const { stdout } = await discover(
      ...(which === 'the file' ? ['--cloudflared-config', file] : ['--cloudflared', url]),
    );
    const { services } = parse(stdout);
    expect(services).toEqual({
      blog: {
        url: 'https://blog.example.org/',
        edge: { vendor: 'cloudflare' },
        tunnel: { kind: 'cloudflared', metrics: which === 'the file' ? 'http://127.0.0.1:20241' : url },
        origin: { url: 'http://localhost:8080', host: 'blog.example.org' },
      },
    });
    expect(stdout).toContain('# origin is on the machine of the daemon itself');
    expect(stdout.match(/^# left out: /gm)).toHaveLength(2);
  });
});

describe('Traefik and Caddy', () => {
  it("Traefik's routers become services, with the server behind them as the origin", async () => {
    const url = await fake({
      '/api/http/routers': [
        {
          name: 'blog@docker',
          rule: 'Host(`blog.example.org`) && PathPrefix(`/up`)',
          service: 'blog',
          provider: 'docker',
          status: 'enabled',
          tls: { options: 'default' },
        },
        {
          name: 'api@internal',
          rule: 'PathPrefix(`/api`)',
          service: 'api@internal',
          provider: 'internal',
          status: 'enabled',
        },
        { name: 'any@file', rule: 'HostRegexp(`.+`)', service: 'any', provider: 'file', status: 'enabled' },
        { name: 'old@file', rule: 'Host(`old.example.org`)', service: 'old', provider: 'file', status: 'disabled' },
        'not a router',
      ],
      '/api/http/services': [{ name: 'blog@docker', loadBalancer: { servers: [{ url: 'http://172.18.0.3:80' }] } }],
    });
    const { stdout } = await discover('--traefik', url);
    expect(parse(stdout)).toEqual({
      services: {
        blog: {
          url: 'https://blog.example.org/up',
          origin: { url: 'http://172.18.0.3/up', host: 'blog.example.org' },
        },
      },
    });
    expect(stdout).toContain("# Traefik's router blog@docker, in front of http://172.18.0.3:80");
    expect(stdout.match(/^# left out: /gm)).toHaveLength(2);
  });

  it("Caddy's routes become services, however deep the upstream lies", async () => {
    const proxy = { handler: 'reverse_proxy', upstreams: [{ dial: '127.0.0.1:3000' }] };
    const url = await fake({
      '/config/': {
        apps: {
          http: {
            servers: {
              srv0: {
                listen: [':443'],
                routes: [
                  {
                    match: [{ host: ['shop.example.org'] }],
                    handle: [{ handler: 'subroute', routes: [{ handle: [{ handler: 'encode' }, proxy] }] }],
                  },
                  { match: [{ host: ['*.example.org'] }], handle: [proxy] },
                ],
              },
            },
          },
        },
      },
    });
    const { stdout } = await discover('--caddy', url);
    expect(parse(stdout).services).toEqual({
      shop: { url: 'https://shop.example.org/', origin: { url: 'http://127.0.0.1:3000/', host: 'shop.example.org' } },
    });
  });
});

describe('all of them', () => {
  it('one service seen twice is proposed once, and what the map has is not proposed', async () => {
    const socket = await docker(
      container('blog', { 'demarc.url': 'https://blog.example.org/', 'demarc.stamp': 'X-Origin' }),
      container('shop', { 'demarc.url': 'https://shop.example.org' }),
    );
    const tunnel = await fake({
      '/config': { config: { ingress: [{ hostname: 'blog.example.org', service: 'http://192.0.2.7' }] } },
    });
    const map = "version: 1\nservices: { mine: { url: 'https://shop.example.org/' } }\n";
    writeFileSync(path.join(folder, 'demarc.yaml'), map);
    const { stdout } = await discover('--docker', socket, '--cloudflared', tunnel, '--json');
    const { proposals } = JSON.parse(stdout);
    expect(proposals).toHaveLength(1);
    expect(proposals[0]).toMatchObject({
      name: 'blog',
      service: { stamp: 'X-Origin', origin: { url: 'http://192.0.2.7' } },
      reasons: ['the labels of the container blog', expect.stringContaining('ingress rule')],
    });
    expect(readdirSync(folder).sort()).toEqual(['demarc.yaml', 'docker.sock']);
  });

  it('what is not there, or answers nonsense, is told and stops nobody', async () => {
    const socket = await docker(container('blog', { 'demarc.url': 'https://blog.example.org/' }));
    const nonsense = await fake({ '/config': '<html>' });
    const deep = await fake({ '/config/': '['.repeat(100_000) });
    const { code, stdout, stderr } = await discover(
      ...['--docker', socket, '--cloudflared', nonsense, '--caddy', deep, '--traefik', 'http://127.0.0.1:2'],
    );
    expect(code).toBe(0);
    expect(Object.keys(parse(stdout).services)).toEqual(['blog']);
    expect(stderr).toMatch(/cloudflared at .*: not looked at, its answer is not JSON/);
    expect(stderr).toMatch(/Caddy at .*: not looked at, its answer is nested too deep/);
    expect(stderr).toMatch(/Traefik at .*: not looked at, ECONNREFUSED/);
  });

  it('hostile answers stay inert: no control character, no line, no key of their own', async () => {
    const socket = await docker(
      container('\u001b[31mred\nservices:\n  evil: {}', {
        'demarc.url': 'https://x.example.org/',
        'demarc.name': '../../etc',
      }),
      container('proto', { 'demarc.url': 'https://y.example.org/', 'demarc.__proto__.polluted': 'yes' }),
      container('deep', { 'demarc.url': 'https://z.example.org/', 'demarc.a.b.c.d.e.f': 'x' }),
      container('line', { 'demarc.url': 'https://w.example.org/\nadmin: true' }),
      { Names: 'not a list', Labels: 7 },
    );
    const { code, stdout, stderr } = await discover('--docker', socket);
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    const parsed = parse(stdout);
    expect(Object.keys(parsed)).toEqual(['services']);
    expect(Object.keys(parsed.services)).toEqual(['service']);
    expect(parsed.services.service.url).toBe('https://x.example.org/');
    expect(stdout.match(/^# left out: /gm)).toHaveLength(3);
    expect(stdout).toContain('# left out: the labels of the container line: it holds control characters');
  });

  it.each([
    ['a place that is none', ['--traefik', 'nas'], /--traefik: nas is neither/],
    ['a file that is not there', ['--cloudflared-config', 'none.yml'], /none\.yml: does not exist/],
    ['a map that is not there', ['--map', 'none.yaml'], /none\.yaml: does not exist/],
  ])('refuses %s', async (_, argv, message) => {
    const { code, stdout, stderr } = await discover(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
