// What an identity provider shows to everybody: its discovery document, and the keys its tokens are signed with.

export interface IdentityFacts {
  address: string | null;
  /** Of the document the measurement ended with. */
  httpStatus: number | null;
  /** Which document that was. */
  document: 'discovery' | 'keys';
  /** Ids of the keys that can be used, at most 32 of them; a key without an id, or with a strange one, is counted as `?`. */
  keyIds: string[] | null;
  /** When the first of the keys' certificates ends, Unix milliseconds; null when they have none. */
  keysEnd: number | null;
}
