// What can happen to your own processes, machines and accounts: part of the list in faults.ts.

export const SERVICE_FAULTS = {
  origin_refused: {
    target: 'service',
    share: 'seconds',
    label: "Stop {target}'s process",
    help: 'The origin process is gone and its port refuses; its host lives.',
  },
  origin_hung: {
    target: 'service',
    share: 'seconds',
    label: "Hang {target}'s process",
    help: 'The port of the origin is silent, as behind a full accept queue; its host lives.',
  },
  origin_shut_out: {
    target: 'service behind an edge',
    share: 'requests',
    label: "Let a firewall shut the edge out of {target}'s origin",
    help: 'What the edge, or the tunnel daemon, sends to the origin is dropped; asked directly on the LAN it answers.',
  },
  origin_5xx: {
    target: 'service',
    share: 'requests',
    label: 'Deploy a bad {target}',
    help: 'The application answers with errors of its own.',
  },
  part_down: {
    target: 'service that tells of its parts',
    whole: 'a part is up or down',
    label: "Stop {target}'s database",
    help: 'The application answers 500, and the document about its parts says that the database is down.',
  },
  account_refused: {
    target: 'service with needs',
    share: 'requests',
    label: "Let the quota of {target}'s account run out",
    help: 'The endpoint the service needs refuses your account and serves everybody else. The service says 503.',
  },
  trust_outdated: {
    target: 'service with needs',
    whole: 'a root is trusted or it is not',
    label: "Let {target}'s machine miss a new root",
    help: "The service's machine no longer trusts the chain of the endpoint it needs; everybody else does. The service says 503.",
  },
  origin_slow: {
    target: 'service',
    share: 'requests',
    delayMs: 6_000,
    label: 'Slow down {target}',
    help: 'The application answers late, by 6000 ms unless `delay` says otherwise; edges and visitors give up before.',
  },
  origin_host_down: {
    target: 'service',
    share: 'seconds',
    label: "Switch off {target}'s host",
    help: 'Every port of the machine is silent.',
  },
  origin_certificate_expired: {
    target: 'tls service',
    whole: 'a process shows one certificate',
    label: "Let {target}'s certificate expire",
    help: 'The origin serves a certificate that ended an hour ago; an edge in front refuses it.',
  },
} as const;
