// A real Prometheus with the committed rules and a real Alertmanager with the committed routes, watching exporters.
import { readFileSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { type AlertmanagerConfig, alertmanagerConfig } from '../alerts/alertmanager.ts';
import { projectFile } from '../catalog/root.ts';
import { type Inbox, openInbox } from './inbox.ts';
import type { Program } from './process.ts';
import { alertsTo, startAlertmanager, startPrometheus } from './programs.ts';

export const SCRAPE_S = 5;

const Vector = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

export type Sample = z.output<typeof Vector>['data']['result'][number];

/** An instant query. */
export async function query(prometheus: string, expression: string): Promise<Sample[]> {
  const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`, {
    signal: AbortSignal.timeout(10_000),
  });
  return Vector.parse(await response.json()).data.result;
}

export interface Watch {
  prometheus: Program;
  alertmanager: Program;
  inbox: Inbox;
  /** Scrapes these exporters from now on, and no others. */
  scrape(targets: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** For how long an alert is held past its end, and how often groups are looked at again, when there is no time for minutes. */
const HASTE = { hold: '15s', group: '5s' } as const;

/** The committed rules. `hasty`: with short holds, so that an end is told within a replay; nothing begins earlier. */
function rulesText(hasty: boolean): string {
  const text = readFileSync(projectFile('alerts/demarc.rules.yml'), 'utf8');
  return hasty ? text.replaceAll(/keep_firing_for: \w+/g, `keep_firing_for: ${HASTE.hold}`) : text;
}

/** The committed routes, groups of which are looked at again sooner when `hasty`. */
function routesTo(webhook: string, hasty: boolean): AlertmanagerConfig {
  const config = alertmanagerConfig(webhook);
  if (!hasty) return config;
  const routes = config.route.routes?.map((route) =>
    route.receiver === 'heartbeat' ? route : { ...route, group_interval: HASTE.group },
  );
  return { ...config, route: { ...config.route, routes: routes ?? [] } };
}

/** Starts Prometheus with the committed rules and Alertmanager with the committed routes, scraping these exporters. */
export async function startWatch(
  targets: readonly string[],
  tools: { prometheus: string; alertmanager: string },
  hasty = false,
): Promise<Watch> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-watch-'));
  const inbox = await openInbox();
  const programs: Program[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.stop()));
    await inbox.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await writeFile(path.join(folder, 'rules.yml'), rulesText(hasty));
    let written: Promise<void> = Promise.resolve();
    // In turn, so that the newest list is the one that stays.
    const scrape = (urls: readonly string[]): Promise<void> => {
      written = written.then(() => writeTargets(folder, urls));
      return written;
    };
    await scrape(targets);
    const routes = routesTo(inbox.url, hasty);
    const alertmanager = await startAlertmanager({ file: tools.alertmanager, folder, config: routes });
    programs.push(alertmanager);
    const config = configOf(folder, alertmanager.url);
    const prometheus = await startPrometheus({ file: tools.prometheus, folder, config });
    programs.push(prometheus);
    return { prometheus, alertmanager, inbox, scrape, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const targetsFile = (folder: string): string => path.join(folder, 'targets.json');

/** Prometheus sees the file change at once, and looks at it now and then in case it did not. */
async function writeTargets(folder: string, urls: readonly string[]): Promise<void> {
  const whole = `${targetsFile(folder)}.new`;
  await writeFile(whole, JSON.stringify([{ targets: urls.map((url) => new URL(url).host) }]));
  await rename(whole, targetsFile(folder));
}

const configOf = (folder: string, alertmanager: string): object => ({
  global: { scrape_interval: `${SCRAPE_S}s`, evaluation_interval: `${SCRAPE_S}s` },
  rule_files: [path.join(folder, 'rules.yml')],
  alerting: alertsTo([alertmanager]),
  scrape_configs: [
    {
      job_name: 'demarc',
      // Nothing is saved by packing what stays on this machine.
      enable_compression: false,
      file_sd_configs: [{ files: [targetsFile(folder)], refresh_interval: `${SCRAPE_S}s` }],
    },
  ],
});
