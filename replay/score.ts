// Compares what was said with what a scenario demands. Pure: a timeline in, a result out.
import type { Scenario, ScenarioExpectation } from '../lab/scenario.ts';
import { type Claim, CONFIDENCES, type Link } from '../lab/scenario-file.ts';
import { TABLE } from '../verdict/table.ts';
import {
  type Engine,
  type ExpectationResult,
  isSpoken,
  type Moment,
  type ReplayResult,
  type Said,
  type VendorMoment,
} from './result.ts';
import { accusedUnexpectedly, scoreVendor } from './score-vendors.ts';

type Confidence = (typeof CONFIDENCES)[number];

const CONFIDENCE_OF = new Map<string, Confidence>(TABLE.map(({ id, confidence }) => [id, confidence]));

/** Whether a row is at least that sure. */
const isSure = (row: string, least: Confidence): boolean =>
  CONFIDENCES.indexOf(CONFIDENCE_OF.get(row) ?? 'low') >= CONFIDENCES.indexOf(least);

/** Whether what was said is what is claimed; a part left out of the claim may be anything. */
export function fits(claim: Claim, service: string, said: Said): boolean {
  return (
    (claim.service === undefined || claim.service === service) &&
    (claim.party === undefined || claim.party === said.party) &&
    (claim.vendor === undefined || claim.vendor === said.vendor) &&
    (claim.component === undefined || claim.component === said.component) &&
    (claim.cause === undefined || claim.cause === said.cause) &&
    (claim.row === undefined || claim.row === said.row) &&
    (claim.confidence === undefined || isSure(said.row, claim.confidence))
  );
}

/** `vendor cloudflare/edge: edge_failing`, the way people read it. */
export function sayText({ party, vendor, component, row }: Said): string {
  const who = vendor === null ? party : `${party} ${vendor}/${component ?? ''}`;
  return `${who}: ${row}`;
}

/** A claim in short: `blog: vendor cloudflare/edge: edge_failing`. */
export function claimText({ service, party, vendor, component, cause, row, confidence }: Claim): string {
  const whom = vendor === undefined ? undefined : component === undefined ? vendor : `${vendor}/${component}`;
  const what = [party, whom].filter((part) => part !== undefined).join(' ');
  const sure = confidence === undefined ? undefined : `${confidence} confidence`;
  return [service, what, row ?? cause, sure].filter((part) => part !== undefined && part !== '').join(': ');
}

/** Of what was said about one subject, what held within a window, the moment before it included. */
export function within<T extends { at: number }>(own: readonly T[], from: number, to: number): T[] {
  const before = own.filter(({ at }) => at <= from).at(-1);
  return [...(before ? [before] : []), ...own.filter(({ at }) => at > from && at < to)];
}

function scoreOne(expectation: ScenarioExpectation, timeline: readonly Moment[]): ExpectationResult {
  const { service, fromMs: from, toMs: to } = expectation;
  const own = timeline.filter((moment) => moment.service === service);
  const moments = within(own, from, to);
  const wrong = moments.filter(({ verdict }) => !fits(expectation, service, verdict));
  const unnamed = unnamedLinks(expectation, moments);
  const all = within(own, Number.NEGATIVE_INFINITY, to);
  const lastWrong = all.findLastIndex(({ verdict }) => !fits(expectation, service, verdict));
  const firstRight = all[lastWrong + 1];
  const shown = wrong[0] ?? moments[0];
  return {
    service,
    from,
    to,
    want: [claimText({ ...expectation, service: undefined }), pathText(expectation)].join(''),
    got: shown === undefined ? 'nothing' : `${sayText(shown.verdict)}${unnamedText(unnamed)}`,
    firstRightAt: firstRight === undefined ? null : firstRight.at,
    met: moments.length > 0 && wrong.length === 0 && unnamed.length === 0,
  };
}

const pathText = ({ path }: ScenarioExpectation): string => (path === undefined ? '' : `, by ${path.join(', ')}`);

const unnamedText = (links: readonly Link[]): string =>
  links.length === 0 ? '' : `, its evidence does not show broken: ${links.join(', ')}`;

/** Links of the path which the evidence of some verdict in the window left out; all of them where nobody saw any. */
function unnamedLinks({ path = [] }: ScenarioExpectation, moments: readonly Moment[]): Link[] {
  const seen = moments.flatMap(({ broken }) => (broken === undefined ? [] : [broken]));
  return path.filter((link) => seen.length === 0 || seen.some((broken) => !broken.includes(link)));
}

export function score(scenario: Scenario, engine: Engine, timeline: Moment[], vendors: VendorMoment[]): ReplayResult {
  // Whoever is not heard says nothing wrong; what was said last stands.
  const spoken = timeline.filter(isSpoken);
  const services = scenario.expect.map((expectation) => scoreOne(expectation, spoken));
  const expectations = [...services, ...scenario.vendors.map((expectation) => scoreVendor(expectation, vendors))];
  const said = scenario.never.flatMap((claim) =>
    spoken
      .filter(({ service, verdict }) => fits(claim, service, verdict))
      .map(({ at, service, verdict }) => `${service} at ${at} ms: ${sayText(verdict)}`),
  );
  const broken = [...said, ...accusedUnexpectedly(scenario, vendors)];
  const accused = new Set(
    scenario.expect.flatMap(({ service, vendor }) => (vendor === undefined ? [] : [`${service}:${vendor}`])),
  );
  const blamed = timeline.filter(
    ({ service, verdict }) => verdict.party === 'vendor' && !accused.has(`${service}:${verdict.vendor ?? ''}`),
  );
  return {
    scenario: scenario.id,
    title: scenario.title,
    engine,
    passed: expectations.every(({ met }) => met) && broken.length === 0,
    expectations,
    broken,
    falseVendorBlame: blamed.length,
    timeToVerdictMs: timeToVerdict(scenario, services),
    timeline,
    vendors,
  };
}

function timeToVerdict(scenario: Scenario, results: readonly ExpectationResult[]): number | null {
  const telling = scenario.expect.findIndex(({ party }) => party !== undefined && party !== 'none');
  const right = results[telling]?.firstRightAt;
  if (right === undefined || right === null) return null;
  const visibleFrom = scenario.expect[telling]?.visibleFrom;
  if (visibleFrom !== undefined) return right - visibleFrom;
  const breaks = scenario.timeline.filter((step) => 'break' in step && step.atMs <= right);
  return right - (breaks.at(-1)?.atMs ?? 0);
}
