// Generated files on disk: which of them are current, and writing those that are not. Each is replaced at once, never half.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../map/user-error.ts';
import { EXIT, paint, print, tell } from './terminal.ts';

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

function refusal(file: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new UserError([{ place: file, what: `cannot be used (${code})`, hint: 'name another folder with --out' }]);
}

/** null when there is no such file. */
function current(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw refusal(file, error);
  }
}

const staleOf = (folder: string, files: ReadonlyMap<string, string>): [name: string, text: string][] =>
  [...files].filter(([name, text]) => current(path.join(folder, name)) !== text);

/** Writes what is not current; gives the names written. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): string[] {
  return staleOf(folder, files).map(([name, text]) => {
    const file = path.join(folder, name);
    const draft = `${file}.${process.pid}.new`;
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(draft, text);
      renameSync(draft, file);
    } catch (error) {
      throw refusal(file, error);
    }
    return name;
  });
}

/** Tells which files are missing or differ; the exit code. */
export function checkFiles(folder: string, files: ReadonlyMap<string, string>, advice: string): number {
  const stale = staleOf(folder, files);
  for (const [name] of stale) tell(`${paint('red', 'stale', process.stderr)} ${name}: ${advice}`);
  if (stale.length > 0) return EXIT.failed;
  print(`${paint('green', 'ok')} ${files.size} generated files are current`);
  return EXIT.fine;
}
