// The pages beside the overview: what leans on what, one vendor, failover, and a journal that cannot be written.
import { describe, expect, it } from 'vitest';
import { STORY } from './fake-history.ts';
import { SCENES } from './fake-monitor.ts';
import { ask, rememberedJournal, statusServers } from './status-harness.ts';

const start = statusServers();

describe('the dependency picture', () => {
  it('marks the break, draws what is shared once, and says the same as a list', async () => {
    const { server } = await start(SCENES.vendorDown);
    const { body } = await ask(server, '/dependencies');
    expect(body).toContain(
      'aria-label="What leans on what. Edge (Cloudflare) broken here, on the way to blog and wiki."',
    );
    expect(body.match(/<g class="box culprit">/g)).toHaveLength(1);
    expect(body).toMatch(
      /<b>Edge<\/b> \(<a href="\/vendor\/cloudflare">Cloudflare<\/a>\): broken here\.\s+blog and wiki lean on it\./,
    );
    expect(body).toMatch(/<b>Uplink<\/b> \(your ISP\): ok\.\s+blog, wiki and photos lean on it\./);
    // The broken one stands first in the list, and the way behind a break is dashed.
    expect(body.indexOf('<li class="culprit">')).toBeLessThan(body.indexOf('<li class="ok">'));
    expect(body.match(/class="way cut"/g)).toHaveLength(2);
    expect(body.match(/class="way"/g)).toHaveLength(3);
    const ends = [...body.matchAll(/class="(way|way cut)" d="M(\d+) \d+H(\d+)"/g)].map(([, ...parts]) => parts);
    const [[, , broken], [, behind, end]] = ends as [string[], string[]];
    expect(behind).toBe(broken);
    expect(Number(end)).toBeGreaterThan(Number(behind));
    // The broken one says whose it is as well, and only it needs a third line.
    expect(body).toMatch(/>Edge<\/text><text [^>]*>Cloudflare<\/text><text class="word" [^>]*>broken here</);
    expect(body.match(/<text class="word"/g)).toHaveLength(1);
  });

  it('keeps machines apart: one host down is not the other', async () => {
    const { server } = await start(SCENES.ownDown);
    const { body } = await ask(server, '/dependencies');
    expect(body.match(/<g class="box culprit">/g)).toHaveLength(1);
    expect(body).toMatch(/<b>Origin<\/b> \(you\): broken here\.\s+photos leans on it\./);
  });

  it('has no break when all is well', async () => {
    const { server } = await start(SCENES.healthy);
    expect((await ask(server, '/dependencies')).body).toContain('aria-label="What leans on what. Nothing is broken."');
  });
});

describe('the page of a vendor', () => {
  it('tells each component, who leans on it, what it takes down, and its months', async () => {
    const { server } = await start(SCENES.vendorDown, { journal: rememberedJournal(STORY) });
    const { body } = await ask(server, '/vendor/cloudflare');
    expect(body).toContain('<h1 id="title">Cloudflare</h1>');
    for (const component of ['edge', 'dns', 'tunnel']) expect(body).toContain(`id="component-${component}"`);
    expect(body).toContain('It takes down <a href="/service/blog">blog</a>, <a href="/service/wiki">wiki</a>.');
    expect(body).toMatch(/<td>2026-02<\/td><td>edge<\/td>\s*<td>99\.\d{3} %<\/td><td>2 h 2 min<\/td><td>1<\/td>/);
    expect(body).toContain('href="https://www.cloudflarestatus.com/"');
    expect(body).toMatch(
      /Its status page says operational\. It has told of no trouble since the first failure here, [^<]+ ago\./,
    );
  });

  it('is led to from the overview, and is not there for strangers to the map', async () => {
    const { server } = await start(SCENES.healthy);
    expect((await ask(server, '/')).body).toContain('<a href="/vendor/fastly">Fastly</a>');
    expect((await ask(server, '/vendor/nobody')).status).toBe(404);
    expect((await ask(server, '/vendor/__proto__')).status).toBe(404);
  });
});

describe('a failure that a second path would mend', () => {
  it.each([
    ['yes', 'Ready: the second path works'],
    ['no', 'Not ready: the second path fails too'],
    ['unknown', 'Whether the second path works is not known'],
  ] as const)('says whether it is ready: %s', async (failover, words) => {
    const verdicts = SCENES.vendorDown.verdicts.map((verdict) => ({ ...verdict, failover }));
    const { server } = await start({ ...SCENES.vendorDown, verdicts });
    expect((await ask(server, '/service/blog')).body).toContain(words);
    expect((await ask(server, '/service/photos')).body).not.toContain(words);
  });
});

describe('a journal that cannot be written', () => {
  it('is said on the page, with what the disk answered', async () => {
    const { server } = await start(SCENES.healthy, { journal: rememberedJournal([], 'ENOSPC') });
    expect((await ask(server, '/')).body).toContain('The journal cannot be written (ENOSPC).');
    const { server: well } = await start(SCENES.healthy, { journal: rememberedJournal([]) });
    expect((await ask(well, '/')).body).not.toContain('cannot be written');
  });
});
