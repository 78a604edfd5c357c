// What a probe costs, beside blackbox_exporter: the same targets, the same core, in turn, in one run.
// Only the ratios mean something; the absolute figures are this machine's at that moment.
import { type Blackbox, type BlackboxResult, startBlackbox } from './blackbox.ts';
import { type Helper, startHelper, stayOff } from './pinned.ts';
import { BLACKBOX_CONFIG, type Compared, type LocalServers } from './probe-kinds.ts';
import type { Slice, SliceResult } from './prober.ts';
import { median, quantile, report } from './statistics.ts';

const KINDS = Object.keys(BLACKBOX_CONFIG.modules) as Compared[];
/** The first is for warming up and is not counted. */
const ROUNDS = 6;
const SLICE_MS = 1_500;
/** An exporter runs for months: what is measured is not how it starts. */
const FIRST_SLICE_MS = 4_000;
const WARM_UP_MS = 200;
const TARGETS = 200;
/** Always overdue: the scheduler is never out of work. */
const SATURATED = { intervalMs: 1, timeoutMs: 5_000 };

type Counted = Pick<BlackboxResult, 'probes' | 'failed' | 'seconds' | 'cpuMs'>;

interface Round {
  ours: Counted;
  blackbox: Counted;
}

/** Milliseconds of CPU per probe, which is seconds per thousand. */
const cost = ({ cpuMs, probes }: Counted): number => cpuMs / probes;
const rate = ({ probes, seconds }: Counted): number => probes / seconds;

function summary(kind: Compared, rounds: readonly Round[]) {
  const sideOf = (side: keyof Round) => ({
    cpuSecondsPerThousand: median(rounds.map((round) => cost(round[side]))),
    perSecond: median(rounds.map((round) => rate(round[side]))),
    failed: rounds.reduce((sum, round) => sum + round[side].failed, 0),
  });
  const ratios = rounds.map(({ ours, blackbox }) => cost(ours) / cost(blackbox));
  const ratio = { median: median(ratios), q25: quantile(ratios, 0.25), q75: quantile(ratios, 0.75) };
  return { kind, rounds: rounds.length, ours: sideOf('ours'), blackbox: sideOf('blackbox'), cpuRatio: ratio };
}

type Summary = ReturnType<typeof summary>;

function rowOf({ kind, ours, blackbox, cpuRatio }: Summary): string[] {
  const ratio = `${cpuRatio.median.toFixed(2)} [${cpuRatio.q25.toFixed(2)}-${cpuRatio.q75.toFixed(2)}]`;
  const costs = [ours, blackbox].map((side) => side.cpuSecondsPerThousand.toFixed(3));
  const rates = [ours, blackbox].map((side) => side.perSecond.toFixed(0));
  return [
    kind,
    ...costs,
    ratio,
    `1/${(1 / cpuRatio.median).toFixed(1)}`,
    ...rates,
    `${ours.failed}/${blackbox.failed}`,
  ];
}

const HEAD = ['kind', 'CPU s/1000', 'blackbox', 'ratio [quartiles]', '', 'probes/s', 'blackbox', 'failed'];

async function playRound(
  kind: Compared,
  forMs: number,
  prober: Helper,
  blackbox: Blackbox,
  servers: LocalServers,
): Promise<Round> {
  const theirs = await blackbox.slice(kind, forMs);
  const pages = { pageEveryMs: SLICE_MS / 2, warmUpMs: WARM_UP_MS, forMs };
  const slice: Slice = { servers, counts: { [kind]: TARGETS }, pace: SATURATED, ...pages };
  return { ours: await prober.ask<SliceResult>(slice), blackbox: theirs };
}

export async function run(argv: readonly string[]): Promise<number> {
  stayOff();
  const asked = KINDS.filter((kind) => argv.includes(kind));
  const servers = startHelper(1, './local-servers.js');
  const prober = startHelper(0, './prober.js');
  let blackbox: Blackbox | undefined;
  try {
    const places = await servers.ask<LocalServers>({});
    blackbox = await startBlackbox(places);
    const rounds = new Map<Compared, Round[]>((asked.length > 0 ? asked : KINDS).map((kind) => [kind, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      const forMs = round === 0 ? FIRST_SLICE_MS : SLICE_MS;
      for (const [kind, played] of rounds) played.push(await playRound(kind, forMs, prober, blackbox, places));
      console.error(`round ${round + 1} of ${ROUNDS}`);
    }
    const summaries = [...rounds].map(([kind, played]) => summary(kind, played.slice(1)));
    report(argv, summaries, [HEAD, ...summaries.map(rowOf)]);
    return summaries.some(({ ours }) => ours.failed > 0) ? 1 : 0;
  } finally {
    await blackbox?.stop();
    await Promise.all([servers.stop(), prober.stop()]);
  }
}
