// The probes of what providers show to everybody: an OpenID provider's documents, and an authority's ACME directory.
import tls from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { acme, directoryIn } from '../../exporters/acme/probe.ts';
import { keysIn, keysUrlIn } from '../../exporters/identity/documents.ts';
import { identity } from '../../exporters/identity/probe.ts';
import { contextOf, overHttp, probeContract } from './contract.ts';
import { httpServer, started } from './local-server.ts';
import { mangled, readOrRefused } from './mangled.ts';
import { good, middle, root, withChain } from './measure-certificate.ts';
import { resolvesTo } from './measure-http.ts';
import { LEAF_NAME, selfSignedLeaf } from './test-ca.ts';

const patient = () => contextOf(AbortSignal.timeout(3_000));

const RSA = { kty: 'RSA', kid: 'main-2026', n: 'x', e: 'AQAB' };

const discovery = (base: string, more: object = {}): string =>
  JSON.stringify({ issuer: base, authorization_endpoint: `${base}/login`, jwks_uri: `${base}/keys`, ...more });

interface Provider {
  said?: (base: string) => string;
  keys?: unknown;
  keysStatus?: number;
}

async function provider({ said = discovery, keys = { keys: [RSA] }, keysStatus = 200 }: Provider): Promise<string> {
  let base = '';
  const { port } = await httpServer(({ url }, response) => {
    if (url === '/.well-known/openid-configuration') return response.end(said(base));
    return response.writeHead(url === '/keys' ? keysStatus : 404).end(JSON.stringify(keys));
  });
  base = `http://127.0.0.1:${port}`;
  return base;
}

describe('an OpenID provider', () => {
  it.each<[string, Provider, Reason, object]>([
    ['that is well', {}, 'ok', { document: 'keys', keyIds: ['main-2026'], keysEnd: null }],
    [
      'with keys nobody here knows beside one',
      { keys: { keys: [{ kty: 'PQ' }, { ...RSA, kid: '<b>' }] } },
      'ok',
      { keyIds: ['?'] },
    ],
    [
      'with more keys than anybody needs',
      { keys: { keys: Array(40).fill(RSA) } },
      'ok',
      { keyIds: Array(32).fill('main-2026') },
    ],
    [
      'with keys for encryption alone',
      { keys: { keys: [{ ...RSA, use: 'enc' }] } },
      'answer_malformed',
      { keyIds: null },
    ],
    ['with a key that is none', { keys: { keys: [{ kty: 'RSA', kid: 'a' }] } }, 'answer_malformed', { keyIds: null }],
    [
      'that wants credentials said for its keys',
      { said: (base) => discovery(base, { jwks_uri: `${base.replace('//', '//me:secret@')}/keys` }) },
      'target_denied',
      { document: 'discovery' },
    ],
    [
      'that speaks for somebody else',
      { said: (base) => discovery(base, { issuer: 'https://other.test' }) },
      'answer_malformed',
      { document: 'discovery' },
    ],
    [
      'whose keys are elsewhere',
      { said: (base) => discovery(base, { jwks_uri: 'http://127.0.0.2:1/keys' }) },
      'target_denied',
      { document: 'discovery' },
    ],
    [
      'whose keys are a file',
      { said: (base) => discovery(base, { jwks_uri: 'file:///etc/passwd' }) },
      'answer_malformed',
      { document: 'discovery' },
    ],
    ['without keys', { keys: { keys: [] } }, 'answer_malformed', { document: 'keys', keyIds: null }],
    ['whose keys fail', { keysStatus: 503 }, 'http_status', { document: 'keys', httpStatus: 503 }],
    ['that shows a page', { said: () => '<!doctype html>' }, 'answer_malformed', { document: 'discovery' }],
  ])('%s', async (_, set, reason, facts) => {
    const observed = await identity.prepare('t', { issuer: await provider(set) })(patient());
    expect(observed).toMatchObject({ reason, facts });
  });

  it('that leads from TLS to keys in the clear is not followed', async () => {
    let said = '';
    const server = tls.createServer(withChain(good, middle.cert), (socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n\r\n${said}`)),
    );
    const { port, accepted } = await started(server);
    const issuer = `https://${LEAF_NAME}:${port}`;
    said = discovery(issuer, { jwks_uri: `http://${LEAF_NAME}:${port}/keys` });
    const context = { resolver: resolvesTo('127.0.0.1'), trust: [root.cert] };
    const observed = await identity.prepare('t', { issuer })(contextOf(AbortSignal.timeout(3_000), context));
    expect(observed).toMatchObject({ reason: 'target_denied', facts: { document: 'discovery', httpStatus: 200 } });
    expect(accepted()).toBe(1);
  });

  it('tells when the first certificate of its keys ends, and asks another host for them only if the map says so', async () => {
    const { cert } = await selfSignedLeaf();
    const base64 = cert.replace(/-----[A-Z ]+-----|\s/g, '').slice(0, 8_000);
    expect(keysIn(JSON.stringify({ keys: [{ ...RSA, x5c: ['bm8='] }] })).keysEnd).toBeNull();
    const elsewhere = await provider({ keys: { keys: [{ ...RSA, x5c: [base64] }] } });
    const issuer = await provider({ said: (base) => discovery(base, { jwks_uri: `${elsewhere}/keys` }) });
    const { host } = new URL(elsewhere);
    const observed = await identity.prepare('t', { issuer, keysHost: host })(patient());
    expect(observed).toMatchObject({ reason: 'ok', facts: { keyIds: ['main-2026'] } });
    expect(observed.facts.keysEnd).toBeGreaterThan(Date.now());
    expect(identity.samples(observed).map(({ metric }) => metric)).toEqual([
      'demarc_identity_keys',
      'demarc_identity_keys_expiry_timestamp_seconds',
    ]);
  });

  it('is read, or refused, whatever it says', () => {
    const texts = fc.constantFrom(
      discovery('https://id.test'),
      JSON.stringify({ keys: [RSA, { ...RSA, x5c: ['AA=='] }] }),
    );
    fc.assert(
      fc.property(mangled(texts), (text) => {
        readOrRefused(() => keysUrlIn(text, 'https://id.test'));
        for (const id of readOrRefused(() => keysIn(text))?.keyIds ?? []) expect(id.length).toBeLessThan(65);
      }),
    );
  });
});

const DIRECTORY = Object.fromEntries(
  ['newNonce', 'newAccount', 'newOrder', 'revokeCert', 'keyChange'].map((key) => [key, `https://ca.test/${key}`]),
);

describe('an ACME directory', () => {
  it.each<[string, string, number, [Reason, Phase | null], object]>([
    [
      'that is well',
      JSON.stringify({ ...DIRECTORY, x7: 'https://ca.test/why' }),
      200,
      ['ok', null],
      { externalAccount: null, renewalInfo: false },
    ],
    [
      'with all that is new',
      JSON.stringify({ ...DIRECTORY, renewalInfo: 'https://ca.test/ari', meta: { externalAccountRequired: true } }),
      200,
      ['ok', null],
      { externalAccount: true, renewalInfo: true },
    ],
    [
      'without a place for orders',
      JSON.stringify({ ...DIRECTORY, newOrder: undefined }),
      200,
      ['answer_malformed', 'check'],
      {},
    ],
    [
      'of an authority in maintenance',
      '{"type":"urn:ietf:params:acme:error:serverInternal"}',
      503,
      ['http_status', 'check'],
      { httpStatus: 503 },
    ],
    ['that is a page', '<html>', 200, ['answer_malformed', 'check'], {}],
  ])('%s', async (_, body, status, [reason, phase], facts) => {
    const { port } = await httpServer((_request, response) => response.writeHead(status).end(body));
    const observed = await acme.prepare('t', { directory: `http://127.0.0.1:${port}/directory` })(patient());
    expect(observed).toMatchObject({ reason, phase, facts });
    expect(acme.samples(observed)).toEqual([{ metric: 'demarc_acme_directory_ok', value: reason === 'ok' ? 1 : 0 }]);
  });

  it('is read, or refused, whatever it says', () => {
    fc.assert(
      fc.property(
        mangled(fc.constant(JSON.stringify(DIRECTORY))),
        (text) => void readOrRefused(() => directoryIn(text)),
      ),
    );
  });
});

probeContract('identity', {
  ...overHttp(),
  probe: identity,
  settingsFor: (port, host) => ({ issuer: `http://${host}:${port}` }),
});

probeContract('acme', {
  ...overHttp(),
  probe: acme,
  settingsFor: (port, host) => ({ directory: `http://${host}:${port}/directory` }),
});
