// Response codes by name: those of RFC 1035, RFC 2136 and RFC 6891 that a question can be answered with.

const CODES = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
  BADCOOKIE: 23,
} as const;

export type Rcode = keyof typeof CODES;

export const RCODES = Object.keys(CODES) as [Rcode, ...Rcode[]];

const NAMES = new Map<number, string>(Object.entries(CODES).map(([name, code]) => [code, name]));

/** As people write it; `RCODE77` for one without a name. */
export const rcodeName = (code: number): string => NAMES.get(code) ?? `RCODE${code}`;

/** A value for a label: the list is closed, though a server may send any of 4096. */
export const rcodeLabel = (name: string): Rcode | 'other' => RCODES.find((known) => known === name) ?? 'other';
