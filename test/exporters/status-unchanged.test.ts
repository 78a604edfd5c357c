// A feed that has not changed since it was read: asked about, not sent again, and told of as before.
import { describe, expect, it } from 'vitest';
import { status } from '../../exporters/status/probe.ts';
import { manualClock } from '../manual-clock.ts';
import { contextOf } from './contract.ts';
import { httpServer } from './local-server.ts';
import { STATUSPAGE } from './status-feeds.ts';

const DEADLINE_MS = 3_000;
const HOUR_MS = 3_600_000;

interface Page {
  body: string;
  validators: Record<string, string>;
  /** Says "unchanged" to whoever asks on a condition, and to those only. */
  obliging?: boolean;
}

/** A target that is measured again and again, and what it asked on which condition. */
async function watched(page: Page) {
  const asked: string[] = [];
  const { port } = await httpServer(({ headers }, response) => {
    const condition = headers['if-none-match'] ?? headers['if-modified-since'] ?? 'none';
    asked.push(condition);
    const holds = page.obliging !== false && Object.values(page.validators).includes(condition);
    if (holds) response.writeHead(304).end();
    else response.writeHead(200, page.validators).end(page.body);
  });
  const clock = manualClock();
  const measure = status.prepare('t', { url: `http://127.0.0.1:${port}/`, format: 'statuspage', components: ['Edge'] });
  const look = async () => {
    const { reason, facts } = await measure(contextOf(AbortSignal.timeout(DEADLINE_MS), { clock }));
    return { reason, ...facts };
  };
  return { asked, clock, look };
}

const body = JSON.stringify(STATUSPAGE);
const calm = JSON.stringify({ ...STATUSPAGE, status: { indicator: 'none' }, components: [], incidents: [] });

describe('a feed that has not changed', () => {
  it.each([
    ['an ETag', { etag: '"a1"', 'last-modified': 'Sun, 22 Nov 2026 12:00:00 GMT' }, '"a1"'],
    ['a weak ETag', { etag: 'W/"a1"' }, 'W/"a1"'],
    ['a date', { 'last-modified': 'Sun, 22 Nov 2026 12:00:00 GMT' }, 'Sun, 22 Nov 2026 12:00:00 GMT'],
  ])('is asked about by %s, and told of as it was', async (_, validators, condition) => {
    const { asked, look } = await watched({ body, validators });
    const [first, second] = [await look(), await look()];
    expect(asked).toEqual(['none', condition]);
    expect(first).toMatchObject({ reason: 'ok', httpStatus: 200, overall: 'partial' });
    expect(second).toEqual({ ...first, httpStatus: 304 });
  });

  it('is had whole by each target for itself', async () => {
    const page = { body, validators: { etag: '"a1"' } };
    const [one, other] = [await watched(page), await watched(page)];
    await one.look();
    await other.look();
    expect([one.asked, other.asked]).toEqual([['none'], ['none']]);
  });

  it('is had whole once an hour, whoever says that it is what it was', async () => {
    const { asked, clock, look } = await watched({ body, validators: { etag: '"a1"' } });
    await look();
    await clock.pass(HOUR_MS - 1_000);
    await look();
    await clock.pass(2_000);
    await look();
    expect(asked).toEqual(['none', '"a1"', 'none']);
  });
});

describe('a feed that has changed', () => {
  it('is read anew', async () => {
    const page: Page = { body, validators: { etag: '"a1"' } };
    const { look } = await watched(page);
    await look();
    Object.assign(page, { body: calm, validators: { etag: '"a2"' } });
    expect(await look()).toMatchObject({ reason: 'ok', httpStatus: 200, overall: 'operational' });
  });

  it('has nothing to be asked by once it tells neither', async () => {
    const page: Page = { body, validators: { etag: '"a1"' } };
    const { asked, look } = await watched(page);
    await look();
    Object.assign(page, { validators: {}, obliging: false });
    await look();
    await look();
    expect(asked).toEqual(['none', '"a1"', 'none']);
  });

  it('is not what says "unchanged" to a question without a condition', async () => {
    const { port } = await httpServer((_, response) => response.writeHead(304).end());
    const measure = status.prepare('t', { url: `http://127.0.0.1:${port}/`, format: 'statuspage' });
    const { reason } = await measure(contextOf(AbortSignal.timeout(DEADLINE_MS)));
    expect(reason).toBe('http_status');
  });
});
