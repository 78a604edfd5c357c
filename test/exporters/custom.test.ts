// The probe for values of the user's own: documents, queries, and all that is no answer.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { isGood, shownValue } from '../../exporters/custom/good.ts';
import { custom } from '../../exporters/custom/probe.ts';
import { samplesIn } from '../../exporters/custom/prometheus-answer.ts';
import { readJson } from '../../exporters/http/bounded-json.ts';
import { JsonPointer, valueAt } from '../../exporters/json-pointer.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { describe as tell } from '../../signals/describe.ts';
import { contextOf, overHttp, probeContract } from './contract.ts';
import { httpServer } from './local-server.ts';
import { mangled, readOrRefused } from './mangled.ts';

const CANARY = 'canary-1f0c9e';
const folder = mkdtempSync(path.join(tmpdir(), 'demarc-custom-'));
const tokenFile = path.join(folder, 'token');
writeFileSync(tokenFile, `${CANARY}\n`);
afterAll(() => rmSync(folder, { recursive: true }));

interface Asked {
  url: string;
  authorization: string | undefined;
}

async function measure(body: string, settings: object, status = 200): Promise<[ObservationOf<'custom'>, Asked | null]> {
  let asked: Asked | null = null;
  const server = await httpServer((request, response) => {
    asked = { url: request.url ?? '', authorization: request.headers.authorization };
    response.writeHead(status).end(body);
  });
  const prepared = custom.prepare('custom/shop/breaker', { url: `http://127.0.0.1:${server.port}`, ...settings });
  return [await prepared(contextOf(AbortSignal.timeout(3_000))), asked];
}

const bearer = (file: string) => ({ kind: 'bearer', token: { file } });

const HEALTH =
  '{"state":"closed","parts":{"a/b":[{"up":true}],"~":0.5},"prose":"all <b>well</b> here","endless":1e400}';
const vector = (...values: string[]): string =>
  JSON.stringify({
    status: 'success',
    data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) },
  });

describe('a field of a document', () => {
  it.each<[string, object, Reason, unknown]>([
    ['a word that is good', { pointer: '/state', good: { equals: ['closed'] } }, 'ok', 'closed'],
    ['a word that is not', { pointer: '/state', good: { equals: ['Closed', 'half_open'] } }, 'value_bad', 'closed'],
    ['a truth, through a list and a slash', { pointer: '/parts/a~1b/0/up', good: { equals: [true] } }, 'ok', true],
    ['a truth is no text', { pointer: '/parts/a~1b/0/up', good: { equals: ['true'] } }, 'value_bad', true],
    ['a number within', { pointer: '/parts/~0', good: { atLeast: 0.5, atMost: 1 } }, 'ok', 0.5],
    ['a number beyond', { pointer: '/parts/~0', good: { atMost: 0.4 } }, 'value_bad', 0.5],
    ['text where a number is wanted', { pointer: '/state', good: { atMost: 1 } }, 'value_missing', null],
    ['a number beyond numbers', { pointer: '/endless', good: { atLeast: 1 } }, 'value_missing', null],
    ['a list', { pointer: '/parts/a~1b', good: { equals: ['x'] } }, 'value_missing', null],
    ['nothing', { pointer: '/gone/far', good: { equals: ['x'] } }, 'value_missing', null],
    ['a name every object has', { pointer: '/constructor', good: { equals: ['x'] } }, 'value_missing', null],
    ['the whole document', { pointer: '', good: { equals: ['x'] } }, 'value_missing', null],
    ['prose, which is judged and not repeated', { pointer: '/prose', good: { equals: ['x'] } }, 'value_bad', null],
  ])('%s', async (_, settings, reason, value) => {
    const [observed] = await measure(HEALTH, settings);
    expect(observed).toMatchObject({ reason, ok: reason === 'ok', facts: { value, samples: null, httpStatus: 200 } });
    expect(tell(observed)).not.toContain('<b>');
  });
});

describe('a query', () => {
  const wish = { query: 'sum(queue_depth{app="a b"}) > 1', good: { atMost: 10 } };

  it.each<[string, string, Reason, unknown, number | null]>([
    ['one good sample', vector('3'), 'ok', 3, 1],
    ['the bad one among several', vector('3', '11', '12'), 'value_bad', 11, 3],
    ['a sample that is no number, beside a good one', vector('3', 'NaN'), 'value_missing', null, 2],
    ['more than any number', vector('+Inf'), 'value_bad', null, 1],
    ['nothing found', vector(), 'value_missing', null, 0],
    ['a scalar', '{"status":"success","data":{"resultType":"scalar","result":[1,"1e1"]}}', 'ok', 10, 1],
    ['an error', '{"status":"error","errorType":"bad_data","error":"x"}', 'answer_malformed', null, null],
    ['a matrix', '{"status":"success","data":{"resultType":"matrix","result":[]}}', 'answer_malformed', null, null],
    ['a number in hexadecimal', vector('0x10'), 'answer_malformed', null, null],
    ['a page', '<!doctype html>', 'answer_malformed', null, null],
  ])('gives %s', async (_, body, reason, value, samples) => {
    const [observed, asked] = await measure(body, wish);
    expect(observed).toMatchObject({ reason, facts: { value, samples } });
    expect(new URL(asked?.url ?? '', 'http://x').searchParams.get('query')).toBe(wish.query);
    expect(asked?.url).toMatch(/^\/api\/v1\/query\?/);
    expect(custom.samples(observed)).toEqual(
      typeof value === 'number' ? [{ metric: 'demarc_custom_value', value }] : [],
    );
  });
});

describe('what is no answer', () => {
  it.each<[number, Reason, Phase]>([
    [503, 'http_status', 'check'],
    [302, 'http_redirect', 'check'],
  ])('status %d', async (status, reason, phase) => {
    const [observed] = await measure(HEALTH, { pointer: '/state', good: { equals: ['closed'] } }, status);
    expect(observed).toMatchObject({ reason, phase, facts: { value: null, httpStatus: status } });
  });
});

describe('a token', () => {
  const wish = { pointer: '/state', good: { equals: ['closed'] } };

  it('is sent, and told to nobody else', async () => {
    const [observed, asked] = await measure(HEALTH, { ...wish, auth: bearer(tokenFile) });
    expect(asked?.authorization).toBe(`Bearer ${CANARY}`);
    expect(JSON.stringify([observed, custom.samples(observed), tell(observed)])).not.toContain(CANARY);
  });

  it.each<[string, string]>([
    ['is not there', path.join(folder, 'none')],
    ['is a folder', folder],
  ])('whose file %s asks nobody', async (_, file) => {
    const [observed, asked] = await measure(HEALTH, { ...wish, auth: bearer(file) });
    expect(observed).toMatchObject({ reason: 'local', phase: 'request' });
    expect(asked).toBeNull();
  });

  it('that would break out of its header is not sent', async () => {
    const broken = path.join(folder, 'broken');
    writeFileSync(broken, `${CANARY}\r\nX-Other: 1`);
    chmodSync(broken, 0o400);
    const [observed, asked] = await measure(HEALTH, { ...wish, auth: bearer(broken) });
    expect(observed.reason).toBe('local');
    expect(asked).toBeNull();
  });
});

describe('settings', () => {
  const url = 'http://127.0.0.1:1';
  it.each<[string, object]>([
    ['neither pointer nor query', { url, good: { equals: ['x'] } }],
    ['both', { url, pointer: '/a', query: 'up', good: { equals: ['x'] } }],
    ['no word on what is good', { url, pointer: '/a', good: {} }],
    ['two words on what is good', { url, pointer: '/a', good: { equals: ['x'], atMost: 1 } }],
    ['a pointer that is none', { url, pointer: 'a.b', good: { equals: ['x'] } }],
    [
      'a secret in place of its file',
      { url, pointer: '/a', good: { equals: ['x'] }, auth: { kind: 'bearer', token: 'hunter2' } },
    ],
  ])('with %s are refused', (_, settings) => {
    expect(() => custom.prepare('t', settings)).toThrow();
  });
});

describe('for whatever comes', () => {
  it('a pointer finds what was put there, and nothing it was not led to', () => {
    const key = fc.string({ maxLength: 6 }).filter((text) => text !== '__proto__');
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), fc.jsonValue(), (keys, value) => {
        const document = keys.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
        const pointer = keys.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
        expect(JsonPointer.safeParse(pointer).success).toBe(true);
        expect(valueAt(document, pointer)).toEqual(value);
      }),
    );
  });

  it('the reader of answers gives numbers or refuses', () => {
    fc.assert(
      fc.property(mangled(fc.constantFrom(vector('1', '-2.5e3', '+Inf', 'NaN'))), (text) => {
        const samples = readOrRefused(() => samplesIn(readJson(text)));
        for (const sample of samples ?? []) expect(typeof sample).toBe('number');
      }),
    );
  });

  it('what is shown is short and plain, and what is good is never what is missing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(String(shownValue(value)).length).toBeLessThan(40);
        if (typeof value === 'object') expect(isGood(value, { equals: ['x'] })).toBeNull();
      }),
    );
  });
});

probeContract('custom', {
  ...overHttp(),
  probe: custom,
  settingsFor: (port, host) => ({ url: `http://${host}:${port}`, pointer: '/a', good: { equals: ['x'] } }),
});
