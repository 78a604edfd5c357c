// Unpacks a body that was asked for packed, never to more than the limit: a few bytes can stand for gigabytes.
import zlib from 'node:zlib';
import { Refusal } from './refusal.ts';

/** Unpacked size over packed size that no honest page reaches. */
const MAX_RATIO = 100;

export const ACCEPTED = 'gzip, br, deflate';

type Unpack = (bytes: Buffer, bounds: { maxOutputLength: number }) => Buffer;

/** A map, since a header may well say `constructor`. */
const UNPACK: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['gzip', zlib.gunzipSync],
  ['x-gzip', zlib.gunzipSync],
  ['deflate', zlib.inflateSync],
  ['br', zlib.brotliDecompressSync],
]);

/** One encoding only. Throws a {@link Refusal}: `http_decode`, or `http_too_large` for what would become too large. */
export function unpacked(body: Buffer, encoding: string, maxBytes: number): Buffer {
  const unpack = UNPACK.get(encoding);
  if (unpack === undefined) throw new Refusal('http_decode', 'an encoding not asked for');
  const maxOutputLength = Math.min(maxBytes, Math.max(body.length * MAX_RATIO, 1));
  try {
    return unpack(body, { maxOutputLength });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new Refusal('http_too_large', 'unpacks to too much');
    if (/^(Z_|ERR_|ERR__)/.test(code)) throw new Refusal('http_decode', 'cannot be unpacked');
    throw error;
  }
}
