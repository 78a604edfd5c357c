// A Prometheus of a measurement: started on one target, and what it says of itself.
import { projectFile } from '../catalog/root.ts';
import type { Program } from '../replay/process.ts';
import { alertsTo, scraped, startPrometheus } from '../replay/programs.ts';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

export const textOf = async (url: string): Promise<string> =>
  (await fetch(url, { signal: AbortSignal.timeout(30_000) })).text();

export interface Watching {
  /** host:port */
  target: string;
  scrapeS: number;
  /** Whether it evaluates the committed rules. */
  rules: boolean;
  /** Base URL of an Alertmanager. */
  alertmanager?: string;
}

/** Starts it with its data in `folder`, which it may make a snapshot in when told to. */
export function startWatching(
  file: string,
  folder: string,
  { target, scrapeS, rules, alertmanager }: Watching,
): Promise<Program> {
  const every = `${scrapeS}s`;
  const config = {
    global: { scrape_interval: every, scrape_timeout: scrapeS > 4 ? '4s' : every, evaluation_interval: every },
    rule_files: rules ? [projectFile('alerts/demarc.rules.yml')] : [],
    scrape_configs: [scraped('demarc', [target])],
    ...(alertmanager === undefined ? {} : { alerting: alertsTo([alertmanager]) }),
  };
  return startPrometheus({ file, folder, config, flags: ['--web.enable-admin-api'] });
}

/** The sum of a metric's samples on a page. */
export function sumOf(page: string, name: RegExp): number {
  const lines = page.split('\n').filter((line) => name.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

export interface Reading {
  cpuS: number;
  samples: number;
  /** Wall time of all evaluations of all groups so far. */
  ruleS: number;
  evaluations: number;
  series: number;
  residentMb: number;
}

/** What a program of Prometheus' family says of itself; nothing of a store or rules if it has none. */
export async function readItself(program: Pick<Program, 'url'>): Promise<Reading> {
  const page = await textOf(`${program.url}/metrics`);
  const group = String.raw`\{rule_group="[^"]*;demarc"`;
  return {
    cpuS: sumOf(page, /^process_cpu_seconds_total /),
    samples: sumOf(page, /^prometheus_tsdb_head_samples_appended_total\{type="float"\}/),
    ruleS: sumOf(page, /^prometheus_rule_group_duration_seconds_sum /),
    evaluations: sumOf(page, new RegExp(`^prometheus_rule_group_iterations_total${group}`)),
    series: sumOf(page, /^prometheus_tsdb_head_series /),
    residentMb: sumOf(page, /^process_resident_memory_bytes /) / 1e6,
  };
}
