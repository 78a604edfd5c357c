// What one question to one name server teaches. RFC 1035, RFC 2308 (negative answers), RFC 8914 (extended errors).

export interface DnsRecord {
  /** Owner name, lower case, master-file escaped (`\DDD`), no trailing dot. */
  name: string;
  type: string;
  /** Seconds, 0 to 2^31-1. */
  ttl: number;
  /** Presentation form, escaped; at most 255 characters are kept. */
  data: string;
}

/** NOERROR alone proves little: an answer section without what was asked for is its own result. */
export type DnsShape = 'answer' | 'nodata' | 'nxdomain' | 'referral' | 'error';

/** One name that an answer went through. */
export interface AliasHop {
  /** Lower case, escaped, no trailing dot. */
  name: string;
  /** The zone it stands in; null when that was not asked, or not told. */
  zone: string | null;
  /** Who has that name, as the settings say. */
  owner: string | null;
  /** Where the chain ends, what is there; null where it goes on. */
  end: DnsShape | null;
}

/**
 * What is wrong with a delegation. `silent`: nothing comes back; `lame`: it does not have the zone; `no_tcp`: it does not answer over
 * TCP; `no_address`: nobody knows where it is; `not_in_zone`, `not_in_parent`: named on one side only; `glue_differs`: its address
 * above is another one than in the zone; `one_network`: all are in one network.
 */
export const DELEGATION_FLAWS = [
  'silent',
  'lame',
  'no_tcp',
  'no_address',
  'not_in_zone',
  'not_in_parent',
  'glue_differs',
  'one_network',
] as const;

export type DelegationFlaw = (typeof DELEGATION_FLAWS)[number];

export interface DelegationFault {
  flaw: DelegationFlaw;
  /** The name server; with `one_network` the zone. */
  name: string;
  address: string | null;
}

/** Whether who answered is who should have. `unproven`: a failure, which an honest server has too. */
export type DnsIdentity = 'expected' | 'other' | 'unproven';

export interface DnsFacts {
  /** Address and port asked, `127.0.0.1:53` or `[::1]:53`. */
  server: string;
  /** Mnemonic of the response code, e.g. NOERROR, NXDOMAIN, SERVFAIL; null without an answer. */
  rcode: string | null;
  shape: DnsShape | null;
  authoritative: boolean | null;
  /** The AD bit of a resolver that validates. */
  authenticated: boolean | null;
  /** The RA bit: whether the server asks others too. */
  recursive: boolean | null;
  /** Whether an answer came truncated (the TC bit) and had to be asked for again over TCP. */
  truncated: boolean;
  /** Whether the server knows EDNS (RFC 6891); null without an answer. */
  edns: boolean | null;
  /** When the first of the signatures that came along ends, and the last began; Unix seconds, null without one. */
  signedUntil: number | null;
  signedFrom: number | null;
  /** The answer section, CNAMEs included. */
  answers: DnsRecord[];
  /** The chain of aliases, the asked name first; empty when it is none. */
  aliases: AliasHop[];
  /** When NS was asked for: the name servers of the name, be it from a referral; lower case, sorted, at most 64. */
  nameServers: string[];
  /** When the delegation was looked at: what is wrong with it. */
  delegation?: readonly DelegationFault[];
  authorityCount: number | null;
  additionalCount: number | null;
  /** Extended DNS error codes. */
  extendedErrors: number[];
  transport: 'udp' | 'tcp' | 'tls' | 'https';
  /** null without an answer, or when nobody in particular was expected. */
  identity: DnsIdentity | null;
  /** SOA serial when an SOA was asked for and answered. */
  serial: number | null;
  /** The same for the same records, whatever their order; null when it was not asked for or there is none. */
  fingerprint: number | null;
  /** Questions sent again over UDP, since the first was not answered within a second. */
  resent: number;
  /** Datagrams that were not the answer to our question (wrong id, question, case of its letters, source, or QR=0). */
  unexpected: number;
  /** Whether the server repeats a name in the case of letters it is asked in; null while that is not known. */
  caseKept: boolean | null;
}

/** What is known of an answer of which nothing was read. */
export const nothingRead = (server: string): DnsFacts => ({
  server,
  rcode: null,
  shape: null,
  authoritative: null,
  recursive: null,
  truncated: false,
  edns: null,
  answers: [],
  aliases: [],
  nameServers: [],
  authorityCount: null,
  additionalCount: null,
  authenticated: null,
  signedUntil: null,
  signedFrom: null,
  fingerprint: null,
  extendedErrors: [],
  transport: 'udp',
  identity: null,
  serial: null,
  resent: 0,
  unexpected: 0,
  caseKept: null,
});
