// A program is run with what it needs of our environment, and with none of the secrets that may stand there.
import { expect, it, onTestFinished } from 'vitest';
import { runProgram } from '../../exporters/run-program.ts';

const SECRET = 'canary-environment-5b1d';

it('hands on where programs are found, and nothing else it was given', async () => {
  process.env.DEMARC_TEST_TOKEN = SECRET;
  onTestFinished(() => void delete process.env.DEMARC_TEST_TOKEN);
  const run = await runProgram('env', [], 65_536, { signal: AbortSignal.timeout(10_000) });
  const output = run.reason === 'ok' ? run.output : run.reason;
  expect(output).toContain(`PATH=${process.env.PATH}\n`);
  expect(output).toContain('LC_ALL=C\n');
  expect(output).not.toContain(SECRET);
});
