// For property tests of readers: texts that are nearly right, and the only error a reader may throw.
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
