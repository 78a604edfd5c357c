// The pieces of configuration for other programs are accepted by those programs.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { runTool } from '../../replay/agreement/promtool.ts';
import { BLOCKS } from './pages.ts';

it('Prometheus accepts the scrape job and the rule file together', async () => {
  const text = BLOCKS.find(({ text }) => text.includes('scrape_configs:'))?.text ?? '';
  const files = {
    'prometheus.yml': text.replace(/\/\S+\/demarc\.rules\.yml/, 'demarc.rules.yml'),
    'demarc.rules.yml': readFileSync(projectFile('alerts/demarc.rules.yml'), 'utf8'),
  };
  const { ok, output } = await runTool('promtool', ['check', 'config', 'prometheus.yml'], files);
  expect(output).toContain('1 rule files found');
  expect(ok, output).toBe(true);
});
