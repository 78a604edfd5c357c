// What the dashboards ask of Prometheus, at 200 services with 30 days behind them: every query once, the slowest ones told.
// The series are those of a real lab under a fault, copied; the past is written by remote write.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { MINUTES } from '../alerts/minutes.ts';
import { projectFile } from '../catalog/root.ts';
import { ask, askNow, type Chosen, EVERYTHING, type Series } from '../dashboards/preview-ask.ts';
import { parseDashboard } from '../dashboards/preview-model.ts';
import { HOMELAB_IN_FULL } from '../lab/worlds/homelab-in-full.ts';
import type { Program } from '../replay/process.ts';
import { startPrometheus } from '../replay/programs.ts';
import { prometheusTools } from '../replay/tools.ts';
import { watchLabs } from '../replay/watched-labs.ts';
import { writeHistory } from './history.ts';
import { quantile, report } from './statistics.ts';

const SPEED = 4;
const SERVICES = 200;
const DAY_S = 86_400;
const LONG_S = 30 * DAY_S;
const SHORT_S = 6 * 3_600;
const GRAPH_STEP_S = 30;
const RUNS = 3;
const SHOWN = 12;

const MINUTE_MS = 60_000;

const tell = (line: string): void => console.error(line);

/** Every series of a lab whose edge has been failing for more than a minute: verdicts, records and probes. */
async function seriesOfLab(prometheus: string): Promise<Series[]> {
  tell('starting a lab');
  const onCrash = (text: string): void => tell(`a probe crashed: ${text}`);
  const labs = await watchLabs({
    worlds: { home: HOMELAB_IN_FULL },
    speed: SPEED,
    prometheus,
    version: 'bench',
    onCrash,
  });
  try {
    await labs.stages[0]?.lab.inject({ kind: 'edge_5xx', target: 'cloudflare' });
    await new Promise((resolve) => void setTimeout(resolve, 2 * MINUTE_MS));
    return await askNow(labs.prometheus, '{__name__=~".+", __name__!="ALERTS_FOR_STATE"}', chosenAt(Date.now() / 1000));
  } finally {
    await labs.stop();
  }
}

function chosenAt(to: number): Chosen {
  const everything = { site: 'home', service: EVERYTHING, vendor: EVERYTHING, slo: '99.9' };
  return { ...everything, from: to - SHORT_S, to, stepS: GRAPH_STEP_S };
}

/** A Prometheus without rules and targets, which only keeps what it is given. */
const startStore = (file: string, folder: string): Promise<Program> =>
  startPrometheus({
    file,
    folder,
    config: { global: {} },
    flags: ['--storage.tsdb.retention.time=60d', '--web.enable-remote-write-receiver'],
  });

interface Figure {
  place: string;
  /** Of three runs, milliseconds. */
  fastestMs: number;
  series: number;
}

async function measure(prometheus: string, chosen: Chosen): Promise<Figure[]> {
  const figures: Figure[] = [];
  const folder = projectFile('dashboards/json');
  const [one] = await askNow(prometheus, 'group by (service) (demarc_service_info)', chosen);
  for (const file of await readdir(folder)) {
    // The dashboard about one service is asked about one.
    const asked = file === 'service.json' ? { ...chosen, service: one?.labels.service ?? EVERYTHING } : chosen;
    const { panels } = parseDashboard(await readFile(path.join(folder, file), 'utf8'));
    tell(`asking what ${file} asks`);
    for (const { title, targets } of panels) {
      for (const target of targets) {
        const times: number[] = [];
        let series = 0;
        for (let run = 0; run < RUNS; run += 1) {
          const before = performance.now();
          series = (await ask(prometheus, target, asked)).length;
          times.push(performance.now() - before);
        }
        figures.push({
          place: `${path.basename(file, '.json')}: ${title} ${target.refId}`,
          fastestMs: Math.min(...times),
          series,
        });
      }
    }
  }
  return figures.sort((a, b) => b.fastestMs - a.fastestMs);
}

export async function run(argv: readonly string[]): Promise<number> {
  const tools = await prometheusTools(tell);
  const seen = await seriesOfLab(tools.prometheus);
  const services = new Set(seen.flatMap(({ labels }) => labels.service ?? [])).size - 1;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-history-'));
  const store = await startStore(tools.prometheus, folder);
  try {
    const now = Math.floor(Date.now() / 1000);
    const long = new Set<string>(Object.values(MINUTES));
    const options = { copies: Math.ceil(SERVICES / services), longS: LONG_S, shortS: SHORT_S, long };
    const before = performance.now();
    const { series, samples } = await writeHistory(store.url, seen, now, options, tell);
    tell(
      `${series} series, ${(samples / 1e6).toFixed(1)} million samples in ${Math.round((performance.now() - before) / 1000)} s`,
    );
    const figures = await measure(store.url, chosenAt(now - GRAPH_STEP_S));
    const times = figures.map(({ fastestMs }) => fastestMs);
    tell(
      `${figures.length} queries; half within ${quantile(times, 0.5).toFixed(0)} ms, 95 of 100 within ${quantile(times, 0.95).toFixed(0)} ms`,
    );
    const rows = figures
      .slice(0, SHOWN)
      .map(({ place, fastestMs, series }) => [place, fastestMs.toFixed(0), String(series)]);
    report(argv, figures, [['the slowest', 'ms', 'series'], ...rows]);
    return 0;
  } finally {
    await store.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
