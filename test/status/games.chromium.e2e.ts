// Game day in a real browser: the replay of Cloudflare's outage, from the list to the result, in less than three minutes.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGames, type RunningGames } from '../../replay/games.ts';
import { browserWindows } from './browser-windows.ts';
import { SCENES } from './fake-monitor.ts';
import { statusServers } from './status-harness.ts';

const GAME = 'cloudflare-2025-11-18';
const THREE_MINUTES_MS = 180_000;

const start = statusServers();
const browse = browserWindows();
let games: RunningGames;

beforeAll(() => {
  games = createGames({ version: 'test', speed: 3 });
});

afterAll(() => games.stop());

it('tells the whole story of a Cloudflare outage within three minutes', async () => {
  const { server } = await start(SCENES.healthy, { games });
  const { page, complaints } = await browse();
  const began = performance.now();
  await page.goto(`${server.url}/games`);
  expect(await page.locator('.games li').count()).toBe(games.list.length);
  await page.locator(`a[href="/games/${GAME}"]`).click();
  expect(await page.locator('.story').textContent()).toContain('What misleads: the 500 reads like the application');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByText('at 3 times the speed').waitFor({ timeout: THREE_MINUTES_MS });
  const now = page.locator('.lane', { hasText: 'broken now' }).first();
  await now.waitFor({ timeout: THREE_MINUTES_MS });
  expect(await now.textContent()).toContain("Break Cloudflare's edge");
  const told = page.locator('.story-table td', { hasText: "blog is down, and it is Cloudflare's edge, not you." });
  await told.first().waitFor({ timeout: THREE_MINUTES_MS });

  // A reader without script meets the same story, and a second play has to wait.
  const { page: plain } = await browse({ javaScriptEnabled: false });
  await plain.goto(`${server.url}/games/${GAME}`);
  expect(await plain.locator('.story-table').textContent()).toContain("it is Cloudflare's edge, not you.");
  await plain.goto(`${server.url}/games/origin-refused`);
  expect(await plain.locator('.state').textContent()).toContain('Another game is being played');

  const result = page.locator('.ending h2');
  await result.waitFor({ timeout: THREE_MINUTES_MS });
  expect(performance.now() - began).toBeLessThan(THREE_MINUTES_MS);
  expect(await result.textContent()).toContain('demarc said what it should.');
  const rows = await page.locator('.story-table tbody tr').allTextContents();
  const at = (text: string): number => rows.findIndex((row) => row.includes(text));
  expect(at('Begins:')).toBeLessThan(at("it is Cloudflare's edge"));
  expect(rows.filter((row) => row.includes('it is yours'))).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  expect(complaints).toEqual([]);
}, 240_000);
