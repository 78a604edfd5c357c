// What can happen to a domain above its own name servers, and to our clock: part of the list in faults.ts.

export const DOMAIN_FAULTS = {
  domain_expired: {
    target: 'registered service',
    whole: 'a registration is in one state',
    label: "Forget to renew {target}'s domain",
    help: 'The registration of the domain has ended, and the zone above no longer knows it; its own name servers still do.',
  },
  domain_deleting: {
    target: 'registered service',
    whole: 'a registration is in one state',
    label: "Let {target}'s domain be deleted",
    help: 'The domain is in its redemption period and pending delete, and the zone above no longer knows it.',
  },
  registrar_hold: {
    target: 'registered service',
    whole: 'a registration is in one state',
    label: "Let the registrar hold {target}'s domain",
    help: 'The registry says clientHold, and the zone above no longer knows the domain.',
  },
  registry_hold: {
    target: 'registered service',
    whole: 'a registration is in one state',
    label: "Let the registry hold {target}'s domain",
    help: 'The registry says serverHold, and the zone above no longer knows the domain.',
  },
  delegation_lost: {
    target: 'registered service',
    whole: 'all servers of the zone above have one copy',
    label: "Lose the delegation of {target}'s domain",
    help: 'The zone above no longer knows the domain, and the record of it gives no reason.',
  },
  delegation_changed: {
    target: 'registered service',
    whole: 'all servers of the zone above have one copy',
    label: "Give {target}'s domain to other name servers",
    help: 'The zone above names strangers, who send visitors to an address where nobody is.',
  },
  registry_down: {
    target: null,
    share: 'seconds',
    label: 'Silence the top-level domain',
    help: "The registry's name servers are silent; resolvers say SERVFAIL for every domain under it. Its record of domains is still there.",
  },
  clock_wrong: {
    target: null,
    whole: 'a machine has one clock',
    label: "Set this machine's clock ahead",
    help: 'Time servers say that our clock is two months ahead, and by it every certificate has ended an hour ago.',
  },
} as const;
