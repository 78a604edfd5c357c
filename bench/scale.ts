// What a service costs the Prometheus that watches it: series, samples a second, CPU of storing and of judging, memory. A real
// exporter's page is copied for many services, and a real Prometheus with the committed rules scrapes it every 5 s; another
// one beside it has no rules, so the difference is what the rules cost. CPU seconds, since wall time is the machine's.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from '../replay/process.ts';
import { setStage } from '../replay/stage.ts';
import { prometheusTools } from '../replay/tools.ts';
import { report } from './statistics.ts';
import { pause, type Reading, readItself, startWatching, textOf } from './watched.ts';

const SIZES = [10, 100, 1_000];
const SCRAPE_S = 5;
const SETTLE_MS = 20_000;
const COUNTED_MS = 40_000;
const COPIED = 'blog';

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

/** What it did while counted. */
async function spentBy(program: { url: string }): Promise<{ spent: Reading; now: Reading }> {
  const before = await readItself(program);
  await pause(COUNTED_MS);
  const now = await readItself(program);
  const since = (key: keyof Reading): number => now[key] - before[key];
  return {
    now,
    spent: {
      cpuS: since('cpuS'),
      samples: since('samples'),
      ruleS: since('ruleS'),
      evaluations: since('evaluations'),
      series: since('series'),
      residentMb: since('residentMb'),
    },
  };
}

async function measure(file: string, real: string, services: number) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-scale-'));
  const { page, perService, perSite } = pageFor(real, services);
  const served = await servePage(page);
  const start = (name: string, rules: boolean) =>
    startWatching(file, path.join(folder, name), { target: served.host, scrapeS: SCRAPE_S, rules });
  const programs = [await start('judging', true), await start('storing', false)] as const;
  try {
    await pause(SETTLE_MS);
    const [judging, storing] = await Promise.all([spentBy(programs[0]), spentBy(programs[1])]);
    const { spent, now } = judging;
    const inS = COUNTED_MS / 1000;
    const rulesCpuMs = ((spent.cpuS - storing.spent.cpuS) * 1000 * SCRAPE_S) / inS;
    return {
      services,
      perSite,
      perService,
      headSeries: now.series,
      seriesPerService: (now.series - storing.now.series) / services + perService,
      samplesPerS: spent.samples / inS,
      cpuPercent: (spent.cpuS / inS) * 100,
      storingCpuPercent: (storing.spent.cpuS / inS) * 100,
      rulesCpuMs,
      rulesCpuMsPerService: rulesCpuMs / services,
      rulesWallMs: (spent.ruleS * 1000) / Math.max(1, spent.evaluations),
      residentMb: now.residentMb,
    };
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    await served.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const HEAD = [
  ...['services', 'series/site', 'series/service', 'all series', 'with records', 'samples/s', 'CPU %', 'CPU % storing'],
  ...['rules CPU ms/5 s', 'of it a service', 'rules wall ms', 'RSS MB'],
];

export async function run(argv: readonly string[]): Promise<number> {
  const tools = await prometheusTools(console.error);
  const stage = await setStage({ site: 'home', world: 'homelab', speed: 1, version: 'bench', onCrash: console.error });
  let real = '';
  try {
    await until('all to be measured', () => stage.monitor.ready(), 60_000);
    real = await textOf(`${stage.server.url}/metrics`);
  } finally {
    // A page is all that is wanted; probing on would cost what is measured.
    await stage.stop();
  }
  const figures = [];
  for (const services of SIZES) {
    console.error(`${services} services: ${(SETTLE_MS + COUNTED_MS) / 1000} s`);
    figures.push(await measure(tools.prometheus, real, services));
  }
  const rows = figures.map((figure) => Object.values(figure).map((value) => String(Math.round(value * 100) / 100)));
  report(argv, figures, [HEAD, ...rows]);
  return 0;
}
