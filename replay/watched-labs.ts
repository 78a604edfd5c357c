// Labs scraped by a real Prometheus with the committed rules, Prometheus itself too: what dashboards are shown with.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { projectFile } from '../catalog/root.ts';
import type { World } from '../lab/world.ts';
import { type Program, until } from './process.ts';
import { freeHost, scraped, startPrometheus } from './programs.ts';
import { type Stage, setStage } from './stage.ts';
import { query } from './watch.ts';

export interface WatchedLabs {
  prometheus: string;
  stages: readonly Stage[];
  /** Unix seconds: before the first scrape. */
  since: number;
  stop(): Promise<void>;
}

export interface WatchedLabsOptions {
  /** The world of each site's lab. */
  worlds: Readonly<Record<string, string | World>>;
  /** Intervals, deadlines and windows of the labs shrink alike; the rules keep their own. */
  speed: number;
  /** The program. */
  prometheus: string;
  version: string;
  onCrash(message: string): void;
}

const SCRAPE_S = 5;

const FINE_LIMIT_MS = 120_000;

/** Scrapes the labs and, listening on `host`, itself. */
const configOf = (stages: readonly Stage[], host: string): object => ({
  global: { scrape_interval: `${SCRAPE_S}s`, evaluation_interval: `${SCRAPE_S}s` },
  rule_files: [projectFile('alerts/demarc.rules.yml')],
  scrape_configs: [
    scraped(
      'demarc',
      stages.map(({ server }) => new URL(server.url).host),
    ),
    scraped('prometheus', [host]),
  ],
});

/** Returns when the rules find every service of every lab fine. */
export async function watchLabs(options: WatchedLabsOptions): Promise<WatchedLabs> {
  const { worlds, speed, version, onCrash } = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-labs-'));
  const stages = await Promise.all(
    Object.entries(worlds).map(([site, world]) => setStage({ site, world, speed, version, onCrash })),
  );
  const programs: Program[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.stop()));
    await Promise.all(stages.map((stage) => stage.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const since = Date.now() / 1000;
    const host = await freeHost();
    const prometheus = { file: options.prometheus, folder, config: configOf(stages, host), host };
    const program = await startPrometheus(prometheus);
    programs.push(program);
    const { url } = program;
    const services = stages.reduce((sum, { monitor }) => sum + monitor.plan().services.length, 0);
    const fine = async (): Promise<number> => (await query(url, 'site_service:demarc_verdict:info{row="fine"}')).length;
    await until('every service to be fine', async () => (await fine()) === services, FINE_LIMIT_MS, 1_000);
    return { prometheus: url, stages, since, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
