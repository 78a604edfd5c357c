// Every page by the same measures, in a real browser: accessibility, width, weight, keyboard, paper, and no script needed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { browserWindows } from './browser-windows.ts';
import { STORY } from './fake-history.ts';
import { fakeDemo, SCENES } from './fake-monitor.ts';
import type { Scene } from './fake-scenes.ts';
import { type Harness, rememberedJournal, statusServers } from './status-harness.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const PAGES = [
  '/',
  '/service/blog',
  '/timeline',
  '/dependencies',
  '/vendor/cloudflare',
  '/runbooks/edge_failing',
  '/public/',
  '/nothing',
] as const;

const HEAVIEST_BYTES = 50_000;

const start = statusServers();
const browse = browserWindows();

const shown = (scene: Scene): Promise<Harness> =>
  start(scene, {
    journal: rememberedJournal(STORY, 'ENOSPC'),
    demo: fakeDemo(),
    publicView: () => ({ title: 'Example status', services: { blog: 'The Blog', photos: 'Pictures' } }),
  });

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

describe('every page', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await shown(SCENES.vendorDown);
  });

  it.each(['light', 'dark'] as const)('is clean for axe: %s', async (colorScheme) => {
    const { page, complaints } = await browse({ colorScheme });
    for (const path of PAGES) {
      await page.goto(harness.server.url + path);
      expect(await violationsOf(page), path).toEqual([]);
    }
    // What is not there answers 404, which the console tells too; and axe holds the page, whose question for news then waits too long.
    expect(complaints.filter((line) => !/404|does not answer/.test(line))).toEqual([]);
  });

  it('scrolls in one direction only, from a small phone to a wall', async () => {
    const { page } = await browse();
    for (const path of PAGES) {
      await page.goto(harness.server.url + path);
      for (const width of [360, 768, 1280, 2560, 3840]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate('document.documentElement.scrollWidth'), `${path} at ${width}`).toBeLessThanOrEqual(
          width,
        );
      }
    }
  });

  it('loads less than 50 kB', async () => {
    const { page } = await browse();
    for (const path of PAGES) {
      const sizes: Promise<number>[] = [];
      const count = (request: { sizes(): Promise<{ responseBodySize: number }> }): void => {
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
      };
      page.on('requestfinished', count);
      await page.goto(harness.server.url + path, { waitUntil: 'load' });
      page.off('requestfinished', count);
      const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
      expect(sizes.length, path).toBeGreaterThan(2);
      expect(bytes, path).toBeLessThan(HEAVIEST_BYTES);
    }
  });

  it('can be walked through by keyboard, and shows where one is', async () => {
    const { page } = await browse({ javaScriptEnabled: false });
    const { page: counting } = await browse();
    for (const path of ['/', '/service/blog', '/timeline', '/dependencies', '/vendor/cloudflare', '/public/']) {
      await counting.goto(harness.server.url + path);
      const reachable = await counting.locator(':is(a[href], button:enabled, summary, [tabindex="0"]):visible').count();
      const seen = new Set<string>();
      await counting.evaluate('document.activeElement?.blur()');
      for (let step = 0; step < reachable; step += 1) {
        await counting.keyboard.press('Tab');
        const focused = await counting.evaluate<{ markup: string; index: number; ring: string }>(
          `({ markup: document.activeElement.outerHTML.slice(0, 200), index: [...document.querySelectorAll('a[href], button:enabled, summary, [tabindex="0"]')].indexOf(document.activeElement),
              ring: getComputedStyle(document.activeElement).outlineStyle })`,
        );
        expect(focused.ring, `${path} ${focused.markup}`).not.toBe('none');
        seen.add(String(focused.index));
      }
      expect([seen.size, seen.has('-1')], path).toEqual([reachable, false]);
    }
    await page.goto(harness.server.url);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the services');
  });

  it('reads on paper: dark on light, with nothing to press', async () => {
    const { page } = await browse({ colorScheme: 'dark' });
    for (const path of PAGES) {
      await page.goto(harness.server.url + path);
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor'), path).toBe('rgb(255, 255, 255)');
      expect(await page.locator('button:visible, nav:visible').count(), path).toBe(0);
      expect(await page.locator('h1').isVisible(), path).toBe(true);
      await page.emulateMedia({ media: 'screen' });
    }
  });

  it('says its answer without script', async () => {
    const { page } = await browse({ javaScriptEnabled: false });
    const said = async (path: string): Promise<string> => {
      await page.goto(harness.server.url + path);
      return page.locator('body').innerText();
    };
    expect(await said('/service/blog')).toContain("blog is down, and it is Cloudflare's edge, not you.");
    expect(await said('/timeline')).toContain('90 days: 38 fine, 2 with failures and 50 without data.');
    expect(await said('/public/')).toContain('The Blog is down.');
    expect(await said('/dependencies')).toContain('Edge (Cloudflare): broken here.');
    expect(await said('/vendor/cloudflare')).toContain('It takes down blog, wiki.');
    expect(await said('/runbooks/edge_failing')).toContain('Edge failing');
    expect(await said('/')).toContain('The journal cannot be written (ENOSPC).');
  });
});

describe('many services', () => {
  it('still load in less than 50 kB', async () => {
    const [first] = SCENES.mixed.verdicts;
    if (first === undefined) throw new Error('no verdict');
    const verdicts = Array.from({ length: 30 }, (_, n) => ({ ...first, service: `service-${n}` }));
    const { server } = await start({ ...SCENES.mixed, verdicts });
    const { page } = await browse();
    const answer = await page.goto(server.url);
    const { responseBodySize } = (await answer?.request().sizes()) ?? { responseBodySize: Number.NaN };
    expect((await answer?.text())?.length).toBeGreaterThan(HEAVIEST_BYTES);
    expect(responseBodySize).toBeLessThan(HEAVIEST_BYTES / 2);
  });
});

describe('hostile text', () => {
  const EVIL = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>\u202egnp.exe ${'w'.repeat(3_000)}`;

  it('is inert and bounded on every page', async () => {
    const journal = STORY.map((entry) =>
      entry.kind === 'verdict' ? { ...entry, headline: EVIL, because: EVIL } : entry,
    );
    const verdicts = SCENES.vendorDown.verdicts.map((verdict) => ({
      ...verdict,
      headline: EVIL,
      because: EVIL,
      action: EVIL,
      cause: EVIL,
      evidence: [{ signal: EVIL, state: 'bad' as const, text: EVIL }],
    }));
    const view = { title: EVIL, services: { blog: EVIL, photos: 'Pictures' } };
    const options = { journal: rememberedJournal(journal, EVIL), publicView: () => view };
    const { server } = await start({ ...SCENES.vendorDown, verdicts }, options);
    const { page } = await browse({ width: 360 });
    for (const path of PAGES) {
      await page.goto(server.url + path);
      expect(await page.evaluate("'hit' in window"), path).toBe(false);
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(360);
      expect(await page.content(), path).not.toContain('\u202e');
    }
  });
});
