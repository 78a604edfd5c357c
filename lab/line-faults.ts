// What can happen on the line out of the house: part of the list in faults.ts.

export const LINE_FAULTS = {
  uplink_cut: {
    target: null,
    whole: 'for a share of it there is uplink_loss',
    scopes: ['family'],
    label: 'Cut the uplink',
    help: 'Nothing outside answers any more; the LAN lives on, and the tunnel daemon soon notices.',
  },
  captive_portal: {
    target: null,
    whole: 'a portal stands before everything outside',
    label: 'Put a portal before the internet',
    help: 'Somebody in between answers plain HTTP with a log-in, and lets nothing else through.',
  },
  uplink_loss: {
    target: null,
    share: 'seconds',
    scopes: ['family'],
    label: 'Make the line lossy',
    help: 'Every place outside, each by itself, is silent for `rate` of the seconds.',
  },
  uplink_flapping: {
    target: null,
    share: 'rhythm',
    scopes: ['family'],
    label: 'Let the line flap',
    help: 'The uplink is cut for `rate` of every 20 seconds, beginning with the cut.',
  },
  uplink_delay: {
    target: null,
    share: 'requests',
    delayMs: 250,
    scopes: ['family'],
    label: 'Make the line slow',
    help: 'What is said outside comes late, by 250 ms unless `delay` says otherwise; connections are made at once, since the kernel makes them.',
  },
  uplink_mtu: {
    target: null,
    whole: 'a line has one limit',
    scopes: ['family'],
    label: 'Let the line swallow large packets',
    help: 'What comes from outside in more than 576 bytes at once never comes, and nothing behind it: connections are made, TLS never begins.',
  },
  uplink_oneway: {
    target: null,
    share: 'requests',
    label: 'Let nothing in that begins outside',
    help: 'Edges get no answer from any origin in the house, as after a lost forwarding of ports; what begins in the house works, a tunnel too.',
  },
  egress_blocked: {
    target: 'kind of port',
    share: 'seconds',
    label: 'Block {target} on the way out',
    help: 'Ports of one kind are silent from here, for everybody outside: QUIC, the ports asked by TCP, or NTP.',
  },
  operator_down: {
    target: 'anchor operator',
    share: 'seconds',
    scopes: ['family'],
    label: 'Silence all that {target} runs for everybody',
    help: 'The anchors and the public resolvers of one operator are silent; its other business goes on.',
  },
} as const;
