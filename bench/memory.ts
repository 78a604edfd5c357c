// Resident memory: of the bare process, and what targets add to it. blackbox_exporter keeps nothing per target.
import { startBlackbox } from './blackbox.ts';
import { startHelper, stayOff, usageOf } from './pinned.ts';
import type { LocalServers, Measured } from './probe-kinds.ts';
import type { Slice, SliceResult } from './prober.ts';
import { report } from './statistics.ts';

/** How often each target is measured: 10,000 handshakes every 10 s are more than a core can do. */
const INTERVAL_MS = { http: 10_000, 'dns-udp': 10_000, https: 30_000 } as const satisfies Partial<
  Record<Measured, number>
>;
const COUNTS = [1_000, 10_000];
const TIMEOUT_MS = 4_000;
const FOR_MS = 6_000;
/** So that what one page leaves behind counts as well. */
const PAGE_EVERY_MS = 5_000;

/** After a round and a bit of all targets. */
async function rssWith(counts: Slice['counts'], servers: LocalServers, intervalMs: number): Promise<number> {
  const prober = startHelper(0, './prober.js');
  const pace = { intervalMs, timeoutMs: TIMEOUT_MS };
  const slice: Slice = { servers, counts, pace, warmUpMs: 1.2 * intervalMs, forMs: FOR_MS, pageEveryMs: PAGE_EVERY_MS };
  try {
    return (await prober.ask<SliceResult>(slice)).rssBytes;
  } finally {
    await prober.stop();
  }
}

async function blackboxRss(servers: LocalServers): Promise<number> {
  const blackbox = await startBlackbox(servers);
  try {
    const idle = usageOf(blackbox.pid).rssBytes;
    return idle;
  } finally {
    await blackbox.stop();
  }
}

export async function run(argv: readonly string[]): Promise<number> {
  stayOff();
  const helper = startHelper(1, './local-servers.js');
  try {
    const servers = await helper.ask<LocalServers>({});
    const base = await rssWith({}, servers, 0);
    const figures = [{ what: 'no targets', rssBytes: base, perThousandBytes: 0 }];
    for (const [kind, intervalMs] of Object.entries(INTERVAL_MS)) {
      for (const count of COUNTS) {
        const rssBytes = await rssWith({ [kind]: count }, servers, intervalMs);
        figures.push({ what: `${count} ${kind}`, rssBytes, perThousandBytes: (1_000 * (rssBytes - base)) / count });
      }
    }
    figures.push({ what: 'blackbox_exporter, idle', rssBytes: await blackboxRss(servers), perThousandBytes: 0 });
    const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
    const rows = figures.map(({ what, rssBytes, perThousandBytes: more }) => [
      what,
      megabytes(rssBytes),
      megabytes(more),
    ]);
    report(argv, figures, [['', 'RSS MB', 'MB per 1,000 targets'], ...rows]);
    return 0;
  } finally {
    await helper.stop();
  }
}
