// amtool and Alertmanager itself on our configuration: who gets which alert, and what a dead line hides.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type AlertmanagerConfig, alertmanagerConfig, alertmanagerFragment } from '../../alerts/alertmanager.ts';
import { allAlerts } from '../../alerts/rules.ts';
import { projectFile } from '../../catalog/root.ts';
import { runTool } from '../../replay/agreement/promtool.ts';
import { findTools } from '../../scripts/tools.mjs';
import { filesFor } from './alertmanager-run.ts';

const CONFIG = projectFile('alerts/alertmanager.yml');

const FRAGMENT = alertmanagerFragment();

/** Somebody's own configuration, with another bundle's watchdog, after the fragment was added to it. */
const FOREIGN = stringify({
  route: {
    receiver: 'pager',
    routes: [...(FRAGMENT.route.routes ?? []), { receiver: 'dead-man', matchers: ['alertname="Watchdog"'] }],
  },
  receivers: [{ name: 'pager' }, { name: 'dead-man' }, ...FRAGMENT.receivers],
  inhibit_rules: FRAGMENT.inhibit_rules,
});

/** Who gets an alert with these labels. */
const LISTED: readonly (readonly [receiver: string, labels: readonly string[]])[] = [
  ['own', ['alertname=DemarcOwnFailure', 'owner=self', 'severity=critical', 'site=home']],
  ['isp', ['alertname=DemarcIspFailure', 'owner=isp', 'severity=critical', 'site=home']],
  ['vendor', ['alertname=DemarcVendorFailure', 'owner=vendor', 'vendor=acme', 'site=home']],
  ['unknown', ['alertname=DemarcUnknownFailure', 'owner=unknown', 'site=home']],
  ['unknown', ['alertname=DemarcDataMissing', 'owner=unknown', 'site=home']],
  ['over', ['alertname=DemarcOutageOver', 'owner=isp', 'severity=info', 'site=home']],
  ['failover', ['alertname=DemarcFailoverAdvised', 'owner=vendor', 'vendor=acme', 'site=home', 'service=blog']],
  ['own', ['alertname=DemarcProberDown', 'owner=self']],
  ['own', ['alertname=DemarcRulesFailing', 'owner=self']],
  ['log', ['alertname=DemarcEnginesDisagree', 'owner=none', 'site=home']],
  ['vendor', ['alertname=DemarcVendorIncident', 'owner=vendor', 'vendor=acme', 'site=home']],
  ['vendor', ['alertname=DemarcVendorSomewhere', 'owner=vendor', 'vendor=acme', 'site=home']],
  ['unknown', ['alertname=DemarcFailsEverywhere', 'owner=unknown', 'service=blog']],
  ['unknown', ['alertname=DemarcFailsSomewhere', 'owner=unknown', 'site=home', 'service=blog']],
  ['own', ['alertname=DemarcVantageStale', 'owner=self', 'site=home']],
  ['heartbeat', ['alertname=Watchdog', 'owner=none', 'severity=none']],
];

/** Where docs/notifications.md sends what has no way of its own. */
const RECEIVER_OF_OWNER: Record<string, string> = {
  ...{ self: 'own', isp: 'isp', vendor: 'vendor', unknown: 'unknown', none: 'log' },
};

/** Every alert there is: as listed, and the others by whose they are. */
const ROUTED: typeof LISTED = [
  ...LISTED,
  ...allAlerts()
    .filter(({ alert }) => !LISTED.some(([, labels]) => labels.includes(`alertname=${alert}`)))
    .map(({ alert, labels }) => {
      const receiver = RECEIVER_OF_OWNER[labels.owner ?? ''] ?? `nobody, since ${alert} has no owner`;
      const given = Object.entries(labels).map((pair) => pair.join('='));
      return [receiver, [`alertname=${alert}`, 'site=home', ...given]] as const;
    }),
];

async function receiverOf(config: string, labels: readonly string[]): Promise<string | undefined> {
  const args = ['config', 'routes', 'test', '--config.file=config.yml', ...labels];
  const run = await runTool('amtool', args, { 'config.yml': config });
  // A warning about the flag may come first, or last.
  return run.output
    .trim()
    .split('\n')
    .find((line) => !line.startsWith('Warning'));
}

it('every way that is listed is of an alert there is', () => {
  const names = LISTED.map(([, [name = '']]) => name.replace('alertname=', ''));
  expect(allAlerts().map(({ alert }) => alert)).toEqual(expect.arrayContaining(names));
});

describe('the configuration', () => {
  it.each(['alerts/alertmanager.yml', 'alerts/alertmanager.fragment.yml'])('%s is valid', async (file) => {
    const run = await runTool('amtool', ['check-config', projectFile(file)]);
    expect(run.output).toContain('SUCCESS');
    expect(run.ok).toBe(true);
  });

  it.each(ROUTED)('sends to %s: %j', async (receiver, labels) => {
    expect(await receiverOf(await readFile(CONFIG, 'utf8'), labels)).toBe(receiver);
  });
});

const MAP = `
version: 1
notify:
  statusPage: http://nas.lan:9815
  receivers:
    all: { kind: ntfy, url: 'https://ntfy.example.net', topic: home-alerts }
    a: { kind: gotify, url: 'http://nas.lan', tokenFile: /etc/demarc/a, owners: [self] }
    b: { kind: pushover, userKeyFile: /etc/demarc/b, tokenFile: /etc/demarc/c, owners: [isp] }
    c: { kind: telegram, botTokenFile: /etc/demarc/d, chat: -1, owners: [vendor] }
    d: { kind: discord, webhookUrlFile: /etc/demarc/e, owners: [unknown] }
    e: { kind: slack, webhookUrlFile: /etc/demarc/f, owners: [vendor, unknown] }
    f: { kind: email, to: a@example.org, from: b@example.org, server: 'mail.example.org:587', owners: [self] }
    g: { kind: pagerduty, routingKeyFile: /etc/demarc/g, owners: [self] }
    h: { kind: webhook, url: 'http://nas.lan/hook', owners: [self] }
  heartbeat: { urlFile: /etc/demarc/heartbeat }
`;

describe('the configuration of a map', () => {
  const files = filesFor(MAP);
  const text = files.get('alertmanager.yml') ?? '';
  const { receivers, route, inhibit_rules } = parse(text) as AlertmanagerConfig;

  it('is valid, with its templates', async () => {
    const run = await runTool('amtool', ['check-config', 'alertmanager.yml'], Object.fromEntries(files));
    expect(run.output).toContain('SUCCESS');
    expect(run.output).toContain('1 templates');
    expect(run.ok).toBe(true);
  });

  it.each(ROUTED)('sends to %s: %j', async (receiver, labels) => {
    expect(await receiverOf(text, labels)).toBe(receiver);
  });

  it('differs from the committed one in its receivers only', () => {
    expect({ route, inhibit_rules }).toEqual({
      route: alertmanagerConfig().route,
      inhibit_rules: alertmanagerConfig().inhibit_rules,
    });
  });

  it.each([
    ['own', ['webhook', 'webhook', 'webhook', 'webhook', 'email', 'pagerduty']],
    ['log', ['webhook', 'webhook', 'webhook', 'webhook', 'email', 'pagerduty']],
    ['isp', ['webhook', 'webhook', 'pushover']],
    ['vendor', ['webhook', 'webhook', 'telegram', 'slack']],
    ['unknown', ['webhook', 'webhook', 'discord', 'slack']],
    ['heartbeat', ['webhook', 'webhook']],
  ])('gives %s its ways and the status page', (name, kinds) => {
    const { name: _, ...integrations } = receivers.find((each) => each.name === name) ?? { name: '' };
    const found = Object.entries(integrations).flatMap(([key, list]) => list.map(() => key.replace('_configs', '')));
    expect(found.sort()).toEqual([...kinds].sort());
    expect(integrations.webhook_configs?.at(-1)?.url).toBe('http://127.0.0.1:9815/api/v1/alerts');
  });

  it('names files only, and tells nobody of the end of an end', () => {
    expect(text).not.toMatch(/^ *(token|api_key|bot_token|routing_key|auth_password|credentials):/m);
    const over = Object.entries(receivers.find(({ name }) => name === 'over') ?? {});
    const lists = over.flatMap(([, value]) => (typeof value === 'string' ? [] : value));
    expect(new Set(lists.map(({ send_resolved }) => send_resolved))).toEqual(new Set([false]));
  });
});

describe('the fragment, added to a configuration of somebody’s own', () => {
  it('is valid', async () => {
    const run = await runTool('amtool', ['check-config', 'own.yml'], { 'own.yml': FOREIGN });
    expect(run.output).toContain('SUCCESS');
  });

  const foreign: typeof ROUTED = [
    ['pager', ['alertname=DiskFull', 'owner=self']],
    ['dead-man', ['alertname=Watchdog', 'severity=none']],
  ];
  const ours: typeof ROUTED = ROUTED.map(([receiver, labels]) => [`demarc-${receiver}`, labels]);

  it.each([...ours, ...foreign])('sends to %s: %j', async (receiver, labels) => {
    expect(await receiverOf(FOREIGN, labels)).toBe(receiver);
  });
});

type Labels = Record<string, string>;

/** A server on a port of the system's choice that takes everything. */
async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await listening();
  server.close();
  await once(server, 'close');
  return port;
}

async function eventually(isDone: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (await isDone()) return;
    await sleep(200);
  }
  throw new Error('Alertmanager did not start within ten seconds');
}

/** Starts Alertmanager on a free port, sends it the alerts, and tells the rows of those it keeps back, or their names. */
async function inhibited(alerts: readonly Labels[]): Promise<string[]> {
  const { paths, hint } = await findTools(['alertmanager']);
  if (paths.alertmanager === undefined) throw new Error(hint ?? 'alertmanager not found');
  const folder = await mkdtemp(path.join(tmpdir(), 'demarc-alertmanager-'));
  const receiver = await listening();
  const address = `127.0.0.1:${await freePort()}`;
  await writeFile(path.join(folder, 'config.yml'), stringify(alertmanagerConfig(`http://127.0.0.1:${receiver.port}/`)));
  const args = ['--config.file=config.yml', '--storage.path=data', `--web.listen-address=${address}`];
  const server = spawn(paths.alertmanager, [...args, '--cluster.listen-address='], { cwd: folder, stdio: 'ignore' });
  const stopped = once(server, 'exit');
  try {
    const api = `http://${address}/api/v2/alerts`;
    await eventually(() => post(api, alerts));
    // Alerts are marked as inhibited when their group is sent.
    await sleep(8_000);
    const known = (await (await fetch(api)).json()) as { labels: Labels; status: { inhibitedBy: string[] } }[];
    expect(known).toHaveLength(alerts.length);
    return known
      .filter(({ status }) => status.inhibitedBy.length > 0)
      .map(({ labels }) => labels.row ?? labels.alertname ?? '')
      .sort();
  } finally {
    server.kill();
    await stopped;
    receiver.server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** False while nobody listens yet. */
async function post(api: string, alerts: readonly Labels[]): Promise<boolean> {
  const body = JSON.stringify(alerts.map((labels) => ({ labels })));
  try {
    return (await fetch(api, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).ok;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

describe('what is kept back', () => {
  const unknown = (site: Labels, row: string): Labels => ({
    alertname: 'DemarcUnknownFailure',
    owner: 'unknown',
    row,
    ...site,
  });
  const isp = (site: Labels): Labels => ({ alertname: 'DemarcIspFailure', owner: 'isp', row: 'uplink_down', ...site });

  it('is what lies behind a dead line or was told with a lost host, at its own site only, and nothing else', async () => {
    const home = { site: 'home' };
    const alerts = [
      isp(home),
      unknown(home, 'unexplained'),
      unknown(home, 'uplink_down_unplaced'),
      unknown({ site: 'cabin' }, 'edge_suspected'),
      { alertname: 'DemarcOwnFailure', owner: 'self', row: 'origin_refused', ...home },
      { alertname: 'DemarcVendorFailure', owner: 'vendor', row: 'edge_failing', ...home },
      { alertname: 'DemarcOwnFailure', owner: 'self', row: 'hosts_lost', layer: 'host', ...home },
      { alertname: 'DemarcHostsLost', owner: 'self', ...home },
      { alertname: 'DemarcHostsLost', owner: 'self', site: 'cabin' },
    ];
    expect(await inhibited(alerts)).toEqual(['DemarcHostsLost', 'unexplained']);
  });

  it('is nothing where the site is not known', async () => {
    expect(await inhibited([isp({}), unknown({}, 'unexplained')])).toEqual([]);
  });
});
