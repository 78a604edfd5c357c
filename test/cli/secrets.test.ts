// Canary secrets: wherever a probe takes one it reaches its peer, and stands in no line that demarc writes, whatever the peer says.
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { probe } from '../../cli/probe.ts';
import { realClock } from '../../exporters/clock.ts';
import type { ProbeKind } from '../../exporters/observation.ts';
import { PROBES } from '../../exporters/registry.ts';
import { SecretReference } from '../../exporters/secret.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN } from '../../map/plan.ts';
import { fileMemory } from '../../signals/memory.ts';
import { startJournal } from '../../status/journal.ts';
import { createStatusApp, listen } from '../../status/server.ts';
import { startMonitor } from '../../verdict/monitor.ts';
import { rawServer } from '../exporters/local-server.ts';
import { selfSignedLeaf } from '../exporters/test-ca.ts';

const CANARY = 'canary-3f9ab2c1';
/** What whoever is asked for a token gives. */
const GRANTED = 'granted-canary-77d0';
const VARIABLE = 'DEMARC_TEST_CANARY';
const SECRET = { env: VARIABLE };
const BASIC = { kind: 'basic', user: 'me', password: SECRET };
const oauth2 = (port: number, more: object = {}) => {
  const said = { tokenUrl: at(port), clientId: 'me', clientSecret: SECRET, endpointParams: { resource: SECRET } };
  return { kind: 'oauth2', ...said, ...more };
};
const BEARER = { kind: 'bearer', token: SECRET };

const folder = mkdtempSync(path.join(tmpdir(), 'demarc-secrets-'));
const store = path.join(folder, 'store.p12');
const CERTIFICATE = { certFile: path.join(folder, 'me.pem'), keyFile: path.join(folder, 'me.key'), passphrase: SECRET };
beforeAll(async () => {
  vi.stubEnv(VARIABLE, CANARY);
  writeFileSync(store, 'no certificate');
  const { cert, key } = await selfSignedLeaf();
  writeFileSync(CERTIFICATE.certFile, cert);
  const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: CANARY } as const;
  writeFileSync(CERTIFICATE.keyFile, createPrivateKey(key).export(locked));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** The token; the secret as it is, and as basic authentication writes it. */
const SHAPES = [GRANTED, CANARY, Buffer.from(`me:${CANARY}`).toString('base64').replace(/=+$/, '')];

function expectNone(text: string): void {
  for (const shape of SHAPES) expect(text).not.toContain(shape);
}

type Settings = Record<string, unknown>;

/** Of each kind that takes a secret, settings that use every place for one. */
const USES: Partial<Record<ProbeKind, (port: number) => Settings[]>> = {
  http: (port) => [
    { url: secured(port), clientCertificate: CERTIFICATE },
    ...tokens(port).map((auth) => ({ url: at(port), auth })),
    { url: at(port), headers: { 'X-Api-Key': SECRET }, auth: BASIC },
    { url: at(port), auth: BEARER, proxy: { url: at(port), auth: BASIC } },
    { url: at(port), proxy: { url: at(port), auth: BEARER } },
  ],
  api: (port) => [
    { url: secured(port), clientCertificate: CERTIFICATE, second: { clientCertificate: CERTIFICATE } },
    ...tokens(port).map((auth) => ({ url: at(port), auth, second: { auth } })),
    { url: at(port), headers: { 'X-Api-Key': SECRET }, auth: BASIC, second: { auth: BEARER } },
    { url: at(port), auth: BEARER, second: { headers: { 'X-Api-Key': SECRET }, auth: BASIC } },
    { url: at(port), proxy: { url: at(port), auth: BASIC } },
    { url: at(port), proxy: { url: at(port), auth: BEARER } },
  ],
  custom: (port) => [
    { url: secured(port), pointer: '/said', good: { atMost: 1 }, clientCertificate: CERTIFICATE },
    ...tokens(port).map((auth) => ({ url: at(port), pointer: '/said', good: { atMost: 1 }, auth })),
    ...[BASIC, BEARER].map((auth) => ({ url: at(port), pointer: '/said', good: { atMost: 1 }, auth })),
    ...through(port).map((proxy) => ({ url: at(port), pointer: '/said', good: { atMost: 1 }, proxy })),
  ],
  registration: (port) => through(port).map((proxy) => ({ domain: 'example.com', server: at(port), proxy })),
  status: (port) => through(port).map((proxy) => ({ url: at(port), format: 'statuspage', proxy })),
  identity: (port) => through(port).map((proxy) => ({ issuer: at(port), proxy })),
  acme: (port) => through(port).map((proxy) => ({ directory: at(port), proxy })),
  routing: (port) => through(port).map((proxy) => ({ url: at(port), prefix: '193.0.0.0/21', proxy })),
  outside: (port) =>
    [BASIC, BEARER].map((auth, index) => {
      const proxy = through(port)[index];
      return { url: at(port), pointer: '/said', up: ['up'], down: ['down'], form: { api_key: SECRET }, auth, proxy };
    }),
  frp: (port) => [BASIC, BEARER].map((auth) => ({ url: at(port), proxy: 'blog', auth })),
  power: (port) => [{ host: '127.0.0.1', port, ups: 'rack', user: 'me', password: SECRET }],
  certificate: (port) => [
    { file: store, passphrase: SECRET },
    { host: '127.0.0.1', port, clientCertificate: CERTIFICATE },
  ],
};

const tokens = (port: number): Settings[] => [
  oauth2(port, { proxy: { url: at(port), auth: BASIC } }),
  oauth2(port, { proxy: { url: at(port), auth: BEARER }, clientAuthentication: 'client_secret_post' }),
];

const through = (port: number): Settings[] => [BASIC, BEARER].map((auth) => ({ url: at(port), auth }));

const at = (port: number): string => `http://127.0.0.1:${port}/`;
const secured = (port: number): string => `https://127.0.0.1:${port}/`;

const kinds = Object.keys(PROBES) as ProbeKind[];
const users = Object.entries(USES) as [ProbeKind, (port: number) => Settings[]][];

/** Says all it hears again: in the status line, in a header and in the body; and to a client of NUT line by line. */
async function parrot(status = 200): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const { port } = await rawServer((socket) => {
    socket.on('data', (chunk: Buffer) => {
      const said = chunk.toString('latin1');
      heard.push(said);
      if (/^(USERNAME|LIST)/.test(said)) return void socket.write('OK\n');
      if (said.startsWith('PASSWORD')) return void socket.write(`ERR ${said}`);
      const body = JSON.stringify({
        access_token: GRANTED,
        token_type: 'bearer',
        said,
        status: said,
        tcp: [{ name: 'blog', status: said, err: said }],
      });
      const line = said.replace(/[\r\n]+/g, ' ');
      const length = `Content-Length: ${Buffer.byteLength(body)}`;
      socket.end(`HTTP/1.1 ${status} ${line}\r\nX-Said: ${line}\r\nServer: ${line}\r\n${length}\r\n\r\n${body}`);
    });
  });
  return { port, heard };
}

/** All that one measurement makes demarc print, and whether the secret could be read from what the peer heard. */
async function told(kind: ProbeKind, settings: Settings, more: { json?: boolean; timeout?: string }): Promise<string> {
  const pairs = Object.entries(settings).map(
    ([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  const lines: string[] = [];
  const options = { timeout: '2s', resolver: '127.0.0.1:9', debug: true, ...more };
  const thrown = await probe(kind, pairs, options, (line) => lines.push(line)).then(
    () => '',
    (error: unknown) => String(error),
  );
  return [...lines, thrown].join('\n');
}

/** Dotted paths of a schema's places for a secret. */
function placesIn(node: z.core.JSONSchema.BaseSchema | boolean | undefined, at: string): string[] {
  if (typeof node !== 'object') return [];
  if (node.title !== undefined && node.title === SecretReference.meta()?.title) return [at];
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((one) => placesIn(one, at));
  const named = Object.entries(node.properties ?? {}).flatMap(([key, one]) => placesIn(one, `${at}/${key}`));
  const unnamed = placesIn(node.additionalProperties, `${at}/*`);
  return [...new Set([...inner, ...named, ...unnamed])];
}

/** The same of settings: a name that the schema leaves open counts as `*`. */
function usedIn(value: unknown, at: string): string[] {
  if (value === SECRET) return [at.replace(/\/(headers|form|endpointParams)\/[^/]+$/, '/$1/*')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => usedIn(inner, `${at}/${key}`));
}

it.each(kinds)('every place of %s for a secret is tried', (kind) => {
  const schema = z.toJSONSchema(PROBES[kind].settings, { io: 'input', unrepresentable: 'any' });
  const used = (USES[kind]?.(9) ?? []).flatMap((settings) => usedIn(settings, ''));
  expect([...new Set(used)].sort()).toEqual(placesIn(schema, '').sort());
});

describe.each(users)('a secret of %s', (kind, uses) => {
  it.each([200, 401, 407, 503])('is told by nobody when the peer repeats it with %i', async (status) => {
    const { port, heard } = await parrot(status);
    for (const settings of uses(port)) {
      expectNone(await told(kind, settings, { json: true }));
      expectNone(await told(kind, settings, {}));
    }
    const reached = SHAPES.some((shape) => heard.join('').includes(shape));
    expect(reached).toBe(kind !== 'certificate');
  });

  it('is told by nobody when the peer is mute', async () => {
    const { port } = await rawServer(() => undefined);
    for (const settings of uses(port)) expectNone(await told(kind, settings, { timeout: '60ms' }));
  });

  it('is not told when it was written in place of its reference', async () => {
    for (const settings of uses(9)) {
      const written = JSON.parse(JSON.stringify(settings).replaceAll(JSON.stringify(SECRET), JSON.stringify(CANARY)));
      const text = await told(kind, written, {});
      expect(text).toContain('UserError');
      expectNone(text);
    }
  });
});

const services = (port: number): string => `
version: 1
interval: 1s
timeout: 900ms
gateway: none
watch: []
anchors: [{ address: 127.0.0.1, port: ${port}, operator: here }]
publicResolvers: []
services:
  shop:
    url: http://127.0.0.1:${port}/
    request:
      headers: { X-Api-Key: { env: ${VARIABLE} } }
      auth: { kind: basic, user: me, password: { env: ${VARIABLE} } }
    signals:
      queue:
        url: http://127.0.0.1:${port}/
        pointer: /said
        good: { atMost: 1 }
        auth: { kind: bearer, token: { env: ${VARIABLE} } }
      token:
        call:
          url: http://127.0.0.1:${port}/
          auth: { kind: oauth2, tokenUrl: 'http://127.0.0.1:${port}/', clientId: me, clientSecret: { env: ${VARIABLE} } }
      key:
        call: { url: 'http://127.0.0.1:${port}/', auth: { kind: bearer, token: { env: ${VARIABLE} } } }
    outside:
      robot:
        url: http://127.0.0.1:${port}/
        pointer: /said
        up: [up]
        down: [down]
        auth: { kind: bearer, token: { env: ${VARIABLE} } }
power:
  - { host: 127.0.0.1, port: ${port}, ups: rack, user: me, password: { env: ${VARIABLE} } }
`;

const PAGES = ['/metrics', '/', '/service/shop', '/timeline', '/dependencies', '/feed.atom', '/api/v1/verdicts'];
const MORE_PAGES = ['/api/v1/verdicts/shop', '/api/v1/signals', '/api/v1/journal', '/api/v1/vendors', '/public/'];

it('a running demarc writes no secret of its map on any page, into its log or to its disk', async () => {
  const { port, heard } = await parrot(503);
  const log: string[] = [];
  const note = (...parts: unknown[]): void => void log.push(JSON.stringify(parts));
  const map = parseMap(services(port), 'demarc.yaml', folder);
  const memory = fileMemory(folder, realClock.now, note);
  const monitor = startMonitor({ map, around: NOTHING_KNOWN, version: '1', memory, log: note });
  const journal = startJournal({ folder, monitor, clock: realClock, version: '1', log: note });
  const server = await listen(
    createStatusApp({ monitor: () => monitor, journal: () => journal, version: '1', log: note }),
    {
      host: '127.0.0.1',
      port: 0,
    },
  );
  onTestFinished(() => Promise.all([server.close(), monitor.stop()]).then(() => undefined));
  await vi.waitFor(() => expect(monitor.verdicts()[0]?.party).not.toBe('none'), 15_000);
  await vi.waitFor(() => expect(heard.some((said) => said.startsWith('PASSWORD'))).toBe(true), 5_000);
  const pages = await Promise.all(
    [...PAGES, ...MORE_PAGES].map(async (page) => (await fetch(`${server.url}${page}`)).text()),
  );
  journal.stop();
  await monitor.stop();
  const files = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'latin1'));
  expect(pages[0]).toContain('demarc_api_call_success');
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const text of [...pages, ...log, ...files]) expectNone(text);
});
