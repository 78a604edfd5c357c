// Prometheus and Alertmanager as programs: each with its configuration and its data in a folder, and an address of its own.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { freePort, type Program, run } from './process.ts';

export interface Launch {
  /** Path of the program. */
  file: string;
  /** Where its configuration and its data stand; made when it is not there, used again when it is. */
  folder: string;
  /** What its configuration says. */
  config: object;
  /** host:port to listen on; a free port of loopback without. */
  host?: string;
  flags?: readonly string[];
}

/** host:port that nobody listened on a moment ago. */
export const freeHost = async (): Promise<string> => `127.0.0.1:${await freePort()}`;

/** Where a Prometheus that was started in `folder` keeps its blocks. */
export const blocksIn = (folder: string): string => path.join(folder, 'data');

async function launch(name: string, storage: string, { file, folder, config, host, flags = [] }: Launch) {
  const configFile = path.join(folder, `${name}.yml`);
  await mkdir(folder, { recursive: true });
  await writeFile(configFile, stringify(config));
  const listen = host ?? (await freeHost());
  return run(
    file,
    [`--config.file=${configFile}`, storage, `--web.listen-address=${listen}`, ...flags],
    `http://${listen}`,
  );
}

/** Starts Prometheus and waits until it answers. */
export const startPrometheus = (options: Launch): Promise<Program> =>
  launch('prometheus', `--storage.tsdb.path=${blocksIn(options.folder)}`, options);

/** Starts a Prometheus that only sends on what it scrapes, and waits until it answers. */
export const startPrometheusAgent = ({ flags = [], ...options }: Launch): Promise<Program> =>
  launch('prometheus', `--storage.agent.path=${blocksIn(options.folder)}`, {
    ...options,
    flags: ['--agent', ...flags],
  });

/** Starts Alertmanager, alone unless flags name its peers, and waits until it answers. */
export const startAlertmanager = ({ flags = ['--cluster.listen-address='], ...options }: Launch): Promise<Program> =>
  launch('alertmanager', `--storage.path=${path.join(options.folder, 'alertmanager')}`, { ...options, flags });

/** The part of Prometheus' configuration that tells it where its alerts go. */
export const alertsTo = (alertmanagers: readonly string[]) => ({
  alertmanagers: [{ static_configs: [{ targets: alertmanagers.map((url) => new URL(url).host) }] }],
});

/** A job with these targets, each a host:port. */
export const scraped = (job: string, targets: readonly string[]) => ({
  job_name: job,
  static_configs: [{ targets: [...targets] }],
});
