// What the kinds that send bursts make of who does not answer them.
import { IPUTILS, NONE, pingIs, says } from '../ping-program.ts';
import { type Outcomes, onTheWay, type Provoke, type Provoked } from './provoke.ts';

const HERE: Provoked = { settings: { host: '127.0.0.1' } };

const saying = (text: string): Provoke => {
  return async () => {
    await pingIs(says(text, 1));
    return HERE;
  };
};

const { dns_timeout, no_address } = onTheWay((_, host) => ({ host }));

export const PING = {
  ok: saying(IPUTILS),
  timeout: saying(NONE),
  unreachable: saying(`From 127.0.0.9 icmp_seq=1 Destination Host Unreachable${NONE}`),
  ping_too_big: saying(`ping: local error: message too long, mtu=1400${NONE}`),
  local: saying('ping: socktype: SOCK_RAW Operation not permitted'),
  dns_timeout,
  no_address,
} satisfies Outcomes;
