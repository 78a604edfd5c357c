// Many sites, one engine: each site is judged by itself, a cut wire accuses nobody, what was kept back arrives, and two
// Alertmanagers page once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../replay/watch.ts';
import { type Fleet, startFleet } from './fleet.ts';

const SOON = { timeout: 90_000, interval: 500 };
const FINE = '1';

let fleet: Fleet;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  fleet = await startFleet(cleanups);
});
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** Codes of the rules, by service. */
async function judged(site: string): Promise<Record<string, string>> {
  const samples = await query(fleet.centre, `site_service:demarc_verdict:code{site="${site}"}`);
  return Object.fromEntries(samples.map(({ metric, value }) => [metric.service ?? '', value[1]]));
}

const allFine = async (site: string): Promise<boolean> => {
  const codes = Object.values(await judged(site));
  return codes.length > 2 && codes.every((code) => code === FINE);
};

const failures = (site: string) =>
  fleet.inbox.alerts().filter(({ labels, status }) => labels.site === site && status === 'firing');

const ownFailures = (site: string) => failures(site).filter(({ labels }) => labels.alertname === 'DemarcOwnFailure');

/** Samples of one series from `from` to `to`, Unix seconds. */
async function samplesBetween(series: string, from: number, to: number): Promise<number> {
  const [sample] = await query(fleet.centre, `count_over_time(${series}[${to - from}s] @ ${to})`);
  return Number(sample?.value[1] ?? 0);
}

const seconds = (): number => Math.floor(Date.now() / 1000);

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

describe('two sites and a centre', () => {
  it('are judged in the centre as each judges itself', async () => {
    for (const site of ['north', 'south']) await expect.poll(() => allFine(site), SOON).toBe(true);
    expect(
      await query(fleet.centre, 'demarc_verdict_code != on (site, service) site_service:demarc_verdict:code'),
    ).toEqual([]);
  });

  it('are told of once by a cluster of two Alertmanagers, and only the site that broke', async () => {
    const fault = await fleet.south.stage.lab.inject({ kind: 'origin_refused', target: 'blog' });
    await expect.poll(() => ownFailures('south').length, SOON).toBe(1);
    // The second Alertmanager would send after 15 s, if it did not know that the first one has.
    await pause(20_000);
    expect(ownFailures('south')).toHaveLength(1);
    expect(failures('north')).toEqual([]);
    await fleet.south.stage.lab.heal(fault.id);
    await expect.poll(() => allFine('south'), SOON).toBe(true);
  });

  it('lose nothing when the remote write of one is cut and comes back, and nobody is accused', async () => {
    const before = fleet.inbox.alerts().length;
    const from = seconds();
    fleet.south.wire.cut();
    await pause(20_000);
    const to = seconds();
    expect(await samplesBetween('demarc_verdict_code{site="south",service="blog"}', to - 10, to)).toBe(0);
    expect(await allFine('north')).toBe(true);
    fleet.south.wire.mend();
    // Every 5 s a sample, at the least.
    const refilled = () => samplesBetween('demarc_verdict_code{site="south",service="blog"}', from, to);
    await expect.poll(refilled, SOON).toBeGreaterThanOrEqual(Math.floor((to - from) / 5) - 1);
    await expect.poll(() => allFine('south'), SOON).toBe(true);
    const told = fleet.inbox.alerts().slice(before);
    expect(told.filter(({ labels, status }) => labels.site !== undefined && status === 'firing')).toEqual([]);
  });

  it("tell of a site's uplink after it is back, and never blame the other site's", async () => {
    const from = seconds();
    const fault = await fleet.north.stage.lab.inject({ kind: 'uplink_cut' });
    // With the uplink goes the way to the centre.
    fleet.north.wire.cut();
    const uplink = () => fleet.north.stage.monitor.verdicts().find(({ service }) => service === 'uplink');
    await expect.poll(() => uplink()?.party, SOON).toBe('isp');
    const { code } = uplink() ?? {};
    expect(await allFine('south')).toBe(true);
    const to = seconds() + 10;
    await pause(10_000);
    await fleet.north.stage.lab.heal(fault.id);
    fleet.north.wire.mend();
    await expect.poll(() => allFine('north'), SOON).toBe(true);
    // What the site saw while nobody could hear it.
    const blamed = `(demarc_verdict_code{site="north",service="uplink"} == ${code})`;
    const refilled = () => query(fleet.centre, `count_over_time(${blamed}[${to - from}s:5s] @ ${to})`);
    await expect.poll(async () => (await refilled()).length, SOON).toBe(1);
    expect(failures('south').filter(({ labels }) => labels.owner === 'isp')).toEqual([]);
  });

  it('page with one Alertmanager left', async () => {
    await fleet.alertmanagers[0]?.stop();
    await fleet.north.stage.lab.inject({ kind: 'origin_refused', target: 'shop' });
    await expect.poll(() => ownFailures('north').length, SOON).toBe(1);
  });
});
