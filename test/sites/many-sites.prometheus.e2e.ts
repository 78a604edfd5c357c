// Many sites, one engine: each site is judged by itself, their votes are counted, a cut wire accuses nobody, what was kept
// back arrives, and two Alertmanagers page once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPES, VANTAGE_RECORDS } from '../../alerts/vantages.ts';
import { query } from '../../replay/watch.ts';
import { type Fleet, PEER_TIMEOUT_MS, startFleet } from './fleet.ts';

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

/** The one value of an expression. */
const numberOf = async (expression: string): Promise<number | undefined> => {
  const [sample] = await query(fleet.centre, expression);
  return sample === undefined ? undefined : Number(sample.value[1]);
};

const scopeOf = (service: string) => () => numberOf(`${VANTAGE_RECORDS.scope}{service="${service}"}`);

const votesOf = (site: string) => () => numberOf(`${VANTAGE_RECORDS.votes}{site="${site}"}`);

/** Alerts the centre holds, as `name site service`. */
const firing = (alertname: string) => async () =>
  (await query(fleet.centre, `ALERTS{alertname="${alertname}",alertstate="firing"}`)).map(
    ({ metric: { site = '-', service = '-' } }) => `${site} ${service}`,
  );

const seconds = (): number => Math.floor(Date.now() / 1000);

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

describe('two sites and a centre', () => {
  it('are judged in the centre as each judges itself', async () => {
    for (const site of ['north', 'south']) await expect.poll(() => allFine(site), SOON).toBe(true);
    expect(
      await query(fleet.centre, 'demarc_verdict_code != on (site, service) site_service:demarc_verdict:code'),
    ).toEqual([]);
  });

  it('both vote, and nothing fails anywhere', async () => {
    for (const site of ['north', 'south']) await expect.poll(votesOf(site), SOON).toBe(1);
    await expect.poll(scopeOf('blog'), SOON).toBe(SCOPES.nowhere);
    expect(await query(fleet.centre, `${VANTAGE_RECORDS.scope} != ${SCOPES.nowhere}`)).toEqual([]);
  });

  it('are told of once by a cluster of two Alertmanagers, and only the site that broke', async () => {
    const fault = await fleet.south.stage.lab.inject({ kind: 'origin_refused', target: 'blog' });
    await expect.poll(() => ownFailures('south').length, SOON).toBe(1);
    // Time for the second Alertmanager to send, if it did not know that the first one has.
    await pause(PEER_TIMEOUT_MS + 3_000);
    expect(ownFailures('south')).toHaveLength(1);
    expect(failures('north')).toEqual([]);

    await expect.poll(scopeOf('blog'), SOON).toBe(SCOPES.somewhere);
    await expect.poll(firing('DemarcFailsSomewhere'), SOON).toEqual(['south blog']);
    expect(await firing('DemarcFailsEverywhere')()).toEqual([]);

    const other = await fleet.north.stage.lab.inject({ kind: 'origin_refused', target: 'blog' });
    await expect.poll(scopeOf('blog'), SOON).toBe(SCOPES.everywhere);
    await expect.poll(firing('DemarcFailsEverywhere'), SOON).toEqual(['- blog']);
    await fleet.south.stage.lab.heal(fault.id);
    await fleet.north.stage.lab.heal(other.id);
    for (const site of ['north', 'south']) await expect.poll(() => allFine(site), SOON).toBe(true);
    await expect.poll(scopeOf('blog'), SOON).toBe(SCOPES.nowhere);
  });

  it('lose nothing when the remote write of one is cut and comes back; its silence is told, and nobody is accused', async () => {
    const from = seconds();
    fleet.south.wire.cut();
    await pause(20_000);
    const to = seconds();
    expect(await samplesBetween('demarc_verdict_code{site="south",service="blog"}', to - 10, to)).toBe(0);
    await expect.poll(votesOf('south'), SOON).toBe(0);
    await expect.poll(firing('DemarcVantageStale'), SOON).toEqual(['south -']);
    expect(await votesOf('north')()).toBe(1);
    expect(await scopeOf('blog')()).toBe(SCOPES.nowhere);
    expect(await allFine('north')).toBe(true);
    fleet.south.wire.mend();
    // Every 5 s a sample, at the least.
    const refilled = () => samplesBetween('demarc_verdict_code{site="south",service="blog"}', from, to);
    await expect.poll(refilled, SOON).toBeGreaterThanOrEqual(Math.floor((to - from) / 5) - 1);
    await expect.poll(() => allFine('south'), SOON).toBe(true);
    await expect.poll(votesOf('south'), SOON).toBe(1);
    // What failed before is held, and may be told of once more.
    const accused = fleet.inbox
      .alerts()
      .filter(({ labels, startedAt }) => labels.site !== undefined && startedAt >= from * 1000)
      .map(({ labels }) => labels.alertname);
    expect(accused.filter((name) => name !== 'DemarcVantageStale')).toEqual([]);
  });

  it("abstain while their uplink is broken, tell of it after it is back, and never blame the other site's", async () => {
    const fault = await fleet.north.stage.lab.inject({ kind: 'uplink_cut' });
    const uplink = () => fleet.north.stage.monitor.verdicts().find(({ service }) => service === 'uplink');
    await expect.poll(() => uplink()?.party, SOON).toBe('isp');
    // Heard from and not believed: everything fails as seen from there.
    await expect.poll(votesOf('north'), SOON).toBe(0);
    expect(await numberOf(`abs(${VANTAGE_RECORDS.age}{site="north"}) < bool 15`)).toBe(1);
    expect(await scopeOf('blog')()).toBe(SCOPES.nowhere);
    expect(await numberOf(`${VANTAGE_RECORDS.voters}{service="blog"}`)).toBe(1);

    const from = seconds();
    // With the uplink goes the way to the centre.
    fleet.north.wire.cut();
    const { code } = uplink() ?? {};
    expect(await allFine('south')).toBe(true);
    const to = seconds() + 10;
    await pause(10_000);
    await fleet.north.stage.lab.heal(fault.id);
    fleet.north.wire.mend();
    await expect.poll(() => allFine('north'), SOON).toBe(true);
    await expect.poll(votesOf('north'), SOON).toBe(1);
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
