// Does Prometheus scrape demarc, judge by the rules of this version, agree with demarc, and pass the alerts on?
import { z } from 'zod';
import type { Rule } from '../alerts/rule.ts';
import { ruleGroup, ruleGroups } from '../alerts/rules.ts';
import { ask, isLoopback } from './doctor-ask.ts';
import type { Exporter } from './doctor-exporter.ts';
import { type Finding, findingsIn, plural, some } from './doctor-finding.ts';

const { ok, warning, problem, skipped } = findingsIn('prometheus');

const Target = z.object({
  labels: z.record(z.string(), z.string()),
  scrapeUrl: z.string(),
  health: z.string(),
  lastError: z.string(),
  scrapeInterval: z.string().default(''),
});
const Targets = z.object({ data: z.object({ activeTargets: z.array(Target) }) });
type Target = z.output<typeof Target>;

const LoadedRule = z.object({
  name: z.string(),
  query: z.string(),
  health: z.string(),
  lastError: z.string().default(''),
  state: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
});
type LoadedRule = z.output<typeof LoadedRule>;

const LoadedGroup = z.object({ name: z.string(), interval: z.number(), rules: z.array(LoadedRule) });

type LoadedGroup = z.output<typeof LoadedGroup>;

const Rules = z.object({ data: z.object({ groups: z.array(LoadedGroup) }) });
const Vector = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});
const Alertmanagers = z.object({ data: z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) }) });
const Build = z.object({ data: z.object({ version: z.string() }) });

/** The group that judges. */
const JUDGING = ruleGroup();
const RELOAD_FIX = 'load alerts/demarc.rules.yml of this version under rule_files, and reload Prometheus';
const FRESH_S = 60;
const CLOCKS_APART_S = 5;
/** A verdict is due within a minute, and the rules look at one instant. */
const LONGEST_SCRAPE_S = 15;

export interface PrometheusOptions {
  exporter: Exporter | null;
  now: number;
}

export interface PrometheusCheck {
  findings: Finding[];
  /** Where it sends alerts; null when it cannot be asked. */
  alertmanagers: string[] | null;
}

export async function checkPrometheus(url: string, { exporter, now }: PrometheusOptions): Promise<PrometheusCheck> {
  const build = await ask(url, 'api/v1/status/buildinfo', Build);
  if (!('value' in build)) {
    const fix = 'start it (docker compose up -d), name it with --prometheus, or leave it out with --prometheus none';
    return { findings: [problem('reachable', `${url} ${build.why}`, fix)], alertmanagers: null };
  }
  const managers = await ask(url, 'api/v1/alertmanagers', Alertmanagers);
  const alertmanagers = 'value' in managers ? managers.value.data.activeAlertmanagers.map((one) => one.url) : null;
  const findings = [
    ok('reachable', `Prometheus ${build.value.data.version} at ${url}`),
    await checkClock(url, now),
    await checkTarget(url, exporter),
    ...(await checkRules(url)),
    ...(exporter === null ? [] : [await checkData(url, exporter), await checkAgreement(url, exporter)]),
    alertmanagers === null || alertmanagers.length > 0
      ? ok('receiver', `it sends alerts to ${some((alertmanagers ?? []).map(hostOf))}`)
      : problem('receiver', 'it sends alerts to nobody', 'name your Alertmanager under alerting in its configuration'),
  ];
  return { findings, alertmanagers };
}

const hostOf = (url: string): string => new URL(url).host;

/** The first value, or null without one. */
async function value(url: string, expression: string): Promise<number | null> {
  const answer = await ask(url, `api/v1/query?query=${encodeURIComponent(expression)}`, Vector);
  const first = 'value' in answer ? answer.value.data.result[0]?.value[1] : undefined;
  return first === undefined ? null : Number(first);
}

async function checkClock(url: string, now: number): Promise<Finding> {
  const theirs = await value(url, 'vector(time())');
  const apart = theirs === null ? 0 : Math.abs(theirs - now / 1000);
  if (apart <= CLOCKS_APART_S) return ok('clock', 'its clock and ours agree');
  return warning('clock', `its clock and ours are ${Math.round(apart)} s apart`, 'keep both right with NTP');
}

/** The same port on another spelling of loopback is the same exporter. */
function scrapes({ scrapeUrl, labels }: Target, exporter: Exporter | null): boolean {
  if (exporter === null) return labels.job === 'demarc';
  const ours = new URL(exporter.url);
  if (!URL.canParse(scrapeUrl)) return false;
  const theirs = new URL(scrapeUrl);
  const same = theirs.hostname === ours.hostname || (isLoopback(scrapeUrl) && isLoopback(exporter.url));
  return (same && theirs.port === ours.port) || labels.job === 'demarc';
}

async function checkTarget(url: string, exporter: Exporter | null): Promise<Finding> {
  const targets = await ask(url, 'api/v1/targets?state=active', Targets);
  if (!('value' in targets)) return skipped('target', `it does not tell what it scrapes: ${targets.why}`);
  const found = targets.value.data.activeTargets.filter((target) => scrapes(target, exporter));
  if (found.length === 0) {
    const where = exporter === null ? '127.0.0.1:9815' : hostOf(exporter.url);
    return problem(
      'target',
      'it does not scrape demarc',
      `add a job "demarc" for ${where}, every 5 s; docs/existing-stack.md shows it`,
    );
  }
  const down = found.find(({ health }) => health !== 'up');
  if (down !== undefined) {
    const why = down.lastError === '' ? 'not scraped yet' : down.lastError;
    return problem(
      'target',
      `${down.scrapeUrl} is ${down.health}: ${why}`,
      'start demarc there, or correct the address',
    );
  }
  const slow = found.find(({ scrapeInterval }) => secondsOf(scrapeInterval) > LONGEST_SCRAPE_S);
  if (slow !== undefined)
    return warning(
      'target',
      `demarc is scraped every ${slow.scrapeInterval} only`,
      'set scrape_interval: 5s for its job',
    );
  return ok('target', `it scrapes ${some(found.map(({ scrapeUrl }) => scrapeUrl))}`);
}

function secondsOf(duration: string): number {
  const unit = { ms: 0.001, s: 1, m: 60, h: 3_600 };
  const parts = [...duration.matchAll(/(\d+)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, count, name]) => sum + Number(count) * unit[name as keyof typeof unit], 0);
}

async function checkRules(url: string): Promise<Finding[]> {
  const answer = await ask(url, 'api/v1/rules', Rules);
  if (!('value' in answer)) return [skipped('rules', `it does not tell its rules: ${answer.why}`)];
  const { groups } = answer.value.data;
  const trouble = ruleGroups().flatMap(({ name }) => groupTrouble(name, groups) ?? []);
  if (trouble.length > 0) return trouble;
  const loaded = groups.find(({ name }) => name === JUDGING.name);
  return [
    checkRuleVersion(groups),
    checkInterval(loaded?.interval ?? 0),
    checkWatchdog(groups.flatMap(({ rules }) => rules)),
  ];
}

/** Why a group cannot do its work, if it cannot. */
function groupTrouble(name: string, groups: readonly LoadedGroup[]): Finding | null {
  const found = groups.filter((group) => group.name === name);
  const [group] = found;
  if (group === undefined) {
    const what = name === JUDGING.name ? 'nothing is judged or told' : 'a part of what demarc tells is missing';
    return problem('rules', `no rule group ${name} is loaded: ${what}`, RELOAD_FIX);
  }
  if (found.length > 1)
    return problem(
      'rules',
      `the rule group ${name} is loaded ${found.length} times`,
      'keep one of the files under rule_files',
    );
  const sick = group.rules.find(({ health }) => health === 'err');
  if (sick === undefined) return null;
  return problem(
    'rules',
    `${sick.name} fails: ${sick.lastError}`,
    'docs/verdicts.md and the log of Prometheus tell more',
  );
}

/** Prometheus shows an expression without comments and in its own spacing. */
const bare = (expression: string): string => expression.replace(/^\s*#.*$/gm, '').replace(/\s+/g, '');

const sortedLabels = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(labels).sort());

const nameOf = (rule: Rule): string => ('record' in rule ? rule.record : rule.alert);

/** Annotations may be yours: they hold links. */
function sameRule(ours: Rule, theirs: LoadedRule | undefined): boolean {
  if (theirs === undefined || theirs.name !== nameOf(ours) || bare(theirs.query) !== bare(ours.expr)) return false;
  return 'record' in ours || sortedLabels(ours.labels) === sortedLabels(theirs.labels);
}

function checkRuleVersion(groups: readonly LoadedGroup[]): Finding {
  const ours = ruleGroups();
  const different = ours.flatMap(({ name, rules }): string[] => {
    const loaded = groups.find((group) => group.name === name)?.rules ?? [];
    const changed = rules.filter((rule, index) => !sameRule(rule, loaded[index])).map(nameOf);
    if (changed.length === 0 && loaded.length === rules.length) return [];
    return changed.length > 0 ? changed : [`${loaded.length} rules in ${name} instead of ${rules.length}`];
  });
  const count = ours.reduce((sum, { rules }) => sum + rules.length, 0);
  if (different.length === 0)
    return ok('rules', `the rule groups are those of this version, ${plural(count, 'rule')}, all healthy`);
  const names = some([...new Set(different)]);
  return problem('rules', `the rule groups are not those of this version: ${names}`, RELOAD_FIX);
}

function checkInterval(seconds: number): Finding {
  const wished = secondsOf(JUDGING.interval);
  if (seconds === wished) return ok('interval', `the rules are evaluated every ${seconds} s`);
  return warning(
    'interval',
    `the rules are evaluated every ${seconds} s, not ${wished} s`,
    'keep the interval of the rule file',
  );
}

function checkWatchdog(rules: readonly LoadedRule[]): Finding {
  if (rules.some(({ name, state }) => name === 'Watchdog' && state === 'firing'))
    return ok('heartbeat', 'the alert Watchdog fires, as it always should');
  return problem('heartbeat', 'the alert Watchdog does not fire', RELOAD_FIX);
}

async function checkData(url: string, { site }: Exporter): Promise<Finding> {
  const age = await value(url, `time() - max(timestamp(demarc_signal_service{site="${site}"}))`);
  if (age === null)
    return problem('data', `it has no data of site ${site}`, 'see that its target is up, then wait for a scrape');
  if (age > FRESH_S)
    return problem('data', `its newest data of site ${site} is ${Math.round(age)} s old`, 'see that its target is up');
  return ok('data', `its newest data of site ${site} is ${Math.round(age)} s old`);
}

/** A change reaches both sides an evaluation apart, so only what lasts is a difference. */
async function checkAgreement(url: string, { site }: Exporter): Promise<Finding> {
  const ours = `demarc_verdict_code{site="${site}"}`;
  const theirs = 'site_service:demarc_verdict:code';
  const both = await value(url, `count(${ours} and on (site, service) ${theirs})`);
  if (both === null) return skipped('agreement', 'no verdict of both to compare yet');
  const lasting = `count_over_time((${ours} != on (site, service) ${theirs})[20s:5s]) >= 4`;
  const different = (await value(url, `count(${lasting})`)) ?? 0;
  if (different === 0) return ok('agreement', `demarc and Prometheus say the same about ${plural(both, 'service')}`);
  const text = `demarc and Prometheus differ about ${plural(different, 'service')}`;
  return problem('agreement', text, 'see that both are of one version; else report it with docs/verdicts.md at hand');
}
