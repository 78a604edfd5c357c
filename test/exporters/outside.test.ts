// The probe that reads what others see from elsewhere: states and times of uptime services, and all that is no answer.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { UPTIME_SERVICES, type UptimeService } from '../../catalog/uptime-services.ts';
import type { Clock } from '../../exporters/clock.ts';
import { realClock } from '../../exporters/clock.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { outside } from '../../exporters/outside/probe.ts';
import type { SecretReference } from '../../exporters/secret.ts';
import { describe as tell } from '../../signals/describe.ts';
import { contextOf, overHttp, probeContract } from './contract.ts';
import { httpServer } from './local-server.ts';
import { mangled } from './mangled.ts';

const CANARY = 'canary-7c41aa';
const folder = mkdtempSync(path.join(tmpdir(), 'demarc-outside-'));
const keyFile = path.join(folder, 'key');
writeFileSync(keyFile, `${CANARY}\n`);
afterAll(() => rmSync(folder, { recursive: true }));

const NOW = Date.parse('2026-03-01T12:00:00Z');
const clock: Clock = { ...realClock, now: () => NOW };
const patient = () => contextOf(AbortSignal.timeout(3_000), { clock });
const PLAIN = { pointer: '/state', up: ['up', 1, true], down: ['down', 0], checked: '/at' };

interface Served {
  status?: number;
  delayMs?: number;
}

async function measure(body: string, settings: object, { status = 200 }: Served = {}) {
  const asked: { authorization?: string | undefined }[] = [];
  const server = await httpServer((request, response) => {
    asked.push({ authorization: request.headers.authorization });
    response.writeHead(status).end(body);
  });
  const prepared = outside.prepare('outside/shop/watcher', { url: `http://127.0.0.1:${server.port}/`, ...settings });
  const observed: ObservationOf<'outside'> = await prepared(patient());
  return { observed, asked };
}

describe('a word from elsewhere', () => {
  it.each<[string, string, object, Reason, boolean | null, number | null]>([
    ['up', '{"state":"up","at":"2026-03-01T11:59:30Z"}', {}, 'ok', true, 30],
    ['down', '{"state":"down","at":1772366340}', {}, 'value_bad', false, 60],
    ['a number that means up, and digits for a time', '{"state":1,"at":"1772366399"}', {}, 'ok', true, 1],
    ['a truth that means up', '{"state":true,"at":"2026-03-01T12:00:00.000Z"}', {}, 'ok', true, 0],
    ['a state of neither kind', '{"state":"paused","at":"2026-03-01T12:00:00Z"}', {}, 'value_missing', null, null],
    ['text that looks like the number', '{"state":"1","at":"2026-03-01T12:00:00Z"}', {}, 'value_missing', null, null],
    ['no state', '{"at":"2026-03-01T12:00:00Z"}', {}, 'value_missing', null, null],
    ['a state every object has', '{}', { pointer: '/constructor', up: ['x'] }, 'value_missing', null, null],
    ['no time where one was promised', '{"state":"up"}', {}, 'value_missing', null, null],
    ['a time that is none', '{"state":"up","at":"yesterday"}', {}, 'value_missing', null, null],
    ['a clock ahead of ours, which saw no future', '{"state":"up","at":"2026-03-01T13:00:00Z"}', {}, 'ok', true, 0],
    ['no time, which is as old as may be', '{"state":"up"}', { checked: undefined, lagMs: 90_000 }, 'ok', true, 90],
    ['a page', '<!doctype html>', {}, 'answer_malformed', null, null],
  ])('%s', async (_, body, settings, reason, up, age) => {
    const { observed } = await measure(
      body,
      JSON.parse(JSON.stringify({ ...PLAIN, ...settings, ...cleared(settings) })),
    );
    const checkedAt = age === null ? null : NOW - age * 1000;
    expect(observed).toMatchObject({ reason, ok: up === true, facts: { up, checkedAt, httpStatus: 200 } });
    expect(outside.samples(observed)).toEqual(
      up === null
        ? []
        : [
            { metric: 'demarc_outside_up', value: up ? 1 : 0 },
            { metric: 'demarc_outside_checked_timestamp_seconds', value: (checkedAt ?? 0) / 1000 },
          ],
    );
    expect(tell(observed)).toContain(up === null ? 'no word' : `${up ? 'work' : 'down'} ${age} s before`);
  });

  it.each<[number, Reason]>([
    [401, 'http_status'],
    [429, 'http_status'],
    [302, 'http_redirect'],
  ])('is no word with status %d', async (status, reason) => {
    const { observed } = await measure('{"state":"up"}', PLAIN, { status });
    expect(observed).toMatchObject({ reason, phase: 'check', facts: { up: null, httpStatus: status } });
  });
});

/** JSON has no way to say that a key is gone. */
const cleared = (settings: object) => ('checked' in settings ? { checked: undefined } : {});

describe('the documents of uptime services', () => {
  const monitor = (state: string) => JSON.stringify({ id: 7, friendlyName: 'shop', status: state, interval: 300 });
  const monitors = (status: number) =>
    JSON.stringify({ stat: 'ok', monitors: [{ id: 7, friendly_name: 'shop', url: 'https://shop.test/', status }] });
  const attributes = (status: string) =>
    JSON.stringify({ data: { id: '7', attributes: { status, last_checked_at: '2026-03-01T11:59:00.000Z' } } });

  it.each<[keyof typeof UPTIME_SERVICES, string, boolean | null]>([
    ['uptimerobot', monitor('UP'), true],
    ['uptimerobot', monitor('DOWN'), false],
    ['uptimerobot', monitor('LOOKS_DOWN'), null],
    ['uptimerobot', monitor('PAUSED'), null],
    ['uptimerobot', monitor('STARTED'), null],
    ['uptimerobot-v2', monitors(2), true],
    ['uptimerobot-v2', monitors(9), false],
    ['uptimerobot-v2', monitors(8), null],
    ['uptimerobot-v2', monitors(0), null],
    ['uptimerobot-v2', '{"stat":"ok","pagination":{"offset":0,"limit":50,"total":0},"monitors":[]}', null],
    ['uptimerobot-v2', '{"stat":"fail","error":{"type":"not_authorized"}}', null],
    ['betterstack', attributes('up'), true],
    ['betterstack', attributes('down'), false],
    ['betterstack', attributes('validating'), null],
    ['betterstack', attributes('maintenance'), null],
  ])('%s: %s', async (service, body, up) => {
    const { pointer, up: good, down, ...rest }: UptimeService = UPTIME_SERVICES[service];
    const { observed } = await measure(body, { pointer, up: good, down, checked: rest.checked });
    expect(observed.facts.up).toBe(up);
  });
});

describe('a form', () => {
  const asked = (token: SecretReference) => ({
    pointer: '/monitors/0/status',
    up: [2],
    down: [9],
    form: { api_key: token, format: 'json', monitors: '7' },
  });

  /** Answers as UptimeRobot does to what it documents, and refuses all else. */
  const robot = async (): Promise<string> => {
    const { port } = await httpServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const fields = Object.fromEntries(new URLSearchParams(body));
        const documented =
          request.method === 'POST' &&
          request.url === '/v2/getMonitors' &&
          request.headers['content-type'] === 'application/x-www-form-urlencoded' &&
          request.headers['content-length'] === String(body.length) &&
          fields.format === 'json';
        const known = documented && fields.api_key === AWKWARD && fields.monitors === '7';
        const said = known ? { stat: 'ok', monitors: [{ id: 7, status: 2 }] } : { stat: 'fail' };
        response.end(JSON.stringify(said));
      });
    });
    return `http://127.0.0.1:${port}/v2/getMonitors`;
  };
  const AWKWARD = `${CANARY}&format=xml+%`;

  it('is sent as documented, with the key in it and nowhere else', async () => {
    const url = await robot();
    writeFileSync(keyFile, `${AWKWARD}\n`);
    onTestFinished(() => writeFileSync(keyFile, `${CANARY}\n`));
    const observed = await outside.prepare('t', { url, ...asked({ file: keyFile }) })(patient());
    expect(observed).toMatchObject({ reason: 'ok', facts: { up: true } });
    expect(JSON.stringify([observed, outside.samples(observed), tell(observed)])).not.toContain(CANARY);
    writeFileSync(keyFile, 'another');
    const refused = await outside.prepare('t', { url, ...asked({ file: keyFile }) })(patient());
    expect(refused).toMatchObject({ reason: 'value_missing', facts: { up: null } });
  });

  it('whose key cannot be read is not sent', async () => {
    const observed = await outside.prepare('t', { url: await robot(), ...asked({ file: '/nowhere/key' }) })(patient());
    expect(observed).toMatchObject({ reason: 'local', phase: 'request' });
  });
});

describe('a key', () => {
  const auth = (file: string) => ({ ...PLAIN, auth: { kind: 'bearer', token: { file } } });

  it('is sent, and told to nobody else', async () => {
    const { observed, asked } = await measure('{"state":"up","at":1772366340}', auth(keyFile));
    expect(asked).toEqual([{ authorization: `Bearer ${CANARY}` }]);
    expect(JSON.stringify([observed, outside.samples(observed), tell(observed)])).not.toContain(CANARY);
  });

  it('that cannot be read asks nobody', async () => {
    const { observed, asked } = await measure('{}', auth(path.join(folder, 'none')));
    expect(observed).toMatchObject({ reason: 'local', phase: 'request' });
    expect(asked).toEqual([]);
  });
});

it('one word cannot mean both', () => {
  const settings = { url: 'http://127.0.0.1:1', pointer: '/a', up: ['x', 1], down: [1] };
  expect(() => outside.prepare('t', settings)).toThrow('one word cannot mean both');
});

it('whatever comes, a word is up, down or none, and no older or newer than it can be', async () => {
  const document = fc.constantFrom('{"state":"up","at":"2026-03-01T11:59:30Z"}', '{"state":"down","at":1772366340}');
  let body = '';
  const server = await httpServer((_, response) => void response.end(body));
  const measureThat = outside.prepare('t', { url: `http://127.0.0.1:${server.port}/`, ...PLAIN });
  await fc.assert(
    fc.asyncProperty(mangled(document), async (text) => {
      body = text;
      const { facts, ok } = await measureThat(contextOf(AbortSignal.timeout(3_000), { clock }));
      expect(ok).toBe(facts.up === true);
      expect(facts.up === null).toBe(facts.checkedAt === null);
      expect(facts.checkedAt ?? 0).toBeLessThanOrEqual(NOW);
    }),
    { numRuns: 60 },
  );
});

probeContract('outside', {
  ...overHttp(),
  probe: outside,
  settingsFor: (port, host) => ({ url: `http://${host}:${port}`, ...PLAIN }),
});
