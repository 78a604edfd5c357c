// `demarc preview` against a fake Prometheus: what it writes, and what it says of what it cannot do.
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDemarc } from './run-demarc.ts';

let server: http.Server;
let url: string;
let sites = ['home'];
const folder = mkdtempSync(path.join(os.tmpdir(), 'demarc-preview-'));

beforeAll(async () => {
  server = http.createServer((_, response) => {
    const result = sites.map((site) => ({ metric: { site, service: '<b>blog</b>' }, value: [1_000, '1'] }));
    response.end(JSON.stringify({ data: { result } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

it('writes a page per dashboard and theme, and an index that leads to each', async () => {
  sites = ['home'];
  const out = path.join(folder, 'pages');
  const { code, stdout } = await runDemarc(['preview', 'dns', 'vendor', '-p', url, '-o', out, '--theme', 'both']);
  expect(code).toBe(0);
  expect(stdout.trim()).toBe(path.join(out, 'index.html'));
  const pages = readdirSync(out).filter((file) => file !== 'index.html');
  expect(pages.sort()).toEqual(
    ['dns', 'vendor'].flatMap((name) => ['dark', 'light'].map((theme) => `demarc-${name}-${theme}.html`)),
  );
  const index = readFileSync(path.join(out, 'index.html'), 'utf8');
  for (const page of pages) expect(index).toContain(`href="${page}"`);
  const page = readFileSync(path.join(out, 'demarc-dns-dark.html'), 'utf8');
  expect(page).toContain('data-theme="dark"');
  expect(page).not.toContain('<b>blog');
});

it('shows one service where only one can be chosen', async () => {
  sites = ['home'];
  const out = path.join(folder, 'single');
  expect((await runDemarc(['preview', 'service', 'dns', '-p', url, '-o', out])).code).toBe(0);
  const chosenIn = (name: string): string | undefined =>
    /Service<\/label> ([^<]+)/.exec(readFileSync(path.join(out, `demarc-${name}-light.html`), 'utf8'))?.[1];
  expect([chosenIn('service'), chosenIn('dns')]).toEqual(['&lt;b&gt;blog&lt;/b&gt;', 'All']);
});

it.each([
  ['a dashboard nobody has', ['nope'], /^nope: is no dashboard, there are .*vendor/],
  ['a duration', ['--last', '5x'], /^--last: 5x is no duration, write 30m, 6h or 7d/],
  ['a width', ['--width', '9'], /^--width: 9 is out of range/],
  ['a Prometheus that is not there', ['-p', 'http://127.0.0.1:1'], /^http:\/\/127.0.0.1:1: cannot be asked: .*--lab/],
])('says what is wrong with %s, and writes nothing', async (_, argv, message) => {
  sites = ['home'];
  const out = path.join(folder, 'nothing');
  const { code, stderr } = await runDemarc(['preview', '-p', url, '-o', out, ...argv]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(existsSync(out)).toBe(false);
});

it('asks which site when there are several, and takes only one that is there', async () => {
  sites = ['cabin', 'home'];
  const argv = ['preview', 'dns', '-p', url, '-o', path.join(folder, 'sites')];
  expect((await runDemarc(argv)).stderr).toMatch(/^--site: which one\?, cabin, home/);
  expect((await runDemarc([...argv, '--site', 'attic'])).stderr).toMatch(/^--site: no data of attic, .*cabin, home/);
  expect((await runDemarc([...argv, '--site', 'cabin'])).code).toBe(0);
  sites = [];
  expect((await runDemarc(argv)).stderr).toMatch(/^--site: this Prometheus has no data of demarc/);
});
