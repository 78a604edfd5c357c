// What is sent besides the URL: headers, credentials by reference, and the version of HTTP that is spoken.
import { z } from 'zod';
import { SecretReference } from '../secret.ts';
import { ClientCertificate } from './client-certificate.ts';
import { HostName } from './connection.ts';
import { type Auth, credentials } from './credentials.ts';
import { filled, MAX_FIELDS, PlainValue } from './fields.ts';
import { ForwardProxy } from './forward-proxy.ts';
import { ServerAuth } from './oauth2.ts';

/** Ours to set: they decide where the request goes and how its answer is cut. */
const RESERVED =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|accept-encoding|proxy-.*)$/;

/** Names that announce a secret, which must not be written where everybody may read. */
const SECRET = /authorization|cookie|token|secret|password|api-?key/;

const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_|~-]{1,64}$/, 'not a header name')
  .toLowerCase();

const hasRoom = (headers: object): boolean => Object.keys(headers).length <= MAX_FIELDS;
const namesUnreserved = (headers: object): boolean => Object.keys(headers).every((name) => !RESERVED.test(name));

/** Headers that hold no secret, as a vendor file may name them. */
export const PlainHeaders = z
  .record(HeaderName, PlainValue)
  .refine(hasRoom, `at most ${MAX_FIELDS}`)
  .refine(namesUnreserved, 'Host, Connection and what frames a message are set by the probe');

export const RequestHeaders = z
  .record(HeaderName, z.union([PlainValue, SecretReference]))
  .refine(hasRoom, `at most ${MAX_FIELDS}`)
  .refine(namesUnreserved, 'Host, Connection and what frames a message are set by the probe')
  .refine(
    (headers) => Object.entries(headers).every(([name, value]) => typeof value !== 'string' || !SECRET.test(name)),
    'a header like this holds a secret: give {file: /absolute/path} or {env: NAME}',
  );

export type RequestHeaders = z.output<typeof RequestHeaders>;

export const Follow = z.strictObject({
  most: z.int().min(1).max(3).default(3).describe('How many redirects are followed.'),
  hosts: z
    .array(HostName)
    .max(8)
    .default([])
    .describe("Hosts that may be gone to besides the URL's own. Credentials are never taken along to another one."),
});

export type Follow = z.output<typeof Follow>;

/** What a service's map entry and the probe share. */
export const RequestSettings = {
  headers: RequestHeaders.default({}).describe('Further request headers by name; secrets only as {file} or {env}.'),
  auth: ServerAuth.optional().describe(
    'Credentials for the server. One that cannot be read is a failure of ours, `local`.',
  ),
  clientCertificate: ClientCertificate.optional(),
  protocol: z
    .enum(['http/1.1', 'h2', 'auto'])
    .default('http/1.1')
    .describe(
      'Offered in the TLS handshake. h2 insists on HTTP/2; auto takes what the server prefers, as browsers do.',
    ),
  family: z
    .enum(['ip4', 'ip6'])
    .optional()
    .describe('Only addresses of this family. Left out: whichever the name has, in order.'),
  addresses: z
    .enum(['first', 'each'])
    .default('first')
    .describe('each: ask at every address of the name; one that fails is a failure.'),
  proxy: ForwardProxy.optional(),
  follow: Follow.optional().describe('Follow redirects. Left out: a redirect is an answer like any other.'),
  nonce: z
    .boolean()
    .default(false)
    .describe('Add a query parameter `demarc` that is another one each time, so that no cache can answer.'),
  unpack: z.boolean().default(false).describe('Ask for a packed body (gzip, br) and unpack it, within the limit.'),
};

/** Header fields to send, secrets read. Throws `SecretError`. */
export async function filledHeaders(headers: RequestHeaders, auth: Auth | undefined): Promise<Record<string, string>> {
  return { ...(await filled(headers)), ...(auth !== undefined && { authorization: await credentials(auth) }) };
}
