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
import { alertsTo, freeHost, startAlertmanager, startPrometheus } from './programs.ts';

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
  /** Where Prometheus is, though it may be stopped. */
  prometheus: Pick<Program, 'url'>;
  alertmanager: Program;
  inbox: Inbox;
  /** Scrapes these exporters from now on, and no others. */
  scrape(targets: readonly string[]): Promise<void>;
  /** Stops Prometheus, or starts it again on its data at the same address. */
  run(running: boolean): Promise<void>;
  /** An instant query; whoever is stopped says nothing. */
  ask(expression: string): Promise<Sample[]>;
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
  let alertmanager: Program | null = null;
  let prometheus: Program | null = null;
  const stop = async (): Promise<void> => {
    await Promise.all([prometheus?.stop(), alertmanager?.stop()]);
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
    const started = await startAlertmanager({ file: tools.alertmanager, folder, config: routes });
    alertmanager = started;
    const config = configOf(folder, started.url);
    const host = await freeHost();
    const url = `http://${host}`;
    async function run(running: boolean): Promise<void> {
      if (running) prometheus ??= await startPrometheus({ file: tools.prometheus, folder, config, host });
      else {
        const stopped = prometheus;
        prometheus = null;
        await stopped?.stop();
      }
    }
    async function ask(expression: string): Promise<Sample[]> {
      try {
        return prometheus === null ? [] : await query(url, expression);
      } catch (error) {
        // It may have been stopped amid the answer.
        if (prometheus === null) return [];
        throw error;
      }
    }
    await run(true);
    return { prometheus: { url }, alertmanager: started, inbox, scrape, run, ask, stop };
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
