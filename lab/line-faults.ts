// What can happen on the line out of the house: part of the list in faults.ts.

export const LINE_FAULTS = {
  uplink_cut: {
    target: null,
    rated: false,
    scopes: ['family'],
    label: 'Cut the uplink',
    help: 'Nothing outside answers any more; the LAN lives on, and the tunnel daemon soon notices.',
  },
  captive_portal: {
    target: null,
    rated: false,
    label: 'Put a portal before the internet',
    help: 'Somebody in between answers plain HTTP with a log-in, and lets nothing else through.',
  },
  uplink_loss: {
    target: null,
    rated: true,
    scopes: ['family'],
    label: 'Make the line lossy',
    help: 'Every place outside, each by itself, is silent for `rate` of the seconds.',
  },
  uplink_flapping: {
    target: null,
    rated: true,
    scopes: ['family'],
    label: 'Let the line flap',
    help: 'The uplink is cut for `rate` of every 20 seconds, beginning with the cut.',
  },
  operator_down: {
    target: 'anchor operator',
    rated: false,
    scopes: ['family'],
    label: 'Silence all that {target} runs for everybody',
    help: 'The anchors and the public resolvers of one operator are silent; its other business goes on.',
  },
} as const;
