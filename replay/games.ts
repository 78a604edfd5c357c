// Plays scenarios for the game day: one at a time, each in a world of its own, faster than life, with the verdict in process.
import { FAULTS, type FaultKind } from '../lab/faults.ts';
import type { Fault } from '../lab/lab.ts';
import { OUTAGES } from '../lab/outages.ts';
import { builtInScenarios, type Scenario } from '../lab/scenario.ts';
import { UPLINK_SERVICE } from '../map/plan.ts';
import { loadCatalogue } from '../map/vendors.ts';
import type { Game, GameFault, GamePlay, GameSaid, Games } from '../status/games.ts';
import { embedded, play } from './play.ts';
import { saidText } from './result.ts';
import { claimText, score } from './score.ts';
import { paceOf, setStageOf } from './stage.ts';
import { isStarvedUnasked, watchStalls } from './stalls.ts';

export interface GamesOptions {
  version: string;
  /** How much faster than life; 3 leaves the probes time enough. */
  speed: number;
}

const LISTEN_MS = 200;
const IN_TIME: GamePlay['machine'] = { lackedTime: false, stalledMs: 0 };

export interface RunningGames extends Games {
  /** Ends a play under way, and its world. */
  stop(): Promise<void>;
}

export function createGames({ version, speed: usual }: GamesOptions): RunningGames {
  const scenarios = new Map(builtInScenarios().map((scenario) => [scenario.id, scenario]));
  let current: () => GamePlay | null = () => null;
  let running: Promise<void> | null = null;
  const ending = new AbortController();

  async function perform(scenario: Scenario): Promise<void> {
    const speed = paceOf(scenario, usual);
    const said: GameSaid[] = [];
    const stalls = watchStalls();
    const begunAt = performance.now();
    let startedAt: number | null = null;
    const present = (): Pick<GamePlay, 'game' | 'atMs' | 'speed' | 'said'> => {
      const passed = startedAt === null ? 0 : (performance.now() - startedAt) * speed;
      return { game: scenario.id, atMs: Math.min(scenario.endMs, Math.round(passed)), speed, said };
    };
    const known = { claims: [], machine: IN_TIME, rightAfterMs: null, problem: null };
    const now = (): GamePlay => ({ ...present(), ...known, phase: startedAt === null ? 'warming' : 'playing' });
    current = now;
    try {
      const stage = await setStageOf({
        site: scenario.id,
        world: scenario.world,
        speed,
        version,
        past: scenario,
        onCrash: () => undefined,
      });
      try {
        const { moments, vendors } = await play(scenario, stage, {
          speed,
          everyMs: LISTEN_MS / speed,
          ...embedded(stage),
          signal: ending.signal,
          onEvent: () => undefined,
          onMoment({ at, service, verdict }) {
            startedAt ??= performance.now();
            const own = stage.monitor.verdicts().find((one) => one.service === service);
            // Of a demarc that was killed there is no verdict.
            const headline = own?.headline ?? `${service}: ${saidText(verdict)}`;
            said.push({ at, service, party: verdict.party, row: verdict.row, headline });
          },
        });
        const result = score(scenario, 'embedded', moments, vendors);
        const demands = scenario.expect.map((claim, index) => ({
          text: `${claim.service}: ${claimText({ ...claim, service: undefined })}`,
          met: result.expectations[index]?.met === true,
        }));
        const bans = scenario.never.map((claim) => ({
          text: `never ${claimText(claim)}`,
          met: result.broken.length === 0,
        }));
        const stalledMs = stalls.longestSince(begunAt);
        const over: GamePlay = {
          ...present(),
          atMs: scenario.endMs,
          phase: 'over',
          claims: [...demands, ...bans],
          machine: { lackedTime: stalledMs > 0 || isStarvedUnasked(scenario, moments), stalledMs },
          rightAfterMs: result.timeToVerdictMs,
          problem: null,
        };
        current = () => over;
      } finally {
        await stage.stop();
      }
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const failed: GamePlay = { ...present(), ...known, phase: 'failed', problem };
      current = () => failed;
    } finally {
      stalls.stop();
    }
  }

  return {
    list: [...scenarios.values()].map(gameOf),
    current: () => current(),
    play(id) {
      const scenario = scenarios.get(id);
      if (scenario === undefined || running !== null) return false;
      running = perform(scenario).finally(() => {
        running = null;
      });
      return true;
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}

function gameOf({ id, title, story, world, looksLike, timeline, endMs }: Scenario): Game {
  const outage = OUTAGES.find(({ scenario }) => scenario === id);
  const record = outage === undefined ? null : { who: outage.who, day: outage.date };
  const chapter = record !== null ? 'record' : looksLike === null ? 'other' : 'own';
  const faults = timeline.flatMap((step): GameFault[] => {
    if (!('break' in step)) return [];
    const repair = timeline.find((other) => 'heal' in other && other.heal === step.as && other.atMs >= step.atMs);
    return [{ label: labelOf(step.break), fromMs: step.atMs, toMs: repair?.atMs ?? endMs }];
  });
  const services = [...world.services.map(({ name }) => name), UPLINK_SERVICE];
  return { id, chapter, record, title, story, world: world.name, services, faults, endMs };
}

function labelOf({ kind, target, rate }: Fault): string {
  const { label } = FAULTS[kind as FaultKind];
  const named = loadCatalogue().get(target ?? '')?.title ?? target ?? '';
  const share = rate === undefined || rate === 1 ? '' : ` (${Math.round(rate * 100)}\u00a0%)`;
  return `${label.replace('{target}', named)}${share}`;
}
