// Alertmanager and Prometheus are restarted in the middle of failures. Neither loses a message nor invents one: each failure is told
// once, and its end once. Time runs faster: scrapes and evaluations every second, short holds, alerts sent again every five seconds.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertmanagerConfig } from '../../alerts/alertmanager.ts';
import { RECORDS } from '../../alerts/records.ts';
import { ruleGroup } from '../../alerts/rules.ts';
import { type Inbox, openInbox } from '../../replay/inbox.ts';
import { type Program, until } from '../../replay/process.ts';
import { query } from '../../replay/watch.ts';
import type { States } from '../../signals/signal.ts';
import { hurry, type RunningAlertmanager, startAlertmanager, startHurriedPrometheus } from './alertmanager-run.ts';
import { type FakeExporter, FINE, fakeExporter, pageOf, statesOf } from './exporter-page.ts';

const HOLD = '4s';

const BROKEN = statesOf('origin_refused');

let folder: string;
let inbox: Inbox;
let exporter: FakeExporter;
let alertmanager: RunningAlertmanager;
let prometheus: Program;
let startPrometheus: () => Promise<Program>;

const page = (home: States, cabin: States): string => {
  const since = Date.now() / 1000 - 30;
  const at = (site: string, states: States) => ({ site, services: ['web'], states, since });
  return pageOf([at('home', home), at('cabin', cabin)]);
};

/** What people were told about a site, in order. */
const told = (site: string): string[] =>
  inbox
    .alerts()
    .filter(({ labels }) => labels.site === site)
    .map(({ status, labels }) => `${status} ${labels.alertname} ${labels.row}`);

const FIRING = 'firing DemarcOwnFailure origin_refused';
const RESOLVED = 'resolved DemarcOwnFailure origin_refused';

const isFiring = async (site: string): Promise<boolean> =>
  (await query(prometheus.url, `ALERTS{alertstate="firing",site="${site}"}`)).length > 0;

/** How many alerts Alertmanager has been sent since it started. */
async function received(): Promise<number> {
  const text = await (await fetch(`${alertmanager.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('alertmanager_alerts_received_total'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Waits until Alertmanager has heard of every alert a few times more, and has had time to look at its groups. */
async function rounds(): Promise<void> {
  const before = await received();
  await until('further rounds of alerts', async () => (await received()) >= before + 6, 60_000);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demarc-restarts-'));
  inbox = await openInbox();
  exporter = await fakeExporter(page(FINE, FINE));
  alertmanager = await startAlertmanager({
    map: 'version: 1\n',
    change(config) {
      Object.assign(config, alertmanagerConfig(inbox.url));
      hurry(config, 2);
    },
  });
  const { rules } = ruleGroup();
  const held = rules.map((rule) => ('keep_firing_for' in rule ? { ...rule, keep_firing_for: HOLD } : rule));
  const groups = [{ name: 'demarc', rules: held }];
  const watched = { groups, exporter: exporter.address, alertmanager: alertmanager.url };
  // An alert is forgotten after four times this: time enough for a restart, and not too long to wait for.
  startPrometheus = () => startHurriedPrometheus(folder, watched, ['--rules.alert.resend-delay=5s']);
  prometheus = await startPrometheus();
  const fine = `${RECORDS.info}{owner="none"}`;
  await until('a verdict about both', async () => (await query(prometheus.url, fine)).length === 2, 30_000);
}, 90_000);

afterAll(async () => {
  await prometheus?.stop();
  await alertmanager?.stop();
  await exporter?.stop();
  await inbox?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('a restart of Alertmanager repeats nothing, and what began meanwhile is told after it', async () => {
  exporter.show(page(FINE, BROKEN));
  await until('the first message', () => told('cabin').length > 0, 30_000);
  await alertmanager.pause();
  exporter.show(page(BROKEN, BROKEN));
  await until('the second alert', () => isFiring('home'), 30_000);
  expect(told('home')).toEqual([]);
  await alertmanager.resume();
  await until('the second message', () => told('home').length > 0, 30_000);
  await rounds();
  expect({ cabin: told('cabin'), home: told('home') }).toEqual({ cabin: [FIRING], home: [FIRING] });
});

it('a restart of Prometheus ends nothing that lasts, and what ended meanwhile is told after it', async () => {
  await prometheus.stop();
  exporter.show(page(FINE, BROKEN));
  prometheus = await startPrometheus();
  await until('the alert that lasts', () => isFiring('cabin'), 30_000);
  await until('the end of the other', () => told('home').length > 1, 60_000);
  await rounds();
  expect({ cabin: told('cabin'), home: told('home') }).toEqual({ cabin: [FIRING], home: [FIRING, RESOLVED] });
});

it('and the end of the one that lasted is told once', async () => {
  exporter.show(page(FINE, FINE));
  await until('its end', () => told('cabin').length > 1, 60_000);
  await rounds();
  expect({ cabin: told('cabin'), home: told('home') }).toEqual({
    cabin: [FIRING, RESOLVED],
    home: [FIRING, RESOLVED],
  });
});
