// What a service costs the Prometheus that watches it: series, samples a second, time of the rules, memory, disk. A real
// exporter's page is copied for many services, and a real Prometheus with the committed rules scrapes it every 5 s.
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { projectFile } from '../catalog/root.ts';
import { freePort, type Program, run as runProgram, until } from '../replay/process.ts';
import { type Stage, setStage } from '../replay/stage.ts';
import { prometheusTools } from '../replay/tools.ts';
import { report } from './statistics.ts';

const SIZES = [10, 100, 1_000];
const SCRAPE_S = 5;
const SETTLE_MS = 30_000;
const COUNTED_MS = 30_000;
/** Short blocks, so that there is one to weigh. */
const BLOCK = '3m';
const TO_A_BLOCK_MS = 420_000;
const COPIED = 'blog';

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

const textOf = async (url: string): Promise<string> =>
  (await fetch(url, { signal: AbortSignal.timeout(30_000) })).text();

const isSeries = (line: string): boolean => line !== '' && !line.startsWith('#');

/** The page of a site with so many services: what is the site's once, what is a service's for each. */
function pageFor(real: string, services: number): { page: string; perService: number; perSite: number } {
  const lines = real.split('\n');
  const own = lines.filter((line) => isSeries(line) && line.includes(`service="${COPIED}"`));
  const others = lines.filter((line) => !/service="(?!uplink")/.test(line));
  const copies = Array.from({ length: services }, (_, index) =>
    own.map((line) => line.replaceAll(COPIED, `${COPIED}-${index}`)).join('\n'),
  );
  return {
    page: `${others.join('\n').trimEnd()}\n${copies.join('\n')}\n`,
    perService: own.length,
    perSite: others.filter(isSeries).length,
  };
}

async function servePage(page: string): Promise<{ host: string; stop(): Promise<void> }> {
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function startPrometheus(file: string, folder: string, target: string): Promise<Program> {
  const port = await freePort();
  await mkdir(path.join(folder, 'data'), { recursive: true });
  const config = {
    global: { scrape_interval: `${SCRAPE_S}s`, scrape_timeout: '4s', evaluation_interval: `${SCRAPE_S}s` },
    rule_files: [projectFile('alerts/demarc.rules.yml')],
    scrape_configs: [{ job_name: 'demarc', static_configs: [{ targets: [target] }] }],
  };
  await writeFile(path.join(folder, 'prometheus.yml'), stringify(config));
  const argv = [
    `--config.file=${path.join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    `--storage.tsdb.min-block-duration=${BLOCK}`,
    `--storage.tsdb.max-block-duration=${BLOCK}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  return runProgram(file, argv, `http://127.0.0.1:${port}`);
}

/** The sum of a metric's samples on a page. */
function sumOf(page: string, name: RegExp): number {
  const lines = page.split('\n').filter((line) => name.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

interface Reading {
  cpuS: number;
  samples: number;
  /** What the group of 5 s took last. */
  ruleMs: number;
  series: number;
  residentMb: number;
}

async function read(prometheus: Program): Promise<Reading> {
  const page = await textOf(`${prometheus.url}/metrics`);
  return {
    cpuS: sumOf(page, /^process_cpu_seconds_total /),
    samples: sumOf(page, /^prometheus_tsdb_head_samples_appended_total\{type="float"\}/),
    ruleMs: sumOf(page, /^prometheus_rule_group_last_duration_seconds\{rule_group="[^"]*;demarc"/) * 1000,
    series: sumOf(page, /^prometheus_tsdb_head_series /),
    residentMb: sumOf(page, /^process_resident_memory_bytes /) / 1e6,
  };
}

async function measure(file: string, real: string, services: number) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-scale-'));
  const { page, perService, perSite } = pageFor(real, services);
  const served = await servePage(page);
  const prometheus = await startPrometheus(file, folder, served.host);
  try {
    await pause(SETTLE_MS);
    const before = await read(prometheus);
    await pause(COUNTED_MS);
    const after = await read(prometheus);
    const inS = COUNTED_MS / 1000;
    return {
      services,
      perSite,
      perService,
      headSeries: after.series,
      samplesPerS: (after.samples - before.samples) / inS,
      ruleMs: after.ruleMs,
      cpuPercent: ((after.cpuS - before.cpuS) / inS) * 100,
      residentMb: after.residentMb,
    };
  } finally {
    await prometheus.stop();
    await served.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Bytes of everything in a folder. */
function weigh(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

/** A real exporter of the homelab and a real Prometheus, until a block is written: what a day weighs. */
async function measureDisk(file: string, stage: Stage) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-disk-'));
  const prometheus = await startPrometheus(file, folder, new URL(stage.server.url).host);
  const data = path.join(folder, 'data');
  const blocks = (): string[] => readdirSync(data).filter((name) => /^[0-9A-Z]{26}$/.test(name));
  try {
    await until('a block of the database', () => blocks().length >= 1, TO_A_BLOCK_MS, 1_000);
    await pause(5_000);
    const block = path.join(data, blocks().at(-1) ?? '');
    const { stats } = JSON.parse(readFileSync(path.join(block, 'meta.json'), 'utf8'));
    const { samples, series, residentMb } = await read(prometheus);
    return {
      samples: stats.numSamples as number,
      seriesInBlock: stats.numSeries as number,
      chunkBytes: weigh(path.join(block, 'chunks')),
      indexBytes: statSync(path.join(block, 'index')).size,
      appended: samples,
      headSeries: series,
      residentMb,
    };
  } finally {
    await prometheus.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export async function run(argv: readonly string[]): Promise<number> {
  const tools = await prometheusTools(console.error);
  const stage = await setStage({ site: 'home', world: 'homelab', speed: 1, version: 'bench', onCrash: console.error });
  try {
    await until('all to be measured', () => stage.monitor.ready(), 60_000);
    const real = await textOf(`${stage.server.url}/metrics`);
    const disk = argv.includes('--disk') ? await measureDisk(tools.prometheus, stage) : null;
    const figures = [];
    for (const services of SIZES) figures.push(await measure(tools.prometheus, real, services));
    const head = [
      'services',
      'series/site',
      'series/service',
      'head series',
      'samples/s',
      'rules ms',
      'CPU %',
      'RSS MB',
    ];
    const rows = figures.map((figure) => Object.values(figure).map((value) => String(Math.round(value * 10) / 10)));
    const weight =
      disk === null ? [] : [[''], ...Object.entries(disk).map(([name, value]) => [name, String(Math.round(value))])];
    report(argv, { figures, disk }, [head, ...rows, ...weight]);
  } finally {
    await stage.stop();
  }
  return 0;
}
