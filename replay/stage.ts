// One scenario's own world with demarc watching it, under a site name of its own. demarc runs in the process of the lab, or in one
// of its own where the scenario breaks the machine it runs on.
import type { Lab } from '../lab/lab.ts';
import type { Scenario } from '../lab/scenario.ts';
import { startLab } from '../lab/start.ts';
import { type Befall, isBefallen, watcherHitBy } from '../lab/watchers.ts';
import type { World } from '../lab/world.ts';
import { startApart } from './apart.ts';
import { breakBefore, type KeptState, stateLeft } from './history.ts';
import { type Chart, chartOf, type HeardProber, type Prober, startProber } from './prober.ts';

/** What a replay plays on, wherever demarc runs. */
export interface Stage extends HeardProber {
  site: string;
  lab: Lab;
  /** Ids of what was broken before demarc started, by the name to heal it by. */
  broken: ReadonlyMap<string, string>;
}

export interface StageOptions {
  site: string;
  world: string | World;
  /** Time runs this much faster: intervals, deadlines and windows shrink alike. */
  speed: number;
  version: string;
  /** Of a scenario: what was before, what fails by chance, and what breaks. */
  past?: Pick<Scenario, 'history' | 'timeline' | 'noise'>;
  /** Breaks what scrapes it; where nobody does, nothing happens. */
  befallPipeline?: Befall;
  onCrash(message: string): void;
}

/** What befalls a machine lasts as long as it lasts, and so does what a prober remembers of its own lateness: neither can be hurried. */
export const paceOf = ({ timeline }: Pick<Scenario, 'timeline'>, speed: number): number =>
  isBefallen('prober', timeline) ? 1 : speed;

const NO_PAST = { history: null, timeline: [], noise: null } as const;

/** With demarc in the process of the lab. */
export function setStage(options: StageOptions): Promise<Stage & Prober> {
  const { speed, version, past = NO_PAST, befallPipeline = nothing, onCrash } = options;
  const befall = isBefallen('pipeline', past.timeline) ? befallPipeline : undefined;
  return raise(options, befall, ({ lab, chart, left }) => {
    const memory = left === null ? {} : { memory: left.memory };
    return startProber({ chart, speed, version, ...memory, demo: lab, onCrash });
  });
}

/** As the scenario needs it: in a process of its own where demarc's machine breaks. */
export function setStageOf(options: StageOptions & Required<Pick<StageOptions, 'past'>>): Promise<Stage> {
  return isBefallen('prober', options.past.timeline) ? setStageApart(options) : setStage(options);
}

function setStageApart(options: StageOptions): Promise<Stage> {
  const { site, speed, version, befallPipeline = nothing, onCrash } = options;
  let befallProber: Befall = nothing;
  const befall: Befall = async (faults) => {
    await befallProber(faults.filter(({ kind }) => watcherHitBy(kind) === 'prober'));
    await befallPipeline(faults.filter(({ kind }) => watcherHitBy(kind) === 'pipeline'));
  };
  return raise(options, befall, async ({ lab, chart: { plan }, left }) => {
    const kept = left ?? (await stateLeft([], plan));
    const apart = await startApart({ map: lab.map, site, speed, version, folder: kept.folder, plan, onCrash });
    befallProber = apart.befall;
    return { ...apart, stop: () => apart.stop().finally(kept.forget) };
  });
}

const nothing: Befall = async () => undefined;

interface House {
  lab: Lab;
  chart: Chart;
  /** null: nothing is remembered. */
  left: KeptState | null;
}

/** Builds the world, breaks what was broken before, and has `start` let demarc watch it. */
async function raise<P extends HeardProber>(
  { site, world, speed, past = NO_PAST }: StageOptions,
  befall: Befall | undefined,
  start: (house: House) => Promise<P>,
): Promise<Stage & P> {
  const { share: noise = 0, seed = 1 } = past.noise ?? {};
  const lab = await startLab({ world, speed, noise, seed, ...(befall && { befall }) });
  const chart = await chartOf(lab.map, site);
  const broken = await breakBefore(past, lab);
  const left = past.history === null ? null : await stateLeft(past.history, chart.plan);
  const prober = await start({ lab, chart, left });
  return {
    ...prober,
    site,
    lab,
    broken,
    async stop() {
      await prober.stop();
      await left?.forget();
      await lab.stop();
    },
  };
}
