// The files with secrets that a map names: what Alertmanager would stumble over at night. Of what they hold, nothing but
// the last byte is ever read.
import { closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type Notify, type SecretFileUse, secretFiles } from './notify.ts';
import type { Problem } from './user-error.ts';

const LARGEST_SECRET = 4_096;
const READABLE_BY_OTHERS = 0o004;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** What the path leads to, or the code of the error that says why nothing can be seen there. */
function lookAt(file: string): Stats | string {
  try {
    return statSync(file);
  } catch (error) {
    const code = codeOf(error);
    if (code === '') throw error;
    return code;
  }
}

/** What is wrong with one file, and what to do; null when nothing is, or when it cannot be told from here. */
function faultOf({ file, exact }: SecretFileUse): [what: string, hint: string] | null {
  const found = lookAt(file);
  if (found === 'ELOOP') return [`${file} is a link that leads nowhere`, 'let it lead to the file'];
  if (found === 'ENOENT' || found === 'ENOTDIR')
    return [`${file} is not there`, 'create it where Alertmanager runs, or ignore this if that is elsewhere'];
  if (typeof found === 'string') return null;
  if (!found.isFile()) return [`${file} is no file`, 'name the file itself'];
  if (found.size === 0) return [`${file} is empty`, 'write the secret to it'];
  if (found.size > LARGEST_SECRET) return [`${file} is larger than 4 KiB`, 'it should hold the secret alone'];
  if ((found.mode & READABLE_BY_OTHERS) !== 0)
    return [`${file} can be read by everybody`, 'chmod 400, and chown to the user Alertmanager runs as'];
  if (exact && endsWithNewline(file, found.size))
    return [`${file} ends with a newline, which would be sent along`, 'write it with printf %s'];
  return null;
}

/** False for a file that may not be opened, as it should be for most. */
function endsWithNewline(file: string, size: number): boolean {
  try {
    const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const last = Buffer.alloc(1);
    readSync(handle, last, 0, 1, size - 1);
    closeSync(handle);
    return last.toString() === '\n';
  } catch (error) {
    if (codeOf(error) === 'EACCES') return false;
    throw error;
  }
}

/** Warnings about the files, as they are seen from here. */
export function checkSecrets(notify: Notify | undefined): Problem[] {
  if (notify === undefined) return [];
  return secretFiles(notify).flatMap((use) => {
    const fault = faultOf(use);
    return fault === null ? [] : [{ place: use.at.join('.'), what: fault[0], hint: fault[1] }];
  });
}
