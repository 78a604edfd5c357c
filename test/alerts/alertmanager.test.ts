// The timing of the routes, and that no alert is left without a reader.
import { describe, expect, it } from 'vitest';
import { alertmanagerConfig, alertmanagerFragment, RECEIVERS } from '../../alerts/alertmanager.ts';

const { route, receivers } = alertmanagerConfig();
const routes = route.routes ?? [];

const SECONDS_OF_UNIT: Record<string, number> = { s: 1, m: 60, h: 3_600 };

function seconds(duration: string | undefined): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(duration ?? '') ?? [];
  return Number(count) * (SECONDS_OF_UNIT[unit ?? ''] ?? Number.NaN);
}

describe('routes', () => {
  it.each([route, ...routes])('to $receiver wait at most five seconds', ({ group_wait }) => {
    expect(seconds(group_wait)).toBeGreaterThanOrEqual(1);
    expect(seconds(group_wait)).toBeLessThanOrEqual(5);
  });

  it('repeat the heartbeat more often than groups are looked at, else every second beat is left out', () => {
    const heartbeat = routes.find(({ receiver }) => receiver === 'heartbeat');
    expect(seconds(heartbeat?.repeat_interval)).toBeLessThan(seconds(heartbeat?.group_interval));
  });

  it('group vendors by vendor and repeat them once a day', () => {
    const vendor = routes.find(({ receiver }) => receiver === 'vendor');
    expect(vendor?.group_by).toEqual(['vendor', 'site']);
    expect(vendor?.repeat_interval).toBe('24h');
  });
});

describe('receivers', () => {
  it('are the ones the routes name', () => {
    expect(new Set([route, ...routes].map(({ receiver }) => receiver))).toEqual(new Set(RECEIVERS));
    expect(receivers.map(({ name }) => name)).toEqual(RECEIVERS);
  });

  it('post where they are told to', () => {
    const posted = alertmanagerConfig('http://127.0.0.1:1/hook').receivers.flatMap(
      ({ webhook_configs = [] }) => webhook_configs,
    );
    expect(new Set(posted.map(({ url }) => url))).toEqual(new Set(['http://127.0.0.1:1/hook']));
  });

  it('of the fragment cannot be mistaken for the reader’s own', () => {
    for (const { name } of alertmanagerFragment().receivers) expect(name).toMatch(/^demarc-/);
  });
});
