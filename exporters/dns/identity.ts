// Who answered, by what a server says of itself (RFC 4892: `id.server`, class CH): a box on the way that answers in place of a
// resolver does not know the words. Whose box it is, nobody tells.
import { linearPattern } from '../http/linear-pattern.ts';
import type { DnsAnswer } from './answer.ts';
import type { DnsIdentity } from './facts.ts';

/** `pattern` must match a text of the answer. A server that fails has not said who it is; one that knows no answer is another one. */
export function identityOf({ matching, rcode }: DnsAnswer, pattern: string | undefined): DnsIdentity | null {
  if (pattern === undefined) return null;
  const { isIn } = linearPattern(pattern);
  if (matching.some(({ data }) => isIn(data.replace(/^"(.*)"$/, '$1')))) return 'expected';
  return rcode === 'SERVFAIL' ? 'unproven' : 'other';
}
