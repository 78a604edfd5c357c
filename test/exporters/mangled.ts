// For property tests of readers: texts and bytes that are nearly right, and the only error a reader may throw.
import fc from 'fast-check';
import { expect } from 'vitest';
import { Malformed } from '../../exporters/malformed.ts';

/** undefined when the text was refused; any other error fails the test. */
export function readOrRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(Malformed);
    return undefined;
  }
}

/** Texts with one character put in, taken out or changed. */
export function mangled(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(texts, fc.nat(200), fc.string({ maxLength: 3 })).map(([text, at, piece]) => {
    return text.slice(0, at) + piece + text.slice(at + 1);
  });
}

/** Bytes of a corpus with some changed, cut, doubled or put in. */
export function mutationsOf(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const at = (bytes: Buffer, share: number): number => Math.floor(share * bytes.length);
  const change = fc.oneof(
    fc.tuple(place, fc.nat(255)).map(([share, byte]) => (bytes: Buffer) => {
      const changed = Buffer.from(bytes);
      if (changed.length > 0) changed[at(bytes, share)] = byte;
      return changed;
    }),
    place.map((share) => (bytes: Buffer) => bytes.subarray(0, at(bytes, share))),
    fc.tuple(place, place).map(([from, to]) => (bytes: Buffer) => {
      return Buffer.concat([bytes, bytes.subarray(at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to)))]);
    }),
    fc.tuple(place, fc.uint8Array({ maxLength: 8 })).map(([share, piece]) => (bytes: Buffer) => {
      return Buffer.concat([bytes.subarray(0, at(bytes, share)), piece, bytes.subarray(at(bytes, share))]);
    }),
  );
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([seed, changes]) => changes.reduce((bytes, apply) => apply(bytes), seed));
}
