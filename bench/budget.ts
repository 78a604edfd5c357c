// What the stack takes of a small machine: memory and CPU of exporter, Prometheus and Alertmanager on the homelab, each a
// process of its own, and what a day of it weighs on the disk. Grafana is not among them: there is none where this is measured.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { alertmanagerConfig } from '../alerts/alertmanager.ts';
import { projectFile } from '../catalog/root.ts';
import { startLab } from '../lab/start.ts';
import { answers, freePort, until } from '../replay/process.ts';
import { blocksIn, startAlertmanager } from '../replay/programs.ts';
import { setStage } from '../replay/stage.ts';
import { prometheusTools } from '../replay/tools.ts';
import { usageOf } from './pinned.ts';
import { report } from './statistics.ts';
import { pause, readItself, startWatching } from './watched.ts';

const SETTLE_MS = 30_000;
const COUNTED_MS = 120_000;
const SCRAPE_S = 5;
/** Measured and scraped this much faster, a chunk is as full after two minutes as it would be after ten. */
const DISK_SPEED = 5;
const DAY_S = 86_400;

type Tools = Awaited<ReturnType<typeof prometheusTools>>;

interface Share {
  what: string;
  residentMb: number;
  cpuPercent: number;
}

/** The exporter as the image starts it, on the map of a lab of its own. */
async function startExporter(folder: string, map: string) {
  const file = path.join(folder, 'demarc.yaml');
  await writeFile(file, map);
  const listen = `127.0.0.1:${await freePort()}`;
  const main = projectFile('dist/cli/main.js');
  const argv = ['--max-old-space-size=192', main, 'serve', '--map', file, '--listen', listen, '--state', folder];
  const child = spawn(process.execPath, argv, { stdio: 'ignore' });
  await until('the exporter to be ready', () => answers(`http://${listen}/-/ready`), 60_000);
  return {
    listen,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function measureProcesses(tools: Tools): Promise<{ shares: Share[]; series: number; samplesPerS: number }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-budget-'));
  const lab = await startLab();
  const exporter = await startExporter(folder, lab.map);
  const routes = { ...alertmanagerConfig(), templates: [] };
  const alertmanager = await startAlertmanager({ file: tools.alertmanager, folder, config: routes });
  const prometheus = await startWatching(tools.prometheus, path.join(folder, 'prometheus'), {
    target: exporter.listen,
    scrapeS: SCRAPE_S,
    rules: true,
    alertmanager: alertmanager.url,
  });
  const read = async () => ({
    exporter: usageOf(exporter.pid),
    prometheus: await readItself(prometheus),
    alertmanager: await readItself(alertmanager),
  });
  try {
    await pause(SETTLE_MS);
    const before = await read();
    await pause(COUNTED_MS);
    const after = await read();
    const inS = COUNTED_MS / 1000;
    const beside = (what: 'prometheus' | 'alertmanager'): Share => ({
      what,
      residentMb: after[what].residentMb,
      cpuPercent: ((after[what].cpuS - before[what].cpuS) / inS) * 100,
    });
    const exporterMs = after.exporter.cpuMs - before.exporter.cpuMs;
    const ours = {
      what: 'exporter',
      residentMb: after.exporter.rssBytes / 1e6,
      cpuPercent: exporterMs / 10 / inS,
    };
    return {
      shares: [ours, beside('prometheus'), beside('alertmanager')],
      series: after.prometheus.series,
      samplesPerS: (after.prometheus.samples - before.prometheus.samples) / inS,
    };
  } finally {
    await prometheus.stop();
    await alertmanager.stop();
    await exporter.stop();
    await lab.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Bytes of everything in a folder. */
function weigh(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

/** A database filled by a homelab that lives faster, weighed as a block. */
async function measureDisk({ prometheus: file }: Tools): Promise<{ bytesPerSample: number; indexBytes: number }> {
  const options = { site: 'home', world: 'homelab', speed: DISK_SPEED, version: 'bench', onCrash: console.error };
  const stage = await setStage(options);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-disk-'));
  const target = new URL(stage.server.url).host;
  const prometheus = await startWatching(file, folder, { target, scrapeS: SCRAPE_S / DISK_SPEED, rules: true });
  try {
    await pause(SETTLE_MS + COUNTED_MS);
    const answer = await fetch(`${prometheus.url}/api/v1/admin/tsdb/snapshot`, { method: 'POST' });
    const { data } = (await answer.json()) as { data: { name: string } };
    const snapshot = path.join(blocksIn(folder), 'snapshots', data.name);
    const [block = ''] = readdirSync(snapshot);
    const meta: { stats: { numSamples: number } } = JSON.parse(
      readFileSync(path.join(snapshot, block, 'meta.json'), 'utf8'),
    );
    return {
      bytesPerSample: weigh(path.join(snapshot, block, 'chunks')) / meta.stats.numSamples,
      indexBytes: statSync(path.join(snapshot, block, 'index')).size,
    };
  } finally {
    await prometheus.stop();
    await stage.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Blocks of two hours are joined to larger ones, with one index each: this counts none of that, so it is the most. */
const BLOCKS_A_DAY = 12;

export async function run(argv: readonly string[]): Promise<number> {
  const tools = await prometheusTools(console.error);
  console.error(`processes and disk: ${(SETTLE_MS + COUNTED_MS) / 1000} s`);
  const [processes, disk] = await Promise.all([measureProcesses(tools), measureDisk(tools)]);
  const { shares, series, samplesPerS } = processes;
  const dayMb = (samplesPerS * DAY_S * disk.bytesPerSample + BLOCKS_A_DAY * disk.indexBytes) / 1e6;
  const figures = { ...processes, ...disk, dayMb, monthGb: (dayMb * 30) / 1000 };
  const text = (value: number): string => String(Math.round(value * 100) / 100);
  const rows = shares.map(({ what, residentMb, cpuPercent }) => [what, text(residentMb), text(cpuPercent)]);
  const rest = Object.entries({ series, samplesPerS, ...disk, dayMb, monthGb: figures.monthGb });
  report(argv, figures, [
    ['', 'RSS MB', 'CPU % of a core'],
    ...rows,
    ['', '', ''],
    ...rest.map(([name, value]) => [name, text(value), '']),
  ]);
  return 0;
}
