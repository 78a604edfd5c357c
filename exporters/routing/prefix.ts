// Prefixes as they are announced: an address that is the first of its network, and a length; and who may announce them.
import net from 'node:net';
import { z } from 'zod';

export const Prefix = z
  .string()
  .max(64)
  .refine(isPrefix, 'must be a prefix such as 193.0.0.0/21 or 2001:67c:2e8::/48, its first address before the slash')
  .meta({ title: 'prefix' });

/** 0 is reserved, and all others fit into 32 bits (RFC 7607, RFC 6793). */
export const AsNumber = z.int().min(1).max(4_294_967_295);

export const Origins = z
  .array(AsNumber)
  .min(1)
  .max(16)
  .describe('Numbers of the autonomous systems it may be announced from. Left out: whichever.');

function isPrefix(text: string): boolean {
  const [, address = '', digits = ''] = /^([0-9a-f.:]{2,45})\/([1-9]\d{0,2})$/.exec(text) ?? [];
  const family = net.isIP(address);
  const length = Number(digits);
  // One spelling each, as RIPEstat gives it back.
  if (family === 6 && new URL(`http://[${address}]`).hostname !== `[${address}]`) return false;
  if (family === 0 || length < 1 || length > (family === 4 ? 32 : 128)) return false;
  return family === 4
    ? endsInZeros(address.split('.').map(Number), 8, length)
    : endsInZeros(groupsOf(address), 16, length);
}

/** Whether everything behind the first `length` bits is zero. */
function endsInZeros(groups: readonly number[], width: number, length: number): boolean {
  return groups.every((group, index) => {
    const kept = Math.min(width, Math.max(0, length - index * width));
    return group % 2 ** (width - kept) === 0;
  });
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const parts = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [parts(head), parts(tail ?? '')];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
