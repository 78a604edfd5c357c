// What people must be told during a scenario, and whether they were: one message for a root cause, to the right owner, with its end,
// and nothing else. Pure: a scenario and what arrived in, the difference out.
import { isDeepStrictEqual } from 'node:util';
import { MISSING_FOR, OFFLINE_ROWS, UNTELLABLE } from '../alerts/alerts.ts';
import { OWNER_OF_PARTY } from '../catalog/parties.ts';
import { Duration } from '../lab/duration.ts';
import type { FaultKind } from '../lab/faults.ts';
import type { Scenario, ScenarioExpectation } from '../lab/scenario.ts';
import { isBefallen } from '../lab/watchers.ts';
import type { RowId } from '../verdict/table.ts';
import type { Notified } from './inbox.ts';

/** One group of alerts, by who is told and, among vendors, of whom: what Alertmanager makes one message of. */
export type Cause = string;

export interface Told {
  expected: readonly Cause[];
  missing: readonly Cause[];
  /** What came against what the scenario expects, with the alert that brought it. */
  extra: readonly string[];
  /** Causes whose end was not told, though it was waited for. */
  unended: readonly Cause[];
  /** Causes told of in more than one group of messages. What warned of them before they struck has no row, and does not count. */
  repeated: readonly Cause[];
  /** Causes whose end was told, and which were told of again, though nothing but the way of the messages was broken meanwhile. */
  recurred: readonly Cause[];
  /** From the fault to the first message about each cause that was expected, ms. */
  delaysMs: readonly number[];
}

/** These are read by programs, or carry no end. */
const PROGRAMS: ReadonlySet<string> = new Set(['heartbeat', 'failover']);

/** Rows are stable names, so scenarios may use any of them; only some are about the line. */
const among = (rows: readonly string[], row: string | undefined): boolean => row !== undefined && rows.includes(row);

const MISSING = 'data_missing' satisfies RowId;

/** From then on people are told that they are blind. */
const MISSING_FOR_MS = Duration.parse(MISSING_FOR);

/** What a demarc says whose machine fails it; how much of it, is up to what the machine still manages. */
const OF_THE_MACHINE: readonly RowId[] = [MISSING, 'prober_starved'];

function causesOf({ party, vendor, row, fromMs, toMs }: ScenarioExpectation): Cause[] {
  const owner = party === undefined ? 'none' : OWNER_OF_PARTY[party];
  const over = among(UNTELLABLE, row) ? ['over'] : [];
  switch (owner) {
    case 'self':
      return ['own', ...over];
    case 'isp':
      return ['isp', ...over];
    case 'vendor':
      return [`vendor ${vendor ?? 'any'}`];
    case 'unknown':
      if (row === MISSING) return toMs - fromMs >= MISSING_FOR_MS ? ['unknown'] : [];
      // Otherwise nobody is told before ten minutes, which no scenario lasts.
      return among(OFFLINE_ROWS, row) ? ['unknown', ...over] : [];
    case 'none':
      return [];
  }
}

/** One cause for every party that a scenario expects to be found guilty. */
export function expectedCauses(scenario: Scenario): Cause[] {
  // An alert that is demanded of a vendor, whether or not a service is hit.
  const { owner, vendor } = scenario.alert ?? {};
  const alerted = owner === 'vendor' && vendor !== undefined ? [`vendor ${vendor}`] : [];
  return [...new Set([...scenario.expect.flatMap(causesOf), ...alerted])].sort();
}

/** A UPS that runs on its battery is told of at once, whatever is said of the services. */
const WARNED_OF: ReadonlySet<string> = new Set<FaultKind>(['ups_on_battery']);

/** Whether a line that comes and goes is caught while it is gone, is up to the phase of the probes. */
const CAUGHT_BY_CHANCE: ReadonlySet<string> = new Set<FaultKind>(['uplink_flapping']);

const breaksOneOf = ({ timeline }: Scenario, kinds: ReadonlySet<string>): boolean =>
  timeline.some((step) => 'break' in step && kinds.has(step.break.kind));

/** Vendors that are said to fail without a service being hit: after a while that is told too, and need not be. */
function toleratedCauses(scenario: Scenario): Cause[] {
  const failing = scenario.vendors.filter(({ status }) =>
    [status].flat().some((one) => one === 'failing' || one === 'partial'),
  );
  return [
    ...failing.map(({ vendor }) => `vendor ${vendor}`),
    ...(breaksOneOf(scenario, WARNED_OF) ? ['own'] : []),
    ...(breaksOneOf(scenario, CAUGHT_BY_CHANCE) ? ['isp', 'unknown', 'over'] : []),
    ...(isBefallen('prober', scenario.timeline) ? ['unknown'] : []),
  ];
}

/** Rows that two plays of a scenario need not have in common, besides those that only lead to a verdict. */
export const rowsOfChance = (scenario: Scenario): readonly string[] => [
  ...(breaksOneOf(scenario, CAUGHT_BY_CHANCE) ? OFFLINE_ROWS : []),
  ...(isBefallen('prober', scenario.timeline) ? OF_THE_MACHINE : []),
];

export function causeOf({ receiver, labels }: Notified): Cause {
  return receiver === 'vendor' ? `vendor ${labels.vendor ?? 'any'}` : receiver;
}

export const isForPeople = ({ receiver }: Notified): boolean => !PROGRAMS.has(receiver);

/**
 * Causes people were told of, and not yet that they are over. A message about a group of alerts stands for those before it: of an
 * alert that ended while another one silenced it, Alertmanager never tells by itself.
 */
export function openCauses(alerts: readonly Notified[]): Cause[] {
  const newest = new Map<string, Notified[]>();
  for (const alert of alerts.filter(isForPeople)) {
    const group = `${alert.receiver} ${alert.group}`;
    const message = newest.get(group);
    if (message?.[0]?.at === alert.at) message.push(alert);
    else newest.set(group, [alert]);
  }
  const open = [...newest.values()].flat().filter(({ status, receiver }) => status === 'firing' && receiver !== 'over');
  return [...new Set(open.map(causeOf))];
}

/** `alerts`: all about the site, in order of arrival, `at` in ms of the scenario. */
export function toldIn(scenario: Scenario, alerts: readonly Notified[]): Told {
  const expected = expectedCauses(scenario);
  const tolerated = toleratedCauses(scenario);
  const people = alerts.filter(isForPeople);
  const firing = people.filter(({ status }) => status === 'firing');
  const heard = new Set(firing.map(causeOf));
  const groupsOf = (cause: Cause): number =>
    new Set(firing.filter((alert) => causeOf(alert) === cause && alert.labels.row).map(({ group }) => group)).size;
  const extra = firing
    .filter((alert) => !expected.includes(causeOf(alert)) && !tolerated.includes(causeOf(alert)))
    .map(({ at, labels }) => `${Math.round(at / 1000)} s: ${labels.alertname} ${labels.service} ${labels.row}`);
  return {
    expected,
    missing: expected.filter((cause) => !heard.has(cause)),
    extra: [...new Set(extra)],
    unended: openCauses(people),
    repeated: expected.filter((cause) => groupsOf(cause) > 1),
    recurred: isBefallen('pipeline', scenario.timeline) ? recurredIn(people) : [],
    delaysMs: expected.filter((cause) => cause !== 'over').flatMap((cause) => delayOf(cause, firing, scenario)),
  };
}

function recurredIn(people: readonly Notified[]): Cause[] {
  const again = people.filter(
    ({ status, labels }, index) =>
      status === 'firing' &&
      people.slice(0, index).some((one) => one.status === 'resolved' && isDeepStrictEqual(one.labels, labels)),
  );
  return [...new Set(again.map(causeOf))];
}

/**
 * From the newest fault before it, or since it could be seen: earlier ones of a flapping scenario were over before anybody could
 * be sure.
 */
function delayOf(cause: Cause, firing: readonly Notified[], { timeline, expect }: Scenario): number[] {
  const first = firing.find((alert) => causeOf(alert) === cause);
  if (first === undefined) return [];
  const faults = timeline.flatMap((step) => ('break' in step ? step.atMs : []));
  const seen = expect.flatMap(({ visibleFrom }) => visibleFrom ?? []);
  return [first.at - Math.max(0, ...[...faults, ...seen].filter((at) => at <= first.at))];
}
