// The newcomer's first five minutes: a fresh clone, one command, a real browser; break the edge by a click, read whose it is, heal it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../../catalog/root.ts';
import { answers, freePort, until } from '../../replay/process.ts';
import { openBrowser } from '../browser.ts';

const CACHE = path.join(ROOT, '.cache', 'fresh-clone');
const CLONE = path.join(CACHE, 'demarc');
const VERDICT_LIMIT_MS = 180_000;
const SETUP_LIMIT_MS = 420_000;

let demarc: ChildProcess;
let browser: BrowserContext;
let page: Page;
let url: string;
let output = '';

beforeAll(async () => {
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, CLONE]);
  url = `http://127.0.0.1:${await freePort()}`;
  demarc = spawn('npm', ['start', '--', '--listen', new URL(url).host], {
    cwd: CLONE,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [demarc.stdout, demarc.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(
    'npm start to serve the page',
    () => {
      if (demarc.exitCode !== null) throw new Error(`npm start ended with ${demarc.exitCode}:\n${output}`);
      return answers(`${url}/-/ready`);
    },
    SETUP_LIMIT_MS,
  );
  browser = await openBrowser(path.join(CACHE, 'profile'));
  page = await browser.newPage();
}, SETUP_LIMIT_MS + 30_000);

afterAll(async () => {
  await browser?.close();
  if (demarc?.pid !== undefined && demarc.exitCode === null && demarc.signalCode === null) {
    const exited = once(demarc, 'exit');
    process.kill(-demarc.pid, 'SIGTERM');
    await exited;
  }
  rmSync(CACHE, { recursive: true, force: true, maxRetries: 5 });
});

const headline = async (): Promise<string> => (await page.locator('h1').textContent()) ?? '';

async function headlineBecomes(pattern: RegExp): Promise<string> {
  await until(
    `the headline to be ${pattern}, not "${await headline()}"`,
    async () => pattern.test(await headline()),
    VERDICT_LIMIT_MS,
  );
  return headline();
}

it('says that it is the demo, and sets itself up', () => {
  expect(output).toMatch(/There is no demarc\.yaml, so this is the demo/);
});

it('shows that all is fine', async () => {
  await page.goto(url);
  expect(await headlineBecomes(/fine/i)).toMatch(/fine/i);
});

it(
  'names the vendor after the edge was broken by a click',
  async () => {
    await page.getByRole('button', { name: /Break Cloudflare's edge/ }).click();
    expect(await headlineBecomes(/Cloudflare's edge, not you/)).toContain('blog is down');
    const response = await page.request.get(`${url}/api/v1/verdicts`);
    const { verdicts } = (await response.json()) as { verdicts: Record<string, unknown>[] };
    expect(verdicts.find(({ service }) => service === 'blog')).toMatchObject({
      party: 'vendor',
      vendor: 'cloudflare',
      component: 'edge',
      row: 'edge_failing',
    });
  },
  VERDICT_LIMIT_MS + 30_000,
);

it(
  'says that all is fine again after it was healed',
  async () => {
    await page.getByRole('button', { name: /^Heal: / }).click();
    expect(await headlineBecomes(/fine/i)).not.toContain('Cloudflare');
  },
  VERDICT_LIMIT_MS + 30_000,
);

it('ends when it is told to', async () => {
  // npm itself is told too, and ends by the signal; what counts is that nobody is left behind.
  const exited = once(demarc, 'exit');
  if (demarc.pid !== undefined) process.kill(-demarc.pid, 'SIGTERM');
  await exited;
  await until('the page to be gone', async () => !(await answers(`${url}/-/healthy`)), 30_000);
});
