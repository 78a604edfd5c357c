// A picture of a page on disk, taken by the Chromium of this machine.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../map/user-error.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const LIMIT_MS = 60_000;

export interface Picture {
  /** An HTML file. */
  page: string;
  /** The PNG to write. */
  picture: string;
  /** Pixels. */
  width: number;
  height: number;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Absolute path of the first Chromium on PATH. Throws {@link UserError} when there is none. */
export function findChromium(): string {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const found = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))).find(isProgram);
  if (found !== undefined) return found;
  const hint = `install one of ${NAMES.join(', ')}, or leave --pictures out and open the pages`;
  throw new UserError([{ place: '--pictures', what: 'there is no Chromium on PATH', hint }]);
}

/** Throws when Chromium fails, or takes longer than a minute. */
export function takePicture(chromium: string, { page, picture, width, height }: Picture): void {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'demarc-picture-'));
  // Root may not use the sandbox; the page is ours and holds no script.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  try {
    execFileSync(
      chromium,
      [
        ...['--headless', '--disable-gpu', '--hide-scrollbars', ...quiet, ...sandbox],
        ...[`--user-data-dir=${profile}`, `--window-size=${width},${height}`, `--screenshot=${path.resolve(picture)}`],
        pathToFileURL(page).href,
      ],
      { stdio: 'ignore', timeout: LIMIT_MS },
    );
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
