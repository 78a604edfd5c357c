// The preview's own logic, against a fake Prometheus: what it asks, how it joins and names, and that it escapes.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { renderPreview } from '../../dashboards/preview.ts';
import { type Chosen, substituted } from '../../dashboards/preview-ask.ts';
import { graph } from '../../dashboards/preview-blocks.ts';
import { fieldOf, shownValue, withUnit } from '../../dashboards/preview-field.ts';
import { type Answered, sheetOf } from '../../dashboards/preview-frames.ts';
import { type Panel, parseDashboard } from '../../dashboards/preview-model.ts';
import { generated } from './reading.ts';

const CHOSEN: Chosen = {
  site: 'home',
  service: '.+',
  vendor: 'aws|fastly',
  slo: '99.9',
  from: 1_000,
  to: 4_600,
  stepS: 15,
};

let servers: http.Server[] = [];

afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

/** Answers every query with these series, each with the value 1; keeps what it was asked. */
async function fakePrometheus(series: readonly Record<string, string>[]): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push(`${request.url} ${new URLSearchParams(body).get('query')}`);
    const range = request.url === '/api/v1/query_range';
    const points = range
      ? {
          values: [
            [4_585, '1'],
            [4_600, '1'],
          ],
        }
      : { value: [4_600, '1'] };
    response.end(JSON.stringify({ data: { result: series.map((metric) => ({ metric, ...points })) } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function dashboardNamed(name: string) {
  const found = generated('json').find(({ file }) => file === `dashboards/json/${name}.json`);
  return parseDashboard(found?.text ?? '');
}

function panelNamed(name: string, title: string): Panel {
  const panel = dashboardNamed(name).panels.find((one) => one.title === title);
  if (panel === undefined) throw new Error(`no panel ${title} in ${name}`);
  return panel;
}

/** One answer per query of a panel, as an instant. */
function answers(
  panel: Panel,
  byRef: Readonly<Record<string, readonly (readonly [Record<string, string>, number])[]>>,
) {
  return panel.targets.map(
    (target): Answered => ({
      target,
      series: (byRef[target.refId] ?? []).map(([labels, value]) => ({ labels, points: [[4_600, value]] })),
    }),
  );
}

it('fills variables in as Grafana does', () => {
  const expr =
    'a{site="$site", service=~"$service|", v=~"$vendor"}[$__rate_interval] / $slo + b[$__range] + c[$__interval]';
  expect(substituted(expr, CHOSEN)).toBe(
    'a{site="home", service=~".+|", v=~"aws|fastly"}[20s] / 99.9 + b[3600s] + c[15s]',
  );
});

it('joins the queries of a table, renames, and sorts', () => {
  const panel = panelNamed('vendor', 'Our controls');
  const one = { vendor: 'aws', component: 'dns', target: 'one' };
  const two = { vendor: 'aws', component: 'dns', target: 'two' };
  const { columns, rows } = sheetOf(
    panel,
    answers(panel, {
      state: [
        [one, 1],
        [two, 0],
      ],
      latency: [
        [one, 0.01],
        [two, 1],
      ],
      reason: [[{ ...two, reason: 'dns_timeout' }, 1]],
    }),
  );
  expect(columns).toEqual(['Vendor', 'Component', 'Control', 'State', 'Latency', 'Reason']);
  expect(rows.map(({ Control, State, Latency, Reason }) => [Control, State, Latency, Reason])).toEqual([
    ['two', 0, 1, 'dns_timeout'],
    ['one', 1, 0.01, undefined],
  ]);
});

it.each([
  ['s', 0.0123, '12.3 ms'],
  ['s', 3_000_000, '5 weeks'],
  ['s', 3_600, '1 hour'],
  ['percentunit', 0.99912, '99.91%'],
  ['dateTimeFromNow', 4_000_000, '10 min ago'],
  ['dateTimeFromNow', 91_000_000, 'in 1 day'],
  ['none', 12.3456, '12.35'],
])('writes %s %d as %s', (unit, value, text) => {
  expect(withUnit(value, { unit, decimals: undefined }, 4_600)).toBe(text);
});

it('takes text and colour from mappings, and a missing value for no data', () => {
  const field = fieldOf(panelNamed('is-it-me-or-them', 'Is it me or them?'), 'blog');
  expect(shownValue(field, 13, 0)).toEqual({ text: 'VENDOR: edge failing', colour: 'purple' });
  expect(shownValue(field, undefined, 0)).toEqual({ text: 'NO DATA', colour: 'text' });
});

it('refuses an arrow to a node that is not there, as Grafana does', () => {
  const panel = panelNamed('service', 'The way to the service, hop by hop');
  const nodes = [[{ id: '/gateway', title: 'LAN' }, 1]] as const;
  const dangling = [[{ id: 'x', source: '/gateway', target: '/anchor' }, 1]] as const;
  const box = { width: 800, height: 200 };
  expect(graph(answers(panel, { nodes }), box)).toContain('LAN');
  expect(() => graph(answers(panel, { nodes, edges: dangling }), box)).toThrow('/anchor, which is no node');
});

it('draws every panel, and shows what a peer says as text', async () => {
  const { url, asked } = await fakePrometheus([{ service: '<b>blog</b>', target: 'x', site: 'home', id: 'n' }]);
  const dashboard = dashboardNamed('dns');
  const page = await renderPreview(dashboard, { prometheus: url, chosen: CHOSEN, theme: 'dark', width: 1400 });
  for (const { title, type } of dashboard.panels) if (type !== 'row') expect(page).toContain(`>${title}</h3>`);
  expect(page).toContain('&lt;b&gt;blog&lt;/b&gt;');
  expect(page).not.toContain('<b>blog');
  expect(page).not.toContain('<script');
  expect(asked).toHaveLength(dashboard.panels.flatMap(({ targets }) => targets).length);
});
