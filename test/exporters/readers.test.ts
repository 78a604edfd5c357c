// Every reader of a stranger's bytes: what is in the corpus is read or refused as its folder says, and whatever is made of it
// by chance throws nothing but a refusal, in time that grows with its length, and gives no more than went in.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../catalog/root.ts';
import type { ProbeKind } from '../../exporters/observation.ts';
import { PROBES } from '../../exporters/registry.ts';
import { contextOf } from './contract.ts';
import { unixServer } from './local-daemons.ts';
import { rawServer } from './local-server.ts';
import { mutationsOf } from './mangled.ts';
import { READERS, type ReaderName } from './readers.ts';

const CORPUS = path.join(ROOT, 'test/exporters/corpus');
const RUNS = 300;
/** Of what is read, as JSON, for each byte that was read. */
const MOST_GROWTH = 40;
const LONG_BYTES = 1 << 18;
const LONG_MS = 1_500;

/** The readers each kind hands its peer's bytes to. A new kind names its own here, or says with [] that it reads none. */
const READERS_OF = {
  tcp: [],
  dns: ['dns'],
  http: ['http-answer', 'http-head', 'json'],
  certificate: ['certificate', 'ocsp', 'crl'],
  cloudflared: ['prometheus-text', 'json'],
  registration: ['rdap', 'rdap-services'],
  status: ['aws', 'azure', 'atom', 'betterstack', 'google-cloud', 'instatus', 'rss', 'statusio', 'statuspage'],
  clock: ['ntp'],
  power: ['nut'],
  custom: ['prometheus-answer', 'json'],
  identity: ['oidc-discovery', 'jwks'],
  acme: ['acme-directory'],
  api: [],
  tailscale: ['json'],
  wireguard: ['wireguard-dump'],
  ngrok: ['json'],
  frp: ['json'],
  portal: ['http-answer', 'http-head'],
  ping: ['ping'],
  train: ['dns'],
  quic: ['quic'],
  outside: ['json'],
  routing: ['ripestat', 'json'],
} satisfies Record<ProbeKind, readonly ReaderName[]>;

const namesIn = (folder: string): string[] => readdirSync(path.join(CORPUS, folder)).sort();

const corpusOf = (name: string): [file: string, bytes: Buffer][] =>
  namesIn(name).map((file) => [file, readFileSync(path.join(CORPUS, name, file))]);

const names = Object.keys(READERS) as ReaderName[];

describe.each(names)('the reader of %s', (name) => {
  const read = READERS[name];
  const corpus = corpusOf(name);
  const seeds = corpus.map(([, bytes]) => bytes);

  it.each(corpus)('does with %s as its name says', (file, bytes) => {
    expect(read(bytes) !== null, file).toBe(!file.startsWith('refused'));
  });

  it('reads or refuses whatever chance makes of it', () => {
    fc.assert(
      fc.property(fc.oneof(mutationsOf(seeds), fc.uint8Array({ maxLength: 200 }).map(Buffer.from)), (bytes) => {
        const got = read(bytes);
        expect(JSON.stringify(got).length).toBeLessThan(MOST_GROWTH * (bytes.length + 100));
      }),
      { numRuns: RUNS },
    );
  });

  it('takes no time worth telling for a long one', () => {
    for (const seed of seeds.filter(({ length }) => length > 0)) {
      const long = Buffer.concat(Array<Buffer>(Math.ceil(LONG_BYTES / seed.length)).fill(seed));
      const start = performance.now();
      read(long);
      read(Buffer.concat([seed.subarray(0, seed.length / 2), long]));
      expect(performance.now() - start).toBeLessThan(LONG_MS);
    }
  });
});

/** Kinds whose answers are only read within a measurement, pointed at a server that says what chance made. */
const AT_A_SERVER: Partial<Record<ProbeKind, (base: string) => Record<string, unknown>>> = {
  http: (base) => ({ url: base, unpack: true, expect: { json: [{ pointer: '/a' }] } }),
  cloudflared: (base) => ({ url: base }),
  ngrok: (base) => ({ url: base }),
  frp: (base) => ({ url: base, proxy: 'blog' }),
  portal: (base) => ({ url: base }),
};

/** With a password that is there. */
const throughSocks = (port: number): Record<string, unknown> => ({
  url: 'http://blog.test/',
  proxy: { url: `socks5h://127.0.0.1:${port}`, auth: { kind: 'basic', user: 'me', password: { env: 'NODE_ENV' } } },
});

describe('a measurement', () => {
  const answers = corpusOf('http-answer').map(([, bytes]) => bytes);
  const said: { bytes: Buffer } = { bytes: Buffer.alloc(0) };

  const endsWithAReason = (kind: ProbeKind, settings: Record<string, unknown>, seeds: readonly Buffer[] = answers) =>
    fc.assert(
      fc.asyncProperty(mutationsOf(seeds), async (bytes) => {
        said.bytes = bytes;
        const observed = await PROBES[kind].prepare('t', settings)(contextOf(AbortSignal.timeout(2_000)));
        expect(observed.reason).not.toBe('local');
      }),
      { numRuns: 60 },
    );

  it.each(Object.entries(AT_A_SERVER) as [ProbeKind, (base: string) => Record<string, unknown>][])(
    'of %s ends with a reason, whatever is answered',
    async (kind, settingsAt) => {
      const server = await rawServer((socket) => socket.once('data', () => socket.end(said.bytes)));
      await endsWithAReason(kind, settingsAt(`http://127.0.0.1:${server.port}/`));
    },
  );

  it.each(corpusOf('socks-answer'))('through a SOCKS proxy that says %s ends as its name says', async (file, bytes) => {
    const { port } = await rawServer((socket) => socket.once('data', () => socket.end(bytes)));
    const observed = await PROBES.http.prepare('t', throughSocks(port))(contextOf(AbortSignal.timeout(2_000)));
    expect(observed.ok, `${file} gave ${observed.reason}`).toBe(!file.startsWith('refused'));
  });

  it('through a SOCKS proxy ends with a reason, whatever that says', async () => {
    const { port } = await rawServer((socket) => socket.once('data', () => socket.end(said.bytes)));
    const seeds = corpusOf('socks-answer').map(([, bytes]) => bytes);
    await endsWithAReason('http', throughSocks(port), seeds);
  });

  it('of tailscale ends with a reason, whatever is answered', async () => {
    await endsWithAReason('tailscale', {
      socket: await unixServer((socket) => socket.once('data', () => socket.end(said.bytes))),
    });
  });
});

it('every kind has its readers, and every reader its corpus', () => {
  expect(new Set(Object.values(READERS_OF).flat())).toEqual(new Set(names));
  expect(readdirSync(CORPUS).sort()).toEqual([...names, 'socks-answer', 'starttls-answer'].sort());
});
