// Reads the discovery document of an OpenID provider (OpenID Connect Discovery 1.0, section 3) and its keys (RFC 7517).
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { readJson } from '../http/bounded-json.ts';
import { inShape, Malformed } from '../malformed.ts';

const MOST_KEYS = 32;

const Discovery = z.object({
  issuer: z.string().max(512),
  authorization_endpoint: z.url().max(512),
  jwks_uri: z.url({ protocol: /^https?$/ }).max(512),
});

const KeyDetails = {
  kid: z.string().optional(),
  x5c: z.array(z.string().max(8_192)).max(8).optional(),
  /** One for encryption checks no signature. */
  use: z.literal('sig').optional(),
};

const Base64Url = z.string().min(1);

/** With what makes it a public key (RFC 7518 section 6, RFC 8037 section 2). */
const Key = z.discriminatedUnion('kty', [
  z.object({ kty: z.literal('RSA'), n: Base64Url, e: Base64Url, ...KeyDetails }),
  z.object({ kty: z.literal('EC'), crv: z.string(), x: Base64Url, y: Base64Url, ...KeyDetails }),
  z.object({ kty: z.literal('OKP'), crv: z.string(), x: Base64Url, ...KeyDetails }),
]);

const Keys = z.object({ keys: z.array(z.unknown()) });

/** Where the keys are. Throws {@link Malformed}, also when the document speaks for another issuer. */
export function keysUrlIn(text: string, issuer: string): URL {
  const read = inShape(Discovery, readJson(text), 'no discovery document');
  if (bare(read.issuer) !== bare(issuer)) throw new Malformed('of another issuer');
  return new URL(read.jwks_uri);
}

const bare = (issuer: string): string => issuer.replace(/\/$/, '');

/** Throws {@link Malformed} when there is no key to check a signature with. */
export function keysIn(text: string): { keyIds: string[]; keysEnd: number | null } {
  const listed = inShape(Keys, readJson(text), 'no list of keys');
  // A key of a sort nobody here knows does not spoil the others.
  const keys = listed.keys.flatMap((key) => Key.safeParse(key).data ?? []).slice(0, MOST_KEYS);
  if (keys.length === 0) throw new Malformed('no key to check a signature with');
  const ends = keys.flatMap(({ x5c }) => endOf(x5c?.[0]) ?? []);
  return {
    keyIds: keys.map(({ kid = '' }) => (/^[A-Za-z0-9_.:-]{1,64}$/.test(kid) ? kid : '?')),
    keysEnd: ends.length === 0 ? null : Math.min(...ends),
  };
}

function endOf(base64: string | undefined): number | null {
  if (base64 === undefined) return null;
  try {
    const end = Date.parse(new X509Certificate(Buffer.from(base64, 'base64')).validTo);
    return Number.isNaN(end) ? null : end;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
