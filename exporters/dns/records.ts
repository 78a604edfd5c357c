// What a name points to, as a set to be compared: with what should be there, and with what other servers say.
// Order, letter case, TTLs and repetitions say nothing; where a name is an alias, the alias is what it points to.
import { createHash } from 'node:crypto';
import net from 'node:net';
import { z } from 'zod';
import { networkOf } from '../network.ts';
import type { DnsAnswer } from './answer.ts';
import { escapeText } from './wire.ts';

/** `within`: nothing else, for servers that hand out a few of many; `including`: at least these; `without`: none of these. */
export const RECORD_MATCHES = ['same', 'within', 'including', 'without'] as const;

/** Those that hold for every address by itself, and so for networks. */
const BY_ADDRESS: ReadonlySet<string> = new Set(['within', 'without']);

/** Addresses, networks (`192.0.2.0/24`, with `within` and `without` only), names, or other data in presentation form. */
export const RecordWish = z
  .strictObject({
    match: z
      .enum(RECORD_MATCHES)
      .default('same')
      .describe(
        '`same`: exactly these; `within`: none but these, for round robin and CDNs; `including`: at least these; `without`: none of these.',
      ),
    records: z
      .array(z.string().min(1).max(255))
      .min(1)
      .max(64)
      .describe('Addresses, names, or with `within` and `without` networks such as 192.0.2.0/24.'),
  })
  .refine(({ match, records }) => BY_ADDRESS.has(match) || records.every((record) => networkOf(record) === null), {
    path: ['records'],
    message: 'a network can only be matched by `within` and `without`',
  });

export type RecordWish = z.output<typeof RecordWish>;

/** Sorted, each once. */
export function pointedAt({ matching, answers }: DnsAnswer): string[] {
  const alias = answers.filter(({ type }) => type === 'CNAME').at(-1);
  const records = matching.length > 0 || alias === undefined ? matching : [alias];
  return [...new Set(records.map(({ data }) => canonical(data)))].sort();
}

export function isAsWished({ match, records }: RecordWish, found: readonly string[]): boolean {
  const wanted = records.filter((record) => networkOf(record) === null).map(canonical);
  const networks = new net.BlockList();
  for (const { address, bits, family } of records.flatMap((record) => networkOf(record) ?? [])) {
    networks.addSubnet(address, bits, family);
  }
  const isWanted = (data: string): boolean => {
    const family = net.isIP(data);
    return wanted.includes(data) || (family !== 0 && networks.check(data, family === 4 ? 'ipv4' : 'ipv6'));
  };
  const nothingElse = (): boolean => found.every(isWanted);
  const allThere = (): boolean => wanted.every((data) => found.includes(data));
  switch (match) {
    case 'same':
      return nothingElse() && allThere();
    case 'within':
      return nothingElse();
    case 'including':
      return allThere();
    case 'without':
      return !found.some(isWanted);
  }
}

/** A number that is the same for the same set: 48 bits, so that a gauge can hold it. */
export function fingerprintOf(found: readonly string[]): number {
  return createHash('sha256').update(found.join('\n')).digest().readUIntBE(0, 6);
}

function canonical(data: string): string {
  if (net.isIPv6(data)) return new net.SocketAddress({ family: 'ipv6', address: data }).address;
  // Texts keep their case; names do not have any.
  return data.startsWith('"') ? joinedText(data) : data.toLowerCase().replace(/(?<=.)\.$/, '');
}

/**
 * However a text was cut into strings of 255 bytes, whoever reads it joins them (RFC 7208 section 3.3), and however people
 * escape it, it is compared as it is shown.
 */
function joinedText(data: string): string {
  const strings = [...data.matchAll(/"((?:[^"\\]|\\.)*)"?/g)].map(([, text = '']) => text);
  const bytes = Buffer.from(strings.join('')).toString('latin1');
  const plain = bytes.replace(/\\(?:(\d{3})|(.))/g, (_, code?: string, itself = '') =>
    code === undefined ? itself : String.fromCharCode(Number(code) & 0xff),
  );
  return `"${escapeText(plain)}"`;
}
