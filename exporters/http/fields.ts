// Named values that a request carries, in its head or in a form: plain text, or a secret by reference.
import { z } from 'zod';
import { readSecret, SecretReference } from '../secret.ts';

export const MAX_FIELDS = 16;

export const PlainValue = z
  .string()
  .max(1_024)
  .regex(/^[\t\x20-\x7e]*$/, 'must be one line of ASCII');

/** Fields of a form by name. */
export const Fields = z
  .record(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'not a field name'), z.union([PlainValue, SecretReference]))
  .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, `at most ${MAX_FIELDS}`);

export type Fields = z.output<typeof Fields>;

/** A value as it stands in a form. */
export const inForm = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);

/** The fields with the secrets they name. Throws `SecretError`. */
export async function filled(fields: Fields): Promise<Record<string, string>> {
  const read = async (value: Fields[string]): Promise<string> =>
    typeof value === 'string' ? value : await readSecret(value);
  const entries = Object.entries(fields).map(async ([name, value]) => [name, await read(value)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
