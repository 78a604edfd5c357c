// A secret by reference: the map and everything made of it name a file or a variable, and hold nothing of what is in it.
// Read anew for every use, so that a rotated secret counts at once.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';

const MAX_BYTES = 4_096;

/** Absolute, and plain enough to stand in a message. */
export const FilePath = z
  .string()
  .regex(/^(\/[\w.@+-]+)+$/, 'must be an absolute path')
  .meta({ title: 'absolute path' });

export const SecretReference = z
  .union(
    [
      z.strictObject({
        file: FilePath.describe('Absolute path of a file that holds the secret alone.'),
      }),
      z.strictObject({
        env: z
          .string()
          .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/)
          .describe('Environment variable that holds it.'),
      }),
    ],
    { error: 'must be {file: /absolute/path} or {env: NAME}; the secret itself does not belong here' },
  )
  .meta({ title: '{file: absolute path} or {env: variable}' });

export type SecretReference = z.output<typeof SecretReference>;

/** A secret that could not be had. Its message names the reference, never the content. */
export class SecretError extends Error {
  constructor(reference: SecretReference, why: string) {
    super(`secret ${'file' in reference ? reference.file : `$${reference.env}`} ${why}`);
    this.name = 'SecretError';
  }
}

/** Without the newline at its end. Throws {@link SecretError}. */
export async function readSecret(reference: SecretReference): Promise<string> {
  const text = 'env' in reference ? process.env[reference.env] : await readSmallFile(reference);
  const secret = text?.replace(/\r?\n$/, '') ?? '';
  if (secret === '') throw new SecretError(reference, 'is missing or empty');
  // It ends up in a header.
  if (/[^\t\x20-\x7e]/.test(secret)) throw new SecretError(reference, 'is no single line of ASCII');
  return secret;
}

async function readSmallFile(reference: { file: string }): Promise<string> {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    // Nobody may keep us waiting at a named pipe.
    handle = await open(reference.file, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = await handle.stat().then((found) => (found.isFile() ? found : { size: Number.NaN }));
    if (!(size <= MAX_BYTES)) throw new SecretError(reference, 'is no file of at most 4 KiB');
    return await handle.readFile('latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new SecretError(reference, `cannot be read (${error.code})`);
    throw error;
  } finally {
    await handle?.close();
  }
}
