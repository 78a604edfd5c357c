// What provokes each outcome of a connection, a time server and a UPS.

import { realClock } from '../../../exporters/clock.ts';
import { createResolver } from '../../../exporters/resolver.ts';
import { nameServer, pointing, reply } from '../fake-name-server.ts';
import { root } from '../measure-certificate.ts';
import { type Answers, nutServer } from '../nut-server.ts';
import { type Issued, selfSignedLeaf } from '../test-ca.ts';
import { type Reply, timeServer } from '../time-server.ts';
import { meeting, type Outcomes, onTheWay, type Provoke, SHORT_MS } from './provoke.ts';

const at = (port: number, host: string) => ({ host, port });

/** A resolver that gives this address to a name that leads outside. */
export const forged =
  (data: string, port = 9): Provoke =>
  async () => {
    const server = await nameServer((asked) => reply(asked, { answers: pointing(asked, data) }));
    const resolver = createResolver({
      servers: [server.at],
      clock: realClock,
      deadlineMs: 2_000,
      leadsOutside: () => true,
    });
    return { settings: at(port, 'edge.example.com'), context: { resolver } };
  };

export const TCP = {
  ...onTheWay(at),
  ok: meeting(() => undefined, at),
  dns_intercepted: forged('192.168.1.1'),
  // A link-local address without its interface.
  local: async () => ({ settings: at(9, 'fe80::1') }),
} satisfies Outcomes;

const telling =
  (reply: () => Reply | null, deadlineMs = 5_000): Provoke =>
  async () => {
    const { port } = await timeServer(() => [reply() ?? []].flat());
    return { settings: at(port, '127.0.0.1'), deadlineMs };
  };
const now = (): Reply => ({ received: Date.now(), sent: Date.now() });
const { unreachable: _, ...TO_A_TIME_SERVER } = onTheWay(at);

export const CLOCK = {
  ...TO_A_TIME_SERVER,
  ok: telling(now),
  timeout: telling(() => null, SHORT_MS),
  ntp_refused: telling(() => ({ ...now(), stratum: 0, reference: 'RATE' })),
  ntp_unsynchronized: telling(() => ({ ...now(), leap: 3 })),
  answer_malformed: telling(() => ({ received: null, sent: null })),
} satisfies Outcomes;

const ups =
  (answers: Answers, more: Record<string, unknown> = {}): Provoke =>
  async () => {
    const { port } = await nutServer(answers);
    return { settings: { ...at(port, '127.0.0.1'), ups: 'rack', ...more }, context: { trust: [root.cert] } };
  };
const MEASURED = { 'battery.charge': '97', 'battery.runtime': '1800', 'input.voltage': '231.2', 'ups.load': '23' };
const saying = (status: string): Answers => ({ variables: { ...MEASURED, 'ups.status': status } });
const overTls = async (tls: Promise<Issued>) => ups({ ...saying('OL'), tls: await tls }, { tls: true })();
const forLoopback = { names: [{ type: 'ip', value: '127.0.0.1' }] } as const;

export const POWER = {
  ...onTheWay((port, host) => ({ ...at(port, host), ups: 'rack' })),
  ok: ups(saying('OL')),
  power_on_battery: ups(saying('OB')),
  power_low_battery: ups(saying('OB LB')),
  power_off: ups(saying('OFF')),
  nut_stale: ups({ refusal: 'ERR DATA-STALE' }),
  nut_denied: ups({ refusal: 'ERR ACCESS-DENIED' }),
  nut_unknown_ups: ups({ refusal: 'ERR UNKNOWN-UPS' }),
  nut_error: ups({ refusal: 'ERR WHATEVER' }),
  nut_no_tls: ups(saying('OL'), { tls: true }),
  answer_malformed: ups({ refusal: 'hello' }),
  local: ups(saying('OL'), { user: 'watch', password: { file: '/nowhere/password' } }),
  tls_expired: () => overTls(root.issue({ ...forLoopback, toDays: -1 })),
  tls_not_yet_valid: () => overTls(root.issue({ ...forLoopback, fromDays: 1 })),
  tls_hostname: () => overTls(root.issue()),
  tls_self_signed: () => overTls(selfSignedLeaf(forLoopback)),
} satisfies Outcomes;
