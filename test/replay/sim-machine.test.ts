// A prober that has no time, or sleeps and wakes: silence proves nothing to it, and nobody outside is blamed for its own.
import { expect, it } from 'vitest';
import { HOMELAB } from '../../lab/worlds/homelab.ts';
import { warmUp } from '../../replay/sim/engine.ts';
import { settingOf } from '../../replay/sim/setting.ts';
import { breakage, type SimFault } from '../../replay/sim/sim-faults.ts';
import { startSimulation } from '../../replay/sim/simulation.ts';

const SETTING = settingOf(HOMELAB);
const MINUTE_MS = 60_000;

/** Parties that were named for any service in three minutes with this fault, and one after. */
async function named(seed: number, fault: SimFault): Promise<Set<string>> {
  const parties = new Set<string>();
  const simulation = startSimulation({
    setting: SETTING,
    seed,
    noise: 0.005,
    reconnect: 'real',
    onTold: (_, told) => told.forEach(({ party }) => void parties.add(party)),
  });
  const start = await warmUp(simulation);
  parties.clear();
  simulation.break(fault);
  await simulation.clock.runUntil(start + 3 * MINUTE_MS);
  simulation.heal(fault);
  await simulation.clock.runUntil(start + 4 * MINUTE_MS);
  return parties;
}

it.each([
  ['gets a tenth of its time', breakage('machine_starved', null, 0.9)],
  ['gets half of its time', breakage('machine_starved', null, 0.5)],
  ['sleeps for ten seconds again and again', breakage('machine_suspended')],
])('blames nobody while it %s', async (_, fault) => {
  for (const seed of [1, 2, 3]) {
    const parties = await named(seed, fault);
    for (const party of ['vendor', 'isp', 'own']) expect([...parties], `seed ${seed}`).not.toContain(party);
  }
});
