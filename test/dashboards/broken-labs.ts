// Labs under faults, watched by a real Prometheus until the rules have found who did it: what dashboards are asked to show.
import type { Party } from '../../catalog/parties.ts';
import type { Fault } from '../../lab/lab.ts';
import type { World } from '../../lab/world.ts';
import { until } from '../../replay/process.ts';
import { query } from '../../replay/watch.ts';
import { type WatchedLabs, watchLabs } from '../../replay/watched-labs.ts';
import { findTools } from '../../scripts/tools.mjs';

export interface Site {
  world: string | World;
  /** What breaks there. */
  faults: readonly Fault[];
  /** Whose fault the rules must find before anything is asked. */
  culprits: readonly Party[];
}

const SPEED = 5;

/** For a machine that builds images beside it. */
const PATIENCE_MS = 240_000;

/** How far back the annotation of a change looks, with one evaluation to spare. */
const ANNOTATION_S = 65;

async function breakThem({ prometheus, stages }: WatchedLabs, sites: Readonly<Record<string, Site>>): Promise<void> {
  const broken = Date.now();
  for (const { site, lab } of stages) {
    for (const fault of sites[site]?.faults ?? []) await lab.inject(fault);
  }
  await until('the newest change to be old enough', () => Date.now() - broken > ANNOTATION_S * 1_000, 90_000);
  const wanted = Object.entries(sites).flatMap(([site, { culprits }]) => culprits.map((party) => `${site} ${party}`));
  let missing = wanted;
  const found = async (): Promise<boolean> => {
    const blamed = await query(prometheus, 'group by (site, party) (site_service:demarc_verdict:info)');
    const named = blamed.map(({ metric: { site, party } }) => `${site} ${party}`);
    missing = wanted.filter((one) => !named.includes(one));
    return missing.length === 0;
  };
  await until('all the guilty at every site', found, PATIENCE_MS, 1_000).catch((error: unknown) => {
    throw new Error(`not found at the end: ${missing.join(', ')}`, { cause: error });
  });
}

/** Starts a lab per site, lets all of them be fine, breaks them, and returns when the rules have found who did it. */
export async function breakLabs(sites: Readonly<Record<string, Site>>): Promise<WatchedLabs> {
  const { paths, hint } = await findTools(['prometheus']);
  if (paths.prometheus === undefined) throw new Error(`Prometheus is missing: ${hint}`);
  const crashes: string[] = [];
  const onCrash = (text: string): void => void crashes.push(text);
  const { prometheus } = paths;
  const worlds = Object.fromEntries(Object.entries(sites).map(([site, { world }]) => [site, world]));
  const labs = await watchLabs({ worlds, speed: SPEED, prometheus, version: 'test', onCrash });
  try {
    await breakThem(labs, sites);
    if (crashes.length > 0) throw new Error(`probes crashed: ${crashes.join('; ')}`);
    return labs;
  } catch (error) {
    await labs.stop();
    throw error;
  }
}
