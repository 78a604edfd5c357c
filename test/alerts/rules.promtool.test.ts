// What promtool itself thinks of the committed rule file.
import { expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { runTool } from '../../replay/agreement/promtool.ts';

it('the rule file passes every lint', async () => {
  const run = await runTool('promtool', [
    'check',
    'rules',
    '--lint=all',
    '--lint-fatal',
    projectFile('alerts/demarc.rules.yml'),
  ]);
  expect(run.output).toMatch(/SUCCESS: \d+ rules found/);
  expect(run.ok).toBe(true);
});
