// demarc as it is really run, over the lab, in a real outage: what its pages, strangers and a window of maintenance tell of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { parseMap } from '../../map/load.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { MAIN, runDemarc } from '../cli/run-demarc.ts';
import { BLOCKS } from '../docs/pages.ts';
import { firstMissing, stepsIn } from '../docs/transcript.ts';
import { browserWindows } from './browser-windows.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE = { timeout: 120_000, interval: 500 };

const folder = mkdtempSync(path.join(tmpdir(), 'demarc-serve-'));
const browse = browserWindows();
let lab: Lab;
let ports: number[] = [];
let running: { child: ChildProcess; url: string; open: string };

/** Free a moment ago; both are asked for at once, so that they differ. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => setTimeout(resolve, 50));
  server.close();
  return port;
}

/** In the same folder, as after a crash. No file may grow longer than this many KiB: beyond, the system refuses to write. */
async function serve(longestFile: number | 'unlimited' = 'unlimited'): Promise<typeof running> {
  const demarc = [process.execPath, MAIN, 'serve', '-m', 'home.yaml', '--listen', `127.0.0.1:${ports[0]}`];
  const argv = ['-c', `ulimit -f ${longestFile}; exec "$@"`, 'demarc', ...demarc];
  const child = spawn('bash', argv, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const urls = await vi.waitUntil(() => /is at (http\S+)\nThe public page is at (http\S+)\n/.exec(said), PATIENCE);
  return { child, url: urls[1] ?? '', open: urls[2] ?? '' };
}

async function killed(): Promise<void> {
  const exited = once(running.child, 'exit');
  running.child.kill('SIGKILL');
  await exited;
}

async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}

async function partyOf(service: string): Promise<string> {
  const verdict = JSON.parse(await text(`${running.url}/api/v1/verdicts/${service}`)) as Verdict;
  return `${verdict.party} ${verdict.vendor ?? ''}`.trim();
}

let service = '';

const STEPS = stepsIn(BLOCKS.filter(({ file }) => file === 'docs/first-outage.md'));
/** What the steps before the outage printed. */
const before = new Map<string, string>();

/** What a newcomer types, and what nobody need say at home: where the lab is. */
async function printedBy(command: string): Promise<string> {
  const [, name = '', ...words] = command.split(' ');
  const { resolver, trust, domains, services } = parseMap(lab.map, 'lab map', '/').file;
  const [rdap = ''] = Object.values(domains).flatMap((domain) => (domain === 'none' ? [] : (domain.rdap ?? [])));
  const { url = '', tunnel } = services[service] ?? {};
  const inLab: Readonly<Record<string, readonly string[]>> = {
    init: [
      ...['--resolver', resolver === 'auto' ? '' : resolver.address, '--trust', trust[0] ?? '', '--rdap', rdap],
      ...['--daemon', tunnel?.metrics ?? '', url],
    ],
    why: [service, '--from', running.url],
  };
  const { stdout, stderr } = await runDemarc([name, ...(inLab[name] ?? words)], folder);
  return `${stderr}${stdout}`;
}

beforeAll(async () => {
  ports = await Promise.all([freePort(), freePort()]);
  lab = await startLab();
  const edge =
    /^ {2}([a-z0-9-]+):\n(?: {4}.*\n)*? {4}edge:.*cloudflare/m.exec(lab.map) ?? /^ {2}(blog):/m.exec(lab.map);
  service = edge?.[1] ?? 'blog';
  const open = `public:\n  title: Example status\n  services: { ${service}: The Blog }\n  listen: 127.0.0.1:${ports[1]}\n`;
  const map = lab.map.replace('version: 1\n', 'version: 1\ninterval: 3s\ntimeout: 2s\n');
  writeFileSync(path.join(folder, 'home.yaml'), `${map}${open}`);
  running = await serve();
  await vi.waitUntil(async () => (await partyOf(service)) === 'none', PATIENCE);
  // Only what was seen to work can be a witness when it fails.
  const witnessed = async (): Promise<boolean> =>
    /"component":"edge"[^}]*"status":"ok"/.test(await text(`${running.url}/api/v1/vendors`));
  await vi.waitUntil(witnessed, PATIENCE);
  for (const { command } of STEPS.slice(0, 2)) before.set(command, await printedBy(command));
  await lab.inject({ kind: 'edge_5xx', target: 'cloudflare' });
  await vi.waitUntil(async () => (await partyOf(service)) === 'vendor cloudflare', PATIENCE);
}, 400_000);

afterAll(async () => {
  running.child.kill('SIGKILL');
  await lab.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the transcripts of a first outage', () => {
  it('go from init to the report', () => {
    expect(STEPS.map(({ command }) => command.split(' ')[1])).toEqual(['init', 'check', 'why', 'report']);
  });

  it.each(STEPS.slice(0, 2))('$command prints what the page shows', ({ command, printed }) => {
    expect(firstMissing(printed, before.get(command) ?? '')).toBeNull();
  });

  it.each(STEPS.slice(2))('$command prints what the page shows', async ({ command, printed }) => {
    // A report reaches as far as the journal's last sign of life, of which there is one a minute.
    const lived = (): boolean =>
      /"row":"edge_failing"[\s\S]*\n\{"kind":"alive"/.test(
        readFileSync(path.join(folder, 'state/journal.jsonl'), 'utf8'),
      );
    if (command.startsWith('demarc report')) await vi.waitUntil(lived, PATIENCE);
    const now = await printedBy(command);
    expect(firstMissing(printed, now), now).toBeNull();
  });
});

describe('in an outage of a vendor', () => {
  it('every page is clean for axe, silent on the console, and says whose it is', async () => {
    const { page, complaints } = await browse({ width: 400, colorScheme: 'dark' });
    for (const where of ['/', `/service/${service}`, '/timeline', '/dependencies', '/vendor/cloudflare']) {
      await page.goto(running.url + where);
      await page.evaluate(AXE);
      const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
      expect(
        violations.map(({ id }) => id),
        where,
      ).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth'), where).toBe(400);
      expect(await page.locator('body').innerText(), where).toContain('Cloudflare');
    }
    // axe holds the page, whose question for news then waits too long on a slow machine.
    expect(complaints.filter((line) => !line.includes('does not answer'))).toEqual([]);
  });

  it('strangers learn that it is down and nothing of who is to blame', async () => {
    for (const where of [`${running.open}/`, `${running.url}/public/`]) {
      const page = await text(where);
      expect(page).toContain('<h1>The Blog is down.</h1>');
      expect(page).not.toMatch(/cloudflare|127\.0\.0\.\d|\.test\b|edge/i);
    }
    expect((await fetch(`${running.open}/metrics`)).status).toBe(404);
    expect(await text(`${running.open}/badge/${service}.svg`)).toContain('The Blog: down');
  });
});

describe('maintenance by hand', () => {
  const metric = (): RegExp => new RegExp(`^demarc_maintenance\\{[^}]*service="${service}"[^}]*\\} ([01])$`, 'm');
  const told = async (): Promise<string | undefined> => metric().exec(await text(`${running.url}/metrics`))?.[1];

  it('reaches the running demarc within moments, and ends when it is told to', async () => {
    expect(await told()).toBe('0');
    const begin = ['maintenance', 'start', service, '--for', '10m', '--reason', 'new disk', '-m', 'home.yaml'];
    expect((await runDemarc(begin, folder)).code).toBe(0);
    await expect.poll(told, PATIENCE).toBe('1');
    expect(await text(running.url)).toContain('new disk');
    expect(await partyOf(service)).toBe('vendor cloudflare');
    expect((await runDemarc(['maintenance', 'end', service], folder)).code).toBe(0);
    await expect.poll(told, PATIENCE).toBe('0');
  });
});

describe('the journal', () => {
  const days = async (): Promise<string> => text(`${running.url}/timeline`);
  const refused = async (): Promise<number> =>
    Number(/^demarc_state_write_errors_total\{[^}]*\} (\d+)$/m.exec(await text(`${running.url}/metrics`))?.[1]);

  it('survives a kill -9: timeline, feed and report still know the outage', async () => {
    await killed();
    running = await serve();
    await expect.poll(async () => partyOf(service), PATIENCE).toBe('vendor cloudflare');
    expect(await days()).toContain('Cloudflare');
    expect(await text(`${running.url}/feed.atom`)).toMatch(/<title>[^<]*Cloudflare/);
    const { code, stdout } = await runDemarc(['report', '--from', '1h'], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('Cloudflare');
  });

  it('says so when the disk takes no more, while demarc goes on judging', async () => {
    await killed();
    running = await serve(1);
    await expect.poll(async () => partyOf(service), PATIENCE).toBe('vendor cloudflare');
    await lab.heal();
    await expect.poll(async () => partyOf(service), PATIENCE).toBe('none');
    await expect.poll(refused, PATIENCE).toBeGreaterThan(0);
    expect(await text(running.url)).toContain('The journal cannot be written (EFBIG)');
  });
});
