// What strangers see: only what the map lists for them, and nothing of how it is built. Badges and feeds, for them and for us.
import { describe, expect, it } from 'vitest';
import { badge } from '../../status/badge.ts';
import { createPublicApp } from '../../status/public-routes.ts';
import { listen } from '../../status/server.ts';
import { STORY } from './fake-history.ts';
import { SCENES } from './fake-monitor.ts';
import { NOW, type Scene } from './fake-scenes.ts';
import { ask, rememberedJournal, statusServers } from './status-harness.ts';

const start = statusServers();

const VIEW = { title: 'Example status', services: { blog: 'The Blog', photos: 'Pictures' } };

const opened = (scene: Scene) => start(scene, { publicView: () => VIEW, journal: rememberedJournal(STORY) });

/** Whatever a stranger could learn from: hosts, addresses, vendors, layers, rows, signals, parties, the site, what is not listed. */
const SECRETS = [
  /192\.168|192\.0\.2|example\.(org|net|com)/,
  /cloudflare|desec|aws|fastly|amazon/i,
  /\b(edge|tunnel|origin|resolver|gateway|dns|certificate|uplink|host)\b/i,
  /[a-z]+_[a-z]+/,
  /\b(vendor|isp|registrar|yours)\b/i,
  /wiki/i,
  /\/(service|runbooks|api|fragment|metrics)\b/,
  /demarc/i,
];

describe('the public page', () => {
  it.each(Object.entries(SCENES))('leaks nothing: %s', async (_, scene) => {
    const { server } = await opened(scene);
    for (const path of ['', 'feed.atom', 'feed.rss', 'badge/blog.svg', 'badge/photos.svg'].map(
      (at) => `/public/${at}`,
    )) {
      const { status, body } = await ask(server, path);
      expect(status).toBe(200);
      const text = body.replace(
        /xmlns(:atom)?="[^"]+"|data:image[^"]+|<\?xml[^>]+>|class="[^"]*"|assets\/\w+|<rect[^>]*>/g,
        '',
      );
      for (const secret of SECRETS) expect(text).not.toMatch(secret);
    }
  });

  it('says which service works, since when, and how its 90 days were', async () => {
    const { server } = await opened(SCENES.vendorDown);
    const { body, headers } = await ask(server, '/public/');
    expect(body).toContain('<h1>The Blog is down.</h1>');
    expect(body).toMatch(/Pictures<\/h2><p class="facts"><span class="word">Works<\/span>/);
    expect(body).toContain(
      '<span class="word">Down</span> <span>since <time class="clock" datetime="2026-03-05T02:10:30.000Z">',
    );
    expect(body).toContain('2026-02-23: down for 2 h 2 min');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(body).not.toContain('<script');
  });

  it.each([
    ['healthy', 'Everything works.'],
    ['ownDown', 'Pictures is down.'],
    ['notReady', 'The Blog and Pictures: not known.'],
    ['uplinkDown', 'The Blog and Pictures are down.'],
  ] as const)('has one sentence: %s', async (scene, sentence) => {
    const { server } = await opened(SCENES[scene]);
    expect((await ask(server, '/public/')).body).toContain(`<h1>${sentence}</h1>`);
  });

  it('is not there unless the map asks for it', async () => {
    const { server } = await start(SCENES.healthy);
    for (const path of ['', 'feed.atom', 'feed.rss', 'badge/blog.svg', 'assets/page.css'].map((at) => `/public/${at}`))
      expect((await ask(server, path)).status).toBe(404);
  });

  it('shows no service that is not listed, and leads back to its own slash', async () => {
    const { server } = await opened(SCENES.healthy);
    expect((await ask(server, '/public/badge/wiki.svg')).status).toBe(404);
    expect((await ask(server, '/public/badge/constructor.svg')).status).toBe(404);
    const { status, headers } = await ask(server, '/public');
    expect([status, headers.location]).toEqual([301, 'public/']);
  });

  it('has a port of its own with nothing else on it', async () => {
    const { monitor } = await opened(SCENES.vendorDown);
    const options = { monitor: () => monitor, version: '1', log: () => undefined, now: () => NOW };
    const app = createPublicApp({ ...options, publicView: () => VIEW, journal: rememberedJournal(STORY) });
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    try {
      const { body } = await ask(server, '/', { headers: { host: 'status.example.com' } });
      expect(body).toContain('<h1>The Blog is down.</h1>');
      const loads = [...body.matchAll(/href="(assets\/[^"]+)"/g)].map((match) => match[1]);
      expect(loads.length).toBeGreaterThan(3);
      for (const path of loads) expect((await ask(server, `/${path}`)).status).toBe(200);
      for (const path of [
        '/service/blog',
        '/api/v1/verdicts',
        '/metrics',
        '/fragment',
        '/timeline',
        '/-/healthy',
        '/assets/page.js',
      ])
        expect((await ask(server, path)).status).toBe(404);
      expect((await ask(server, '/', { method: 'POST' })).status).toBe(405);
    } finally {
      await server.close();
    }
  });
});

describe('a badge', () => {
  it.each([
    ['healthy', 'blog: all fine'],
    ['vendorDown', 'blog: it is them'],
    ['unknown', 'blog: not proven'],
    ['notReady', 'blog: no data'],
  ] as const)('says the answer in words: %s', async (scene, words) => {
    const { server } = await start(SCENES[scene]);
    const { body, headers } = await ask(server, '/badge/blog.svg');
    expect(body).toContain(`aria-label="${words}"`);
    expect(body).toContain(`<title>${words}</title>`);
    expect(headers).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-security-policy': "default-src 'none'",
    });
  });

  it('may stand on other pages only when it is public', async () => {
    const { server } = await opened(SCENES.healthy);
    expect((await ask(server, '/badge/blog.svg')).headers['cross-origin-resource-policy']).toBe('same-origin');
    expect((await ask(server, '/public/badge/blog.svg')).headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect((await ask(server, '/badge/nobody.svg')).status).toBe(404);
  });

  it('keeps hostile text dead, and within bounds', () => {
    const markup = badge(
      `"><script>alert(1)</script>\u202e${'x'.repeat(999)}`,
      '</text><a href="javascript:1">',
      'own',
    );
    expect(markup).not.toMatch(/<script|<a |\u202e/);
    expect(Number(/width="(\d+)"/.exec(markup)?.[1])).toBeLessThan(600);
  });
});

describe('the feed', () => {
  it('tells what changed, newest first, under ids that a restart does not change', async () => {
    const { server } = await start(SCENES.vendorDown, { journal: rememberedJournal(STORY) });
    const { body, headers } = await ask(server, '/feed.atom');
    expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8');
    const titles = [...body.matchAll(/<title>([^<]*)<\/title>/g)].map((match) => match[1]);
    expect(titles).toEqual([
      'demarc at home: verdicts',
      'blog is down, and it is Cloudflare&#39;s edge, not you.',
      'photos answers.',
      'photos is down, and it is your own origin process.',
      'blog answers.',
      'blog is down, and it is Cloudflare&#39;s edge, not you.',
    ]);
    const again = await start(SCENES.healthy, { journal: rememberedJournal([...STORY]), now: () => NOW + 5_000 });
    expect((await ask(again.server, '/feed.atom')).body).toBe(body);
  });

  it('says less to strangers: down and back, and no more than that', async () => {
    const { server } = await opened(SCENES.vendorDown);
    const { body } = await ask(server, '/public/feed.atom');
    expect([...body.matchAll(/<content[^>]*>([^<]*)</g)].map((match) => match[1])).toEqual([
      'The Blog: down',
      'Pictures: works',
      'Pictures: down',
      'The Blog: works',
      'The Blog: down',
    ]);
  });

  it('is a feed before anything happened', async () => {
    const { server } = await start(SCENES.healthy);
    expect((await ask(server, '/feed.atom')).body).toContain('<updated>2026-03-05T02:14:30.000Z</updated>');
  });
});
