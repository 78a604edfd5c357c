// One measurement of the dns probe, the way most tests of it want it.
import { dns } from '../../exporters/dns/probe.ts';
import { contextOf } from './contract.ts';
import { nameServer, type Serve } from './fake-name-server.ts';

export function measureDns(settings: Record<string, unknown>, deadlineMs = 3000) {
  const measure = dns.prepare('t', { name: 'example.org', type: 'A', ...settings });
  return measure(contextOf(AbortSignal.timeout(deadlineMs)));
}

/** Against a server that serves like this. */
export async function askDns(serve: Serve, settings: Record<string, unknown> = {}, deadlineMs = 3000) {
  const server = await nameServer(serve);
  return measureDns({ server: server.at, ...settings }, deadlineMs);
}
