// Labs under faults, scraped by a real Prometheus with the committed rules: what dashboards are asked to show.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { projectFile } from '../../catalog/root.ts';
import type { Fault } from '../../lab/lab.ts';
import { freePort, type Program, run, until } from '../../replay/process.ts';
import { query } from '../../replay/prometheus.ts';
import { type Stage, setStage } from '../../replay/stage.ts';
import { findTools } from '../../scripts/tools.mjs';

export interface WatchedLabs {
  prometheus: string;
  /** Unix seconds: before the first scrape. */
  since: number;
  stop(): Promise<void>;
}

/** What breaks at which site. */
export type Faults = Readonly<Record<string, readonly Fault[]>>;

/** Intervals, deadlines and windows of the labs shrink alike; the rules keep their own. */
const SPEED = 5;
const SCRAPE_S = 5;

/** How far back the annotation of a change looks, with one evaluation to spare. */
const ANNOTATION_S = 65;

async function startPrometheus(file: string, folder: string, stages: readonly Stage[]): Promise<Program> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const config = path.join(folder, 'prometheus.yml');
  await mkdir(path.join(folder, 'data'));
  const scraped = (job: string, targets: string[]) => ({ job_name: job, static_configs: [{ targets }] });
  await writeFile(
    config,
    stringify({
      global: { scrape_interval: `${SCRAPE_S}s`, evaluation_interval: `${SCRAPE_S}s` },
      rule_files: [projectFile('alerts/demarc.rules.yml')],
      scrape_configs: [
        scraped(
          'demarc',
          stages.map(({ server }) => new URL(server.url).host),
        ),
        scraped('prometheus', [host]),
      ],
    }),
  );
  const argv = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    `--web.listen-address=${host}`,
  ];
  return run(file, argv, `http://${host}`);
}

/** Starts a lab per site, lets all of them be fine, breaks them, and returns when the rules have found who did it. */
export async function watchLabs(faults: Faults): Promise<WatchedLabs> {
  const { paths, hint } = await findTools(['prometheus']);
  if (paths.prometheus === undefined) throw new Error(`Prometheus is missing: ${hint}`);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-dashboards-'));
  const crashes: string[] = [];
  const stages = await Promise.all(
    Object.keys(faults).map((site) =>
      setStage({ site, world: 'homelab', speed: SPEED, version: 'test', onCrash: (text) => void crashes.push(text) }),
    ),
  );
  const programs: Program[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.stop()));
    await Promise.all(stages.map((stage) => stage.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const since = Date.now() / 1000;
    const prometheus = await startPrometheus(paths.prometheus, folder, stages);
    programs.push(prometheus);
    await play(prometheus.url, stages, faults);
    if (crashes.length > 0) throw new Error(`probes crashed: ${crashes.join('; ')}`);
    return { prometheus: prometheus.url, since, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function play(prometheus: string, stages: readonly Stage[], faults: Faults): Promise<void> {
  const rows = async (expr: string): Promise<number> => (await query(prometheus, expr)).length;
  const services = stages.reduce((sum, { monitor }) => sum + monitor.plan().services.length, 0);
  const fine = 'site_service:demarc_verdict:info{row="fine"}';
  await until('every service to be fine', async () => (await rows(fine)) === services, 90_000, 1_000);
  const broken = Date.now();
  for (const { site, lab } of stages) {
    for (const fault of faults[site] ?? []) await lab.inject(fault);
  }
  const guilty = 'count by (site) (site_service:demarc_verdict:info{party=~"own|isp|vendor"})';
  await until('a guilty one at every site', async () => (await rows(guilty)) === stages.length, 60_000, 1_000);
  await until('the newest change to be old enough', () => Date.now() - broken > ANNOTATION_S * 1_000, 90_000);
}
