// One measurement of the dns probe, the way most tests of it want it.
import { dns } from '../../exporters/dns/probe.ts';
import { contextOf } from './contract.ts';
import { nameServer, type Serve } from './fake-name-server.ts';
import type { RawAnswer } from './local-server.ts';
import { meeting, type Provoke } from './outcomes/provoke.ts';

export const QUESTION = { name: 'example.org', type: 'A' };

export function measureDns(settings: Record<string, unknown>, deadlineMs = 3000) {
  const measure = dns.prepare('t', { ...QUESTION, ...settings });
  return measure(contextOf(AbortSignal.timeout(deadlineMs)));
}

/** Against a server that serves like this. */
export async function askDns(serve: Serve, settings: Record<string, unknown> = {}, deadlineMs = 3000) {
  const server = await nameServer(serve);
  return measureDns({ server: server.at, ...settings }, deadlineMs);
}

/** What points the probe at a server that serves like this. */
export const asking =
  (serve: Serve, settings: Record<string, unknown> = {}): Provoke =>
  async () => ({ settings: { ...QUESTION, server: (await nameServer(serve)).at, ...settings } });

/** What points the probe, by TCP, at a peer that does this. */
export const askingByTcp = (answer: RawAnswer): Provoke =>
  meeting(answer, (port, host) => ({ ...QUESTION, server: `${host}:${port}`, transport: 'tcp' }));
