// The status probe: each format as vendors write it, and every way a feed can be wrong, empty, huge or hostile.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { FEED_STATES, type FeedState, type StatusFacts } from '../../exporters/status/facts.ts';
import { escapedId } from '../../exporters/status/feed.ts';
import { FORMATS, type Format, readFeed } from '../../exporters/status/formats.ts';
import { status } from '../../exporters/status/probe.ts';
import { contextOf, overHttp, probeContract } from './contract.ts';
import { tlsServer } from './local-server.ts';
import { mangled, readOrRefused } from './mangled.ts';
import { type Served, serveDocument } from './serve-document.ts';
import {
  ATOM,
  AWS,
  AZURE,
  AZURE_CALM,
  BETTERSTACK,
  GOOGLE,
  INSTATUS,
  RSS,
  STATUSIO,
  STATUSPAGE,
} from './status-feeds.ts';
import { LEAF_NAME, rootAuthority } from './test-ca.ts';

const DEADLINE_MS = 3_000;

async function measure(format: Format, served: Served, components: string[] = []): Promise<ObservationOf<'status'>> {
  const { base } = await serveDocument(served);
  const settings = { url: `${base}feed`, format, components };
  return status.prepare('t', settings)(contextOf(AbortSignal.timeout(DEADLINE_MS)));
}

const json = (value: unknown): Served => ({ body: JSON.stringify(value) });
const bigEndian = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

type Said = Partial<StatusFacts>;

describe('a feed', () => {
  it.each<[string, Format, Served, string[], Said]>([
    [
      'of Statuspage',
      'statuspage',
      json(STATUSPAGE),
      ['api requests', 'Git', 'Edge', 'Nobody'],
      {
        overall: 'partial',
        components: [
          { name: 'api requests', state: 'degraded' },
          { name: 'Git', state: null },
          { name: 'Edge', state: 'partial' },
          { name: 'Nobody', state: null },
        ],
        incidents: [
          {
            id: '8zc63m64hy36',
            impact: 'major',
            startedAt: Date.UTC(2026, 8, 23, 10),
            createdAt: Date.parse('2026-09-23T10:11:12Z'),
          },
          { id: 'older', impact: 'degraded', startedAt: Date.UTC(2026, 8, 22, 10), createdAt: null },
        ],
        openIncidents: 2,
        unknownWords: 1,
      },
    ],
    [
      'of incident.io, which has null for empty',
      'statuspage',
      json({ ...STATUSPAGE, status: { indicator: 'none' }, incidents: null, scheduled_maintenances: null }),
      ['Pages'],
      { overall: 'operational', components: [{ name: 'Pages', state: 'operational' }], openIncidents: 0 },
    ],
    [
      'of AWS, in UTF-16',
      'aws',
      { body: bigEndian(JSON.stringify(AWS)), headers: { 'Content-Type': 'application/json;charset=utf-16' } },
      ['me-central-1', 's3-me-central-1', 'Amazon S3', 'global', 'eu-west-1'],
      {
        overall: 'major',
        components: [
          { name: 'me-central-1', state: 'major' },
          { name: 's3-me-central-1', state: 'degraded' },
          { name: 'Amazon S3', state: 'degraded' },
          { name: 'global', state: 'degraded' },
          { name: 'eu-west-1', state: 'operational' },
        ],
        incidents: [
          {
            id: 'arn:aws:health:me-central-1::event/MULTIPLE_SERVICES/AWS_MULTIPLE_SERVICES_OPERATIONAL_ISSUE/X_1',
            impact: 'major',
            startedAt: 1_772_369_485_000,
            createdAt: 1_772_369_785_000,
          },
          {
            id: 'arn:aws:health:::event/IAM/AWS_IAM_OPERATIONAL_ISSUE/X_2',
            impact: 'degraded',
            startedAt: 1_772_369_400_000,
            createdAt: null,
          },
        ],
        openIncidents: 2,
      },
    ],
    [
      'of AWS, all clear',
      'aws',
      { body: bigEndian('[]') },
      ['us-east-1'],
      { overall: 'operational', openIncidents: 0 },
    ],
    [
      'of AWS, without its mark',
      'aws',
      { body: bigEndian('[]').subarray(2), headers: { 'Content-Type': 'application/json; charset="UTF-16"' } },
      [],
      { overall: 'operational' },
    ],
    [
      'of AWS, the other way round',
      'aws',
      { body: Buffer.from('\ufeff[]', 'utf16le') },
      [],
      { overall: 'operational' },
    ],
    [
      'of Google Cloud',
      'google-cloud',
      json(GOOGLE),
      ['Cloud DNS', 'us-central1', 'Cloud CDN'],
      {
        overall: 'partial',
        components: [
          { name: 'Cloud DNS', state: 'partial' },
          { name: 'us-central1', state: 'partial' },
          { name: 'Cloud CDN', state: 'operational' },
        ],
        openIncidents: 1,
      },
    ],
    [
      'of Status.io',
      'statusio',
      json(STATUSIO),
      ['acme-v02.api.letsencrypt.org', 'High Assurance Datacenter 1', 'Portal'],
      {
        overall: 'degraded',
        components: [
          { name: 'acme-v02.api.letsencrypt.org', state: 'degraded' },
          { name: 'High Assurance Datacenter 1', state: 'major' },
          { name: 'Portal', state: null },
        ],
        incidents: [{ id: '61ae', impact: null, startedAt: null, createdAt: Date.UTC(2026, 8, 23, 16, 40) }],
        unknownWords: 0,
      },
    ],
    [
      'of Instatus',
      'instatus',
      json(INSTATUS),
      ['API'],
      {
        overall: 'major',
        components: [{ name: 'API', state: null }],
        incidents: [
          {
            id: 'https://instat.us/incident/cl4a8n3070821qtmzvts760c4',
            impact: 'major',
            startedAt: Date.UTC(2022, 5, 11, 18, 55, 50),
            createdAt: null,
          },
        ],
      },
    ],
    [
      'of Instatus, whose empty lists are left out',
      'instatus',
      json({ page: { name: 'Wistia', status: 'UP' } }),
      [],
      { overall: 'operational', openIncidents: 0 },
    ],
    [
      'of Better Stack, whose reports never end',
      'betterstack',
      json(BETTERSTACK),
      ['dns.quad9.net', 'Website'],
      {
        overall: 'major',
        components: [
          { name: 'dns.quad9.net', state: 'major' },
          { name: 'Website', state: null },
        ],
        incidents: [{ id: '1050826', impact: 'major', startedAt: Date.UTC(2026, 8, 5, 13, 50), createdAt: null }],
        openIncidents: 1,
        unknownWords: 0,
      },
    ],
    [
      'of Azure, calm',
      'azure',
      { body: AZURE_CALM },
      ['Front Door'],
      { overall: 'operational', components: [{ name: 'Front Door', state: 'operational' }], openIncidents: 0 },
    ],
    [
      'of Azure, with an event',
      'azure',
      { body: AZURE },
      ['Front Door'],
      {
        overall: 'degraded',
        components: [{ name: 'Front Door', state: null }],
        incidents: [
          { id: 'YKYN-BWZ%20%40everyone', impact: null, startedAt: null, createdAt: Date.UTC(2026, 9, 9, 8, 10) },
        ],
        openIncidents: 1,
      },
    ],
    [
      'in RSS, which does not tell what is open',
      'rss',
      { body: RSS },
      ['FRA'],
      {
        overall: null,
        components: [{ name: 'FRA', state: null }],
        incidents: [
          { id: 'https://x.test/two', impact: null, startedAt: null, createdAt: Date.UTC(2026, 8, 8, 15, 42) },
        ],
        openIncidents: null,
      },
    ],
    [
      'in Atom',
      'atom',
      { body: Buffer.from(`\ufeff${ATOM}`) },
      [],
      {
        overall: null,
        incidents: [
          {
            id: 'tag:status.hetzner.com%2C2026:2',
            impact: null,
            startedAt: null,
            createdAt: Date.UTC(2026, 8, 9, 10),
          },
          { id: 'tag:status.hetzner.com%2C2026:1', impact: null, startedAt: null, createdAt: Date.UTC(2026, 8, 8, 8) },
        ],
        openIncidents: null,
      },
    ],
  ])('%s', async (_, format, served, components, said) => {
    const observed = await measure(format, served, components);
    expect(observed).toMatchObject({ ok: true, reason: 'ok', phase: null });
    expect(observed.facts).toMatchObject(said);
    expect(JSON.stringify(observed)).not.toMatch(/script|@everyone|issue with our/);
  });

  it('is exported without a word of it in a label', async () => {
    const observed = await measure('statuspage', json(STATUSPAGE), ['Pages', 'Edge', 'Git']);
    expect(status.samples(observed)).toEqual([
      { metric: 'demarc_vendor_feed_ok', value: 1 },
      { metric: 'demarc_vendor_status', value: 3 },
      { metric: 'demarc_vendor_status', value: 0, labels: { component: 'Pages' } },
      { metric: 'demarc_vendor_status', value: 3, labels: { component: 'Edge' } },
      { metric: 'demarc_vendor_incidents_open', value: 2 },
      { metric: 'demarc_vendor_incident_publication_lag_seconds', value: 672 },
    ]);
  });

  it('that does not tell what is open exports no number of it', async () => {
    expect(status.samples(await measure('rss', { body: RSS }))).toEqual([
      { metric: 'demarc_vendor_feed_ok', value: 1 },
    ]);
  });

  it('of Google tells how late it was', async () => {
    const samples = status.samples(await measure('google-cloud', json(GOOGLE)));
    const lag = { metric: 'demarc_vendor_incident_publication_lag_seconds', value: 3.55 * 3600 };
    expect(samples).toContainEqual(lag);
  });

  it.each(['2026-09-24T10:00:00Z', '2026-01-01T00:00:00Z'])(
    'begun at %s, told otherwise, has no lag',
    async (began) => {
      const incidents = [{ id: 'a', started_at: began, created_at: '2026-09-23T10:00:00Z' }];
      const samples = status.samples(await measure('statuspage', json({ ...STATUSPAGE, incidents })));
      expect(samples.map(({ metric }) => metric)).not.toContain('demarc_vendor_incident_publication_lag_seconds');
    },
  );

  it('is read over TLS from whom we trust, and from nobody else', async () => {
    const root = await rootAuthority();
    const leaf = await root.issue();
    const server = await tlsServer({ key: leaf.key, cert: leaf.cert });
    const resolver = { resolve: async () => ['127.0.0.1'] };
    const read = (trust: string[]) =>
      status.prepare('t', { url: `https://${LEAF_NAME}:${server.port}/`, format: 'statuspage' })(
        contextOf(AbortSignal.timeout(DEADLINE_MS), { resolver, trust }),
      );
    expect(await read([])).toMatchObject({ reason: 'tls_incomplete_chain', phase: 'tls' });
    expect(server.requests()).toBe(0);
    expect(await read([root.cert])).toMatchObject({ reason: 'answer_malformed', facts: { httpStatus: 200 } });
  });

  it('with 10,000 incidents is counted, and its newest 50 are kept', async () => {
    const incidents = Array.from({ length: 10_000 }, (_, index) => ({
      id: `i${index}`,
      started_at: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
    }));
    const { facts } = await measure('statuspage', json({ ...STATUSPAGE, components: [], incidents }));
    expect(facts.openIncidents).toBe(10_000);
    expect(facts.incidents).toHaveLength(50);
    expect(facts.incidents[0]?.id).toBe('i9999');
    expect(facts.incidents[49]?.id).toBe('i9950');
  });

  it.each(['__proto__', 'constructor', 'toString', 'Operational', ''])(
    'that says %j says nothing known',
    async (word) => {
      const { facts } = await measure('statuspage', json({ ...STATUSPAGE, status: { indicator: word } }));
      expect(facts).toMatchObject({ overall: null, unknownWords: 2 });
    },
  );
});

describe('no feed', () => {
  const page = '<!DOCTYPE html><html><head><title>Log in</title></head></html>';
  const bomb = `<!DOCTYPE r [<!ENTITY a "${'x'.repeat(100)}"><!ENTITY b "&a;&a;">]>`;

  it.each<[string, Format, Served, Reason]>([
    ['a page instead of JSON', 'statuspage', { body: page }, 'answer_malformed'],
    ['a page instead of RSS', 'rss', { body: page }, 'answer_malformed'],
    ['a page without DOCTYPE', 'azure', { body: '<html><title>Azure Status</title></html>' }, 'answer_malformed'],
    ['nothing', 'azure', { body: '' }, 'answer_malformed'],
    ['an empty object', 'statuspage', json({}), 'answer_malformed'],
    ['another service', 'statuspage', json(INSTATUS), 'answer_malformed'],
    ['null', 'aws', json(null), 'answer_malformed'],
    ['an object where a list must be', 'aws', json({}), 'answer_malformed'],
    ['half a feed', 'google-cloud', { body: JSON.stringify(GOOGLE).slice(0, -9) }, 'answer_malformed'],
    ['half a character', 'aws', { body: bigEndian('[]').subarray(0, 5) }, 'answer_malformed'],
    [
      'bytes that are no UTF-8',
      'rss',
      { body: Buffer.from(RSS.replace('Fastly', 'F\xe4stly'), 'latin1') },
      'answer_malformed',
    ],
    ['RSS without a channel', 'rss', { body: '<rss version="2.0"></rss>' }, 'answer_malformed'],
    ['RSS without a title', 'rss', { body: '<rss><channel><title> </title></channel></rss>' }, 'answer_malformed'],
    ["somebody else's empty RSS", 'azure', { body: RSS.replace(/<item>.*<\/item>/gs, '') }, 'answer_malformed'],
    ['Atom for RSS', 'rss', { body: ATOM }, 'answer_malformed'],
    ['RSS for Atom', 'atom', { body: RSS }, 'answer_malformed'],
    ['RSS with a DOCTYPE', 'rss', { body: `<!DOCTYPE rss>${RSS}` }, 'answer_malformed'],
    ['an entity bomb', 'rss', { body: `${bomb}${RSS.replace('Fastly', '&b;')}` }, 'answer_malformed'],
    ['an entity of HTML', 'rss', { body: RSS.replace('Fastly', '&nbsp;') }, 'answer_malformed'],
    ['a login elsewhere', 'statuspage', { status: 302, headers: { Location: '/login' } }, 'http_redirect'],
    ['too many requests', 'statuspage', { status: 429 }, 'http_status'],
    ['a refusal', 'statuspage', { status: 403, body: page }, 'http_status'],
    ['2 MiB and a byte', 'rss', { body: Buffer.alloc(2_097_153, ' ') }, 'http_too_large'],
    ['100,000 levels', 'statuspage', { body: '{"a":'.repeat(100_000) }, 'answer_malformed'],
  ])('%s', async (_, format, served, reason) => {
    const observed = await measure(format, served, ['API']);
    expect(observed).toMatchObject({ ok: false, reason, facts: { overall: null, openIncidents: null, incidents: [] } });
    expect(observed.facts.components).toEqual([{ name: 'API', state: null }]);
    expect(status.samples(observed)).toEqual([{ metric: 'demarc_vendor_feed_ok', value: 0 }]);
  });
});

it('a component of ours is the worst of what the feed calls it, and unknown where the feed has none of the names', async () => {
  const { base } = await serveDocument(json(STATUSPAGE));
  const known = { pages: ['Pages', 'api requests'], edge: ['Edge', 'Nobody'], git: ['Git'], tunnel: ['Nobody'] };
  const settings = { url: base, format: 'statuspage', known };
  const observed = await status.prepare('t', settings)(contextOf(AbortSignal.timeout(DEADLINE_MS)));
  expect(observed.facts.components).toEqual([
    { name: 'pages', state: 'degraded' },
    { name: 'edge', state: 'partial' },
    { name: 'git', state: null },
    { name: 'tunnel', state: null },
  ]);
  const told = status.samples(observed).filter(({ metric }) => metric === 'demarc_vendor_status');
  expect(told.map(({ labels, value }) => [labels?.component, value])).toEqual([
    [undefined, 3],
    ['pages', 2],
    ['edge', 3],
  ]);
});

describe('ids of incidents', () => {
  it.each([
    ['8zc63m64hy36', '8zc63m64hy36'],
    ['"} or vector(1)\n', '%22%7D%20or%20vector%281%29%0A'],
    ['\u202eevil', '%E2%80%AEevil'],
    ['\ud800', '%EF%BF%BD'],
    ['x'.repeat(1_000), 'x'.repeat(128)],
    ['é'.repeat(100), '%C3%A9'.repeat(21)],
  ])('%.20j', (id, escaped) => {
    expect(escapedId(id)).toBe(escaped);
  });
});

describe('settings', () => {
  it.each([
    [{ url: 'http://127.0.0.1/', format: 'html' }],
    [{ url: 'file:///etc/passwd', format: 'rss' }],
    [{ url: 'http://user:secret@127.0.0.1/', format: 'rss' }],
    [{ url: 'http://127.0.0.1/', format: 'rss', components: ['x'.repeat(65)] }],
    [{ url: 'http://127.0.0.1/', format: 'rss', known: { edge: [] } }],
    [{ url: 'http://127.0.0.1/', format: 'rss', known: { 'The Edge': ['CDN'] } }],
    [{ url: 'http://127.0.0.1/', format: 'rss', components: Array.from({ length: 65 }, (_, index) => `c${index}`) }],
  ])('refuses %.60j', (settings) => {
    expect(() => status.prepare('t', settings)).toThrow();
  });
});

describe('2 MiB', () => {
  const fill = (item: unknown, count: number): string => `[${`${JSON.stringify(item)},`.repeat(count)}0]`;

  it.each<[string, Format, string]>([
    ['of events that are none', 'aws', fill('x', 49_000)],
    ['of events of another shape', 'google-cloud', fill({ a: 1, b: 2 }, 16_000)],
    ['of one string', 'statuspage', `{"page":"${'x'.repeat(2_097_100)}"}`],
    ['of open events', 'aws', `${JSON.stringify(Array.from({ length: 4_000 }, () => AWS[0]))}`],
    ['of items', 'rss', RSS.replace('<item>', `${'<item><title>x</title></item>'.repeat(24_000)}<item>`)],
  ])('%s does not hold up the others', (_, format, text) => {
    const start = performance.now();
    readOrRefused(() => readFeed(format, Buffer.from(text), ''));
    expect(performance.now() - start).toBeLessThan(1_500);
  });
});

describe('any text whatever', () => {
  const FEEDS = [STATUSPAGE, AWS, GOOGLE, STATUSIO, INSTATUS, BETTERSTACK];
  const texts = [...FEEDS.map((feed) => JSON.stringify(feed)), AZURE, RSS, ATOM];

  it.each(FORMATS)('is read as %s, or refused', (format) => {
    const nearly = mangled(fc.constantFrom(...texts));
    fc.assert(
      fc.property(fc.oneof(nearly, fc.json(), fc.string()), (text) => {
        const feed = readOrRefused(() => readFeed(format, Buffer.from(text), ''));
        if (feed === undefined) return;
        const states: (FeedState | null)[] = [feed.overall, feed.unnamed, ...feed.components.map(({ state }) => state)];
        expect([...FEED_STATES, null]).toEqual(expect.arrayContaining(states));
        for (const { id } of feed.incidents) expect(id).toMatch(/^[A-Za-z0-9._:/%-]{0,128}$/);
      }),
    );
  });

  it.each(FORMATS)('in any bytes is read as %s, or refused', (format) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('', 'charset=utf-16'), (bytes, type) => {
        readOrRefused(() => readFeed(format, bytes, type));
      }),
    );
  });
});

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n';

probeContract('status', {
  ...overHttp(),
  probe: status,
  settingsFor: (port, host) => ({ url: `http://${host}:${port}/feed`, format: 'statuspage' }),
  opening: HEAD,
});
