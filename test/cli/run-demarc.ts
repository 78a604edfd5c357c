// Runs the built program as a person would, without a terminal.
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { projectFile } from '../../catalog/root.ts';

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

export const MAIN = projectFile('dist/cli/main.js');

export function runDemarc(argv: readonly string[], cwd = tmpdir()): Promise<Run> {
  const options = { cwd, timeout: 60_000, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NO_COLOR: '1' } };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...argv], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}
