// Credentials by reference: what is sent of them is read anew for every request, and stands nowhere else.
import { z } from 'zod';
import { readSecret, SecretReference } from '../secret.ts';

export const Auth = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('basic').describe('A user and a password.'),
    user: z
      .string()
      .min(1)
      .max(256)
      .regex(/^[^:]*$/, 'must not hold a colon')
      .describe('The user.'),
    password: SecretReference.describe('Where the password is.'),
  }),
  z.strictObject({
    kind: z.literal('bearer').describe('A token.'),
    token: SecretReference.describe('Where the token is.'),
  }),
]);

export type Auth = z.output<typeof Auth>;

/** Value of an Authorization or Proxy-Authorization header. Throws `SecretError`. */
export async function credentials(auth: Auth): Promise<string> {
  if (auth.kind === 'bearer') return `Bearer ${await readSecret(auth.token)}`;
  return `Basic ${Buffer.from(`${auth.user}:${await readSecret(auth.password)}`).toString('base64')}`;
}
