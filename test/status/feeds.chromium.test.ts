// The feeds as a reader of feeds takes them: XML that a browser parses, held against what RFC 4287 and RSS 2.0 demand.
import { describe, expect, it } from 'vitest';
import { browserWindows } from './browser-windows.ts';
import { STORY } from './fake-history.ts';
import { SCENES } from './fake-monitor.ts';
import { ask, rememberedJournal, statusServers } from './status-harness.ts';

const start = statusServers();
const browse = browserWindows();

/** Runs in the page: what RFC 4287 demands of a feed, as far as it is broken. */
const ATOM_FAULTS = `(text) => {
  const xml = new DOMParser().parseFromString(text, 'application/xml');
  const faults = [...xml.querySelectorAll('parsererror')].map((error) => error.textContent);
  const ATOM = 'http://www.w3.org/2005/Atom';
  const feed = xml.documentElement;
  if (feed.namespaceURI !== ATOM || feed.localName !== 'feed') return [...faults, 'the root is no feed'];
  const own = (parent, name) => [...parent.children].filter((child) => child.namespaceURI === ATOM && child.localName === name);
  const once = (parent, name) => {
    if (own(parent, name).length !== 1) faults.push(parent.localName + ' has ' + own(parent, name).length + ' ' + name);
  };
  const entries = own(feed, 'entry');
  for (const part of [feed, ...entries]) {
    for (const name of ['id', 'title', 'updated']) once(part, name);
    const [id, updated] = [own(part, 'id')[0]?.textContent, own(part, 'updated')[0]?.textContent];
    if (!/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) faults.push('id ' + id);
    if (!/^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$/.test(updated)) faults.push('updated ' + updated);
    for (const link of own(part, 'link')) {
      if (!link.hasAttribute('href')) faults.push('a link leads nowhere');
      if (!/^[a-z]+\\/[a-z.+-]+$/.test(link.getAttribute('type'))) faults.push('type ' + link.getAttribute('type'));
    }
    const alternates = own(part, 'link').filter((link) => link.getAttribute('rel') === 'alternate');
    if (alternates.length !== 1) faults.push(part.localName + ' has ' + alternates.length + ' alternates');
  }
  once(feed, 'author');
  if (own(feed, 'author')[0]?.children[0]?.localName !== 'name') faults.push('the author has no name');
  for (const entry of entries) {
    once(entry, 'content');
    if (own(entry, 'content')[0]?.children.length !== 0) faults.push('content of type text has children');
  }
  const ids = [feed, ...entries].map((part) => own(part, 'id')[0]?.textContent);
  if (new Set(ids).size !== ids.length) faults.push('two parts share an id');
  return [...faults, entries.length + ' entries'];
}`;

/** Runs in the page: what https://www.rssboard.org/rss-specification demands, as far as it is broken. */
const RSS_FAULTS = `(text) => {
  const xml = new DOMParser().parseFromString(text, 'application/xml');
  const faults = [...xml.querySelectorAll('parsererror')].map((error) => error.textContent);
  const rss = xml.documentElement;
  if (rss.localName !== 'rss' || rss.namespaceURI !== null || rss.getAttribute('version') !== '2.0') return [...faults, 'the root is no RSS 2.0'];
  const own = (parent, name) => [...parent.children].filter((child) => child.namespaceURI === null && child.localName === name);
  const once = (parent, name) => {
    if (own(parent, name).length !== 1) faults.push(parent.localName + ' has ' + own(parent, name).length + ' ' + name);
    return own(parent, name)[0]?.textContent ?? '';
  };
  once(rss, 'channel');
  const [channel] = own(rss, 'channel');
  const items = own(channel, 'item');
  const address = (text) => /^https?:/.test(text) && URL.canParse(text) || faults.push('no whole address: ' + text);
  const date = (text) => /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z][a-z] \\d{4} \\d\\d:\\d\\d:\\d\\d GMT$/.test(text) && Date.parse(text) > 0 || faults.push('no date: ' + text);
  for (const name of ['title', 'description']) once(channel, name);
  address(once(channel, 'link'));
  date(once(channel, 'lastBuildDate'));
  const self = [...channel.children].filter(({ namespaceURI }) => namespaceURI === 'http://www.w3.org/2005/Atom');
  if (self.length !== 1 || self[0].getAttribute('rel') !== 'self') faults.push('does not say where it is');
  else address(self[0].getAttribute('href'));
  for (const item of items) {
    for (const name of ['title', 'description', 'guid']) once(item, name);
    address(once(item, 'link'));
    date(once(item, 'pubDate'));
    if (own(item, 'guid')[0]?.getAttribute('isPermaLink') !== 'false') faults.push('the guid passes for an address');
    // Readers show a description as HTML, and some a title too: neither may bring an element along.
    for (const name of ['title', 'description']) {
      const shown = new DOMParser().parseFromString(own(item, name)[0].textContent, 'text/html');
      if (shown.body.children.length + shown.head.children.length > 0) faults.push(name + ' holds elements');
    }
  }
  const ids = items.map((item) => own(item, 'guid')[0]?.textContent);
  if (new Set(ids).size !== ids.length) faults.push('two items share a guid');
  return [...faults, items.length + ' entries'];
}`;

const RULES = { atom: ATOM_FAULTS, rss: RSS_FAULTS } as const;

describe('the feeds', () => {
  const EVIL = `]]></title><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>\u0000\u000b\u202e\ud800&nbsp;`;
  const story = STORY.map((entry) =>
    entry.kind === 'verdict' && entry.party !== 'none' ? { ...entry, headline: EVIL, because: EVIL } : entry,
  );

  it.each(
    (['atom', 'rss'] as const).flatMap((format) => [
      [format, '', STORY] as const,
      [format, '', story] as const,
      [format, 'public/', story] as const,
      [format, '', []] as const,
    ]),
  )('keep the rules: %s below /%s', async (format, folder, entries) => {
    const view = { title: '<b>Status</b> & more', services: { blog: '<i>The Blog</i>', photos: 'Pictures' } };
    const { server } = await start(SCENES.healthy, { journal: rememberedJournal(entries), publicView: () => view });
    const { page } = await browse();
    await page.goto(`${server.url}/timeline`);
    const read = `fetch('/${folder}feed.${format}').then((answer) => answer.text()).then(${RULES[format]})`;
    expect(await page.evaluate(read)).toEqual([`${entries.length === 0 ? 0 : 5} entries`]);
  });

  it('tell the same under the same ids, in both languages', async () => {
    const { server } = await start(SCENES.healthy, { journal: rememberedJournal(STORY) });
    const [atom, rss] = await Promise.all(['/feed.atom', '/feed.rss'].map((path) => ask(server, path)));
    const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]);
    const ids = /<(?:id|guid isPermaLink="false")>(urn:[^<]+)</g;
    const titles = /<title>([^<]*)</g;
    // The feed of Atom has an id of its own, RSS does not.
    expect(all(rss?.body ?? '', ids)).toEqual(all(atom?.body ?? '', ids).slice(1));
    expect(all(rss?.body ?? '', titles)).toEqual(all(atom?.body ?? '', titles));
    expect(rss?.headers['content-type']).toBe('application/rss+xml; charset=utf-8');
  });

  it('lead, in RSS, to the name they were asked by', async () => {
    const { server } = await start(SCENES.healthy, {
      journal: rememberedJournal(STORY),
      publicView: () => ({ title: 'Status', services: { blog: 'The Blog' } }),
    });
    const linksOf = async (path: string, headers: Record<string, string> = {}) => {
      const { body } = await ask(server, path, { headers });
      return [...new Set([...body.matchAll(/<link>([^<]*)</g)].map((match) => match[1]))];
    };
    expect(await linksOf('/feed.rss')).toEqual([
      `${server.url}/`,
      `${server.url}/service/blog`,
      `${server.url}/service/photos`,
    ]);
    const behindProxy = { host: 'status.lan', 'x-forwarded-proto': 'https' };
    expect(await linksOf('/public/feed.rss', behindProxy)).toEqual(['https://status.lan/public/']);
    expect((await ask(server, '/feed.rss', { headers: { host: 'a b' } })).status).toBe(400);
  });

  it('would be caught breaking them', async () => {
    const { page } = await browse();
    const judge = (rules: string) => (text: string) => page.evaluate(`(${rules})(${JSON.stringify(text)})`);
    const check = judge(ATOM_FAULTS);
    expect(await check('<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>y</id></feed>')).toContain(
      'feed has 0 updated',
    );
    expect(await check('<feed>&nbsp;</feed>')).toContain('the root is no feed');
    const checkRss = judge(RSS_FAULTS);
    const item = '<item><title>x</title><link>service/x</link><description>&lt;b&gt;</description></item>';
    const faults = await checkRss(`<rss version="2.0"><channel><title>x</title>${item}</channel></rss>`);
    for (const fault of [
      'channel has 0 link',
      'no whole address: service/x',
      'description holds elements',
      'no date: ',
    ])
      expect(faults).toContain(fault);
    expect(await checkRss('<rss version="0.91"/>')).toContain('the root is no RSS 2.0');
  });
});
