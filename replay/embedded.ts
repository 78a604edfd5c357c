// Replays with the verdict in process: every scenario in a world of its own, some of them side by side.
import type { Scenario } from '../lab/scenario.ts';
import { embedded, play } from './play.ts';
import type { ReplayResult } from './result.ts';
import { score } from './score.ts';
import { paceOf, setStageOf } from './stage.ts';

export interface EmbeddedOptions {
  speed: number;
  /** How many at once: each is some fifty probes, and a starved prober says nothing. */
  parallel: number;
  version: string;
  onEvent(scenario: string, at: number, text: string): void;
}

const LISTEN_MS = 200;

/** Results in the order of the scenarios. */
export async function replayEmbedded(
  scenarios: readonly Scenario[],
  options: EmbeddedOptions,
): Promise<ReplayResult[]> {
  const results = new Map<Scenario, ReplayResult>();
  const waiting = [...scenarios];
  const lane = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
      results.set(scenario, await replayOne(scenario, options));
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, lane));
  return scenarios.flatMap((scenario) => results.get(scenario) ?? []);
}

async function replayOne(scenario: Scenario, options: EmbeddedOptions): Promise<ReplayResult> {
  const { version, onEvent } = options;
  const speed = paceOf(scenario, options.speed);
  const { id, world } = scenario;
  const tellEvent = (at: number, text: string): void => onEvent(id, at, text);
  const stage = await setStageOf({
    site: id,
    world,
    speed,
    version,
    past: scenario,
    onCrash: (text) => tellEvent(0, text),
  });
  try {
    const everyMs = LISTEN_MS / speed;
    const played = await play(scenario, stage, { speed, ...embedded(stage), onEvent: tellEvent, everyMs });
    return score(scenario, 'embedded', played.moments, played.vendors);
  } finally {
    await stage.stop();
  }
}
