// The portal probe: the known answer is clear, everybody else's is captured, and silence is neither.
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { portal } from '../../exporters/portal/probe.ts';
import { contextOf, overHttp, probeContract } from './contract.ts';
import { type RawAnswer, rawServer } from './local-server.ts';
import { thenEnds } from './measure-http.ts';

async function measure(answer: RawAnswer, settings: Record<string, unknown> = {}): Promise<ObservationOf<'portal'>> {
  const { port } = await rawServer(answer);
  const url = `http://127.0.0.1:${port}/generate_204`;
  return portal.prepare('t', { url, ...settings })(contextOf(AbortSignal.timeout(600)));
}

const http = (status: string, body = '', headers = ''): string =>
  `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;

const KNOWN = { status: 200, body: 'success' };

/** Nine bytes are announced. */
const CUT_SHORT = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<form';

describe('a page that is known', () => {
  it.each<[string, RawAnswer, Record<string, unknown>, Reason]>([
    ['empty, as ever', 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n', {}, 'ok'],
    ['with its text', http('200 OK', 'success\n'), KNOWN, 'ok'],
    ['with another text', http('200 OK', 'Log in'), KNOWN, 'captive_portal'],
    ['of the right status, with something in it', http('200 OK', 'Log in'), { status: 200 }, 'captive_portal'],
    ['redirected', http('302 Found', '', 'Location: http://login.test/\r\n'), {}, 'captive_portal'],
    ['with a log-in in its place', http('200 OK', '<form>'), {}, 'captive_portal'],
    ['forbidden', http('403 Forbidden', 'pay'), {}, 'captive_portal'],
    ['that says it outright', http('511 Network Authentication Required', 'pay'), {}, 'captive_portal'],
    ['with a page longer than it could be', http('200 OK', 'success'.padEnd(9_000, 'x')), KNOWN, 'captive_portal'],
    ['whose server is broken', http('503 Service Unavailable', 'sorry'), {}, 'http_status'],
    ['that has moved', http('404 Not Found', 'gone'), {}, 'http_status'],
    ['that is gone', http('410 Gone', 'gone'), {}, 'http_status'],
    ['that had enough of us', http('429 Too Many Requests', 'later'), {}, 'http_status'],
    [
      'with a packed log-in nobody asked for',
      http('200 OK', '<form>', 'Content-Encoding: gzip\r\n'),
      {},
      'captive_portal',
    ],
    ['with a log-in that never comes whole', CUT_SHORT, {}, 'captive_portal'],
    [
      'redirected, with a page that breaks off',
      thenEnds('HTTP/1.1 302 Found\r\nContent-Length: 9\r\n\r\n<form', 'end'),
      {},
      'captive_portal',
    ],
  ])('%s', async (_, answer, settings, reason) => {
    const observed = await measure(answer, settings);
    expect(observed).toMatchObject({ reason, phase: reason === 'ok' ? null : 'check' });
    const value = reason === 'ok' ? 0 : reason === 'captive_portal' ? 1 : null;
    expect(portal.samples(observed)).toEqual(value === null ? [] : [{ metric: 'demarc_captive_portal', value }]);
  });

  it('of the right status that breaks off is neither', async () => {
    const observed = await measure(thenEnds(CUT_SHORT, 'end'), KNOWN);
    expect(observed).toMatchObject({ reason: 'http_protocol', phase: 'transfer', facts: { answer: null } });
  });

  it.each([
    [{ url: 'https://a.test/' }],
    [{ url: 'http://me:secret@a.test/' }],
    [{ url: 'http://a.test/', status: 302 }],
    [{ url: 'nonsense' }],
  ])('cannot be %j', (settings) => {
    expect(() => portal.prepare('t', settings)).toThrow();
  });
});

const overPortal = overHttp('captive_portal');

probeContract('portal', {
  ...overPortal,
  expected: { ...overPortal.expected, drip: ['captive_portal'] },
  probe: portal,
  settingsFor: (port, host) => ({ url: `http://${host}:${port}/` }),
});
