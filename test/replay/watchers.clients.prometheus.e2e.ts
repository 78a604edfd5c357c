// What befalls those who watch a world, as curl sees it: a demarc in a process of its own, the way to it, and a real Prometheus.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultKind } from '../../lab/faults.ts';
import type { Befall } from '../../lab/watchers.ts';
import { pipelineBefalling } from '../../replay/pipeline.ts';
import { until } from '../../replay/process.ts';
import { openRelay, type Relay } from '../../replay/relay.ts';
import { type Stage, setStageOf } from '../../replay/stage.ts';
import { prometheusTools } from '../../replay/tools.ts';
import { startWatch, type Watch } from '../../replay/watch.ts';
import { runClient } from '../lab/clients.ts';

const WITHIN = { timeout: 30_000, interval: 200 };
const SET_UP_MS = 120_000;

let stage: Stage;
let relay: Relay;
let watch: Watch;
const crashes: string[] = [];

const stepOf = (kind: FaultKind) => ({ atMs: 0, break: { kind }, as: null });

beforeAll(async () => {
  watch = await startWatch([], await prometheusTools(() => undefined), true);
  let befall: Befall = async () => undefined;
  stage = await setStageOf({
    site: 'watched',
    world: 'homelab',
    speed: 1,
    version: 'test',
    // That this happens in it is all that is read of a timeline beforehand.
    past: { history: null, noise: null, timeline: [stepOf('prober_killed'), stepOf('scrape_gap')] },
    befallPipeline: (faults) => befall(faults),
    onCrash: (text) => void crashes.push(text),
  });
  relay = await openRelay(stage.server.url);
  befall = pipelineBefalling(watch, relay);
  await watch.scrape([relay.url]);
  await until('a first look at everything', () => stage.monitor.ready(), SET_UP_MS);
}, SET_UP_MS);

afterEach(() => stage.lab.heal());

afterAll(async () => {
  await relay.cut();
  await stage.stop();
  await watch.stop();
});

/** What curl makes of a page: its status and how long it took, or its complaint. */
const curl = (url: string): Promise<string> =>
  runClient('curl', ['-sS', '-o', '/dev/null', '-w', '%{http_code} took=%{time_total}', '--max-time', '8', url]);

const demarc = (): Promise<string> => curl(`${stage.server.url}/-/healthy`);
const wayTo = (): Promise<string> => curl(`${relay.url}/-/healthy`);
const prometheus = (): Promise<string> => curl(`${watch.prometheus.url}/-/ready`);

const SOON = /^200 took=0\.[01]/;
const LATE = /^200 took=(0\.[4-9]|[1-9])/;
const REFUSED = /Failed to connect|Couldn't connect|Connection refused/;

describe.each([
  ['machine_starved', { rate: 0.9 }, demarc, LATE],
  ['machine_suspended', { delay: '3000ms' }, demarc, LATE],
  // The kernel takes the connection, and demarc can do nothing but let it go.
  ['machine_out_of_files', {}, demarc, /Empty reply|reset by peer/],
  ['prober_killed', {}, demarc, REFUSED],
  ['scrape_gap', {}, wayTo, REFUSED],
  ['prometheus_restart', {}, prometheus, REFUSED],
] as const)('%s', (kind, measures, ask, broken) => {
  it('is seen by curl, and its end', async () => {
    await expect.poll(ask, WITHIN).toMatch(SOON);
    await stage.lab.inject({ kind, ...measures });
    await expect.poll(ask, WITHIN).toMatch(broken);
    await stage.lab.heal();
    await expect.poll(ask, WITHIN).toMatch(SOON);
  });
});

it('demarc without file descriptors fails by its own fault, and does not crash of it', async () => {
  const page = async (): Promise<string> => (await fetch(`${stage.server.url}/metrics`)).text();
  const ownFailures = /demarc_probe_results_total\{[^}]*reason="local"[^}]*\} [1-9]/;
  await stage.lab.inject({ kind: 'machine_out_of_files' });
  await expect.poll(demarc, WITHIN).toMatch(/Empty reply|reset by peer/);
  await stage.lab.heal();
  await expect.poll(page, WITHIN).toMatch(ownFailures);
  expect(crashes).toEqual([]);
});

it('Prometheus has what it knew before its restart', async () => {
  const known = async () => (await watch.ask('min_over_time(timestamp(up{job="demarc"})[5m:1s])'))[0]?.value[1];
  await expect.poll(known, WITHIN).toBeDefined();
  const before = await known();
  await stage.lab.inject({ kind: 'prometheus_restart' });
  await stage.lab.heal();
  await expect.poll(known, WITHIN).toBe(before);
});
