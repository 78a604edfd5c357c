// Loaded before demarc, so that a running one can be brought to do what only a bug would: at SIGUSR2 it does what the file
// named by BAD_TURN says.
import { readFileSync } from 'node:fs';

const held = [];

process.on('SIGUSR2', () => {
  const turn = readFileSync(process.env.BAD_TURN, 'utf8');
  if (turn === 'busy') for (;;);
  if (turn === 'asleep') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  held.push(Buffer.alloc(Number(turn) * 1_048_576, 1));
});
