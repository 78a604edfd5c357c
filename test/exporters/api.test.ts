// A call to an API with two credentials and in two regions: which of them end alike, and what follows from it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { api } from '../../exporters/api/probe.ts';
import { classify } from '../../signals/classify.ts';
import { describe as tell } from '../../signals/describe.ts';
import { contextOf, overHttp, probeContract } from './contract.ts';
import { httpServer, rawServer } from './local-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'demarc-api-'));
afterAll(() => rmSync(folder, { recursive: true }));
const CANARIES = { first: 'canary-first-91', second: 'canary-second-27' };
const fileOf = (which: keyof typeof CANARIES): string => {
  const file = path.join(folder, which);
  writeFileSync(file, `${CANARIES[which]}\n`);
  return file;
};
const FIRST = { auth: { kind: 'bearer', token: { file: fileOf('first') } } };
const SECOND = { headers: { 'X-Api-Key': { file: fileOf('second') } } };

/** Statuses by who asks; a region that is `silent` accepts and says nothing. */
async function region(answers: { first: number; second: number } | 'silent'): Promise<string> {
  if (answers === 'silent') return `http://127.0.0.1:${(await rawServer(() => undefined)).port}/me`;
  const { port } = await httpServer(({ headers }, response) => {
    const known = headers.authorization === `Bearer ${CANARIES.first}` ? 'first' : 'second';
    const asked = known === 'first' || headers['x-api-key'] === CANARIES.second;
    response.writeHead(asked ? answers[known] : 500).end('{}');
  });
  return `http://127.0.0.1:${port}/me`;
}

const measure = (settings: Record<string, unknown>, deadlineMs = 5_000) =>
  api.prepare('custom/shop/key', settings)(contextOf(AbortSignal.timeout(deadlineMs)));

const CONTEXT = { role: 'custom', layer: null, named: false, troubled: false, declared: false } as const;

type Answers = Parameters<typeof region>[0];

describe('a call of yours', () => {
  const well = { first: 200, second: 200 };
  it.each<[string, Answers, Answers, object, string]>([
    ['is served', well, well, { works: 1, accepted: 1 }, 'HTTP 200, HTTP 200 with the second credential, HTTP 200'],
    [
      'with a key that was taken back',
      { first: 401, second: 200 },
      { first: 401, second: 200 },
      { works: 1, accepted: 0 },
      'HTTP 401, HTTP 200 with',
    ],
    [
      'whose quota has run out',
      { first: 429, second: 200 },
      well,
      { works: 1, accepted: 0 },
      'HTTP 429, HTTP 200 with',
    ],
    [
      'in a region that fails',
      { first: 503, second: 503 },
      well,
      { works: 0, accepted: 1 },
      'HTTP 503 with the second credential, HTTP 200 in the other region',
    ],
    [
      'that fails everywhere',
      { first: 503, second: 503 },
      { first: 503, second: 503 },
      { works: 0, accepted: -1 },
      'HTTP 503 in the other region',
    ],
    [
      'that is refused with either key',
      { first: 403, second: 401 },
      { first: 403, second: 401 },
      { works: 0, accepted: -1 },
      'HTTP 403, HTTP 401 with',
    ],
    [
      'that fails while the other key is served',
      { first: 500, second: 200 },
      well,
      { works: 0, accepted: 1 },
      'HTTP 500, HTTP 200 with',
    ],
  ])('%s', async (_, here, there, answers, said) => {
    const settings = { url: await region(here), ...FIRST, second: SECOND, elsewhere: await region(there) };
    const observed = await measure(settings);
    expect(classify(observed, CONTEXT, false)).toEqual(answers);
    expect(tell(observed)).toContain(said);
    for (const secret of Object.values(CANARIES)) {
      expect(JSON.stringify([observed, api.samples(observed), tell(observed)])).not.toContain(secret);
    }
  });

  it('with one key only, once refused, accuses nobody of a key', async () => {
    const observed = await measure({ url: await region({ first: 401, second: 200 }), ...FIRST });
    expect(observed).toMatchObject({ reason: 'http_status', phase: 'check', facts: { calls: { second: null } } });
    expect(classify(observed, CONTEXT, false)).toEqual({ works: 0, accepted: -1 });
    expect(api.samples(observed)).toEqual([{ metric: 'demarc_api_call_success', value: 0, labels: { call: 'first' } }]);
  });

  it('does not wait for a region longer than for all', async () => {
    const settings = { url: await region(well), ...FIRST, second: SECOND, elsewhere: await region('silent') };
    expect(await measure(settings, 300)).toMatchObject({
      ok: true,
      facts: { calls: { elsewhere: { reason: 'timeout', status: null } } },
    });
  });

  it('is not made without its credential, and neither is the other', async () => {
    const nowhere = { auth: { kind: 'bearer', token: { env: 'DEMARC_TEST_NOWHERE' } } };
    const url = await region({ first: 401, second: 200 });
    const without = await measure({ url, ...nowhere, second: SECOND });
    expect(without).toMatchObject({ reason: 'local', phase: 'request' });
    expect(classify(without, CONTEXT, false)).toEqual({});
    expect(classify(await measure({ url, ...FIRST, second: nowhere }), CONTEXT, false)).toMatchObject({ accepted: -1 });
  });
});

it.each([
  [{ url: 'http://127.0.0.1/', second: {} }, 'auth or headers'],
  [{ url: 'http://127.0.0.1/', headers: { 'x-api-key': 'plain' } }, 'holds a secret'],
  [{ url: 'http://me:secret@127.0.0.1/' }, 'credentials'],
])('%j is refused', (settings, message) => {
  expect(() => api.prepare('t', settings)).toThrow(message);
});

probeContract('api', {
  ...overHttp('ok'),
  probe: api,
  settingsFor: (port, host) => ({ url: `http://${host}:${port}/` }),
});
