// What a token is asked for by: the client credentials grant of OAuth 2 (RFC 6749, section 4.4).
import { z } from 'zod';
import { SecretReference } from '../secret.ts';
import { Auth } from './credentials.ts';
import { Fields } from './fields.ts';
import { ForwardProxy } from './forward-proxy.ts';
import { HttpUrl } from './url.ts';

/** Said by the grant itself. */
const OF_THE_GRANT = ['grant_type', 'scope', 'client_id', 'client_secret'];

export const OAuth2 = z.strictObject({
  kind: z.literal('oauth2').describe('A token had from a token endpoint: OAuth 2, client credentials.'),
  tokenUrl: HttpUrl.describe(
    'The token endpoint. What fails there is `token_…`, and held against nobody who is asked with the token.',
  ),
  clientId: z
    .string()
    .max(256)
    .regex(/^[\x20-\x7e]+$/, 'must be one line of ASCII')
    .describe('The client.'),
  clientSecret: SecretReference.describe('Where its secret is.'),
  clientAuthentication: z
    .enum(['client_secret_basic', 'client_secret_post'])
    .default('client_secret_basic')
    .describe('How the client says who it is: in a header, or in the form.'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/, 'not a scope'))
    .max(32)
    .default([])
    .describe('What the token is to be good for.'),
  endpointParams: Fields.default({})
    .refine(
      (fields) => OF_THE_GRANT.every((name) => !(name in fields)),
      `${OF_THE_GRANT.join(', ')} have settings of their own`,
    )
    .describe('Further fields of the form, such as `audience` or `resource`.'),
  proxy: ForwardProxy.optional(),
});

export type OAuth2 = z.output<typeof OAuth2>;

/** Credentials for a server that is asked. */
export const ServerAuth = z.discriminatedUnion('kind', [...Auth.options, OAuth2]);

export type ServerAuth = z.output<typeof ServerAuth>;
