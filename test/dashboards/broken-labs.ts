// Labs under faults, watched by a real Prometheus until the rules have found who did it: what dashboards are asked to show.
import type { Fault } from '../../lab/lab.ts';
import { until } from '../../replay/process.ts';
import { query } from '../../replay/watch.ts';
import { type WatchedLabs, watchLabs } from '../../replay/watched-labs.ts';
import { findTools } from '../../scripts/tools.mjs';

/** What breaks at which site. */
export type Faults = Readonly<Record<string, readonly Fault[]>>;

const SPEED = 5;

/** How far back the annotation of a change looks, with one evaluation to spare. */
const ANNOTATION_S = 65;

async function breakThem({ prometheus, stages }: WatchedLabs, faults: Faults): Promise<void> {
  const broken = Date.now();
  for (const { site, lab } of stages) {
    for (const fault of faults[site] ?? []) await lab.inject(fault);
  }
  const guilty = 'count by (site) (site_service:demarc_verdict:info{party=~"own|isp|vendor"})';
  const found = async (): Promise<boolean> => (await query(prometheus, guilty)).length === stages.length;
  await until('a guilty one at every site', found, 60_000, 1_000);
  await until('the newest change to be old enough', () => Date.now() - broken > ANNOTATION_S * 1_000, 90_000);
}

/** Starts a lab per site, lets all of them be fine, breaks them, and returns when the rules have found who did it. */
export async function breakLabs(faults: Faults): Promise<WatchedLabs> {
  const { paths, hint } = await findTools(['prometheus']);
  if (paths.prometheus === undefined) throw new Error(`Prometheus is missing: ${hint}`);
  const crashes: string[] = [];
  const onCrash = (text: string): void => void crashes.push(text);
  const { prometheus } = paths;
  const labs = await watchLabs({ sites: Object.keys(faults), speed: SPEED, prometheus, version: 'test', onCrash });
  try {
    await breakThem(labs, faults);
    if (crashes.length > 0) throw new Error(`probes crashed: ${crashes.join('; ')}`);
    return labs;
  } catch (error) {
    await labs.stop();
    throw error;
  }
}
