// The page as a reader meets it, in a real browser: live without reload, readable without script, usable on a phone.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserWindows } from './browser-windows.ts';
import { fakeDemo, SCENES } from './fake-monitor.ts';
import { ask, statusServers } from './status-harness.ts';

/** Runs in the page: what sticks out of the window where nothing may scroll. */
const TEXTS_CUT_OFF = `[...document.querySelectorAll('.bar *, .answer *, .demo button')]
  .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
  .map((element) => element.outerHTML)`;

const start = statusServers();
const browse = browserWindows();

const heading = (page: Page) => page.locator('h1').textContent();

describe('the page in Chromium', () => {
  it('says the answer, and changes it without a reload', async () => {
    const { server, monitor } = await start(SCENES.healthy);
    const { page, complaints } = await browse();
    await page.goto(server.url);
    expect(await heading(page)).toBe('All fine: 3 services answer.');
    expect(await page.locator('.answer').getAttribute('data-tone')).toBe('ok');
    await page.locator('article', { hasText: 'wiki' }).locator('summary').click();
    await page.evaluate("document.body.setAttribute('data-kept', 'yes')");

    await expect.poll(() => monitor.listeners()).toBe(1);
    monitor.show(SCENES.ownDown);
    await expect
      .poll(() => heading(page), { timeout: 3_000 })
      .toBe('photos is down, and it is your own origin process.');
    expect(await page.locator('.answer').getAttribute('data-tone')).toBe('own');
    expect(await page.title()).toBe('photos is down, and it is your own origin process. - demarc');
    expect(await page.locator('body').getAttribute('data-kept')).toBe('yes');
    expect(await page.locator('article', { hasText: 'wiki' }).locator('details').getAttribute('open')).toBe('');
    expect(await page.locator('article').first().getAttribute('data-key')).toBe('photos origin_refused');
    expect(await page.locator('.hop.culprit').textContent()).toMatch(/Origin\s+you\s+broken here/);
    expect(complaints).toEqual([]);
  });

  it('says everything without script', async () => {
    const { server } = await start(SCENES.vendorDown, { demo: fakeDemo() });
    const { page } = await browse({ javaScriptEnabled: false });
    await page.goto(server.url);
    expect(await heading(page)).toBe("blog and wiki are down, and it is Cloudflare's edge, not you.");
    const text = await page.locator('body').textContent();
    for (const part of ['Do not touch the origin.', 'broken here', '02:10:30 UTC', 'The buttons need JavaScript']) {
      expect(text).toContain(part);
    }
  });

  it.each(Object.entries(SCENES))('fits a phone: %s', async (_, scene) => {
    const { server } = await start(scene, { demo: fakeDemo() });
    const { page } = await browse({ width: 360 });
    await page.goto(server.url);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const cut = await page.evaluate(TEXTS_CUT_OFF);
    expect(cut).toEqual([]);
  });

  it('breaks and heals by its buttons', async () => {
    const demo = fakeDemo();
    const { server } = await start(SCENES.healthy, { demo });
    const { page, complaints } = await browse();
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Cut the uplink' }).click();
    await expect.poll(() => demo.injected).toEqual([{ kind: 'uplink_cut' }]);
    const heal = page.getByRole('button', { name: 'Heal: Cut the uplink' });
    await heal.waitFor();
    expect(await page.getByRole('button', { name: 'Cut the uplink broken now' }).isDisabled()).toBe(true);
    await heal.click();
    await page.getByText('Nothing is broken on purpose right now.').waitFor();
    expect(demo.faults()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('keeps a button pressed until the world has answered, and says why it refused', async () => {
    const demo = fakeDemo();
    let refuse = (_: Error) => undefined as unknown;
    demo.inject = () =>
      new Promise((_, reject) => {
        refuse = reject;
      });
    const { server } = await start(SCENES.healthy, { demo });
    const { page } = await browse();
    await page.goto(server.url);
    const button = page.getByRole('button', { name: 'Stop your resolver' });
    await button.click();
    await expect.poll(() => button.isDisabled()).toBe(true);
    refuse(new Error('the resolver is no more'));
    await page.getByText('the resolver is no more').waitFor();
    await expect.poll(() => button.isEnabled()).toBe(true);
  });

  it('says when demarc is gone, and when it is back', async () => {
    const { server, monitor } = await start(SCENES.healthy);
    const { page } = await browse();
    await page.goto(server.url);
    await expect.poll(() => monitor.listeners()).toBe(1);
    await server.close();
    const lost = page.getByText('Connection to demarc lost since');
    await lost.waitFor({ timeout: 8_000 });
    expect(await heading(page)).toBe('All fine: 3 services answer.');

    await start(SCENES.ownDown, {}, server.port);
    await expect.poll(() => heading(page), { timeout: 12_000 }).toContain('photos is down');
    expect(await lost.isVisible()).toBe(false);
  });

  it('has runbooks that need no script', async () => {
    const { server } = await start(SCENES.vendorDown);
    const { page, complaints } = await browse();
    await page.goto(server.url);
    await page.getByRole('link', { name: 'Why demarc says so' }).first().click();
    expect(await heading(page)).toBe('Edge failing');
    expect(complaints).toEqual([]);
  });

  it('keeps hostile text dead', async () => {
    const evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';
    const [first, ...others] = SCENES.ownDown.verdicts;
    if (first === undefined) throw new Error('no verdict');
    const evidence = [{ signal: 'service', state: 'bad' as const, text: evil }];
    const verdicts = [{ ...first, headline: evil, party: 'own' as const, row: 'unexplained', evidence }, ...others];
    const { server, monitor } = await start({ ...SCENES.ownDown, verdicts });
    const { page, complaints } = await browse();
    await page.goto(server.url);
    await expect.poll(() => monitor.listeners()).toBe(1);
    monitor.show({
      ...SCENES.ownDown,
      verdicts: verdicts.map((verdict) => ({ ...verdict, headline: `${evil} again` })),
    });
    await expect.poll(() => page.locator('body').textContent()).toContain(`${evil} again`);
    expect(await page.evaluate("'hit' in window")).toBe(false);
    expect(complaints).toEqual([]);
    expect((await ask(server, '/-/healthy')).status).toBe(200);
  });
});
