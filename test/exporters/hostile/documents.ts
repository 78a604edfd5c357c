// Inputs 40 to 45: documents of strangers made to hurt, read by every kind that reads one.
import { expect } from 'vitest';
import type { Reason } from '../../../catalog/reasons.ts';
import type { Observation, ProbeKind } from '../../../exporters/observation.ts';
import { FORMATS, type Format } from '../../../exporters/status/formats.ts';
import { freePort } from '../../../replay/process.ts';
import { answeringAtSocket } from '../local-daemons.ts';
import { httpServer } from '../local-server.ts';
import { endless } from '../measure-http.ts';
import { meeting, type Provoke } from '../outcomes/provoke.ts';
import { type Served, serveDocument } from '../serve-document.ts';
import { RSS, STATUSPAGE } from '../status-feeds.ts';
import { type HostileInput, type HostileInputs, metBy } from './input.ts';

type Numbers = 40 | 41 | 42 | 43 | 44 | 45;

/** Kinds that read no JSON over HTTP. Tailscale's is read at a socket. */
type ReadsNone =
  | ('tcp' | 'dns' | 'http' | 'certificate' | 'clock' | 'power' | 'portal' | 'ping' | 'train' | 'quic')
  | ('api' | 'tailscale' | 'wireguard');

/** Every other kind, pointed at a server; the compiler asks for a new one. */
const READERS = {
  status: (base: string) => ({ url: base, format: 'statuspage' }),
  registration: (base: string) => ({ domain: 'example.com', server: base }),
  custom: (base: string) => ({ url: base, pointer: '/a', good: { equals: ['x'] } }),
  identity: (base: string) => ({ issuer: base }),
  acme: (base: string) => ({ directory: base }),
  ngrok: (base: string) => ({ url: base }),
  frp: (base: string) => ({ url: base, proxy: 'blog' }),
  cloudflared: (base: string) => ({ url: base }),
  outside: (base: string) => ({ url: base, pointer: '/a', up: ['x'], down: ['y'] }),
  routing: (base: string) => ({ url: base, prefix: '193.0.0.0/21' }),
} satisfies Record<Exclude<ProbeKind, ReadsNone>, (base: string) => Record<string, unknown>>;

const serving =
  (served: Served, settingsAt: (base: string) => Record<string, unknown>): Provoke =>
  async () => ({ settings: settingsAt((await serveDocument(served)).base) });

const BODIES: Readonly<Record<string, string>> = {
  nothing: '',
  'a page': '<!doctype html><title>Log in</title>',
  'half a document': '{"status":200,"readyConnections":4,"a":[1,2',
  'no number': '{"a":NaN}',
  '100,000 levels': '{"a":'.repeat(100_000),
  'a key twice': '{"status":200,"status":200,"readyConnections":4,"connectorId":"x","a":"x"}',
  ['__proto__']: '{"__proto__":{"polluted":true},"status":200,"readyConnections":4,"connectorId":"x","a":"x"}',
  '50,001 values': `{"status":200,"readyConnections":4,"connectorId":"x","a":[${'1,'.repeat(50_001)}1]}`,
};

const LONG = Buffer.from(`{"a":"${'x'.repeat(2_097_152)}"}`);

/** Beyond what any number can be: no kind may take it for one. */
const INFINITE = '{"status":1e400,"readyConnections":1e400,"a":1e400}';

function unpolluted(): void {
  expect('polluted' in {}).toBe(false);
}

/** What each reader makes of each body. */
function toEveryReader(): HostileInputs {
  const inputs: [string, HostileInput][] = [];
  for (const [kind, settingsAt] of Object.entries(READERS) as [keyof typeof READERS, (base: string) => object][]) {
    const seen = metBy(kind);
    const at = (base: string) => ({ ...settingsAt(base) });
    for (const [what, body] of Object.entries(BODIES)) {
      const reasons: Reason[] = ['answer_malformed', 'http_too_large'];
      inputs.push([`${what}, to ${kind}`, seen(serving({ body }, at), reasons, { holds: unpolluted })]);
    }
    const infinite: Reason[] = ['answer_malformed', 'value_missing', 'value_bad'];
    inputs.push([`a number beyond numbers, to ${kind}`, seen(serving({ body: INFINITE }, at), infinite)]);
    inputs.push([
      `a string of 2 MiB, to ${kind}`,
      seen(serving({ body: LONG }, at), ['http_too_large', 'answer_malformed']),
    ]);
  }
  for (const [what, body] of Object.entries(BODIES)) {
    const provoke: Provoke = async () => ({ settings: { socket: await answeringAtSocket(body) } });
    inputs.push([`${what}, to tailscale`, metBy('tailscale')(provoke, 'answer_malformed', { holds: unpolluted })]);
  }
  return Object.fromEntries(inputs);
}

const feed = (format: Format, served: Served, reason: Reason | readonly Reason[], holds?: HostileInput['holds']) =>
  metBy('status')(
    serving(served, (base) => ({ url: base, format, components: ['Pages', 'Nobody'] })),
    reason,
    { holds },
  );

const said = (more: object): Served => ({ body: JSON.stringify({ ...STATUSPAGE, ...more }) });

const facts = (expected: object) => (observed: { facts: object }) => expect(observed.facts).toMatchObject(expected);

const rested = (restMs: number | undefined) => (observed: Observation) => expect(observed.restMs).toBe(restMs);

const BOMB = `<!DOCTYPE r [<!ENTITY a "${'x'.repeat(100)}"><!ENTITY b "&a;&a;">]>`;
const XML_FORMATS = FORMATS.filter((format) => ['rss', 'atom', 'azure'].includes(format));

const toXmlReaders = (what: string, body: string): [string, HostileInput][] =>
  XML_FORMATS.map((format) => [`${what}, as ${format}`, feed(format, { body }, 'answer_malformed')]);

const incidents = (count: number, at: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => ({ id: `i${index}`, started_at: at(index), created_at: at(index) }));

const registry = (served: Served, reason: Reason, holds?: HostileInput['holds']) =>
  metBy('registration')(serving(served, READERS.registration), reason, { holds });

/** None of what a page, a chat or a header would act on is kept. */
const keepsNoWord = (observed: object): void => {
  expect(JSON.stringify(observed)).not.toMatch(/[<>]|@everyone|\\n|\u202e/);
};

const HURTFUL = '<script>alert(1)</script> **x** @everyone \n \u202e';
const RDAP = { objectClassName: 'domain', ldhName: 'example.com' };

export const DOCUMENT_INPUTS: Readonly<Record<Numbers, HostileInputs>> = {
  40: toEveryReader(),
  41: Object.fromEntries([
    ...toXmlReaders('a DOCTYPE', `<!DOCTYPE rss>${RSS}`),
    ...toXmlReaders('a bomb of entities', `${BOMB}${RSS.replace('Fastly', '&b;')}`),
    ...toXmlReaders('an entity that fetches', `<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x">${RSS}`),
    [
      'script in CDATA',
      feed('rss', { body: RSS.replace('Fastly', '<![CDATA[<script>x</script>]]>') }, 'ok', keepsNoWord),
    ],
  ]),
  42: {
    'a component nobody asked for': feed(
      'statuspage',
      said({}),
      'ok',
      facts({ components: [{ state: 'operational' }, { state: null }] }),
    ),
    'a component that is gone': feed(
      'statuspage',
      said({ components: [] }),
      'ok',
      facts({ components: [{ state: null }, { state: null }] }),
    ),
    'words nobody knows': feed(
      'statuspage',
      said({ status: { indicator: 'toString' } }),
      'ok',
      facts({ overall: null, unknownWords: 2 }),
    ),
    '10,000 incidents': feed(
      'statuspage',
      said({
        components: [],
        incidents: incidents(10_000, (index) => new Date(index * 60_000 + 1.7e12).toISOString()),
      }),
      'ok',
      (observed) => {
        facts({ openIncidents: 10_000 })(observed);
        expect((observed.facts as { incidents: object[] }).incidents).toHaveLength(50);
      },
    ),
    'times of no clock': feed(
      'statuspage',
      said({
        incidents: incidents(3, (index) => ['9999-12-31T00:00:00Z', '1000-01-01T00:00:00+14:00', 'soon'][index] ?? ''),
      }),
      'ok',
      facts({ openIncidents: 3 }),
    ),
  },
  43: {
    'in titles': feed(
      'statuspage',
      said({ incidents: [{ id: 'a', name: HURTFUL, status: 'investigating', impact: HURTFUL }] }),
      'ok',
      keepsNoWord,
    ),
    'in ids': feed('statuspage', said({ incidents: [{ id: HURTFUL, status: 'investigating' }] }), 'ok', keepsNoWord),
    'in the status of a domain': registry(
      { body: JSON.stringify({ ...RDAP, status: [HURTFUL], nameservers: [{ ldhName: HURTFUL }] }) },
      'ok',
      keepsNoWord,
    ),
  },
  44: {
    'is down': metBy('status')(
      async () => ({ settings: READERS.status(`http://127.0.0.1:${await freePort()}/`) }),
      'connect_refused',
    ),
    'is slow': metBy('status')(
      meeting(endless('HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n', 'x', 50), (port) =>
        READERS.status(`http://127.0.0.1:${port}/`),
      ),
      'timeout',
    ),
    'sends us to its log-in': feed('statuspage', { status: 302, headers: { location: '/login' } }, 'http_redirect'),
    'had enough of us': feed('statuspage', { status: 429 }, 'http_status', rested(600_000)),
    'had enough of us for 30 years': feed(
      'statuspage',
      { status: 429, headers: { 'retry-after': '999999999' } },
      'http_status',
      rested(600_000),
    ),
    'is back in half a minute': feed(
      'atom',
      { status: 503, headers: { 'retry-after': '30' } },
      'http_status',
      rested(30_000),
    ),
    'is back in the year 9999': feed(
      'rss',
      { status: 503, headers: { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' } },
      'http_status',
      rested(undefined),
    ),
    'has not changed since nobody asked': feed('statuspage', { status: 304 }, 'http_status'),
    'is overloaded': feed('statuspage', { status: 503 }, 'http_status', rested(undefined)),
    'does not serve our country': feed('statuspage', { status: 451 }, 'http_status'),
  },
  45: {
    'knows no such domain': registry({ status: 404 }, 'rdap_not_found'),
    'sends us to a stranger': registry({ status: 302, headers: { location: 'http://127.0.0.2:9/' } }, 'target_denied'),
    'sends us to its own cellar': registry(
      { status: 302, headers: { location: 'file:///etc/passwd' } },
      'http_redirect',
    ),
    'sends us in circles': registry({ status: 302, headers: { location: '/domain/example.com' } }, 'http_redirect'),
    'sends us from one place to the next': metBy('registration')(async () => {
      const { port } = await httpServer(({ url = '' }, response) =>
        response.writeHead(302, { location: `${url}/x` }).end(),
      );
      return { settings: READERS.registration(`http://127.0.0.1:${port}/`) };
    }, 'http_redirect'),
    'had enough of us': registry({ status: 429 }, 'rdap_rate_limited'),
    'says words nobody knows': registry(
      { body: JSON.stringify({ ...RDAP, status: ['loved by all', 'client hold', '__proto__'] }) },
      'ok',
      facts({ statuses: ['clientHold'], unknownStatuses: 2 }),
    ),
    'speaks of another domain': registry(
      { body: JSON.stringify({ ...RDAP, ldhName: 'example.org' }) },
      'answer_malformed',
    ),
  },
};
