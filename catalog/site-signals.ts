// The signals that speak of the whole site, the house and the way out of it. One series each; signal-facts.ts has those of services.
import type { SignalFact } from './signal-facts.ts';

export const SITE_SIGNALS = {
  prober: {
    subject: 'site',
    layer: null,
    via: 'self',
    help: 'BAD: the prober itself is starved and silence proves nothing.',
  },
  gateway: { subject: 'site', layer: 'lan', via: 'lan', help: 'The default gateway answers.' },
  uplink: {
    subject: 'site',
    layer: 'uplink',
    via: 'uplink',
    help: 'OK: anchors of at least two operators answered since the newest trouble began, without noise. BAD: every anchor is silent.',
  },
  second_family: {
    subject: 'site',
    layer: 'uplink',
    via: 'uplink',
    help: 'OK: anchors of at least two operators answered over IPv6 since the newest trouble began. BAD: all that ever did are silent, of two operators or more, while others answer over IPv4.',
  },
  no_portal: {
    subject: 'site',
    layer: 'uplink',
    via: 'uplink',
    help: 'OK: a page whose answer is known has that answer. BAD: such pages of two operators have another one, and none its own.',
  },
  power: {
    subject: 'site',
    layer: 'lan',
    via: 'lan',
    help: 'OK: every UPS of the map gives power of the line. BAD: one runs on its battery or is off, or said so before it fell silent.',
  },
  resolver: { subject: 'site', layer: 'resolver', via: 'lan', help: 'The resolver this machine uses answers.' },
  resolver_own: {
    subject: 'site',
    layer: 'resolver',
    via: 'self',
    help: 'OK: you run the resolver. BAD: your ISP does.',
  },
  resolver_unchecked: {
    subject: 'site',
    layer: 'resolver',
    via: 'lan',
    help: 'The resolver this machine uses answers when told to check no signature, and did so all along.',
  },
  other_resolvers: {
    subject: 'site',
    layer: 'resolver',
    via: 'uplink',
    help: 'A public resolver asked by address answers, and once yours fails has done so before and after, over a clean line.',
  },
  clock: {
    subject: 'site',
    layer: null,
    via: 'self',
    help: 'OK: time servers and web servers of at least two operators agree with the clock of this machine. BAD: they agree that it is wrong.',
  },
  fleet: {
    subject: 'site',
    layer: 'host',
    via: 'lan',
    help: 'OK: the hosts of the map are not lost by the dozen. BAD: at least three of them, and three in ten, fell silent within ten minutes, while the gateway answers.',
  },
} as const satisfies Record<string, SignalFact>;
