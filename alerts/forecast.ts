// Which alerts the rules would fire, and which messages Alertmanager would send, given what is said about each service over
// time. The rules' own numbers and lists are read from where they are written; a test compares the outcome with promtool's.
import { OWNER_OF_PARTY } from '../catalog/parties.ts';
import type { Row } from '../verdict/row.ts';
import { TABLE } from '../verdict/table.ts';
import { alertmanagerConfig, type Route } from './alertmanager.ts';
import { MISSING_FOR, NOT_A_FINDING, OFFLINE_ROWS, TOLD_AFTER, UNKNOWN_FOR, UNTELLABLE } from './alerts.ts';
import type { Owner } from './annotations.ts';
import { HOLD } from './rule.ts';

/** From `at` on this was said about the service, until the next one about it. Milliseconds. */
export interface SaidRow {
  at: number;
  service: string;
  row: string;
  /** Who runs the row's layer, if anybody else does. */
  vendor: string | null;
  component: string | null;
}

export interface ForecastAlert {
  alertname: string;
  owner: Owner;
  service: string;
  row: string;
  vendor: string | null;
  component: string | null;
  /** The label, which tells apart rules of one name. */
  layer: string;
}

export interface ForecastMessage {
  at: number;
  /** Alertmanager's receiver: `own`, `vendor`, … */
  receiver: string;
  status: 'firing' | 'resolved';
  alerts: readonly ForecastAlert[];
}

/** Scrape and rules. */
export const EVALUATION_MS = 5_000;

const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

const ms = (duration: string): number => Number.parseInt(duration, 10) * (UNIT_MS[duration.slice(-1)] ?? Number.NaN);

const ROWS = new Map<string, Row>(TABLE.map((row) => [row.id, row]));

const ownerOf = (row: string): Owner => OWNER_OF_PARTY[ROWS.get(row)?.party ?? 'unknown'];

const isOneOf = (rows: readonly string[], row: string): boolean => rows.includes(row);

/** What was said about one service at every evaluation so far, the newest last. */
type Past = readonly SaidRow[];

/** The newest ones within so long, this instant included. */
const lately = (past: Past, durationMs: number): Past =>
  past.slice(-Math.max(1, Math.ceil(durationMs / EVALUATION_MS)));

/** A rule: the rows it fires for right now, given what was said. */
interface Model {
  alertname: string;
  /** Prometheus' keep_firing_for. */
  keptMs: number;
  layer: string;
  fires(past: Past): readonly SaidRow[];
}

const byRow = (said: Past): SaidRow[] => [...new Map(said.map((one) => [one.row, one])).values()];

const whileSaid = (wanted: (row: string) => boolean) => (past: Past) => past.slice(-1).filter(({ row }) => wanted(row));

/** Past a lost scrape, but not past the end. */
const untilFine = (wanted: (row: string) => boolean) => (past: Past) =>
  ownerOf(past.at(-1)?.row ?? '') === 'none' ? [] : byRow(lately(past, ms(HOLD)).filter(({ row }) => wanted(row)));

/** Whether only such rows were said for as long as Prometheus' `for` asks. */
function saidFor(past: Past, duration: string, wanted: (row: string) => boolean): boolean {
  const needed = ms(duration) / EVALUATION_MS + 1;
  return past.length >= needed && past.slice(-needed).every(({ row }) => wanted(row));
}

const offline = (row: string): boolean => isOneOf(OFFLINE_ROWS, row);

const MODELS: readonly Model[] = [
  {
    alertname: 'DemarcVendorFailure',
    keptMs: ms(HOLD),
    layer: '',
    fires: whileSaid((row) => ownerOf(row) === 'vendor'),
  },
  {
    alertname: 'DemarcOwnFailure',
    keptMs: ms(HOLD),
    layer: '',
    fires: whileSaid((row) => ownerOf(row) === 'self' && !offline(row)),
  },
  {
    alertname: 'DemarcOwnFailure',
    keptMs: 0,
    layer: 'lan',
    fires: untilFine((row) => ownerOf(row) === 'self' && offline(row)),
  },
  { alertname: 'DemarcIspFailure', keptMs: 0, layer: '', fires: untilFine((row) => ownerOf(row) === 'isp') },
  {
    alertname: 'DemarcUnknownFailure',
    keptMs: ms(HOLD),
    layer: '',
    fires: (past) =>
      saidFor(past, UNKNOWN_FOR, (row) => ownerOf(row) === 'unknown')
        ? past.slice(-1).filter(({ row }) => !offline(row) && !isOneOf(NOT_A_FINDING, row))
        : [],
  },
  {
    alertname: 'DemarcUnknownFailure',
    keptMs: 0,
    layer: 'uplink',
    fires: untilFine((row) => ownerOf(row) === 'unknown' && offline(row)),
  },
  {
    alertname: 'DemarcDataMissing',
    keptMs: ms(HOLD),
    layer: '',
    fires: (past) => (saidFor(past, MISSING_FOR, (row) => row === 'data_missing') ? past.slice(-1) : []),
  },
  {
    alertname: 'DemarcOutageOver',
    keptMs: 0,
    layer: '',
    fires: (past) =>
      ownerOf(past.at(-1)?.row ?? '') === 'none'
        ? byRow(lately(past, ms(TOLD_AFTER)).filter(({ row }) => isOneOf(UNTELLABLE, row)))
        : [],
  },
];

interface Firing {
  alert: ForecastAlert;
  lastTrue: number;
  keptMs: number;
}

const keyOf = ({ alertname, service, row, layer }: ForecastAlert): string => [alertname, service, row, layer].join(' ');

/** What would be firing at each evaluation from 0 to `endMs`. `said` is in order of time. */
export function forecastAlerts(
  said: readonly SaidRow[],
  endMs: number,
): { at: number; firing: readonly ForecastAlert[] }[] {
  const services = [...new Set(said.map(({ service }) => service))];
  const pasts = new Map(services.map((service): [string, SaidRow[]] => [service, []]));
  const firing = new Map<string, Firing>();
  const evaluations: { at: number; firing: readonly ForecastAlert[] }[] = [];
  for (let at = 0; at <= endMs; at += EVALUATION_MS) {
    for (const [service, past] of pasts) {
      const present = said.findLast((one) => one.service === service && one.at <= at);
      if (present !== undefined) past.push(present);
      for (const model of MODELS) note(model, past, at, firing);
    }
    for (const [key, { lastTrue, keptMs }] of firing) if (lastTrue < at && at - lastTrue > keptMs) firing.delete(key);
    evaluations.push({ at, firing: [...firing.values()].map(({ alert }) => alert) });
  }
  return evaluations;
}

function note({ alertname, keptMs, layer, fires }: Model, past: Past, at: number, firing: Map<string, Firing>): void {
  for (const { service, row, vendor, component } of fires(past)) {
    const owner = ownerOf(row);
    const named = owner === 'vendor' ? { vendor, component } : { vendor: null, component: null };
    const alert: ForecastAlert = { alertname, owner, service, row, ...named, layer };
    firing.set(keyOf(alert), { alert, lastTrue: at, keptMs });
  }
}

interface Group {
  route: Route;
  nextAt: number;
  told: Map<string, ForecastAlert>;
}

/** What Alertmanager would send, by the committed routes and inhibitions. */
export function forecastMessages(said: readonly SaidRow[], endMs: number): ForecastMessage[] {
  const { route: root } = alertmanagerConfig();
  const groups = new Map<string, Group>();
  const messages: ForecastMessage[] = [];
  for (const { at, firing } of forecastAlerts(said, endMs)) {
    const audible = uninhibited(firing);
    const present = new Map<string, Map<string, ForecastAlert>>();
    for (const alert of audible) {
      const route = routeOf(alert, root);
      const key = [route.receiver, ...(route.group_by ?? []).map((label) => labelOf(alert, label))].join(' ');
      if (!groups.has(key)) groups.set(key, { route, nextAt: at + ms(route.group_wait ?? '0s'), told: new Map() });
      present.set(key, (present.get(key) ?? new Map()).set(keyOf(alert), alert));
    }
    for (const [key, group] of groups) {
      if (at < group.nextAt) continue;
      messages.push(...flush(group, present.get(key) ?? new Map()));
      if (group.told.size === 0) groups.delete(key);
      else group.nextAt += ms(group.route.group_interval ?? '0s');
    }
  }
  return messages;
}

/** Tells what is new, and what is over; nothing when nothing has changed. */
function flush({ route, nextAt: at, told }: Group, present: ReadonlyMap<string, ForecastAlert>): ForecastMessage[] {
  const fresh = [...present.keys()].some((key) => !told.has(key));
  const over = [...told].filter(([key]) => !present.has(key)).map(([, alert]) => alert);
  told.clear();
  for (const [key, alert] of present) told.set(key, alert);
  const { receiver } = route;
  if (present.size === 0) return over.length === 0 ? [] : [{ at, receiver, status: 'resolved', alerts: over }];
  return fresh || over.length > 0 ? [{ at, receiver, status: 'firing', alerts: [...present.values()] }] : [];
}

function labelOf(alert: ForecastAlert, label: string): string {
  switch (label) {
    case 'alertname':
    case 'owner':
    case 'service':
    case 'vendor':
      return alert[label] ?? '';
    default:
      // One site is forecast at a time.
      return '';
  }
}

/** Every matcher of the committed routes is `label="value"`. */
function routeOf(alert: ForecastAlert, root: Route): Route {
  const fits = (matcher: string): boolean => {
    const [, label = '', value = ''] = /^(\w+)="(.*)"$/.exec(matcher) ?? [];
    return labelOf(alert, label) === value;
  };
  return root.routes?.find(({ matchers = [] }) => matchers.every(fits)) ?? root;
}

/** Behind a dead line, what fails unexplained is no news. */
function uninhibited(firing: readonly ForecastAlert[]): readonly ForecastAlert[] {
  if (!firing.some(({ row }) => offline(row))) return firing;
  return firing.filter(({ alertname, row }) => alertname !== 'DemarcUnknownFailure' || offline(row));
}
