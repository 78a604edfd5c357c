// What provokes each outcome of a burst, of pings or of questions, and of an inquiry by QUIC.
import { nameServer, reply } from '../fake-name-server.ts';
import { IPUTILS, NONE, pingIs, says } from '../ping-program.ts';
import { negotiation, quicServer } from '../quic-server.ts';
import { type Outcomes, onTheWay, type Provoke, type Provoked, SHORT_MS } from './provoke.ts';

const HERE: Provoked = { settings: { host: '127.0.0.1' } };

const saying = (text: string): Provoke => {
  return async () => {
    await pingIs(says(text, 1));
    return HERE;
  };
};

const server = (port: number, host: string) => ({ server: `${host}:${port}`, gapMs: 20 });
const { unreachable: _, ...TO_A_SERVER } = onTheWay(server);

export const TRAIN = {
  ...TO_A_SERVER,
  ok: async () => ({ settings: server((await nameServer((asked) => reply(asked))).port, '127.0.0.1') }),
  timeout: async () => ({ settings: { ...server((await nameServer(() => null)).port, '127.0.0.1'), count: 2 } }),
} satisfies Outcomes;

const at = (port: number, host: string) => ({ host, port });
const { unreachable: __, ...TO_A_QUIC_SERVER } = onTheWay(at);
const answering =
  (answer: Parameters<typeof quicServer>[0], deadlineMs = 5_000): Provoke =>
  async () => ({ settings: at((await quicServer(answer)).port, '127.0.0.1'), deadlineMs });

export const QUIC = {
  ...TO_A_QUIC_SERVER,
  ok: answering((datagram) => negotiation(datagram, [1])),
  timeout: answering(() => null, SHORT_MS),
} satisfies Outcomes;

const { dns_timeout, no_address } = onTheWay((_, host) => ({ host }));

export const PING = {
  ok: async () => {
    await pingIs(says(IPUTILS));
    return { settings: { ...HERE.settings, whole: true } };
  },
  timeout: saying(NONE),
  unreachable: saying(`From 127.0.0.9 icmp_seq=1 Destination Host Unreachable${NONE}`),
  ping_too_big: saying(`ping: local error: message too long, mtu=1400${NONE}`),
  local: saying('ping: socktype: SOCK_RAW Operation not permitted'),
  dns_timeout,
  no_address,
} satisfies Outcomes;
