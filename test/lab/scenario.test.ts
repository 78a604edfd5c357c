// Scenario files: the ones that come with the lab, and what is said about bad ones.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectFile } from '../../catalog/root.ts';
import { FAULT_KINDS } from '../../lab/faults.ts';
import { OUTAGES } from '../../lab/outages.ts';
import { builtInScenarios, loadScenario, parseScenario } from '../../lab/scenario.ts';
import { HOMELAB } from '../../lab/worlds/homelab.ts';
import { UserError } from '../../map/user-error.ts';
import { VOCABULARY } from '../../replay/vocabulary.ts';
import { TABLE } from '../../verdict/table.ts';
import { VENDOR_TABLE } from '../../verdict/vendor-table.ts';

const GOOD = `id: sample
title: A sample
world: homelab
timeline:
  - { at: 0s, break: { kind: edge_5xx, target: cloudflare, rate: 0.7, ramp: 20s }, as: edge }
  - { at: 1m, heal: edge }
expect:
  - { service: blog, from: 50s, to: 60s, party: vendor, vendor: cloudflare, component: edge, cause: edge failing }
never: [{ party: own }]
alert: { owner: vendor, vendor: cloudflare }
`;

function problemsOf(text: string): string[] {
  try {
    parseScenario(text, 'x.yml', VOCABULARY);
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** Whoever plays all of them waits for the longest, and those that take the machine itself away need the most. */
const LONGEST_MS = 200_000;

describe('built-in scenarios', () => {
  const scenarios = builtInScenarios();

  it('are many, each named by its file', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(30);
    const files = readdirSync(projectFile('lab/scenarios'));
    expect(scenarios.map(({ id }) => `${id}.yml`)).toEqual(files.sort());
  });

  it('play every outage of record, in order of time', () => {
    const ids = scenarios.map(({ id }) => id);
    expect(OUTAGES.filter(({ scenario }) => !ids.includes(scenario))).toEqual([]);
    expect(OUTAGES.map(({ date }) => date)).toEqual(OUTAGES.map(({ date }) => date).sort());
    const dated = ids.filter((id) => /-\d{4}-\d\d-\d\d$/.test(id));
    expect(dated.filter((id) => !OUTAGES.some(({ scenario }) => scenario === id))).toEqual([]);
  });

  it('say at the top what misleads', () => {
    for (const { id } of scenarios) {
      const comment = /^(# .*\n)+/.exec(readFileSync(projectFile(`lab/scenarios/${id}.yml`), 'utf8'))?.[0] ?? '';
      expect(comment, id).toContain('What misleads:');
    }
  });

  it('show many a failure of yours that is easily taken for a vendor', () => {
    const alike = scenarios.filter(({ looksLike }) => looksLike !== null);
    expect(alike.length).toBeGreaterThanOrEqual(10);
    for (const { id, forbid } of alike) expect(forbid, id).toContainEqual({ owner: 'vendor' });
  });

  it('break every kind of thing somewhere, but for a few that others stand for', () => {
    const played = new Set(
      scenarios.flatMap(({ timeline }) => timeline.flatMap((step) => ('break' in step ? step.break.kind : []))),
    );
    const left = FAULT_KINDS.filter((kind) => !played.has(kind));
    const stoodFor = [
      'uplink_loss',
      'uplink_flapping',
      'resolver_nodata',
      'endpoint_5xx',
      'endpoint_down',
      'endpoint_slow',
    ];
    expect(stoodFor).toEqual(expect.arrayContaining(left));
  });

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s is short, heals what it breaks, and names known rows',
    (_, scenario) => {
      expect(scenario.endMs).toBeLessThanOrEqual(LONGEST_MS);
      const broken = scenario.timeline.flatMap((step) => ('break' in step ? [step.as] : []));
      const healed = scenario.timeline.flatMap((step) => ('heal' in step ? [step.heal] : []));
      expect(healed.sort()).toEqual(broken.sort());
      const rows = [...scenario.expect, ...scenario.never].flatMap(({ row }) => row ?? []);
      const known: readonly string[] = TABLE.map(({ id }) => id);
      expect(rows.filter((row) => !known.includes(row))).toEqual([]);
      const vendorRows = scenario.vendors.flatMap(({ row }) => row ?? []);
      const knownOfVendors: readonly string[] = VENDOR_TABLE.map(({ id }) => id);
      expect(vendorRows.filter((row) => !knownOfVendors.includes(row))).toEqual([]);
    },
  );
});

describe('parseScenario', () => {
  it('reads a file into milliseconds and checked faults', () => {
    expect(parseScenario(GOOD, 'x.yml')).toEqual({
      id: 'sample',
      title: 'A sample',
      noise: null,
      story: '',
      history: null,
      looksLike: null,
      world: HOMELAB,
      timeline: [
        { atMs: 0, break: { kind: 'edge_5xx', target: 'cloudflare', rate: 0.7, ramp: '20000ms' }, as: 'edge' },
        { atMs: 60_000, heal: 'edge' },
      ],
      expect: [
        {
          service: 'blog',
          fromMs: 50_000,
          toMs: 60_000,
          party: 'vendor',
          vendor: 'cloudflare',
          component: 'edge',
          cause: 'edge failing',
        },
      ],
      never: [{ party: 'own' }],
      vendors: [],
      alert: { owner: 'vendor', vendor: 'cloudflare' },
      forbid: [],
      endMs: 60_000,
    });
  });

  it.each([
    ['folder.yml', (file: string) => void mkdirSync(file), 'is not a file, '],
    ['loop.yml', (file: string) => symlinkSync(file, file), 'cannot be read (ELOOP), '],
    [
      'latin.yml',
      (file: string) => writeFileSync(file, Buffer.from(GOOD.replace('sample', 'T\xfcr'), 'latin1')),
      'is not UTF-8, ',
    ],
    ['big.yml', (file: string) => writeFileSync(file, `#${'x'.repeat(2 ** 21)}`), 'is larger than 1 MiB, '],
  ])('is not read from %s', (name, make, problem) => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'demarc-scenario-')), name);
    make(file);
    expect(() => loadScenario(file)).toThrow(problem);
    rmSync(path.dirname(file), { recursive: true });
  });

  it.each<[string, string, string[]]>([
    [
      'an unknown key',
      GOOD.replace('title:', 'titlle:'),
      ['x.yml:1:1 title: is missing, expected string', 'x.yml:2:9 titlle: unknown key titlle, did you mean title?'],
    ],
    [
      'a bad duration',
      GOOD.replace('1m', 'soon'),
      ['x.yml:6:11 timeline.1.at: is not valid, must be a duration such as 50s, 2m or 500ms'],
    ],
    [
      'a number for a duration',
      GOOD.replace('1m', '60'),
      ['x.yml:6:11 timeline.1.at: has the wrong type, must be a duration such as 50s, 2m or 500ms'],
    ],
    ['nothing', '', ['x.yml:1:1: is empty, expected object']],
    [
      'what is healed twice',
      GOOD.replace('expect:', '  - { at: 2m, heal: edge }\nexpect:'),
      ['x.yml:7:21 timeline.2.heal: edge was healed before, leave this one out'],
    ],
    ['a second document', `${GOOD}---\n${GOOD}`, ['x.yml:11:1: a second document begins, give each a file of its own']],
    [
      'an unknown world',
      GOOD.replace('homelab', 'atlantis'),
      ['x.yml:3:8 world: no world atlantis, known are homelab, company, cabin, consumer, corner, fleet'],
    ],
    [
      'a likeness to a vendor that is expected itself',
      GOOD.replace('world: homelab', 'world: homelab\nlooksLike: cloudflare'),
      [
        'x.yml:4:12 looksLike: nothing of yours is expected, expect a verdict with party: own',
        'x.yml:4:12 looksLike: may still be accused, add { vendor: cloudflare } to never',
      ],
    ],
    [
      'a likeness to nobody here',
      GOOD.replace('world: homelab', 'world: homelab\nlooksLike: akamai'),
      ['x.yml:4:12 looksLike: akamai is not in this world, use cloudflare or fastly or aws'],
    ],
    [
      'a step that does nothing',
      GOOD.replace(', heal: edge', ''),
      ['x.yml:6:5 timeline.1: is not valid, must have either break or heal'],
    ],
    [
      'everything else at once',
      GOOD.replace('target: cloudflare, rate', 'target: aws, rate')
        .replace('heal: edge', 'heal: fog')
        .replace('service: blog, from: 50s, to: 60s', 'service: blag, from: 60s, to: 60s'),
      [
        'x.yml:8:16 expect.0.service: no service blag in homelab, did you mean blog?',
        'x.yml:8:37 expect.0.to: is not after from, give a window that lasts',
        'x.yml:5:22 timeline.0.break.target: aws is not something edge_5xx can hit, use cloudflare or fastly',
        'x.yml:6:21 timeline.1.heal: nothing was broken as fog, use one of edge',
      ],
    ],
    [
      'noise that is none any more',
      GOOD.replace('timeline:', 'noise: { share: 0.2, seed: 0 }\ntimeline:'),
      [
        'x.yml:4:17 noise.share: is not valid, must be 0.05 at most: more is a fault of the line',
        'x.yml:4:28 noise.seed: is not valid, must be 1 or more',
      ],
    ],
    [
      'a path over a link there is not',
      GOOD.replace('from: 50s,', 'path: [orgin], from: 50s,'),
      [
        'x.yml:8:29 expect.0.path.0: is not valid, must be one of lan, uplink, resolver, registry, registration, dns, endpoint, edge, certificate, tunnel, host, origin, service',
      ],
    ],
    [
      'a path twice over one link',
      GOOD.replace('from: 50s,', 'path: [edge, edge], from: 50s,'),
      ['x.yml:8:28 expect.0.path: is not valid, must name each link once'],
    ],
    [
      'a fault limited to nobody here',
      GOOD.replace('rate: 0.7,', 'scope: ip6, rate: 0.7,'),
      [
        'x.yml:5:22 timeline.0.break.scope: edge_5xx of cloudflare cannot be limited to ip6 in homelab, use everyone or pop or blog.home.test or forum.cloudflare-edge.test or wiki.cloudflare-edge.test',
      ],
    ],
    [
      'a past that cannot be',
      GOOD.replace('timeline:', 'history:\n  - { vendor: aws, component: edge, seenOk: 2m }\ntimeline:'),
      [
        'x.yml:5:5 history.0: homelab has no control of aws/edge, use one of cloudflare/edge, fastly/edge, cloudflare/dns, aws/dns, aws/dynamodb, cloudflare/tunnel',
      ],
    ],
    [
      'an extension that does not fit',
      GOOD.replace('timeline:', 'extend:\n  services:\n    - { name: blog, dns: awz, edge: nobody }\ntimeline:'),
      [
        'x.yml:6:15 extend.services.0.name: the name blog is taken, choose another',
        'x.yml:6:37 extend.services.0.edge: nobody is not in this world, use cloudflare or fastly',
        'x.yml:6:26 extend.services.0.dns: awz is not in this world, did you mean aws?',
      ],
    ],
    [
      'an endpoint that does not fit',
      GOOD.replace(
        'timeline:',
        'extend:\n  endpoints:\n    - { vendor: fasly, component: kv }\n    - { vendor: aws, component: dynamodb }\ntimeline:',
      ),
      [
        'x.yml:6:17 extend.endpoints.0.vendor: fasly is not in this world, did you mean fastly?',
        'x.yml:7:33 extend.endpoints.1.component: the name dynamodb is taken, choose another',
      ],
    ],
    [
      'an end before the beginning',
      GOOD.replace('as: edge', 'until: 0s').replace(', heal: edge', ', heal: edge'),
      ['x.yml:5:5 timeline.0: is not valid, until must be after at'],
    ],
    [
      'a kind that is misspelt',
      GOOD.replace('edge_5xx', 'edge_5x'),
      ['x.yml:5:22 timeline.0.break.kind: is not a kind of fault, did you mean edge_5xx?'],
    ],
    [
      'what no verdict can say',
      GOOD.replace(
        'vendor: cloudflare, component: edge, cause: edge failing',
        'vendor: cloudfare, row: edge_faling',
      ).replace('party: own', 'party: own, vendor: fastly, cause: gremlins'),
      [
        'x.yml:8:65 expect.0.vendor: no vendor cloudfare in homelab, did you mean cloudflare?',
        'x.yml:8:81 expect.0.row: no row edge_faling, did you mean edge_failing?',
        'x.yml:9:46 never.0.cause: no row has the cause "gremlins", use one of those in docs/verdicts.md',
        'x.yml:9:31 never.0.vendor: a verdict of party own names no vendor, leave it out',
      ],
    ],
    [
      'a party nobody is',
      GOOD.replace('party: own', 'party: them'),
      [
        'x.yml:9:18 never.0.party: is not valid, must be one of none, own, isp, vendor, registrar, registry, ca, unknown',
      ],
    ],
    [
      'steps out of order',
      GOOD.replace('at: 0s', 'at: 2m'),
      ['x.yml:6:11 timeline.1.at: is before an earlier step, order the steps by time'],
    ],
  ])('refuses %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('says when a file is not there', () => {
    expect(() => loadScenario('/nowhere/x.yml')).toThrow(
      '/nowhere/x.yml: does not exist, give the path of a scenario file, or the id of one that is built in',
    );
  });
});

describe('the JSON Schema', () => {
  const check = new Ajv2020({ strict: false }).compile(
    JSON.parse(readFileSync(projectFile('lab/scenario.schema.json'), 'utf8')),
  );
  const read = (id: string): unknown => parse(readFileSync(projectFile(`lab/scenarios/${id}.yml`), 'utf8'));

  it.each(builtInScenarios().map(({ id }) => id))('accepts %s', (id) => {
    expect(check(read(id)), JSON.stringify(check.errors)).toBe(true);
  });

  it.each([
    ['an unknown key', { colour: 'red' }],
    ['an unknown fault', { timeline: [{ at: '0s', break: { kind: 'gremlins' } }] }],
    ['a time that is none', { timeline: [{ at: 'soon', heal: 'it' }] }],
  ])('refuses %s', (_, wrong) => {
    expect(check({ ...(read('origin-refused') as object), ...wrong })).toBe(false);
  });
});

it('repairs what is broken until a time', () => {
  const text = GOOD.replace('as: edge', 'until: 30s').replace(/\n.*heal: edge.*/, '');
  expect(parseScenario(text, 'x.yml').timeline).toMatchObject([
    { atMs: 0, as: 'step-0' },
    { atMs: 30_000, heal: 'step-0' },
  ]);
});

it('widens a world by what a scenario adds', () => {
  const { world } = loadScenario(projectFile('lab/scenarios/second-site-at-a-smaller-vendor.yml'));
  expect(world.services.map(({ name }) => name)).toEqual(['blog', 'shop', 'orders', 'wiki']);
  expect(world.edges.map(({ vendor }) => vendor)).toContain('smallcdn');
  const { world: withAccess } = loadScenario(projectFile('lab/scenarios/cloudflare-2025-06-12.yml'));
  expect(withAccess.endpoints.at(-1)).toMatchObject({
    component: 'access',
    name: 'access.cloudflare-api.test',
    siblings: ['other.access.cloudflare-api.test', 'another.access.cloudflare-api.test'],
  });
});
