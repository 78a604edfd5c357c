// Inputs 9, 15 and 17: name servers that hurt by what they do, not by how they say it.
import type net from 'node:net';
import { expect } from 'vitest';
import type { Observation } from '../../../exporters/observation.ts';
import { asking, askingByTcp, QUESTION } from '../ask-dns.ts';
import { a, answered, framed, nameServer, reply, type Serve } from '../fake-name-server.ts';
import { rawServer } from '../local-server.ts';
import { forged } from '../outcomes/house.ts';
import type { Provoke } from '../outcomes/provoke.ts';
import { unexpected } from './dns.ts';
import { type HostileInputs, metBy } from './input.ts';

const seen = metBy('dns');
const ofTcp = metBy('tcp');

/** Truncated by UDP, and by TCP a length of nothing. */
const truncatedTwice: Serve = (asked) => (asked.via === 'udp' ? reply(asked, { truncated: true }) : Buffer.alloc(0));

const flood = (count: number, last: Serve): Serve => {
  return (asked) => [...Array.from({ length: count }, () => Buffer.alloc(64, 0x78)), ...[last(asked) ?? []].flat()];
};

/** Whoever knows the port that was asked from first floods it, and has to find every other one. */
const floodOfOnePort: Provoke = async () => {
  const server = await nameServer((asked) => (server.ports.size === 1 ? flood(10_000, () => null) : answered)(asked));
  return { settings: { ...QUESTION, server: server.at }, deadlineMs: 2_000 };
};

/** A byte a second, as long as anybody listens. */
function drip(socket: net.Socket): void {
  const timer = setInterval(() => socket.write('\0'), 1_000);
  socket.on('close', () => clearInterval(timer));
}

/** Truncated by UDP; what TCP then does. */
const truncatedThen =
  (tcp: false | ((socket: net.Socket) => void)): Provoke =>
  async () => {
    const { at } = await nameServer((asked) => reply(asked, { truncated: true }), { tcp });
    return { settings: { ...QUESTION, server: at } };
  };

/** Somebody listens there, and is not met. */
const rebound = (address: string) =>
  ofTcp(
    async () => {
      const { port } = await rawServer((socket) => socket.destroy());
      return forged(address, port)();
    },
    'dns_intercepted',
    { phase: 'resolve', holds: (observed) => expect(observed.facts).toMatchObject({ address: null }) },
  );

const byTcpAtLast = (observed: Observation) => expect(observed.facts).toMatchObject({ transport: 'tcp' });

export const DNS_SERVER_INPUTS: Readonly<Record<9 | 15 | 17, HostileInputs>> = {
  9: {
    'truncated, and nobody by TCP': seen(truncatedThen(false), 'connect_refused'),
    'truncated, and by TCP a length of nothing': seen(asking(truncatedTwice), 'dns_malformed'),
    'truncated, and by TCP a byte a second': seen(truncatedThen(drip), 'dns_timeout', {
      phase: 'request',
      holds: byTcpAtLast,
    }),
    'truncated, and by TCP less than its length says': seen(
      truncatedThen((socket) => socket.end(framed(Buffer.alloc(40)).subarray(0, 20))),
      'dns_malformed',
      { holds: byTcpAtLast },
    ),
    'truncated, and by TCP a length of which nothing follows': seen(
      truncatedThen((socket) => socket.write(Buffer.from([0xff, 0xff]))),
      'dns_timeout',
      { phase: 'request', holds: byTcpAtLast },
    ),
    'a byte a second': seen(askingByTcp(drip), 'dns_timeout'),
    'a length that is never reached': seen(askingByTcp(Buffer.from([0xff, 0xff, 1, 2, 3])), 'dns_timeout'),
    'a length shorter than what comes': seen(askingByTcp(framed(Buffer.alloc(5))), 'dns_malformed'),
  },
  15: {
    '10,000 datagrams to the port that was asked from': seen(floodOfOnePort, 'ok', { holds: unexpected(100) }),
    '10,000 datagrams, then the truth': seen(
      async () => ({ ...(await asking(flood(10_000, answered))()), deadlineMs: 2_000 }),
      ['ok', 'dns_timeout'],
      { holds: unexpected(1) },
    ),
  },
  17: {
    'an address of nowhere for an own name': seen(
      asking((asked) => reply(asked, { answers: [a('example.org', '0.0.0.0')] }), {
        expect: { records: { match: 'within', records: ['192.0.2.0/24'] } },
      }),
      'dns_mismatch',
      { holds: (observed) => expect(observed.facts).toMatchObject({ answers: [{ data: '0.0.0.0' }] }) },
    ),
    'this machine for a name of a vendor': rebound('127.0.0.1'),
    'this machine over IPv6': rebound('::1'),
    'this machine, an address within another': rebound('::ffff:127.0.0.1'),
    'an address of nowhere for a name of a vendor': rebound('0.0.0.0'),
    'a machine of the house': rebound('192.168.1.1'),
    'where a cloud keeps its secrets': rebound('169.254.169.254'),
    'a neighbour on the link': rebound('fe80::1'),
    'a network of the house over IPv6': rebound('fd00::1'),
  },
};
