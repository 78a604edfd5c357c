// Programs of others that probes depend on, each the real one: a NUT server, and the ping of BusyBox.
import { expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { ping } from '../../exporters/ping/probe.ts';
import { power } from '../../exporters/power/probe.ts';
import { contextOf } from './contract.ts';
import { realNutServer } from './nut-server.ts';
import { pingIs } from './ping-program.ts';

const DEADLINE_MS = 3_000;
const WITHIN = { timeout: 10_000, interval: 100 };

const context = () => contextOf(AbortSignal.timeout(DEADLINE_MS));

it('upsd is understood, on the line, on battery, and without its driver', async () => {
  const server = await realNutServer();
  const look = (ups = 'rack') => power.prepare('t', { host: '127.0.0.1', port: server.port, ups })(context());
  const reason = async (): Promise<Reason> => (await look()).reason;
  await expect.poll(reason, WITHIN).toBe('ok');
  expect((await look()).facts).toMatchObject({ source: 'line', charge: 1, runtimeMs: 2_400_000 });
  await server.say('ups.status: OB LB');
  await expect.poll(reason, WITHIN).toBe('power_low_battery');
  expect((await look('nobody')).reason).toBe('nut_unknown_ups');
  server.killDriver();
  await expect.poll(reason, WITHIN).toBe('nut_stale');
}, 40_000);

it('the ping of BusyBox comes back from this machine', async () => {
  await pingIs({ link: '/bin/busybox' });
  const observed = await ping.prepare('t', { host: '127.0.0.1', count: 2 })(context());
  expect(observed).toMatchObject({ ok: true, facts: { sent: 2, received: 2 } });
});
