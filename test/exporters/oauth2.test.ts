// OAuth 2 client credentials at real servers: a token is had once, kept, renewed, and what fails at its endpoint is not the target's.
import type nodeHttp from 'node:http';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { api } from '../../exporters/api/probe.ts';
import { http } from '../../exporters/http/probe.ts';
import type { ProbeContext } from '../../exporters/probe.ts';
import { freePort } from '../../replay/process.ts';
import { classify } from '../../signals/classify.ts';
import { describe as tell } from '../../signals/describe.ts';
import { contextOf } from './contract.ts';
import { httpServer, rawServer } from './local-server.ts';

const VARIABLE = 'DEMARC_TEST_CLIENT_SECRET';
const SECRET = 'canary: s3cret/+ä'.replace('ä', '%');
const CONTEXT = { role: 'service', layer: null, named: false, troubled: false, declared: false } as const;

beforeAll(() => {
  vi.stubEnv(VARIABLE, SECRET);
  return () => vi.unstubAllEnvs();
});

interface Grant {
  headers: nodeHttp.IncomingHttpHeaders;
  form: Record<string, string>;
}

/** Gives `token-1`, `token-2`, …, or what it is told to answer. */
async function tokenEndpoint(answer: { status?: number; body?: string; expiresIn?: unknown } = {}) {
  const grants: Grant[] = [];
  const { port } = await httpServer(async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    grants.push({ headers: request.headers, form });
    const { status = 200, expiresIn = 3600 } = answer;
    const granted = { access_token: `token-${grants.length}`, token_type: 'bearer', expires_in: expiresIn };
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer.body ?? JSON.stringify(granted));
  });
  return { url: `http://127.0.0.1:${port}/token`, grants };
}

/** Serves who brings one of these tokens, and says which were brought. */
async function resource(good: () => readonly string[]) {
  const brought: string[] = [];
  const { port } = await httpServer(({ headers }, response) => {
    brought.push(headers.authorization ?? 'none');
    const known = good().some((token) => headers.authorization === `Bearer ${token}`);
    response.writeHead(known ? 200 : 401).end(known ? 'hello' : '');
  });
  return { url: `http://127.0.0.1:${port}/`, brought };
}

const client = (tokenUrl: string, more: object = {}) => ({
  kind: 'oauth2',
  tokenUrl,
  clientId: 'prober',
  clientSecret: { env: VARIABLE },
  ...more,
});

function measuring(url: string, auth: object, more: object = {}, overrides: Partial<ProbeContext> = {}) {
  const measure = http.prepare('service/blog', { url, auth, ...more });
  return (deadlineMs = 5_000) => measure(contextOf(AbortSignal.timeout(deadlineMs), overrides));
}

describe('a token', () => {
  it('is asked for as RFC 6749 says, once for all who want the same, and kept', async () => {
    const endpoint = await tokenEndpoint();
    const { url, brought } = await resource(() => ['token-1']);
    const auth = client(endpoint.url, { scopes: ['read', 'status'], endpointParams: { audience: 'shop' } });
    const first = await Promise.all([measuring(url, auth)(), measuring(url, auth)(), measuring(url, auth)()]);
    for (const observed of first) expect(observed).toMatchObject({ reason: 'ok', facts: { status: 200 } });
    expect(await measuring(url, auth)()).toMatchObject({ reason: 'ok' });
    expect(brought).toEqual(Array(4).fill('Bearer token-1'));
    expect(endpoint.grants).toHaveLength(1);
    const [{ headers, form } = { headers: {}, form: {} }] = endpoint.grants;
    expect(form).toEqual({ grant_type: 'client_credentials', scope: 'read status', audience: 'shop' });
    const [id, secret] = Buffer.from(String(headers.authorization).replace('Basic ', ''), 'base64')
      .toString()
      .split(':');
    expect([id, new URLSearchParams(`x=${secret}`).get('x')]).toEqual(['prober', SECRET]);
  });

  it('is asked for with the secret in the form where the endpoint wants that', async () => {
    const endpoint = await tokenEndpoint();
    const { url } = await resource(() => ['token-1']);
    const auth = client(endpoint.url, { clientAuthentication: 'client_secret_post' });
    expect(await measuring(url, auth)()).toMatchObject({ reason: 'ok' });
    expect(endpoint.grants[0]?.headers.authorization).toBeUndefined();
    expect(endpoint.grants[0]?.form).toMatchObject({ client_id: 'prober', client_secret: SECRET });
  });

  it('is replaced shortly before its end', async () => {
    const endpoint = await tokenEndpoint({ expiresIn: '60' });
    const { url, brought } = await resource(() => ['token-1', 'token-2']);
    let later = 0;
    const clock = { ...contextOf(new AbortController().signal).clock, monotonic: () => later };
    const measure = measuring(url, client(endpoint.url), {}, { clock });
    for (const at of [0, 29_000, 31_000]) {
      later = at;
      expect(await measure()).toMatchObject({ reason: 'ok' });
    }
    expect(brought).toEqual(['token-1', 'token-1', 'token-2'].map((token) => `Bearer ${token}`));
  });

  it('that was taken back is replaced once, and one that nobody takes is left alone for a minute', async () => {
    const endpoint = await tokenEndpoint();
    let good = ['token-1'];
    const { url, brought } = await resource(() => good);
    const measure = measuring(url, client(endpoint.url));
    expect(await measure()).toMatchObject({ reason: 'ok' });
    good = ['token-2'];
    expect(await measure()).toMatchObject({ reason: 'ok' });
    good = [];
    expect(await measure()).toMatchObject({ reason: 'http_status', facts: { status: 401 } });
    expect(brought.map((one) => one.replace('Bearer ', ''))).toEqual(['token-1', 'token-1', 'token-2', 'token-2']);
    expect(endpoint.grants).toHaveLength(2);
  });

  it('stays with the server it is for when that sends us elsewhere', async () => {
    const endpoint = await tokenEndpoint();
    const elsewhere = await resource(() => []);
    const { port } = await httpServer((_, response) => response.writeHead(302, { location: elsewhere.url }).end());
    await measuring(`http://127.0.0.1:${port}/`, client(endpoint.url), { follow: {} })();
    expect(elsewhere.brought).toEqual(['none']);
  });

  it('is had for a call of yours, and for the second credential another one', async () => {
    const [mine, spare] = [
      await tokenEndpoint({ status: 400, body: '{"error":"invalid_client"}' }),
      await tokenEndpoint(),
    ];
    const { url } = await resource(() => ['token-1']);
    const settings = { url, auth: client(mine.url), second: { auth: client(spare.url) } };
    const observed = await api.prepare('custom/shop/key', settings)(contextOf(AbortSignal.timeout(5_000)));
    expect(observed).toMatchObject({ reason: 'token_denied', facts: { calls: { second: { reason: 'ok' } } } });
    expect(tell(observed)).toContain(
      'key: token denied (127.0.0.1 said HTTP 400 invalid_client), HTTP 200 with the second',
    );
    expect(classify(observed, CONTEXT, false)).toEqual({});
  });
});

describe('the endpoint of tokens', () => {
  const failing = async (answer: { status?: number; body?: string }) => (await tokenEndpoint(answer)).url;
  it.each<[string, () => Promise<string>, Reason, string]>([
    ['is not there', async () => `http://127.0.0.1:${await freePort()}/`, 'token_unreachable', 'connect_refused'],
    ['has no name', async () => 'http://gone.test/', 'token_unreachable', 'gone.test: dns_timeout'],
    [
      'is silent',
      async () => `http://127.0.0.1:${(await rawServer(() => undefined)).port}/`,
      'token_unreachable',
      'timeout',
    ],
    [
      'denies the client',
      () => failing({ status: 401, body: '{"error":"invalid_client"}' }),
      'token_denied',
      'said HTTP 401 invalid_client',
    ],
    [
      'denies in words of its own',
      () => failing({ status: 400, body: '{"error":"canary"}' }),
      'token_denied',
      'said HTTP 400',
    ],
    ['fails', () => failing({ status: 503 }), 'token_error', 'said HTTP 503'],
    ['sends us elsewhere', () => failing({ status: 302 }), 'token_error', 'said HTTP 302'],
    ['gives a page', () => failing({ body: '<!doctype html>' }), 'token_error', 'gave no bearer token'],
    [
      'gives a token of another type',
      () => failing({ body: '{"access_token":"x","token_type":"mac"}' }),
      'token_error',
      'no bearer',
    ],
    [
      'gives a token that ends a line',
      () => failing({ body: '{"access_token":"x\\r\\ny: z","token_type":"bearer"}' }),
      'token_error',
      'no bearer',
    ],
    ['gives more than anybody needs', () => failing({ body: ' '.repeat(100_000) }), 'token_error', 'no bearer'],
  ])('%s: told as that, judged by nobody, and the target is not asked', async (_, endpoint, reason, flaw) => {
    const { url, brought } = await resource(() => []);
    const observed = await measuring(url, client(await endpoint()))(300);
    expect(observed).toMatchObject({ reason, phase: 'token', flaw: expect.stringContaining(flaw) });
    expect(tell(observed)).toContain(flaw);
    expect(classify(observed, CONTEXT, false)).toEqual({});
    expect(brought).toEqual([]);
  });

  it('that denied a client is left alone for a while', async () => {
    const endpoint = await tokenEndpoint({ status: 401 });
    const measure = measuring('http://127.0.0.1:9/', client(endpoint.url));
    for (const _ of [1, 2, 3]) expect(await measure()).toMatchObject({ reason: 'token_denied' });
    expect(endpoint.grants).toHaveLength(1);
  });

  it('is not asked without the secret', async () => {
    const endpoint = await tokenEndpoint();
    const auth = client(endpoint.url, { clientSecret: { env: 'DEMARC_TEST_NOWHERE' } });
    expect(await measuring('http://127.0.0.1:9/', auth)()).toMatchObject({ reason: 'local', phase: 'token' });
    expect(endpoint.grants).toEqual([]);
  });
});

it.each([
  [{ scopes: ['two words'] }, 'not a scope'],
  [{ endpointParams: { client_secret: 'plain' } }, 'settings of their own'],
  [{ clientSecret: 'plain' }, 'does not belong here'],
])('%j is refused', (more, message) => {
  expect(() => measuring('http://127.0.0.1/', client('http://127.0.0.1/', more))).toThrow(message);
});
