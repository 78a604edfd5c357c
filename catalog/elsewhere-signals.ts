// The signals about what others see from elsewhere, where a service runs and by which way it is reached: part of the list in signal-facts.ts.
import type { SignalFact } from './signal-facts.ts';

export const ELSEWHERE_SIGNALS = {
  outside: {
    subject: 'service',
    layer: null,
    via: 'uplink',
    help: 'Somebody elsewhere has looked since the trouble began, and the service works for them. BAD: they say that it is down.',
  },
  edge_elsewhere: {
    subject: 'service',
    layer: 'edge',
    via: 'uplink',
    help: 'Somebody elsewhere has been served since the trouble began, through the edge this service has. BAD: none of them is.',
  },
  elsewhere_heard: {
    subject: 'service',
    layer: 'edge',
    via: 'self',
    help: 'Whoever watches the edge from elsewhere has looked since the trouble began, has had the time to, or does not exist. BAD: a look is still to come.',
  },
  behind_uplink: {
    subject: 'service',
    layer: null,
    via: 'self',
    help: 'OK: the service runs behind the line that is watched here, or may. BAD: by the map it runs elsewhere.',
  },
  second_family_silent: {
    subject: 'service',
    layer: null,
    via: 'uplink',
    help: 'OK: when the service was last measured, nothing came back from its address of IPv6. BAD: it failed otherwise, or over IPv4.',
  },
  routes: {
    subject: 'service',
    layer: null,
    via: 'uplink',
    help: 'The prefixes of the map that the way to the service needs are announced as they should be, as route collectors heard some hours ago. BAD: one is not. No row reads it.',
  },
} as const satisfies Record<string, SignalFact>;
