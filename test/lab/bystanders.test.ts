// The homelab in full: every daemon and stranger it adds is understood by the probe that asks it, with the line and without.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROBES } from '../../exporters/registry.ts';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { HOMELAB_IN_FULL } from '../../lab/worlds/homelab-in-full.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import type { Plan } from '../../map/plan-types.ts';
import { contextOf } from '../exporters/contract.ts';

/** Where strangers may be silent, nobody waits longer. */
const DEADLINE_MS = 2_000;

const DAEMONS = ['tunnel/files', 'tunnel/camera', 'tunnel/webhooks', 'tunnel/games'] as const;
const STRANGERS = [
  'route/192.0.2.0/24',
  'route/2001:db8::/32',
  'route/198.51.100.0/24',
  'custom/orders/login',
  'custom/shop/renewal',
  'outside/blog/watcher',
] as const;

let lab: Lab;
let plan: Plan;

beforeAll(async () => {
  lab = await startLab({ world: HOMELAB_IN_FULL });
  plan = planOf(parseMap(lab.map, 'lab', '/'), NOTHING_KNOWN);
});

afterAll(() => lab.stop());

async function observed(id: string): Promise<{ reason: string; facts: unknown }> {
  const target = plan.targets.find((one) => one.id === id);
  if (target === undefined) throw new Error(`${id} is not in the plan`);
  const measure = PROBES[target.kind].prepare(id, target.settings);
  return measure(contextOf(AbortSignal.timeout(DEADLINE_MS)));
}

it.each([...DAEMONS, ...STRANGERS, 'custom/orders/queue', 'custom/orders/calls'])('%s is well', async (id) => {
  expect(await observed(id)).toMatchObject({ reason: 'ok' });
});

it('loses the line: daemons run on and say what they miss, strangers are silent', async () => {
  await lab.inject({ kind: 'uplink_cut' });
  try {
    const said = await Promise.all(DAEMONS.map(observed));
    expect(said.map(({ reason }) => reason)).toEqual(['ok', 'ok', 'tunnel_not_ready', 'tunnel_not_ready']);
    expect(said.map(({ facts }) => facts)).toMatchObject([
      { state: 'ready', ailment: 'offline', warnings: 1 },
      { state: 'ready', ailment: null },
      { state: 'not_ready', ailment: 'offline', connections: 0 },
      { state: 'not_ready', ailment: 'start_error' },
    ]);
    expect((await Promise.all(STRANGERS.map(observed))).map(({ reason }) => reason)).toEqual(
      STRANGERS.map(() => 'timeout'),
    );
  } finally {
    await lab.heal();
  }
});
