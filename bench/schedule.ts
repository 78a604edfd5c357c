// Whether starts stay on time with 10,000 targets of which half never answer, on one core, alone and while being read.
// The lateness of a start is what makes silence worthless as evidence.
import { startHelper, stayOff } from './pinned.ts';
import type { LocalServers } from './probe-kinds.ts';
import type { Slice, SliceResult } from './prober.ts';
import { report } from './statistics.ts';

const ANSWERING = { http: 2_500, 'dns-udp': 2_500 };
const SILENT = { 'silent-http': 2_500, 'silent-dns': 2_500 };
const PACE = { intervalMs: 15_000, timeoutMs: 4_000 };
/** The first round, and some. */
const WARM_UP_MS = 20_000;
const FOR_MS = 30_000;

const CASES = [
  { name: 'all answer', counts: { http: 5_000, 'dns-udp': 5_000 }, pageEveryMs: 0 },
  { name: 'half silent', counts: { ...ANSWERING, ...SILENT }, pageEveryMs: 0 },
  { name: 'half silent, read every 15 s', counts: { ...ANSWERING, ...SILENT }, pageEveryMs: 15_000 },
] as const;

const HEAD = [
  'case',
  'probes/s',
  'late p50',
  'late p99',
  'late max',
  'loop p99',
  'loop max',
  'in flight',
  'CPU %',
  'MB',
];

function rowOf(name: string, { probes, seconds, lateness, loop, inFlight, cpuMs, rssBytes }: SliceResult): string[] {
  const times = [lateness.p50, lateness.p99, lateness.max, loop.p99, loop.max].map((ms) => ms.toFixed(1));
  const share = (cpuMs / 10 / seconds).toFixed(0);
  return [name, (probes / seconds).toFixed(0), ...times, String(inFlight), share, (rssBytes / 1e6).toFixed(0)];
}

export async function run(argv: readonly string[]): Promise<number> {
  stayOff();
  const servers = startHelper(1, './local-servers.js');
  try {
    const places = await servers.ask<LocalServers>({});
    const results: { name: string; result: SliceResult }[] = [];
    for (const { name, counts, pageEveryMs } of CASES) {
      const prober = startHelper(0, './prober.js');
      const slice: Slice = { servers: places, counts, pace: PACE, warmUpMs: WARM_UP_MS, forMs: FOR_MS, pageEveryMs };
      try {
        results.push({ name, result: await prober.ask<SliceResult>(slice) });
      } finally {
        await prober.stop();
      }
    }
    report(argv, results, [HEAD, ...results.map(({ name, result }) => rowOf(name, result))]);
    return 0;
  } finally {
    await servers.stop();
  }
}
