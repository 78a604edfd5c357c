import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import { type Clock, realClock } from '../../exporters/clock.ts';
import { ResolveError } from '../../exporters/probe.ts';
import { attemptOf, createResolver, systemServers } from '../../exporters/resolver.ts';
import { expectReason, shiftedClock, soon } from './ask-resolver.ts';
import { type Asked, a, cname, nameServer, type Reply, reply, type Serve } from './fake-name-server.ts';

const ATTEMPT_MS = 200;

/** Addresses of both families, after a CNAME. */
const both: Serve = (asked) => {
  const alias = cname(asked.name, 'real.test', 30);
  const v6 = { type: 'AAAA', name: 'real.test', data: '2001:db8::1', ttl: 30, class: 'IN' } as const;
  return reply(asked, { answers: asked.type === 'A' ? [alias, a('real.test', '192.0.2.1', 30)] : [alias, v6] });
};

describe('resolver: without asking', () => {
  it.each([
    ['192.0.2.1', ['192.0.2.1']],
    ['2001:db8::1', ['2001:db8::1']],
    ['[2001:db8::1]', ['2001:db8::1']],
    ['localhost', ['127.0.0.1', '::1']],
    ['LocalHost.', ['127.0.0.1', '::1']],
    ['app.localhost', ['127.0.0.1', '::1']],
  ])('%s', async (name, addresses) => {
    const server = await nameServer(both);
    expect(await resolverOf([server.at]).resolve(name, 'fresh', soon())).toEqual(addresses);
    expect(server.asked).toEqual([]);
  });

  it.each(['', 'a b', 'a..b', '<b>', 'x'.repeat(64), '1.2.3.4:80'])('%j is no name', async (name) => {
    const server = await nameServer(both);
    await expectReason(resolverOf([server.at]).resolve(name, 'fresh', soon()), 'no_address');
    expect(server.asked).toEqual([]);
  });

  it('no server at all is our own trouble', async () => {
    await expectReason(resolverOf([]).resolve('a.test', 'fresh', soon()), 'local');
  });

  it.each(['', 'ns1.test:53', '127.0.0.1:0'])('the server %j is refused at the start', (server) => {
    expect(() => resolverOf([server])).toThrow('address of a name server');
  });
});

describe('resolver: asking', () => {
  it('asks for A and AAAA at once, and puts IPv4 first', async () => {
    const server = await nameServer(both);
    expect(await resolverOf([server.at]).resolve('App.Test.', 'fresh', soon())).toEqual(['192.0.2.1', '2001:db8::1']);
    const asked = server.asked.map(({ name, type, packet }) => `${name} ${type} ${packet.flag_rd}`);
    expect(asked.sort()).toEqual(['app.test A true', 'app.test AAAA true']);
  });

  it.each<[string, (asked: Asked) => Reply | null, string | string[]]>([
    ['only A', ({ type }) => (type === 'A' ? { answers: [a('app.test')] } : {}), ['192.0.2.1']],
    ['A, and AAAA fails', ({ type }) => (type === 'A' ? { answers: [a('app.test')] } : { rcode: 2 }), ['192.0.2.1']],
    ['A, and AAAA is swallowed', ({ type }) => (type === 'A' ? { answers: [a('app.test')] } : null), ['192.0.2.1']],
    ['neither', () => ({}), 'dns_nodata'],
    ['no such name', () => ({ rcode: 3 }), 'dns_nxdomain'],
    ['failure', () => ({ rcode: 2 }), 'dns_servfail'],
    ['refusal', () => ({ rcode: 5 }), 'dns_refused'],
    ['no A, and AAAA fails', ({ type }) => (type === 'A' ? {} : { rcode: 2 }), 'dns_servfail'],
    ['no A, and AAAA is swallowed', ({ type }) => (type === 'A' ? {} : null), 'dns_timeout'],
    ['an address in a failure', () => ({ rcode: 2, answers: [a('app.test')] }), 'dns_servfail'],
    ['silence', () => null, 'dns_timeout'],
  ])('%s', async (_, content, outcome) => {
    const server = await nameServer((asked) => {
      const given = content(asked);
      return given === null ? null : reply(asked, given);
    });
    const asking = resolverOf([server.at]).resolve('app.test', 'fresh', soon());
    if (typeof outcome === 'string') await expectReason(asking, outcome);
    else expect(await asking).toEqual(outcome);
  });

  it('a swallowed AAAA does not cost the whole attempt', async () => {
    const server = await nameServer((asked) => (asked.type === 'A' ? both(asked) : null));
    const start = performance.now();
    const resolver = createResolver({ servers: [server.at], clock: realClock, deadlineMs: 10_000 });
    expect(await resolver.resolve('app.test', 'fresh', AbortSignal.timeout(5000))).toEqual(['192.0.2.1']);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it.each<[string, Serve, boolean]>([
    ['is silent', () => null, true],
    ['fails', (asked) => reply(asked, { rcode: 2 }), true],
    ['refuses', (asked) => reply(asked, { rcode: 5 }), true],
    ['says there is no such name', (asked) => reply(asked, { rcode: 3 }), false],
    ['says there is no address', (asked) => reply(asked), false],
  ])('the first server %s: the next is asked: %#', async (_, serve, next) => {
    const first = await nameServer(serve);
    const second = await nameServer(both);
    const asking = resolverOf([first.at, second.at]).resolve('app.test', 'fresh', soon());
    if (next) expect(await asking).toContain('192.0.2.1');
    else await expect(asking).rejects.toThrow(ResolveError);
    expect(second.asked).toHaveLength(next ? 2 : 0);
  });

  it('a name server that is not there is not a service that refuses', async () => {
    await expectReason(resolverOf(['127.0.0.3:1']).resolve('app.test', 'fresh', soon()), 'dns_error');
  });

  it('concurrent askers share one question; the next one asks anew', async () => {
    const server = await nameServer(both);
    const resolver = resolverOf([server.at]);
    const modes = ['fresh', 'last_good', 'fresh'] as const;
    const all = await Promise.all(modes.map((mode) => resolver.resolve('app.test', mode, soon())));
    expect(new Set(all.map(String))).toEqual(new Set(['192.0.2.1,2001:db8::1']));
    expect(server.asked).toHaveLength(2);
    await resolver.resolve('app.test', 'fresh', soon());
    expect(server.asked).toHaveLength(4);
  });

  it('one asker giving up does not take the answer from the others', async () => {
    const server = await nameServer((asked) => (server.asked.length > 2 ? both(asked) : null));
    const resolver = resolverOf([server.at, server.at]);
    const impatient = new AbortController();
    const first = resolver.resolve('app.test', 'fresh', impatient.signal);
    const second = resolver.resolve('app.test', 'fresh', soon());
    setTimeout(() => impatient.abort(), 20);
    await expectReason(first, 'dns_timeout');
    expect(await second).toContain('192.0.2.1');
    expect(getEventListeners(impatient.signal, 'abort')).toEqual([]);
  });

  it('a deadline that has passed is told at once, and leaves no listener', async () => {
    const server = await nameServer(both);
    const signal = AbortSignal.abort();
    await expectReason(resolverOf([server.at]).resolve('app.test', 'fresh', signal), 'dns_timeout');
    const kept = soon();
    await resolverOf([server.at]).resolve('app.test', 'fresh', kept);
    await sleep(0);
    expect(getEventListeners(kept, 'abort')).toEqual([]);
  });
});

describe('resolver: what it remembers', () => {
  it.each([
    [0, 4, 0],
    [0, 6, 2],
    [30, 29, 0],
    [30, 31, 2],
    [0x7fff_ffff, 299, 0],
    [0x7fff_ffff, 301, 2],
  ])('TTL %d s, after %d s: %d more questions', async (ttl, seconds, questions) => {
    const server = await nameServer((asked) =>
      reply(asked, asked.type === 'A' ? { answers: [a('app.test', '192.0.2.1', ttl)] } : {}),
    );
    const time = shiftedClock();
    const resolver = resolverOf([server.at], time.clock);
    await resolver.resolve('app.test', 'last_good', soon());
    time.advance(seconds * 1000);
    expect(await resolver.resolve('app.test', 'last_good', soon())).toEqual(['192.0.2.1']);
    expect(server.asked).toHaveLength(2 + questions);
  });

  it.each<[string, Serve]>([
    ['silence', () => null],
    ['SERVFAIL', (asked) => reply(asked, { rcode: 2 })],
    ['NXDOMAIN', (asked) => reply(asked, { rcode: 3 })],
  ])('%s: the last good answer counts, whatever its age, unless a fresh one is wanted', async (_, fail) => {
    let serve = both;
    const server = await nameServer((asked) => serve(asked));
    const time = shiftedClock();
    const resolver = resolverOf([server.at], time.clock);
    const good = await resolver.resolve('app.test', 'last_good', soon());
    serve = fail;
    time.advance(100 * 24 * 3600 * 1000);
    expect(await resolver.resolve('app.test', 'last_good', soon())).toEqual(good);
    expect(server.asked.length).toBeGreaterThanOrEqual(4);
    await expect(resolver.resolve('app.test', 'fresh', soon())).rejects.toThrow(ResolveError);
    const before = server.asked.length;
    expect(await resolver.resolve('app.test', 'last_good', soon())).toEqual(good);
    expect(server.asked).toHaveLength(before);
    time.advance(6000);
    serve = both;
    await resolver.resolve('app.test', 'last_good', soon());
    expect(server.asked).toHaveLength(before + 2);
  });

  it('whoever has an old answer waits one attempt only, however many servers are dead', async () => {
    let dead = false;
    const servers = await Promise.all([1, 2, 3].map(() => nameServer((asked) => (dead ? null : both(asked)))));
    const time = shiftedClock();
    const resolver = resolverOf(
      servers.map(({ at }) => at),
      time.clock,
    );
    const good = await resolver.resolve('app.test', 'last_good', soon());
    dead = true;
    time.advance(60_000);
    const start = performance.now();
    expect(await resolver.resolve('app.test', 'last_good', AbortSignal.timeout(5000))).toEqual(good);
    expect(performance.now() - start).toBeLessThan(1.8 * ATTEMPT_MS);
  });

  it('asks the only server there is a second time when a question is lost, out of the usual deadline', async () => {
    const lost = new Set<string>();
    const server = await nameServer((asked) => {
      if (lost.has(asked.type)) return both(asked);
      lost.add(asked.type);
      return null;
    });
    const resolver = createResolver({ servers: [server.at], clock: realClock, deadlineMs: DEFAULT_TIMING.timeoutMs });
    expect(await resolver.resolve('app.test', 'fresh', soon())).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(server.asked).toHaveLength(4);
  });

  it('goes on with IPv4 when only that question is lost, and soon asks again', async () => {
    let serve = both;
    const server = await nameServer((asked) => serve(asked));
    const time = shiftedClock();
    const resolver = resolverOf([server.at], time.clock);
    const good = await resolver.resolve('app.test', 'last_good', soon());
    serve = (asked) => (asked.type === 'A' ? null : both(asked));
    time.advance(60_000);
    expect(await resolver.resolve('app.test', 'last_good', soon())).toEqual(good);
    expect(await resolver.resolve('app.test', 'fresh', soon())).toEqual(['2001:db8::1']);
    const before = server.asked.length;
    serve = both;
    time.advance(6000);
    expect(await resolver.resolve('app.test', 'last_good', soon())).toEqual(good);
    expect(server.asked).toHaveLength(before + 2);
  });

  it('does not lend out its memory', async () => {
    const server = await nameServer(both);
    const resolver = resolverOf([server.at]);
    (await resolver.resolve('app.test', 'last_good', soon())).length = 0;
    expect(await resolver.resolve('app.test', 'last_good', soon())).toHaveLength(2);
  });

  it('forgets the oldest of more than a thousand names', async () => {
    const server = await nameServer(both);
    const resolver = resolverOf([server.at]);
    for (let name = 0; name <= 1000; name += 1) await resolver.resolve(`n${name}.test`, 'last_good', soon());
    const before = server.asked.length;
    await resolver.resolve('n1.test', 'last_good', soon());
    expect(server.asked).toHaveLength(before);
    await resolver.resolve('n0.test', 'last_good', soon());
    expect(server.asked).toHaveLength(before + 2);
  });
});

describe('systemServers', () => {
  it('reads the name servers of a resolv.conf', () => {
    const text = [
      '# nameserver 192.0.2.9',
      'search example.org',
      'nameserver 192.0.2.1',
      '  nameserver\t2001:db8::1   # comment',
      'nameserver fe80::1%eth0',
      'nameserver not-an-address',
      'nameserver',
      'options ndots:2',
      'nameserver 192.0.2.2',
    ].join('\n');
    const folder = mkdtempSync(path.join(tmpdir(), 'resolv-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'resolv.conf');
    writeFileSync(file, text);
    expect(systemServers(file)).toEqual(['192.0.2.1:53', '[2001:db8::1]:53', '[fe80::1%eth0]:53', '192.0.2.2:53']);
    expect(() => createResolver({ servers: systemServers(file), clock: realClock, deadlineMs: 4 })).not.toThrow();
    expect(systemServers(path.join(folder, 'missing'))).toEqual([]);
  });
});

function resolverOf(servers: string[], clock: Clock = realClock) {
  return createResolver({ servers, clock, deadlineMs: ATTEMPT_MS / attemptOf(1, servers.length) });
}
