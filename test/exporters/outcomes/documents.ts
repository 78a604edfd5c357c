// What provokes each outcome of the kinds that read one document: registries, status feeds, providers, the user's own.
import { httpServer } from '../local-server.ts';
import { good } from '../measure-certificate.ts';
import { serveDocument } from '../serve-document.ts';
import { STATUSPAGE } from '../status-feeds.ts';
import { meeting, type Outcomes, ofDocuments, onTheWay, type Provoke, SHORT_MS, served } from './provoke.ts';

const domain = (base: string) => ({ domain: 'example.com', server: base });

const sentTo = (location: string) => ({ status: 302, headers: { location } });

export const REGISTRATION = {
  ...ofDocuments(domain),
  ok: served(
    {
      objectClassName: 'domain',
      ldhName: 'EXAMPLE.COM',
      status: ['client hold', 'loved by all'],
      events: [{ eventAction: 'expiration', eventDate: '2027-08-13T04:00:00Z' }],
    },
    domain,
  ),
  http_redirect: async () => ({ settings: domain((await serveDocument(sentTo('/domain/example.com'))).base) }),
  target_denied: async () => ({ settings: domain((await serveDocument(sentTo('http://127.0.0.2:9/'))).base) }),
  rdap_not_found: async () => ({ settings: domain((await serveDocument({ status: 404 })).base) }),
  rdap_rate_limited: async () => ({ settings: domain((await serveDocument({ status: 429 })).base) }),
  rdap_unsupported: async () => ({ settings: { domain: 'example.de' } }),
} satisfies Outcomes;

const feed = (base: string) => ({ url: base, format: 'statuspage', components: ['Pages', 'Nobody'] });

export const STATUS = { ...ofDocuments(feed), ok: served(STATUSPAGE, feed) } satisfies Outcomes;

/** The certificate of a key, as a document of keys holds it. */
const X5C = good.cert.replace(/-----[A-Z ]+-----|\s/g, '');

/** Keys at `jwks`, for whoever looks where it should. */
const provider =
  (jwks: (base: string) => string): Provoke =>
  async () => {
    let base = '';
    const { port } = await httpServer(({ url }, response) => {
      const discovery = { issuer: base, authorization_endpoint: base, jwks_uri: jwks(base) };
      response.end(
        JSON.stringify(
          url === '/keys' ? { keys: [{ kty: 'RSA', kid: 'main', n: 'x', e: 'AQAB', x5c: [X5C] }] } : discovery,
        ),
      );
    });
    base = `http://127.0.0.1:${port}`;
    return { settings: { issuer: base } };
  };

export const IDENTITY = {
  ...ofDocuments((base) => ({ issuer: base })),
  ok: provider((base) => `${base}/keys`),
  target_denied: provider(() => 'http://127.0.0.2:9/keys'),
} satisfies Outcomes;

const directory = (base: string) => ({ directory: base });
const PLACES = ['newNonce', 'newAccount', 'newOrder', 'revokeCert', 'keyChange'];

export const ACME = {
  ...ofDocuments(directory),
  ok: served(Object.fromEntries(PLACES.map((name) => [name, `https://ca.test/${name}`])), directory),
} satisfies Outcomes;

const call = (base: string) => ({ url: base, second: { headers: { 'x-key': 'other' } }, elsewhere: base });
const callAt = (port: number, host: string) => call(`http://${host}:${port}/`);

export const API = {
  ...onTheWay(callAt),
  ok: served({}, call),
  timeout: meeting(() => undefined, callAt, { deadlineMs: SHORT_MS }),
  http_status: async () => ({ settings: call((await serveDocument({ status: 401 })).base) }),
  local: served({}, (base) => ({ ...call(base), auth: TOKEN_NOWHERE })),
} satisfies Outcomes;

const TOKEN_NOWHERE = { kind: 'bearer', token: { file: '/nowhere/token' } };

const field = (base: string) => ({ url: base, pointer: '/queue', good: { atMost: 10 } });

export const CUSTOM = {
  ...ofDocuments(field),
  ok: served({ queue: 3 }, field),
  value_bad: served({ queue: 11 }, field),
  value_missing: served({ queue: 'long' }, field),
  local: served({ queue: 3 }, (base) => ({ ...field(base), auth: TOKEN_NOWHERE })),
} satisfies Outcomes;

const view = (base: string) => ({ url: base, pointer: '/state', up: ['up'], down: ['down'] });

export const OUTSIDE = {
  ...ofDocuments(view),
  ok: served({ state: 'up' }, view),
  value_bad: served({ state: 'down' }, view),
  value_missing: served({ state: 'paused' }, view),
  local: served({ state: 'up' }, (base) => ({ ...view(base), auth: TOKEN_NOWHERE })),
} satisfies Outcomes;

const PREFIX = '193.0.0.0/21';
const route = (base: string) => ({ url: base, prefix: PREFIX, origins: [3333] });
const seenBy = (seeing: number, peers: number, origin = 3333) => ({
  status: 'ok',
  data: {
    resource: PREFIX,
    visibility: {
      v4: { ris_peers_seeing: seeing, total_ris_peers: peers },
      v6: { ris_peers_seeing: 0, total_ris_peers: 0 },
    },
    origins: [{ origin, route_objects: [] }],
    query_time: '2026-03-01T08:00:00',
  },
});

export const ROUTING = {
  ...ofDocuments(route),
  ok: served(seenBy(320, 340), route),
  route_unseen: served(seenBy(9, 340), route),
  route_origin: served(seenBy(320, 340, 64_500), route),
  value_missing: served(seenBy(0, 0), route),
} satisfies Outcomes;

const page = (port: number, host: string) => ({ url: `http://${host}:${port}/generate_204` });

export const PORTAL = {
  ...onTheWay(page),
  ok: meeting('HTTP/1.1 204 No Content\r\n\r\n', page),
  timeout: meeting(() => undefined, page, { deadlineMs: SHORT_MS }),
  http_status: meeting('HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n', page),
  captive_portal: meeting('HTTP/1.1 511 X\r\nContent-Length: 3\r\n\r\npay', page),
} satisfies Outcomes;
