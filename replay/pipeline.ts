// What scrapes a demarc, broken as its scenario wants: the way from Prometheus to it, and Prometheus itself.
import type { FaultKind } from '../lab/faults.ts';
import type { Scenario } from '../lab/scenario.ts';
import type { Befall } from '../lab/watchers.ts';
import type { Relay } from './relay.ts';
import { isSpoken, type Moment } from './result.ts';
import { within } from './score.ts';
import type { Watch } from './watch.ts';

/** Breaks and mends what stands between a demarc and its alerts. */
export function pipelineBefalling({ run }: Pick<Watch, 'run'>, { cut, mend }: Relay): Befall {
  return async (faults) => {
    const has = (kind: FaultKind): boolean => faults.some((fault) => fault.kind === kind);
    await (has('scrape_gap') ? cut() : mend());
    await run(!has('prometheus_restart'));
  };
}

/** A scrape, an evaluation, and whoever listens; several times that, since the machine may be busy. */
const UNTIL_BLIND_MS = 20_000;

/** What the rules said, though they could know nothing any more: `blog at 31000 ms: fine`. */
export function saidBlind({ timeline: steps, endMs }: Scenario, timeline: readonly Moment[]): string[] {
  const services = [...new Set(timeline.map(({ service }) => service))];
  return steps.flatMap((step) => {
    if (!('break' in step) || step.break.kind !== 'scrape_gap') return [];
    const healed = steps.find((other) => 'heal' in other && other.heal === step.as && other.atMs > step.atMs);
    const [from, to] = [step.atMs + UNTIL_BLIND_MS, healed?.atMs ?? endMs];
    return services.flatMap((service) => {
      const own = timeline.filter((moment) => moment.service === service);
      const spoken = within(own, from, to).filter(isSpoken);
      return spoken.map(({ at, verdict }) => `${service} at ${at} ms: ${verdict.row}`);
    });
  });
}
