// The line is down and the only receiver is behind it. When it is back, the person learns what happened and for how long:
// a real Prometheus with the committed rules, faster, and a real Alertmanager with the configuration of a map.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ruleGroup } from '../../alerts/rules.ts';
import { answers, freePort, type Program, until } from '../../replay/process.ts';
import type { States } from '../../signals/signal.ts';
import { hurry, type RunningAlertmanager, startAlertmanager, startHurriedPrometheus } from './alertmanager-run.ts';
import { type FakeExporter, FINE, fakeExporter, pageOf, statesOf } from './exporter-page.ts';
import { fakeHttp } from './fake-receivers.ts';

const SERVICES = ['blog', 'uplink'] as const;

/** Two minutes: scrapes and evaluations come five times as often as they do elsewhere. */
const OUTAGE_MS = 120_000 / 5;

const page = (states: States, since: number): string => pageOf([{ site: 'home', services: SERVICES, states, since }]);

let folder: string;
let exporter: FakeExporter;
let prometheus: Program;
let alertmanager: RunningAlertmanager;
let receiverPort: number;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demarc-outage-'));
  receiverPort = await freePort();
  exporter = await fakeExporter(page(FINE, Date.now() / 1000));
  alertmanager = await startAlertmanager({
    map: `
version: 1
notify:
  receivers: { phone: { kind: ntfy, url: 'http://127.0.0.1:${receiverPort}', topic: home-alerts } }
`,
    change: (config) => hurry(config, 3),
  });
  const watched = { groups: [ruleGroup()], exporter: exporter.address, alertmanager: alertmanager.url };
  prometheus = await startHurriedPrometheus(folder, watched);
});

afterAll(async () => {
  await prometheus.stop();
  await alertmanager.stop();
  await exporter.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const firing = async (): Promise<string[]> => {
  const alerts = (await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as {
    labels: { alertname: string };
  }[];
  return alerts.map(({ labels }) => labels.alertname);
};

it('an outage nobody could be told of is told when the line is back, with its length', async () => {
  const began = Date.now();
  exporter.show(page(statesOf('uplink_down'), began / 1000));
  await until('the alert in Alertmanager', async () => (await firing()).includes('DemarcIspFailure'), 30_000);
  await until('two minutes of outage, at five times the speed', () => Date.now() - began > OUTAGE_MS, 2 * OUTAGE_MS);
  expect(await answers(`http://127.0.0.1:${receiverPort}`)).toBe(false);
  exporter.show(page(FINE, Date.now() / 1000));
  const lasted = Math.round((Date.now() - began) / 1000);
  await until('the alert about the end', async () => (await firing()).includes('DemarcOutageOver'), 15_000);
  // The receiver can be reached a little later than the rest.
  await until('a last failed attempt', () => Date.now() - began > OUTAGE_MS + 5_000, 15_000);

  const receiver = await fakeHttp(receiverPort);
  try {
    await until('the message', () => receiver.received.length > 0, 30_000);
    const told = receiver.received.map(({ body }) => JSON.parse(body) as Record<string, string>);
    const [first] = told;
    expect(first?.title).toMatch(/^\t\[uplink \+1\] back after \d+s/);
    expect(first?.message).toMatch(/^\tYour uplink was down for \d+s: your ISP: uplink down\. It is back\.\nSince /);
    expect(first?.message).toContain('\nAlso: blog was down for ');
    const seconds = Number(/was down for (\d+)s/.exec(first?.message ?? '')?.[1]);
    expect(Math.abs(seconds - lasted)).toBeLessThanOrEqual(3);
    // Nobody is told that it is down after it is back.
    expect(told.filter(({ message }) => message?.includes(' is down'))).toEqual([]);
  } finally {
    await receiver.stop();
  }
});
