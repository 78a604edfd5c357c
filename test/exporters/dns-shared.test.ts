// Questions to one server that begin close together share a socket, and nothing else: neither answers, nor bad luck.
import dgram from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { realClock } from '../../exporters/clock.ts';
import { dns } from '../../exporters/dns/probe.ts';
import { writeQuery } from '../../exporters/dns/question.ts';
import { type Asker, askTogether } from '../../exporters/dns/shared-socket.ts';
import { freePort } from '../../replay/process.ts';
import { measureDns } from './ask-dns.ts';
import { contextOf, openSockets, settledSockets } from './contract.ts';
import { type Asked, a, answered, nameServer, reply, type Serve } from './fake-name-server.ts';

const NAMES = ['a.test', 'b.test'];
const ADDRESS_OF: Readonly<Record<string, string>> = { 'a.test': '192.0.2.1', 'b.test': '192.0.2.2' };

const askBoth = (server: string, deadlineMs?: number) =>
  Promise.all(NAMES.map((name) => measureDns({ server, name }, deadlineMs)));

const honest = (asked: Asked): Buffer => reply(asked, { answers: [a(asked.name, ADDRESS_OF[asked.name])] });

/** Says nothing before both have asked; then what `say` makes of the two questions. */
function afterBoth(say: (first: Asked, second: Asked) => readonly Buffer[]): Serve {
  let first: Asked | undefined;
  return (asked) => {
    if (first !== undefined) return say(first, asked);
    first = asked;
    return null;
  };
}

const withId = (message: Buffer, { bytes }: Asked): Buffer =>
  Buffer.concat([bytes.subarray(0, 2), message.subarray(2)]);

const addresses = (observed: Awaited<ReturnType<typeof askBoth>>) =>
  observed.map(({ facts }) => facts.answers.map(({ data }) => data));

describe('dns: a shared socket', () => {
  it('gives each its own answer, though they come the other way round', async () => {
    const server = await nameServer(afterBoth((first, second) => [honest(second), honest(first)]));
    const observed = await askBoth(server.at);
    expect(addresses(observed)).toEqual([['192.0.2.1'], ['192.0.2.2']]);
    expect(observed).toMatchObject([{ facts: { unexpected: 0 } }, { facts: { unexpected: 0 } }]);
    expect(server.ports.size).toBe(1);
  });

  it('takes no answer with the id of one question and the name of the other', async () => {
    const crossed = (first: Asked, second: Asked) => [withId(honest(first), second), withId(honest(second), first)];
    const server = await nameServer(afterBoth((...both) => [...crossed(...both), ...both.map(honest)]));
    const observed = await askBoth(server.at);
    expect(addresses(observed)).toEqual([['192.0.2.1'], ['192.0.2.2']]);
    expect(observed).toMatchObject([{ facts: { unexpected: 1 } }, { facts: { unexpected: 1 } }]);
  });

  it('hears no other sender', async () => {
    const spoofer = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await once(spoofer, 'listening');
    onTestFinished(() => void spoofer.close());
    const server = await nameServer((asked) => {
      spoofer.send(honest(asked), asked.port, '127.0.0.1');
      return null;
    });
    const observed = await askBoth(server.at, 200);
    expect(server.ports.size).toBe(1);
    for (const each of observed) expect(each).toMatchObject({ reason: 'dns_timeout', facts: { unexpected: 0 } });
  });

  it('tells everybody of a closed port', async () => {
    const observed = await askBoth(`127.0.0.1:${await freePort()}`);
    expect(observed.map(({ reason }) => reason)).toEqual(['connect_refused', 'connect_refused']);
  });

  it('is left by everybody when it is flooded', async () => {
    const noise = Array.from({ length: 200 }, () => Buffer.alloc(64, 0x78));
    const server = await nameServer((asked) => (server.ports.size === 1 ? noise : honest(asked)));
    const observed = await askBoth(server.at);
    expect(addresses(observed)).toEqual([['192.0.2.1'], ['192.0.2.2']]);
    expect(server.ports.size).toBe(3);
  });

  it('is closed when nobody waits, and the next question comes from another port', async () => {
    const server = await nameServer(answered);
    const before = await settledSockets();
    await askBoth(server.at);
    await expect.poll(openSockets).toEqual(before);
    await askBoth(server.at);
    expect(server.ports.size).toBe(2);
  });

  it('has no more than 64 questions', async () => {
    const server = await nameServer(answered);
    await Promise.all(Array.from({ length: 65 }, () => measureDns({ server: server.at })));
    const asked = [...server.ports].map((port) => server.asked.filter((each) => each.port === port).length);
    expect(asked.sort()).toEqual([1, 64]);
  });

  it('has each id once', async () => {
    const server = await nameServer(answered);
    const [first, second] = [1, 2].map(() => writeQuery({ name: 'a.test', type: 'A', recursion: true }, WORDING));
    const ids = [first, second].map((query) => query?.bytes.writeUInt16BE(7));
    expect(ids).toEqual([2, 2]);
    await Promise.all([first, second].map((query) => query && answerTo(query, server.port)));
    expect(server.ports.size).toBe(2);
  });

  it('does not count against others what comes too late for one', async () => {
    const server = await nameServer((asked) => {
      const late = server.asked.filter(({ name }) => name === 'a.test').map(honest);
      return asked.name === 'b.test' ? [...late, ...late, honest(asked)] : null;
    });
    const kept = waitFor(server.at, 'c.test');
    const impatient = waitFor(server.at, 'a.test');
    await expect.poll(() => server.asked.length).toBe(2);
    await impatient.end();
    const observed = await measureDns({ server: server.at, name: 'b.test' });
    expect(observed).toMatchObject({ ok: true, facts: { unexpected: 0 } });
    expect(server.ports.size).toBe(1);
    await kept.end();
  });
});

describe('dns: a flow that is stuck', () => {
  it('is nobody’s outage: each asks again from a port of its own, and who comes later from another one', async () => {
    const stuck = (asked: Asked) => asked.port === server.asked[0]?.port;
    const server = await nameServer((asked) => (stuck(asked) ? null : honest(asked)));
    const observed = await askBoth(server.at);
    expect(addresses(observed)).toEqual([['192.0.2.1'], ['192.0.2.2']]);
    const [first, second, ...again] = server.asked.map(({ port }) => port);
    expect(second).toBe(first);
    expect(new Set([first, ...again]).size).toBe(3);
  });

  it('is not joined for longer than a second, though somebody still waits', async () => {
    const server = await nameServer((asked) => (asked.name === 'a.test' ? null : honest(asked)));
    const waiting = waitFor(server.at, 'a.test');
    await expect.poll(() => server.asked.length, { timeout: 5_000 }).toBe(2);
    const observed = await measureDns({ server: server.at, name: 'b.test' });
    expect(observed.ok).toBe(true);
    expect(server.ports.size).toBe(3);
    await waiting.end();
  });
});

/** A measurement that lasts until it is ended, as by its deadline. */
function waitFor(server: string, name: string) {
  const deadline = new AbortController();
  const measured = dns.prepare('t', { server, name, type: 'A' })(contextOf(deadline.signal));
  return {
    end() {
      deadline.abort();
      return measured;
    },
  };
}

const WORDING = { edns: false, cacheable: false };

function answerTo(query: Asker['query'], port: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const leave = askTogether({ host: '127.0.0.1', port }, realClock, {
      query,
      onError: reject,
      onFlood: () => reject(new Error('flooded')),
      onStray: () => reject(new Error('stray')),
      onOtherCase: () => reject(new Error('another case')),
      onAnswer(message) {
        leave();
        resolve(message);
      },
    });
  });
}
