// What a served chain is like, apart from whether it is trusted. Whoever shows the same chain again is answered from memory.
import type { X509Certificate } from 'node:crypto';
import { timeOf } from './verify.ts';

/**
 * What a server need not, or should not, send: `root`, which everybody has or does not trust; `extra`, which leads nowhere;
 * `unordered`, which strict clients refuse (RFC 5246 section 7.4.2; since TLS 1.3 they must not).
 */
export const CHAIN_ODDITIES = ['root', 'extra', 'unordered'] as const;

export type ChainOddity = (typeof CHAIN_ODDITIES)[number];

interface Shape {
  /** When the first of them ends, Unix milliseconds; null where no end can be read. */
  end: number | null;
  oddities: readonly ChainOddity[];
}

const known = new WeakMap<readonly X509Certificate[], Shape>();

function shapeOf(served: readonly X509Certificate[]): Shape {
  const kept = known.get(served);
  if (kept !== undefined) return kept;
  const ends = served.flatMap(({ validTo }) => timeOf(validTo) ?? []);
  const shape = { end: ends.length === 0 ? null : Math.min(...ends), oddities: odditiesIn(served) };
  known.set(served, shape);
  return shape;
}

export const endOfChain = (served: readonly X509Certificate[]): number | null => shapeOf(served).end;

export const odditiesOf = (served: readonly X509Certificate[]): readonly ChainOddity[] => shapeOf(served).oddities;

function odditiesIn(served: readonly X509Certificate[]): ChainOddity[] {
  const path = pathIn(served);
  const places = path.map((certificate) => served.indexOf(certificate));
  const found: Record<ChainOddity, boolean> = {
    root: served.slice(1).some(isRoot),
    extra: path.length < served.length,
    unordered: places.some((place, index) => index > 0 && place < (places[index - 1] ?? 0)),
  };
  return CHAIN_ODDITIES.filter((oddity) => found[oddity]);
}

const isRoot = (certificate: X509Certificate): boolean => certificate.subject === certificate.issuer;

/** From the first to its issuer, and on, by what they say of each other; nothing is verified. */
function pathIn(served: readonly X509Certificate[]): X509Certificate[] {
  const path = served.slice(0, 1);
  for (;;) {
    const last = path.at(-1);
    if (last === undefined || isRoot(last)) return path;
    const next = served.find((certificate) => !path.includes(certificate) && last.checkIssued(certificate));
    if (next === undefined) return path;
    path.push(next);
  }
}
