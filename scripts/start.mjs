// `npm start`: sets up what is missing, then runs `demarc serve` with the arguments given.
// Signals go on to it and its exit code is ours, so that a supervisor cannot tell the difference.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { ROOT, setup } from './setup.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

try {
  setup();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}

const main = path.join(ROOT, 'dist', 'cli', 'main.js');
const child = spawn(process.execPath, [main, 'serve', ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal sends Ctrl+C to the child too, and a second SIGINT would end it before it has cleaned up.
for (const signal of SIGNALS)
  process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
// npm passes a signal to the shell between us, and Debian's shell dies of it without a word to us.
const { ppid } = process;
if (process.env.npm_lifecycle_event === 'start') {
  setInterval(() => process.ppid !== ppid && child.kill('SIGTERM'), 250).unref();
}
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
});
