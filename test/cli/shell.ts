// A shell as a reader of the help and the pages has it: a folder with a map, and `demarc` on the PATH.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MAIN, type Run } from './run-demarc.ts';

export interface Shell {
  folder: string;
  /** Runs lines in bash, in that folder, and ends at the first that fails. */
  run(lines: string, environment?: Readonly<Record<string, string>>): Promise<Run>;
}

const PATIENCE_MS = 60_000;

/** `files`: what lies in the folder, by name. */
export function openShell(files: Readonly<Record<string, string>>): Shell {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-shell-'));
  const bin = path.join(folder, '.bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'demarc'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(path.join(bin, 'demarc'), 0o755);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return {
    folder,
    run: (lines, environment = {}) =>
      new Promise((resolve) => {
        const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: '1', ...environment };
        const options = { cwd: folder, env, timeout: PATIENCE_MS, maxBuffer: 64 * 1024 * 1024 };
        execFile('bash', ['-o', 'pipefail', '-ec', lines], options, (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
        });
      }),
  };
}
