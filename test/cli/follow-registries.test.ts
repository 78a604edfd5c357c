// The list of RDAP servers, kept fresh from a server on loopback: what is taken from it, when it is asked for, and what stays
// when it does not come.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { followRegistries } from '../../cli/follow-registries.ts';
import { readServiceList } from '../../exporters/registration/service-list.ts';
import { type DemarcMap, parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { forwardProxy } from '../exporters/forward-proxy.ts';
import { httpServer } from '../exporters/local-server.ts';
import { manualClock } from '../manual-clock.ts';

const DAY_MS = 86_400_000;
const START = 1_800_000_000_000;

const listOf = (...services: unknown[]): string =>
  JSON.stringify({ version: '1.0', publication: '2026-11-01T00:00:00Z', services });

const LIST = listOf(
  [
    ['one', 'two'],
    ['http://in-the-clear.test/', 'https://rdap.test/v1'],
  ],
  [['three'], []],
);

const mapAt = (rdapList: string, more = ''): DemarcMap =>
  parseMap(
    `version: 1\nanchors: []\nwatch: []\nrdapList: ${rdapList}\n${more}services: { shop: { url: https://www.shop.one/ } }\n`,
    'demarc.yaml',
    '/',
  );

/** A list that can be changed, and somebody who follows it. */
async function bench({ folder = folderOf(), body = LIST, more = '', start = START } = {}) {
  const said = { body, status: 200, asked: 0 };
  const { port } = await httpServer((_, response) => {
    said.asked += 1;
    response.writeHead(said.status).end(said.body);
  });
  const map = mapAt(`{ url: 'http://127.0.0.1:${port}/dns.json' }`, more);
  return { ...following(map, folder, start), said, map, port, folder };
}

function folderOf(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-registries-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function following(map: DemarcMap, folder: string, start = START) {
  const clock = manualClock(start);
  const news: unknown[] = [];
  const logged: string[] = [];
  const registries = followRegistries(map, {
    folder,
    clock,
    log: (_, message, details) => void logged.push(`${message} ${JSON.stringify(details ?? {})}`),
    onNew: () => void news.push(registries.present()),
  });
  onTestFinished(() => registries.stop());
  registries.follow(map);
  const present = () => Object.fromEntries(registries.present() ?? []);
  return { clock, registries, news, logged, present };
}

const TAKEN = { one: 'https://rdap.test/v1/', two: 'https://rdap.test/v1/' };

describe('the list of registries', () => {
  it('is the one that came with demarc, and nobody is asked, unless the map wants another', async () => {
    const { clock, registries, news } = following(mapAt('bundled'), folderOf());
    await clock.pass(30 * DAY_MS);
    expect([registries.present(), news]).toEqual([undefined, []]);
  });

  it('is fetched at the start and every week, told when it is another one, and outlives a restart', async () => {
    const first = await bench();
    await first.clock.pass(0);
    await expect.poll(first.present).toEqual(TAKEN);
    expect(first.news).toHaveLength(1);
    await first.clock.pass(7 * DAY_MS - 1);
    expect(first.said.asked).toBe(1);
    await first.clock.pass(1);
    await expect.poll(() => first.said.asked).toBe(2);
    await expect.poll(() => first.clock.now() - keptIn(first.folder).at).toBe(0);
    expect(first.news).toHaveLength(1);
    first.said.body = listOf([['one'], ['https://new.test/']]);
    await first.clock.pass(7 * DAY_MS);
    await expect.poll(() => first.news).toHaveLength(2);
    expect(first.present()).toEqual({ one: 'https://new.test/' });
    const again = following(first.map, first.folder, first.clock.now() + DAY_MS);
    await again.clock.pass(6 * DAY_MS - 1);
    expect([again.present(), first.said.asked]).toEqual([{ one: 'https://new.test/' }, 3]);
  });

  it.each([
    ['an error', 503, LIST, 'http_status'],
    ['a page', 200, '<!doctype html>', 'not JSON'],
    ['a list of nobody', 200, listOf(), 'a list without RDAP servers'],
    ['another version', 200, LIST.replace('1.0', '2.0'), 'no list of RDAP servers'],
    ['more than anybody needs', 200, `${LIST}${' '.repeat(1_048_576)}`, 'http_too_large'],
  ])('stays as it is when the answer is %s, and is asked for an hour later', async (_, status, body, reason) => {
    const { clock, said, present, news, logged } = await bench();
    await clock.pass(0);
    await expect.poll(present).toEqual(TAKEN);
    Object.assign(said, { status, body });
    await clock.pass(7 * DAY_MS);
    await expect.poll(() => logged.join()).toContain(`the one there is stays {"reason":"${reason}"}`);
    expect([present(), news]).toMatchObject([TAKEN, { length: 1 }]);
    Object.assign(said, { status: 200, body: LIST });
    await clock.pass(3_600_000 - 1);
    expect(said.asked).toBe(2);
    await clock.pass(1);
    await expect.poll(() => said.asked).toBe(3);
  });

  it('of another place, of the future, or that cannot be read is not believed', async () => {
    const folder = folderOf();
    const file = path.join(folder, 'rdap-servers.json');
    const elsewhere = mapAt(`{ url: 'http://127.0.0.1:1/' }`);
    const kept = { version: 1, url: 'http://127.0.0.1:1/', at: START + 1, servers: TAKEN };
    writeFileSync(file, JSON.stringify(kept));
    expect(following(elsewhere, folder).registries.present()).toBeUndefined();
    expect(following(elsewhere, folder, START + 1).present()).toEqual(TAKEN);
    expect(following(mapAt('{}'), folder, START + 1).registries.present()).toBeUndefined();
    for (const text of ['{"version":', '{"version":2}']) {
      writeFileSync(file, text);
      const { registries, logged } = following(elsewhere, folder);
      expect([registries.present(), logged.join()]).toEqual([undefined, expect.stringContaining('was not readable')]);
    }
  });

  it('goes by a new map: another place is asked at once, and none when it is bundled again', async () => {
    const one = await bench();
    await one.clock.pass(0);
    await expect.poll(one.present).toEqual(TAKEN);
    one.registries.follow(mapAt('bundled'));
    await one.clock.pass(30 * DAY_MS);
    expect([one.registries.present(), one.said.asked]).toEqual([undefined, 1]);
    one.registries.follow(one.map);
    await one.clock.pass(0);
    await expect.poll(() => one.said.asked).toBe(2);
  });

  it('comes through the forward proxy of the map, unless it is in the house', async () => {
    const proxy = await forwardProxy({ hosts: { 'list.test': '127.0.0.1' } });
    const { port, folder } = await bench();
    const through = mapAt(`{ url: 'http://list.test:${port}/' }`, `proxy: { url: 'http://127.0.0.1:${proxy.port}' }\n`);
    const { clock, present } = following(through, folder);
    await clock.pass(0);
    await expect.poll(present).toEqual(TAKEN);
    expect(proxy.asked).toEqual([`GET http://list.test:${port}/`]);
  });
});

const keptIn = (folder: string): { at: number } =>
  JSON.parse(readFileSync(path.join(folder, 'rdap-servers.json'), 'utf8'));

it('a plan asks the servers of the list, and lets them send us on to each other', () => {
  const registries = readServiceList(LIST);
  const { targets } = planOf(mapAt('bundled'), { ...NOTHING_KNOWN, registries });
  expect(targets.find(({ id }) => id === 'registration/shop.one')?.settings).toMatchObject({
    server: 'https://rdap.test/v1/',
    registries: ['rdap.test'],
  });
  expect(JSON.stringify(planOf(mapAt('bundled'), NOTHING_KNOWN).targets)).not.toContain('rdap.test');
});
