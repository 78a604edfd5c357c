// What promtool itself thinks of the metrics page: every metric of the catalogue, with values and labels at their strangest.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { METRICS } from '../../catalog/metrics.ts';
import { createMetrics } from '../../exporters/metrics.ts';
import { findTools } from '../../scripts/tools.mjs';

const STRANGE = 'a "quoted" back\\slash\nand a new line, ünïcode';
const VALUES = [0, -1.5, 1e-9, 1e21, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

async function checkMetrics(page: string): Promise<string> {
  const { paths, hint } = await findTools(['promtool']);
  if (paths.promtool === undefined) throw new Error(hint ?? 'promtool not found');
  const child = spawn(paths.promtool, ['check', 'metrics'], { stdio: ['pipe', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.end(page);
  await once(child, 'close');
  return output;
}

it('the page is read without an error', async () => {
  const metrics = createMetrics(STRANGE);
  for (const [name, { type, labels }] of METRICS) {
    const own = Object.fromEntries(labels.map((label) => [label, STRANGE]));
    if (type === 'gauge') metrics.set(name, 1, own);
    else metrics.increase(name, own);
  }
  for (const value of VALUES) metrics.set('demarc_verdict_code', value, { service: `is ${value}` });
  const page = String(await metrics.render());
  expect(page).toContain('{service="is -Infinity",site="a \\"quoted\\" back\\\\slash\\nand a new line, ünïcode"} -Inf');
  expect(await checkMetrics(page)).not.toMatch(/error/i);
  expect(await checkMetrics(`${page}broken{`)).toMatch(/error/i);
});
