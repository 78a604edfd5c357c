// Replays judged by a real Prometheus with the committed rules, told on by a real Alertmanager to a real webhook.
// Scenarios run side by side at speed 1, each as a `site` of its own; time to the webhook is measured on the wall.
import type { Scenario } from '../lab/scenario.ts';
import type { AlertClaim } from '../lab/scenario-file.ts';
import { type Befall, isBefallen } from '../lab/watchers.ts';
import { listenBeside } from './beside.ts';
import type { Notified } from './inbox.ts';
import { openCauses, type Told, toldIn } from './notifications.ts';
import { playOnTime } from './on-time.ts';
import { pipelineBefalling, saidBlind } from './pipeline.ts';
import { NotHealthy, play } from './play.ts';
import { until } from './process.ts';
import { openRelay } from './relay.ts';
import type { ReplayResult } from './result.ts';
import { askRules, type RulesSaid } from './rules-said.ts';
import { score } from './score.ts';
import { type Stage, setStageOf } from './stage.ts';
import { isStarvedUnasked, type Stalls, watchStalls } from './stalls.ts';
import { query, SCRAPE_S, startWatch, type Watch } from './watch.ts';

export interface PrometheusOptions {
  /** How many scenarios at once, at most. */
  parallel: number;
  tools: { prometheus: string; alertmanager: string };
  version: string;
  /** Whether to wait until the end of every alert has been told; so for all when left out. */
  toTheEnd?(scenario: Scenario): boolean;
  /** Whether a play went as it should; as its scenario says, when left out. */
  isRight?(result: WatchedResult): boolean;
  onEvent(scenario: string, at: number, text: string): void;
}

export interface WatchedResult extends ReplayResult {
  /** Every notification about this scenario's site, in order of arrival; `at` in scenario ms. */
  alerts: Notified[];
  /** Whether the alert the scenario demands came, when, and what came against its will. */
  alertAtMs: number | null;
  alertMissing: boolean;
  forbidden: Notified[];
  told: Told;
  /** What the rules said while they could not know it. */
  saidBlind: readonly string[];
  /** The same play as the verdict in process judged it. */
  inProcess: ReplayResult;
  /** Evaluations at which the exporter's verdict and the rules' had differed for 20 s. */
  disagreements: number;
  /** How long this process stood still at the longest while it was played, milliseconds. */
  stalledMs: number;
}

const LISTEN_MS = 1_000;

/** Whether an alert is what a scenario claims. */
export function alertFits(claim: AlertClaim, { labels }: Notified): boolean {
  return (['owner', 'service', 'vendor', 'component'] as const).every(
    (key) => claim[key] === undefined || labels[key] === claim[key],
  );
}

/** A machine without time spoils what is played on it; then fewer are played at once, once more. */
const FEW = 6;
export const AGAIN = 'the machine had no time for it: playing it again';

/**
 * Results in the order of the scenarios, all on one Prometheus and one Alertmanager: as one ends, the next begins. Those that went
 * wrong while the machine stood still are played again, a few at a time, each on programs of its own; how those end is the result.
 */
export async function replayOnPrometheus(
  scenarios: readonly Scenario[],
  options: PrometheusOptions,
): Promise<WatchedResult[]> {
  const results = new Map<Scenario, WatchedResult>();
  const watch = await startWatch([], options.tools, true);
  const stalls = watchStalls();
  const house: House = { watch, stalls, rules: askRules(watch), scraped: new Set() };
  const playAll = (
    chosen: readonly Scenario[],
    most: number,
    inOwnHouse: (one: Scenario) => boolean,
  ): Promise<void> => {
    // The longest first, so that the last ones end together.
    const ordered = [...chosen].sort((a, b) => b.endMs - a.endMs);
    return playOnTime(ordered, most, async (scenario) => {
      const play = inOwnHouse(scenario) ? replayInOwnHouse : replayOne;
      const result = await play(scenario, house, options);
      if (result !== null) results.set(scenario, result);
    });
  };
  try {
    await playAll(scenarios, options.parallel, ({ timeline }) => isBefallen('pipeline', timeline));
    const spoilt = scenarios.filter((scenario) => isSpoilt(scenario, results.get(scenario), options));
    for (const { id } of spoilt) options.onEvent(id, 0, AGAIN);
    // Rules look back, and messages are kept: what was said in the first play is not to be heard in the second.
    await playAll(spoilt, Math.min(FEW, options.parallel), () => true);
  } finally {
    stalls.stop();
    await watch.stop();
  }
  return scenarios.map((scenario) => {
    const result = results.get(scenario);
    if (result === undefined) throw new Error(`${scenario.id}: its world never became healthy`);
    return result;
  });
}

const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError';

const isAsDemanded = ({ passed, inProcess }: WatchedResult): boolean => passed && inProcess.passed;

/** Without a result the world did not become healthy in time; a starved prober says so itself. */
function isSpoilt(
  scenario: Scenario,
  result: WatchedResult | undefined,
  { isRight = isAsDemanded }: Pick<PrometheusOptions, 'isRight'>,
): boolean {
  if (result === undefined || isStarvedUnasked(scenario, result.timeline)) return true;
  return result.stalledMs > 0 && !isRight(result);
}

/** What all scenarios share. */
interface House {
  watch: Watch;
  stalls: Stalls;
  rules: RulesSaid;
  /** Exporters of the worlds that are up. */
  scraped: Set<string>;
}

/** With a Prometheus and an Alertmanager of its own, which are cut off and restarted without harm to the others. */
async function replayInOwnHouse(
  scenario: Scenario,
  { stalls }: House,
  options: PrometheusOptions,
): Promise<WatchedResult | null> {
  const watch = await startWatch([], options.tools, true);
  try {
    return await replayOne(scenario, { watch, stalls, rules: askRules(watch), scraped: new Set() }, options);
  } finally {
    await watch.stop();
  }
}

/** A play of its own world, scraped while it lasts; null when the machine had no time for it. */
async function replayOne(scenario: Scenario, house: House, options: PrometheusOptions): Promise<WatchedResult | null> {
  const { watch, scraped } = house;
  const { id, world } = scenario;
  const onCrash = (text: string): void => options.onEvent(id, 0, text);
  let befall: Befall = async () => undefined;
  const befallPipeline: Befall = (faults) => befall(faults);
  const stage = await setStageOf({
    site: id,
    world,
    speed: 1,
    version: options.version,
    past: scenario,
    befallPipeline,
    onCrash,
  });
  const relay = isBefallen('pipeline', scenario.timeline) ? await openRelay(stage.server.url) : null;
  if (relay !== null) befall = pipelineBefalling(watch, relay);
  const url = relay?.url ?? stage.server.url;
  scraped.add(url);
  try {
    await watch.scrape([...scraped]);
    return await watchOne(scenario, stage, house, options);
  } catch (error) {
    if (error instanceof NotHealthy || isTimeout(error)) return null;
    throw error;
  } finally {
    scraped.delete(url);
    await watch.scrape([...scraped]);
    await relay?.cut();
    await stage.stop();
  }
}

/** After the last step, alerts may still be on their way: one scrape, one evaluation, one group wait. */
const ALERT_GRACE_MS = 25_000;

/** Until a service is good again, is seen to be, the hold is over and the group's next turn has come: several times that. */
const END_LIMIT_MS = 300_000;

async function watchOne(
  scenario: Scenario,
  stage: Stage,
  { watch, rules, stalls }: House,
  { onEvent, toTheEnd = () => true }: PrometheusOptions,
): Promise<WatchedResult> {
  const began = performance.now();
  let started = Number.POSITIVE_INFINITY;
  const prometheus = watch.prometheus.url;
  const beside = listenBeside(stage);
  const { moments, vendors } = await play(scenario, stage, {
    speed: 1,
    everyMs: LISTEN_MS,
    listen: () => rules.services(stage),
    listenVendors: () => rules.vendors(stage),
    onEvent(at, text) {
      // Whoever tells of an event may be late, and never early.
      started = Math.min(started, Date.now() - at);
      onEvent(scenario.id, at, text);
    },
  });
  beside.stop();
  const own = (): Notified[] =>
    watch.inbox
      .alerts()
      .filter(({ labels }) => labels.site === scenario.id)
      .map((alert) => ({ ...alert, at: alert.at - started }));
  const wanted = (alert: Notified): boolean =>
    scenario.alert !== null && alert.status === 'firing' && alertFits(scenario.alert, alert);
  const arrived = scenario.alert === null || own().some(wanted);
  if (!arrived)
    await until('the alert of the scenario', () => own().some(wanted), ALERT_GRACE_MS).catch(() => undefined);
  const disagreements = await countDisagreements(scenario.id, prometheus);
  await stage.lab.heal();
  onEvent(scenario.id, Date.now() - started, '--- all healed: waiting for the end to be told');
  // What can be told only afterwards, such as an outage nobody could be told of, comes after the end.
  const ended = (): boolean => openCauses(own()).length === 0 && toldIn(scenario, own()).missing.length === 0;
  if (toTheEnd(scenario)) await until('the end of every alert', ended, END_LIMIT_MS, LISTEN_MS).catch(() => undefined);
  const alerts = own();
  const first = alerts.find(wanted);
  const forbidden = alerts.filter((alert) => scenario.forbid.some((claim) => alertFits(claim, alert)));
  const told = toldIn(scenario, alerts);
  const exact = [told.missing, told.extra, told.unended, told.repeated, told.recurred].every(
    (list) => list.length === 0,
  );
  const result = score(scenario, 'prometheus', moments, vendors);
  const alertMissing = scenario.alert !== null && first === undefined;
  const blind = saidBlind(scenario, moments);
  return {
    ...result,
    passed: result.passed && !alertMissing && forbidden.length === 0 && exact && blind.length === 0,
    saidBlind: blind,
    told,
    alerts,
    alertAtMs: first?.at ?? null,
    alertMissing,
    forbidden,
    inProcess: score(scenario, 'embedded', beside.moments(started), beside.vendors(started)),
    disagreements,
    stalledMs: stalls.longestSince(began),
  };
}

/** A change reaches the two series one evaluation apart; only what lasts longer is a difference. */
async function countDisagreements(site: string, prometheus: string): Promise<number> {
  const difference = `(demarc_verdict_code{site="${site}"} != on (site, service) site_service:demarc_verdict:code)`;
  // While a verdict changes at every look, as on a line that loses half of everything, the rules are always one look behind.
  const still = `(changes(demarc_verdict_code{site="${site}"}[${4 * SCRAPE_S}s]) == 0)`;
  const lasting = `((count_over_time(${difference}[${4 * SCRAPE_S}s:${SCRAPE_S}s]) >= 4) and on (site, service) ${still})`;
  const samples = await query(prometheus, `sum(count_over_time(${lasting}[10m:${SCRAPE_S}s]))`);
  return Number(samples[0]?.value[1] ?? 0);
}
