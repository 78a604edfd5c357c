// Measures with the http probe on behalf of the tests, and fails when it comes back too late or leaves a connection.
import type net from 'node:net';
import { expect } from 'vitest';
import { http } from '../../exporters/http/probe.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import type { NameResolver, ProbeContext } from '../../exporters/probe.ts';
import { contextOf } from './contract.ts';
import { type RawAnswer, rawServer } from './local-server.ts';

const DEADLINE_MS = 400;
const CEILING_MS = DEADLINE_MS + 500;

export async function measureHttp(
  settings: Record<string, unknown>,
  overrides: Partial<ProbeContext> = {},
): Promise<ObservationOf<'http'>> {
  const start = performance.now();
  const observed = await http.prepare('t', settings)(contextOf(AbortSignal.timeout(DEADLINE_MS), overrides));
  expect(performance.now() - start).toBeLessThan(CEILING_MS);
  return observed;
}

/** Measures a server of its own that answers with these bytes. */
export async function measureRaw(
  answer: RawAnswer,
  settings: Record<string, unknown> = {},
): Promise<ObservationOf<'http'>> {
  const server = await rawServer(answer);
  const observed = await measureHttp({ url: `http://127.0.0.1:${server.port}/`, ...settings });
  await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  return observed;
}

export const resolvesTo = (...addresses: string[]): NameResolver => ({ resolve: async () => addresses });

/** Sends `answer`, then closes in an orderly way or with a reset. */
export const thenEnds = (answer: string, how: 'end' | 'resetAndDestroy') => (socket: net.Socket) => {
  socket.once('data', () => socket.write(answer, () => setTimeout(() => socket[how](), 20)));
};

/** Answers with `head`, then goes on with `more` until the peer is gone. */
export const endless =
  (head: string, more: string, everyMs = 0) =>
  (socket: net.Socket) => {
    socket.once('data', () => {
      socket.write(head);
      const next = everyMs === 0 ? more.repeat(Math.ceil(65_536 / more.length)) : more;
      const timer = setInterval(() => socket.write(next), everyMs);
      socket.on('close', () => clearInterval(timer));
    });
  };
