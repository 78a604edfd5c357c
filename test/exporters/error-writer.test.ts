// Who wrote an error behind Cloudflare, by its errors in JSON: read where they come, and asked for where nobody knows otherwise.
import { describe, expect, it } from 'vitest';
import type { Generator } from '../../exporters/http/facts.ts';
import { loadCatalogue } from '../../map/vendors.ts';
import { httpServer } from './local-server.ts';
import { measureHttp } from './measure-http.ts';

const cloudflare = loadCatalogue().get('cloudflare');
const { errors: errorClasses = [], askAgainWith } = cloudflare ?? {};

interface Edge {
  status: number;
  /** What it says to people, and to machines. */
  page: string;
  document: string;
  /** Status of what it says to machines, where that is another. */
  statusThen?: number;
}

/** Measures an edge, and tells which Accept it was asked with. */
async function measure({ status, page, document, statusThen = status }: Edge, settings: object = {}) {
  const accepted: string[] = [];
  const { port } = await httpServer((request, response) => {
    const { accept = '' } = request.headers;
    accepted.push(accept);
    const asMachine = accept === 'application/json';
    response.writeHead(asMachine ? statusThen : status, { server: 'cloudflare', 'cf-ray': '1-FRA' });
    response.end(asMachine ? document : page);
  });
  const asked = { url: `http://127.0.0.1:${port}/`, errorClasses, askAgainWith, ...settings };
  const observed = await measureHttp(asked);
  const { generator, vendorCode } = observed.facts;
  return { reason: observed.reason, status: observed.facts.status, generator, vendorCode, accepted };
}

const inJson = (fields: object): string => JSON.stringify({ cloudflare_error: true, ...fields });
const PLAIN = 'Service Unavailable';

describe('an error of Cloudflare in JSON', () => {
  it.each<[string, number, object, Generator, string | null]>([
    ['an origin that is silent', 522, { error_code: 522, error_category: 'origin' }, 'vendor_says_origin', '522'],
    ['an origin with a bad certificate', 526, { error_code: 526, error_category: 'ssl' }, 'vendor_says_origin', '526'],
    [
      'a tunnel without a daemon',
      530,
      { error_code: 1033, error_category: 'tunnel_error' },
      'vendor_says_origin',
      '1033',
    ],
    ['an origin that says 502', 502, { error_code: 502, error_category: 'origin' }, 'vendor_says_origin', '502'],
    ['the edge itself', 500, { error_code: 500, error_category: 'cloudflare' }, 'vendor_internal', '500'],
    ['a Worker of yours', 500, { error_code: 1101, error_category: 'worker' }, 'own_edge_code', '1101'],
    ['a record of yours', 409, { error_code: 1001, error_category: 'dns' }, 'own_edge_code', '1001'],
    ['a prober that is turned away', 403, { error_code: 1020, error_category: 'waf' }, 'challenge', '1020'],
    [
      'a category of the origin, and a new code',
      599,
      { error_code: 529, error_category: 'origin' },
      'vendor_says_origin',
      '529',
    ],
    ['a category and a code nobody knows', 503, { error_code: 2001, error_category: 'new' }, 'unknown', '2001'],
    ['a code that is no code', 503, { error_code: '<b>', error_category: 'new' }, 'unknown', null],
  ])('%s', async (_, status, fields, generator, vendorCode) => {
    const document = inJson(fields);
    const seen = await measure({ status, page: document, document }, { askAgainWith: undefined });
    expect(seen).toMatchObject({ reason: 'http_status', status, generator, vendorCode });
  });

  it('is no word of Cloudflare where something else answers', async () => {
    const { port } = await httpServer((_, response) => {
      response.writeHead(500, { server: 'nginx' }).end(inJson({ error_code: 500, error_category: 'cloudflare' }));
    });
    const observed = await measureHttp({ url: `http://127.0.0.1:${port}/`, errorClasses });
    expect(observed.facts.generator).toBe('unknown');
  });
});

describe('asking once more, as a machine', () => {
  const document = inJson({ error_code: 522, error_category: 'origin' });

  it('learns who wrote an error, and judges the first answer', async () => {
    expect(await measure({ status: 503, page: PLAIN, document })).toEqual({
      ...{ reason: 'http_status', status: 503, generator: 'vendor_says_origin', vendorCode: '522' },
      accepted: ['*/*', 'application/json'],
    });
  });

  it.each<[string, Edge, Generator | null, number]>([
    ['what the origin wrote stays of nobody known', { status: 500, page: PLAIN, document: PLAIN }, 'unknown', 2],
    ['what is another answer then says nothing', { status: 500, page: PLAIN, document, statusThen: 522 }, 'unknown', 2],
    [
      'a writer that is known is not asked',
      { status: 530, page: 'error code: 1033', document },
      'vendor_says_origin',
      1,
    ],
    ['a page that is missing is not asked about', { status: 404, page: PLAIN, document }, 'unknown', 1],
    ['a good page is not asked about', { status: 200, page: PLAIN, document }, null, 1],
  ])('%s', async (_, edge, generator, times) => {
    const seen = await measure(edge);
    expect(seen.generator).toBe(generator);
    expect(seen.accepted).toHaveLength(times);
  });

  it('is what the catalogue wants of Cloudflare, and of nobody else', () => {
    const asked = [...loadCatalogue()].flatMap(([vendor, file]) => (file.askAgainWith === undefined ? [] : [vendor]));
    expect(asked).toEqual(['cloudflare']);
  });
});
