// Every query of every panel, variable and annotation, asked of a real Prometheus that watches labs under faults:
// each must have rows, as Grafana would ask it. A query may need a trouble of its own; which one stands in a table here.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPreview } from '../../dashboards/preview.ts';
import { ask, askNow, askOverTime, type Chosen, EVERYTHING } from '../../dashboards/preview-ask.ts';
import { columnsNamed, sheetOf } from '../../dashboards/preview-frames.ts';
import { HOMELAB_IN_FULL } from '../../lab/worlds/homelab-in-full.ts';
import type { WatchedLabs } from '../../replay/watched-labs.ts';
import { breakLabs, type Site } from './broken-labs.ts';
import { generated } from './reading.ts';

/**
 * At home a vendor's edge (as its status page admits) and an origin of yours fail, at the cabin the line is cut, in the attic
 * the tunnel is refused and an API fails in turns.
 */
const SITES = {
  home: {
    world: HOMELAB_IN_FULL,
    faults: [
      { kind: 'edge_5xx', target: 'cloudflare' },
      { kind: 'origin_5xx', target: 'orders' },
      { kind: 'vendor_status_incident', target: 'cloudflare' },
    ],
    culprits: ['vendor', 'own'],
  },
  cabin: { world: HOMELAB_IN_FULL, faults: [{ kind: 'uplink_cut' }], culprits: ['isp'] },
  attic: {
    world: 'homelab',
    faults: [{ kind: 'tunnel_service_down' }, { kind: 'endpoint_5xx', target: 'dynamodb' }],
    culprits: ['vendor'],
  },
} as const satisfies Readonly<Record<string, Site>>;

/** Queries that have rows only while something else is broken than at home: panel and query -> where, and why. */
const ELSEWHERE: Readonly<Record<string, [site: keyof typeof SITES, why: string]>> = {
  'The line was down, last 30 days A': ['cabin', 'the line must have been down'],
  'Failed registrations A': ['attic', 'the daemon counts only once a connection was refused'],
  'Name servers of your zones reason': ['cabin', 'a name server must fail'],
  'Failed questions, by reason A': ['cabin', 'a question must fail'],
  'Every daemon ailment': ['cabin', 'a daemon must miss the line'],
  'Every daemon reason': ['cabin', 'a daemon must be without a connection'],
  'Every signal of your own reason': ['cabin', 'an identity provider must be silent'],
  'Errors in turns A': ['attic', 'the API must fail in turns'],
};

const panelOf = (place: string): string => place.replace(/ \w+$/, '');

const SLOWEST_SHOWN = 8;

let labs: WatchedLabs;
const took: { place: string; ms: number; rows: number }[] = [];

beforeAll(async () => {
  labs = await breakLabs(SITES);
}, 420_000);

afterAll(async () => {
  await labs.stop();
  const slowest = [...took].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST_SHOWN);
  const lines = slowest.map(({ place, ms, rows }) => `${ms.toFixed(0)} ms, ${rows} rows: ${place}`);
  process.stdout.write(`${took.length} queries; the slowest:\n${lines.join('\n')}\n`);
});

function chosenAt(site: string): Chosen {
  const to = Date.now() / 1000;
  return { site, service: EVERYTHING, vendor: EVERYTHING, slo: '99.9', from: labs.since, to, stepS: 5 };
}

async function timed(place: string, asking: Promise<readonly unknown[]>): Promise<number> {
  const start = performance.now();
  const { length } = await asking;
  took.push({ place, ms: performance.now() - start, rows: length });
  return length;
}

const DASHBOARDS = generated('json');

describe.each(DASHBOARDS)('$file', ({ file, dashboard }) => {
  const queries = dashboard.panels.flatMap(({ title, targets }) =>
    targets.map((target) => ({ place: `${title} ${target.refId}`, target })),
  );

  it.each(queries)('$place has rows', async ({ place, target }) => {
    const [site, why] = ELSEWHERE[place] ?? ['home', 'everything else happens at home'];
    const rows = await timed(`${file}: ${place}`, ask(labs.prometheus, target, chosenAt(site)));
    expect(rows, `at ${site}: ${why}\n${target.expr}`).toBeGreaterThan(0);
  });

  const listed = dashboard.templating.list.flatMap(({ name, query }) =>
    typeof query === 'string' ? [] : [{ name, query: query.query }],
  );

  it.each(listed)('variable $name has values', async ({ name, query }) => {
    const [, expr, label] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
    const values = `count by (${label}) (${expr})`;
    const rows = await timed(`${file}: variable ${name}`, askNow(labs.prometheus, values, chosenAt('home')));
    expect(rows, query).toBeGreaterThan(name === 'site' ? 1 : 2);
  });

  it('annotations have marks', async () => {
    // What was deployed is Grafana's own to know.
    for (const { name, expr } of dashboard.annotations.list.filter((mark) => mark.name !== 'Deploys')) {
      const asking = askOverTime(labs.prometheus, String(expr), chosenAt('home'));
      expect(await timed(`${file}: annotation ${String(name)}`, asking), String(expr)).toBeGreaterThan(0);
    }
  });

  const tables = dashboard.panels.filter(({ type }) => type === 'table');

  it.each(tables)('table "$title" has every column it names', async (panel) => {
    const columnsAt = async (site: string): Promise<string[]> => {
      const asked = panel.targets.map(async (target) => ({
        target,
        series: await ask(labs.prometheus, target, chosenAt(site)),
      }));
      return sheetOf(panel, await Promise.all(asked)).columns;
    };
    const seen = new Set([...(await columnsAt('home')), ...(await columnsAt('cabin'))]);
    expect([...seen].sort()).toEqual(columnsNamed(panel).sort());
  });

  it('is drawn by the preview, with no panel empty but those that need another trouble', async () => {
    const chosen = chosenAt('home');
    const page = await renderPreview(dashboard, { prometheus: labs.prometheus, chosen, theme: 'light', width: 1400 });
    const empty = [...page.matchAll(/data-empty="true"><h3[^>]*>([^<]+)</g)].map(([, title]) => title ?? '');
    const excused = Object.keys(ELSEWHERE).map(panelOf);
    expect(empty.filter((title) => !excused.includes(title))).toEqual([]);
  });
});

it('excuses only queries that exist', () => {
  const places = DASHBOARDS.flatMap(({ dashboard }) =>
    dashboard.panels.flatMap(({ title, targets }) => targets.map(({ refId }) => `${title} ${refId}`)),
  );
  expect(places).toEqual(expect.arrayContaining(Object.keys(ELSEWHERE)));
});
