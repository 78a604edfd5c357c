// What a hostile answer to the http probe must not leave behind: an address asked for twice, a prototype, a cookie.
import { describe, expect, it } from 'vitest';
import { http } from '../../exporters/http/probe.ts';
import type { NameResolver } from '../../exporters/probe.ts';
import { contextOf } from './contract.ts';
import { httpServer } from './local-server.ts';
import { measureHttp, measureRaw, resolvesTo } from './measure-http.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';

const protoPollution = `${HEAD}__proto__: polluted\r\nconstructor: x\r\nContent-Length: 2\r\n\r\nok`;

describe('hostile answers', () => {
  it('25: asks for the address once, and connects to what it was told then', async () => {
    const server = await httpServer((_, response) => response.end());
    const asked: string[] = [];
    const resolver: NameResolver = {
      resolve: async (name, mode) => {
        asked.push(`${name} ${mode}`);
        return asked.length === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
      },
    };
    const observed = await measureHttp({ url: `http://rebind.test.:${server.port}/` }, { resolver });
    expect(observed).toMatchObject({ reason: 'ok', facts: { address: '127.0.0.1' } });
    expect(asked).toEqual(['rebind.test fresh']);
  });

  it('26: prototypes stay as they were', async () => {
    const observed = await measureRaw(protoPollution, { stamp: 'valueof' });
    expect(observed.facts.stamped).toBe(false);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('30: keeps nothing between two probes', async () => {
    const cookies: (string | undefined)[] = [];
    const server = await httpServer((request, response) => {
      cookies.push(request.headers.cookie);
      response.setHeader(
        'Set-Cookie',
        Array.from({ length: 50 }, (_, n) => `c${n}=1`),
      );
      response.setHeader('Strict-Transport-Security', 'max-age=999999').setHeader('Alt-Svc', 'h3=":1"');
      response.end();
    });
    const measureAgain = http.prepare('t', { url: `http://localhost:${server.port}/` });
    for (const _ of [1, 2]) {
      const context = contextOf(AbortSignal.timeout(400), { resolver: resolvesTo('127.0.0.1') });
      expect(await measureAgain(context)).toMatchObject({ reason: 'ok' });
    }
    expect(cookies).toEqual([undefined, undefined]);
    expect(server.accepted()).toBe(2);
  });
});
