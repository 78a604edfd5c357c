// The kinds that read one document, through a real forward proxy: all of them are asked through it alone, and what fails at it
// is neither an answer of whoever was asked for nor a failure of theirs.
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import type { Observation, ProbeKind } from '../../exporters/observation.ts';
import { PROBES } from '../../exporters/registry.ts';
import { freePort } from '../../replay/process.ts';
import { classify } from '../../signals/classify.ts';
import { contextOf } from './contract.ts';
import { forwardProxy } from './forward-proxy.ts';
import { httpServer, type RawAnswer, rawServer } from './local-server.ts';
import { thenEnds } from './measure-http.ts';
import { STATUSPAGE } from './status-feeds.ts';

/** Known to the proxy alone: nobody here could find it. */
const NAME = 'document.test';
const hosts = { [NAME]: '127.0.0.1' };

interface Reader {
  settings: (base: string) => Record<string, unknown>;
  /** By path. */
  pages: (base: string) => Record<string, unknown>;
}

const ROUTE = {
  status: 'ok',
  data: {
    resource: '193.0.0.0/21',
    query_time: '2026-11-21T00:00:00',
    origins: [{ origin: 3333 }],
    visibility: {
      v4: { ris_peers_seeing: 300, total_ris_peers: 320 },
      v6: { ris_peers_seeing: 0, total_ris_peers: 0 },
    },
  },
};

const READERS = {
  status: {
    settings: (base) => ({ url: base, format: 'statuspage' }),
    pages: () => ({ '/': STATUSPAGE }),
  },
  registration: {
    settings: (base) => ({ domain: 'example.com', server: base }),
    pages: () => ({ '/domain/example.com': { objectClassName: 'domain', ldhName: 'example.com' } }),
  },
  custom: {
    settings: (base) => ({ url: base, pointer: '/a', good: { equals: ['x'] } }),
    pages: () => ({ '/': { a: 'x' } }),
  },
  outside: {
    settings: (base) => ({ url: base, pointer: '/a', up: ['x'], down: ['y'] }),
    pages: () => ({ '/': { a: 'x' } }),
  },
  identity: {
    settings: (base) => ({ issuer: base }),
    pages: (base) => ({
      '/.well-known/openid-configuration': {
        issuer: base,
        authorization_endpoint: `${base}in`,
        jwks_uri: `${base}keys`,
      },
      '/keys': { keys: [{ kty: 'RSA', kid: 'one', n: 'x', e: 'AQAB' }] },
    }),
  },
  acme: {
    settings: (base) => ({ directory: base }),
    pages: (base) => ({
      '/': Object.fromEntries(
        ['newNonce', 'newAccount', 'newOrder', 'revokeCert', 'keyChange'].map((name) => [name, `${base}${name}`]),
      ),
    }),
  },
  routing: {
    settings: (base) => ({ url: base, prefix: '193.0.0.0/21' }),
    pages: () => ({ '/data/routing-status/data.json': ROUTE }),
  },
} satisfies Partial<Record<ProbeKind, Reader>>;

type Kind = keyof typeof READERS;

const KINDS = Object.keys(READERS) as Kind[];

async function measure(kind: Kind, port: number, proxyPort: number): Promise<Observation> {
  const settings = {
    ...READERS[kind].settings(`http://${NAME}:${port}/`),
    proxy: { url: `http://127.0.0.1:${proxyPort}` },
  };
  return PROBES[kind].prepare('t', settings)(contextOf(AbortSignal.timeout(2_000)));
}

const NOBODYS = { role: 'custom', layer: null, named: false, troubled: false, declared: false } as const;

describe.each(KINDS)('%s', (kind) => {
  it('asks the proxy for every page, and nobody else', async () => {
    const { port } = await httpServer(({ url = '' }, response) => {
      const pages: Record<string, unknown> = READERS[kind].pages(`http://${NAME}:${port}/`);
      response.end(JSON.stringify(pages[url.split('?')[0] ?? '']));
    });
    const proxy = await forwardProxy({ hosts });
    expect(await measure(kind, port, proxy.port)).toMatchObject({ reason: 'ok', facts: { address: '127.0.0.1' } });
    expect(proxy.asked).toHaveLength(kind === 'identity' ? 2 : 1);
    for (const line of proxy.asked) expect(line).toContain(`GET http://${NAME}:${port}/`);
  });

  it.each<[string, RawAnswer | null, Reason]>([
    ['is not there', null, 'proxy_unreachable'],
    ['hangs up', thenEnds('', 'end'), 'proxy_unreachable'],
    ['wants credentials', 'HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\r\n', 'proxy_denied'],
    ['does not get through', 'HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n', 'proxy_gateway'],
  ])('blames nobody behind a proxy that %s', async (_, answer, reason) => {
    const port = answer === null ? await freePort() : (await rawServer(answer)).port;
    const observed = await measure(kind, 80, port);
    expect(observed).toMatchObject({ ok: false, reason, facts: { httpStatus: null } });
    expect(Object.values(classify(observed, NOBODYS, false))).not.toContain(0);
  });
});
