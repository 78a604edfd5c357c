// What can happen to the list of revoked certificates: part of the list in faults.ts.

export const REVOCATION_FAULTS = {
  certificate_revoked: {
    target: 'tls service',
    whole: 'a list names it or does not',
    label: "Let the authority take {target}'s certificate back",
    help: "The issuer's list names the certificate that the origin shows. Only whoever asks for the list notices.",
  },
  revocation_list_down: {
    target: null,
    share: 'seconds',
    label: 'Silence the list of revoked certificates',
    help: "The issuer's list cannot be had. Whoever insists on it trusts nobody any more; all others go on.",
  },
  revocation_list_expired: {
    target: null,
    whole: 'a list ends once',
    label: 'Let the list of revoked certificates grow old',
    help: "The issuer's list should have been replaced an hour ago, and says nothing that counts.",
  },
} as const;

/** Kinds a world cannot have whose certificates name no list. */
export const NEEDS_LIST: ReadonlySet<string> = new Set(Object.keys(REVOCATION_FAULTS));
