// The files of further certificate authorities that a map names.
import { readFileSync } from 'node:fs';
import type { Problem } from './user-error.ts';

/** Its certificates, as text; what is wrong with the file is added to `problems`. */
export function readTrust(file: string, place: string, problems: Problem[]): string[] {
  try {
    const pem = readFileSync(file, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return [pem];
    problems.push({ place, what: 'holds no PEM certificate', hint: 'give a file with -----BEGIN CERTIFICATE-----' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    problems.push({
      place,
      what: `cannot be read (${code})`,
      hint: 'give the path of a PEM file, relative to the map',
    });
  }
  return [];
}
