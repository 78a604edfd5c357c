// Silence on loopback is real silence: no answer until the deadline, then all is as before.
import { once } from 'node:events';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Place, raiseWall } from '../../lab/wall.ts';
import { knock } from './visitor.ts';

const servers: net.Server[] = [];

async function listen(port = 0): Promise<Place> {
  const server = net.createServer((socket) => socket.destroy()).listen({ host: '127.0.0.1', port });
  servers.push(server);
  await once(server, 'listening');
  return { address: '127.0.0.1', port: (server.address() as net.AddressInfo).port };
}

async function freePlace(): Promise<Place> {
  const place = await listen();
  const server = servers.pop();
  server?.close();
  return place;
}

const knockOn = ({ address, port }: Place, patienceMs: number) => knock(address, port, patienceMs);

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('a wall', () => {
  it('leaves every connection without an answer until the deadline, and none after it is gone', async () => {
    const place = await freePlace();
    const wall = await raiseWall([place]);
    const started = performance.now();
    const answers = await Promise.all(Array.from({ length: 5 }, () => knockOn(place, 1_200)));
    expect(answers).toEqual(['silent', 'silent', 'silent', 'silent', 'silent']);
    expect(performance.now() - started).toBeGreaterThan(1_190);
    await wall.release([place]);
    expect(await knockOn(place, 1_000)).toBe('refused');
    await listen(place.port);
    expect(await knockOn(place, 1_000)).toBe('accepted');
  });

  it('keeps the other places silent while one is released', async () => {
    const [first, second] = [await freePlace(), await freePlace()];
    const wall = await raiseWall([first, second]);
    await wall.release([first]);
    expect(await knockOn(first, 400)).toBe('refused');
    expect(await knockOn(second, 400)).toBe('silent');
    await wall.release([second]);
    expect(await knockOn(second, 400)).toBe('refused');
  });

  it('says so when a place is taken', async () => {
    const place = await listen();
    await expect(raiseWall([place])).rejects.toThrow(/EADDRINUSE/);
  });
});
