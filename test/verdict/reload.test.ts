// Another map while everything runs: what stays the same keeps its history, what is gone leaves nothing behind.
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { atSpeed, DEFAULT_TIMING } from '../../catalog/timing.ts';
import { realClock } from '../../exporters/clock.ts';
import { createScheduler } from '../../exporters/scheduler.ts';
import type { Target } from '../../exporters/target.ts';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { type DemarcMap, parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { lookAround } from '../../map/surroundings.ts';
import { until } from '../../replay/process.ts';
import { startMonitor } from '../../verdict/monitor.ts';
import type { RunningMonitor } from '../../verdict/monitor-types.ts';
import { keepSurroundings, sameTargets } from '../../verdict/reload.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { manualClock } from '../manual-clock.ts';

const SPEED = 5;

interface MapText {
  site: string;
  services: Record<string, Record<string, unknown>>;
  [key: string]: unknown;
}

interface Running {
  lab: Lab;
  monitor: RunningMonitor;
  /** The lab's map, changed. */
  changed(change: (map: MapText) => void): DemarcMap;
  replace(change: (map: MapText) => void): Promise<void>;
  verdict(service: string): Verdict | undefined;
}

async function running(): Promise<Running> {
  const lab = await startLab({ speed: SPEED });
  onTestFinished(() => lab.stop());
  const changed = (change: (map: MapText) => void): DemarcMap => {
    const text = parse(lab.map) as MapText;
    change(text);
    return parseMap(stringify(text, { aliasDuplicateObjects: false }), 'lab map', process.cwd());
  };
  const map = changed(() => undefined);
  const around = await lookAround(map, realClock);
  const timing = atSpeed(DEFAULT_TIMING, SPEED);
  const monitor = startMonitor({ map, around, version: '1.2.3', timing, log: () => undefined });
  onTestFinished(() => monitor.stop());
  const fine = (): boolean => monitor.ready() && monitor.verdicts().every(({ party }) => party === 'none');
  await until('all to be fine', fine, 60_000);
  return {
    lab,
    monitor,
    changed,
    async replace(change) {
      const next = changed(change);
      monitor.replace(next, await lookAround(next, realClock));
    },
    verdict: (service) => monitor.verdicts().find((verdict) => verdict.service === service),
  };
}

const sumOf = (page: string, metric: string): number =>
  [...page.matchAll(new RegExp(`^${metric}\\{.*\\} (\\S+)$`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0);

describe('a new map', () => {
  it('keeps what stays, forgets what is gone, and measures what is new', async () => {
    const { monitor, replace, verdict } = await running();
    const heard: string[] = [];
    monitor.onChange((verdicts) => {
      for (const { service, row } of verdicts) heard.push(`${service} ${row}`);
    });
    const [page, asked] = await Promise.all([monitor.metrics(), monitor.metrics()]);
    expect(asked, 'who asks meanwhile gets the same').toBe(page);
    const before = String(page);
    const newest = monitor.observation('service/blog');
    const since = verdict('blog')?.since;
    expect(before).toMatch(/service="shop"/);

    // What a busy machine made it say of the old map is none of the new one's.
    heard.length = 0;
    await replace((map) => {
      map.services.diary = { ...map.services.blog };
      delete map.services.shop;
    });
    expect(monitor.observation('service/blog')).toBe(newest);
    expect([verdict('blog')?.row, verdict('blog')?.since]).toEqual(['fine', since]);
    expect(verdict('uplink')?.row).toBe('fine');
    expect(verdict('shop')).toBeUndefined();
    // On a machine that is short of time demarc says that first.
    expect(['no_result', 'prober_starved']).toContain(verdict('diary')?.row);
    expect(monitor.ready()).toBe(true);

    const after = String(await monitor.metrics());
    expect(after).not.toMatch(/service="shop"/);
    expect(sumOf(after, 'demarc_probe_results_total')).toBeGreaterThanOrEqual(
      sumOf(before, 'demarc_probe_results_total'),
    );
    await until('the new one to be fine', () => verdict('diary')?.row === 'fine', 20_000);
    expect(heard.filter((text) => !/^diary |^(blog|orders|uplink) (fine|prober_starved)$/.test(text))).toEqual([]);
  });

  it('keeps a running symptom, and when it began', async () => {
    const { lab, replace, verdict } = await running();
    await lab.inject({ kind: 'origin_refused', target: 'blog' });
    await until('blog to be called yours', () => verdict('blog')?.row === 'origin_refused', 30_000);
    const since = verdict('blog')?.since;
    await replace((map) => {
      delete map.services.shop;
    });
    expect([verdict('blog')?.row, verdict('blog')?.since]).toEqual(['origin_refused', since]);
  });

  it('names every series anew when the site is, and tells when it was loaded', async () => {
    const { monitor, replace } = await running();
    const loadedAt = async (): Promise<number> =>
      sumOf(String(await monitor.metrics()), 'demarc_config_last_reload_success_timestamp_seconds');
    const first = await loadedAt();
    expect(Math.abs(first - Date.now() / 1000)).toBeLessThan(60);
    await replace((map) => {
      map.site = 'elsewhere';
    });
    const page = String(await monitor.metrics());
    expect(page).not.toContain('site="lab"');
    expect(page).toContain('demarc_config_last_reload_successful{site="elsewhere"} 1');
    expect(await loadedAt()).toBeGreaterThan(first);
    monitor.refuse();
    expect(String(await monitor.metrics())).toContain('demarc_config_last_reload_successful{site="elsewhere"} 0');
  });

  it('that cannot be prepared leaves everything as it was', async () => {
    const { monitor, changed, verdict } = await running();
    const next = changed((map) => {
      delete map.services.shop;
    });
    const wrong = { ...next, anchors: [{ address: '127.0.0.1', port: 0, operator: 'nobody' }] };
    expect(() => monitor.replace(wrong, NOTHING_KNOWN)).toThrow();
    expect(verdict('shop')?.row).toBe('fine');
    expect(String(await monitor.metrics())).toMatch(/service="shop"/);
  });
});

describe('targets that stay the same', () => {
  const plan = (text: string) => planOf(parseMap(`version: 1\n${text}`, 'map', process.cwd()), NOTHING_KNOWN);
  const same = (one: string, other: string) => sameTargets(plan(one), plan(other));
  const blog = 'services: { blog: { url: https://blog.test/ } }\n';

  it.each([
    ['nothing changed', blog, blog, true],
    ['the site is called differently', blog, `site: other\n${blog}`, true],
    ['another service came', blog, `${blog.replace(' } }\n', ' }, wiki: { url: https://wiki.test/ } }')}`, true],
    ['the URL changed', blog, blog.replace('blog.test', 'other.test'), false],
    ['what is expected changed', blog, blog.replace('test/ }', 'test/, expect: { status: [204] } }'), false],
    ['the interval changed', blog, `interval: 20s\n${blog}`, false],
    ['the timeout changed', blog, `timeout: 2s\n${blog}`, false],
  ])('%s', (_, one, other, stays) => {
    expect(same(one, other).has('service/blog')).toBe(stays);
  });

  it('does not forget the gateway and the name servers while the line is cut', () => {
    const before = {
      gateway: '192.0.2.1',
      resolvers: ['192.0.2.1:53'],
      nameservers: new Map([['a.test', ['ns.a.test']]]),
    };
    expect(keepSurroundings(before, NOTHING_KNOWN)).toEqual(before);
    const now = { gateway: '192.0.2.2', resolvers: [], nameservers: new Map([['b.test', ['ns.b.test']]]) };
    expect(keepSurroundings(before, now)).toEqual({
      gateway: '192.0.2.2',
      resolvers: ['192.0.2.1:53'],
      nameservers: new Map([...before.nameservers, ...now.nameservers]),
    });
  });
});

describe('measurements under way', () => {
  const target = (id: string): Target => ({
    id,
    kind: 'tcp',
    settings: {},
    intervalMs: 1_000,
    timeoutMs: 500,
    labels: { role: 'anchor', service: '', vendor: '', component: '' },
  });

  it('count when their target stays, and are dropped when it does not', async () => {
    const clock = manualClock();
    const seen: string[] = [];
    const scheduler = createScheduler({
      targets: [target('a'), target('b')],
      prepare:
        ({ id }) =>
        async () => {
          await new Promise<void>((resolve) => void clock.after(300, resolve));
          const facts = { address: null, answer: null };
          const common = { target: id, ok: true, startedAt: clock.now(), durationMs: 300 };
          return { kind: 'tcp', ...common, reason: 'ok', phase: null, phases: {}, facts };
        },
      clock,
      resolver: { resolve: () => Promise.resolve([]) },
      trust: [],
      random: () => 0,
      onObservation: (observation) => void seen.push(observation.target),
      onCrash: (_, error) => {
        throw error;
      },
    });
    scheduler.start();
    await clock.pass(100);
    expect(scheduler.inFlight()).toBe(2);
    const resolver = { resolve: () => Promise.resolve([]) };
    scheduler.replace({ targets: [target('a'), target('c')], kept: new Set(['a']), resolver, trust: [] });
    await clock.pass(400);
    expect(seen).toEqual(['a', 'c']);
    await clock.pass(1_000);
    expect(seen).toEqual(['a', 'c', 'a', 'c']);
    const stopping = scheduler.stop();
    await clock.pass(1_000);
    await stopping;
  });
});
