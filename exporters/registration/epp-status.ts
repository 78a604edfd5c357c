// The states a registry can give a domain: RFC 5731 and RFC 3915, with the spellings of RDAP (RFC 8056).

export const EPP_STATUSES = [
  'ok',
  'inactive',
  'addPeriod',
  'autoRenewPeriod',
  'renewPeriod',
  'transferPeriod',
  'redemptionPeriod',
  'pendingCreate',
  'pendingDelete',
  'pendingRenew',
  'pendingRestore',
  'pendingTransfer',
  'pendingUpdate',
  'clientDeleteProhibited',
  'clientHold',
  'clientRenewProhibited',
  'clientTransferProhibited',
  'clientUpdateProhibited',
  'serverDeleteProhibited',
  'serverHold',
  'serverRenewProhibited',
  'serverTransferProhibited',
  'serverUpdateProhibited',
] as const;

export type EppStatus = (typeof EPP_STATUSES)[number];

const BY_SPELLING: ReadonlyMap<string, EppStatus> = new Map<string, EppStatus>([
  ...EPP_STATUSES.map((status): [string, EppStatus] => [status.toLowerCase(), status]),
  ['active', 'ok'],
]);

const LONGEST = 64;

/** `client hold` and `clientHold` are one; null for a word that is not on the list. */
export function eppStatusOf(text: string): EppStatus | null {
  if (text.length > LONGEST) return null;
  return BY_SPELLING.get(text.replace(/[\s_-]/g, '').toLowerCase()) ?? null;
}
