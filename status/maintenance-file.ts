// Windows opened by hand: a small file in the state folder, written by `demarc maintenance`, read by the running demarc.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { LONGEST_WINDOW_MS, Reason } from '../map/maintenance.ts';

export const MAINTENANCE_FILE = 'maintenance.json';
const MOST_WINDOWS = 256;

const AdHoc = z
  .object({ service: z.string().min(1).max(64), from: z.number(), to: z.number(), reason: Reason })
  // Whoever wrote the file: no window is without its end.
  .refine(({ from, to }) => to > from && to - from <= LONGEST_WINDOW_MS);

const File = z.object({ version: z.literal(1), windows: z.array(AdHoc).max(MOST_WINDOWS) });

export type AdHoc = z.output<typeof AdHoc>;

/** The windows of a state folder; none when there is no file. Throws a SyntaxError for a file that is not ours. */
export function readWindows(folder: string): AdHoc[] {
  const text = textOf(path.join(folder, MAINTENANCE_FILE));
  if (text === null) return [];
  const parsed = File.safeParse(JSON.parse(text));
  if (!parsed.success) throw new SyntaxError(z.prettifyError(parsed.error));
  return parsed.data.windows;
}

/** Writes atomically; throws the system's error when the disk refuses. */
export function writeWindows(folder: string, windows: readonly AdHoc[]): void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, MAINTENANCE_FILE);
  const next = `${file}.${process.pid}.next`;
  writeFileSync(next, `${JSON.stringify({ version: 1, windows: windows.slice(-MOST_WINDOWS) }, null, 2)}\n`);
  renameSync(next, file);
}

/** The windows as of now, read again only when the file was replaced. A file that cannot be understood is as if there were none. */
export function followWindows(folder: string, warn: (message: string) => void): () => readonly AdHoc[] {
  let seen = '';
  let windows: readonly AdHoc[] = [];
  return () => {
    const stamp = stampOf(path.join(folder, MAINTENANCE_FILE));
    if (stamp === seen) return windows;
    seen = stamp;
    try {
      windows = readWindows(folder);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      windows = [];
      warn(`${MAINTENANCE_FILE} could not be read; windows opened by hand do not count: ${error.message}`);
    }
    return windows;
  };
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
