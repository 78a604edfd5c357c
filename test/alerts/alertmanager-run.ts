// A real Alertmanager for one test: the configuration of a map, its secrets as files, and alerts sent as Prometheus does.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import type { AlertmanagerConfig } from '../../alerts/alertmanager.ts';
import { renderForMap } from '../../alerts/generate.ts';
import { parseMap } from '../../map/load.ts';
import type { Program } from '../../replay/process.ts';
import {
  alertsTo,
  freeHost,
  scraped,
  startAlertmanager as startProgram,
  startPrometheus,
} from '../../replay/programs.ts';
import { findTools } from '../../scripts/tools.mjs';

export interface SentAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt?: string;
  endsAt?: string;
}

export interface Setup {
  /** Text of a map; FOLDER stands for the folder of Alertmanager's configuration. */
  map: string;
  secrets?: Record<string, string>;
  /** A last change, for what cannot be told otherwise that the other side stands on loopback. */
  change?(config: AlertmanagerConfig, folder: string): Promise<void> | void;
}

export interface RunningAlertmanager {
  url: string;
  send(alerts: readonly SentAlert[]): Promise<void>;
  /** What it wrote last. */
  tail(): string;
  /** Ends it as a service manager does. */
  pause(): Promise<void>;
  /** Starts it again after a pause, on what it has kept. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** What `demarc generate --map` makes of this map, by the name of the file. */
export function filesFor(map: string): Map<string, string> {
  return renderForMap(parseMap(map, 'demarc.yaml', tmpdir()));
}

export async function toolPath(name: 'alertmanager' | 'prometheus'): Promise<string> {
  const { paths, hint } = await findTools([name]);
  const found = paths[name];
  if (found === undefined) throw new Error(hint ?? `${name} not found`);
  return found;
}

/** Starts it and waits until it answers. */
export async function startAlertmanager({ map, secrets = {}, change }: Setup): Promise<RunningAlertmanager> {
  const folder = await mkdtemp(path.join(tmpdir(), 'demarc-alertmanager-'));
  const files = filesFor(map.replaceAll('FOLDER', folder));
  const config = parse(files.get('alertmanager.yml') ?? '') as AlertmanagerConfig;
  await change?.(config, folder);
  for (const [name, text] of Object.entries(secrets)) files.set(name, text);
  for (const [name, text] of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  const launch = { file: await toolPath('alertmanager'), folder, config, host: await freeHost() };
  let program = await startProgram(launch);
  const { url } = program;
  return {
    url,
    tail: () => program.tail(),
    pause: () => program.stop(),
    async resume() {
      program = await startProgram(launch);
    },
    async send(alerts) {
      const response = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      if (!response.ok) throw new Error(`Alertmanager said ${response.status}: ${await response.text()}`);
    },
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Starts a Prometheus in a hurry: it scrapes and judges this exporter every second by these groups of rules, and tells Alertmanager. */
export async function startHurriedPrometheus(
  folder: string,
  { groups, exporter, alertmanager }: { groups: readonly object[]; exporter: string; alertmanager: string },
  flags?: readonly string[],
): Promise<Program> {
  const rules = path.join(folder, 'rules.yml');
  await writeFile(rules, stringify({ groups: groups.map((group) => ({ ...group, interval: '1s' })) }));
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    alerting: alertsTo([alertmanager]),
    scrape_configs: [scraped('demarc', [exporter])],
  };
  return startPrometheus({ file: await toolPath('prometheus'), folder, config, ...(flags && { flags }) });
}

/** Lets groups be looked at again after `seconds`, so that a test need not wait for minutes. */
export function hurry({ route }: AlertmanagerConfig, seconds: number): void {
  for (const each of [route, ...(route.routes ?? [])]) {
    each.group_wait = '1s';
    each.group_interval = `${seconds}s`;
  }
}
