// Runs a program of this machine and reads what it writes: no shell, no input, bounded in time and size.
import { execFile } from 'node:child_process';
import type { Reason } from '../catalog/reasons.ts';
import type { ProbeContext } from './probe.ts';

/** What a program of ours needs of our own environment. The rest may hold secrets, which are no business of others. */
const HANDED_ON = ['PATH', 'HOME', 'TZ'] as const;

export type Run = { reason: 'ok'; output: string } | { reason: Exclude<Reason, 'ok'> };

/** local: it is not there, may not be run, or ended with an error; what it complains of is not repeated, nor what it says. */
export async function runProgram(
  program: string,
  argv: readonly string[],
  maxBytes: number,
  { signal, trace }: Pick<ProbeContext, 'signal' | 'trace'>,
): Promise<Run> {
  const run = await runOnce(program, argv, maxBytes, signal);
  const ended = run.reason === 'ok' ? `${run.output.length} characters of output` : `no output: ${run.reason}`;
  trace?.step(`ran ${[program, ...argv].join(' ')}`, [ended]);
  return run;
}

function runOnce(program: string, argv: readonly string[], maxBytes: number, signal: AbortSignal): Promise<Run> {
  if (signal.aborted) return Promise.resolve({ reason: 'timeout' });
  return new Promise((resolve) => {
    const options = {
      signal,
      maxBuffer: maxBytes,
      killSignal: 'SIGKILL',
      env: environment(),
    } as const;
    execFile(program, [...argv], { ...options, encoding: 'utf8' }, (error, output) => {
      if (error === null) resolve({ reason: 'ok', output });
      else if (signal.aborted) resolve({ reason: 'timeout' });
      else if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') resolve({ reason: 'answer_malformed' });
      else resolve({ reason: 'local' });
    });
  });
}

const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    HANDED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  ),
  LC_ALL: 'C',
});

/** A program by name, found by PATH, or by its absolute path; nothing that could be taken for an option. */
export const PROGRAM = /^(\/[\w.@+-]+)+$|^[A-Za-z0-9][\w.+-]*$/;
