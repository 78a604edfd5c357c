// `demarc maintenance`: opens a window by hand, with its end, closes it early, and lists what is open and what is planned.
import { existsSync } from 'node:fs';
import { durationMs } from '../map/duration.ts';
import { type DemarcMap, loadMap } from '../map/load.ts';
import { LONGEST_WINDOW_MS, Reason } from '../map/maintenance.ts';
import { UPLINK_SERVICE } from '../map/plan.ts';
import { UserError } from '../map/user-error.ts';
import { keepMaintenance, type MaintenanceWindow } from '../status/maintenance.ts';
import { type AdHoc, MAINTENANCE_FILE, readWindows, writeWindows } from '../status/maintenance-file.ts';
import { clockText, durationText } from '../status/time-text.ts';
import { EXIT, print, tell } from './terminal.ts';

export interface MaintenanceOptions {
  state: string;
  map?: string;
  for?: string;
  reason?: string;
  json?: boolean;
}

const DEFAULT_MAP = 'demarc.yaml';
const DAY_MS = 86_400_000;
const LISTED_MS = 14 * DAY_MS;
const SHORTEST_MS = 60_000;

/** The map, where there is one: the demo, or a running demarc elsewhere, has none here. */
function mapHere({ map }: MaintenanceOptions): DemarcMap | null {
  if (map !== undefined) return loadMap(map);
  return existsSync(DEFAULT_MAP) ? loadMap(DEFAULT_MAP) : null;
}

function checkNames(services: readonly string[], map: DemarcMap | null): void {
  if (map === null) return;
  const known = [...Object.keys(map.file.services), UPLINK_SERVICE];
  const problems = services
    .filter((service) => !known.includes(service))
    .map((service) => ({ place: service, what: 'is no service of the map', hint: `known are ${known.join(', ')}` }));
  if (problems.length > 0) throw new UserError(problems);
}

function windowsIn(folder: string): AdHoc[] {
  try {
    return readWindows(folder);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const hint = 'it is not what `demarc maintenance` writes: mend it or remove it';
    throw new UserError([{ place: `${folder}/${MAINTENANCE_FILE}`, what: 'cannot be read', hint }]);
  }
}

function lengthOf(text: string | undefined): number {
  const ms = durationMs(text ?? '');
  if (ms !== null && ms >= SHORTEST_MS && ms <= LONGEST_WINDOW_MS) return ms;
  const what =
    text === undefined ? 'is missing: a window without an end is how outages stay unseen' : `${text} is not 1m to 30d`;
  throw new UserError([{ place: '--for', what, hint: 'write it like --for 2h' }]);
}

function reasonOf(text: string | undefined): string {
  const parsed = Reason.safeParse(text);
  if (parsed.success) return parsed.data;
  const hint = 'write it like --reason "new disk", at most 200 characters of one line';
  throw new UserError([{ place: '--reason', what: text === undefined ? 'is missing' : 'is no plain text', hint }]);
}

/** Opens a window for each of the services, from now on. */
export function startMaintenance(services: readonly string[], options: MaintenanceOptions, now = Date.now()): number {
  const length = lengthOf(options.for);
  const reason = reasonOf(options.reason);
  checkNames(services, mapHere(options));
  const opened = services.map((service): AdHoc => ({ service, from: now, to: now + length, reason }));
  const kept = windowsIn(options.state).filter(({ service, to }) => to > now && !services.includes(service));
  writeWindows(options.state, [...kept, ...opened]);
  if (options.json === true)
    print(JSON.stringify({ windows: opened.map((window) => jsonOf({ ...window, origin: 'hand' })) }, null, 2));
  else
    for (const { service, to } of opened)
      print(`${service} is in maintenance until ${clockText(to, now)} (${durationText(to - now)})`);
  return EXIT.fine;
}

/** Closes the windows opened by hand for the services. Those of the map end by the map. */
export function endMaintenance(services: readonly string[], options: MaintenanceOptions, now = Date.now()): number {
  const windows = windowsIn(options.state).filter(({ to }) => to > now);
  const missing = services.filter((service) => !windows.some((window) => window.service === service));
  if (missing.length > 0) {
    const hint = '`demarc maintenance list` shows what is open; what the map plans ends by the map';
    throw new UserError(missing.map((place) => ({ place, what: 'has no window opened by hand', hint })));
  }
  writeWindows(
    options.state,
    windows.filter(({ service }) => !services.includes(service)),
  );
  if (options.json === true) print(JSON.stringify({ ended: services }, null, 2));
  else for (const service of services) print(`${service} is no longer in maintenance`);
  return EXIT.fine;
}

function jsonOf({ from, to, ...rest }: MaintenanceWindow): Record<string, unknown> {
  return { ...rest, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** What is open, and what the map plans for the next 14 days. */
export function listMaintenance(options: MaintenanceOptions, now = Date.now()): number {
  const map = mapHere(options);
  const byHand = windowsIn(options.state);
  const named =
    map === null ? byHand.map(({ service }) => service) : [...Object.keys(map.file.services), UPLINK_SERVICE];
  const planned = map?.file.maintenance ?? [];
  const kept = keepMaintenance({ planned: () => planned, byHand: () => byHand, services: () => named, now: () => now });
  const windows = kept.within(LISTED_MS);
  if (options.json === true) {
    print(JSON.stringify({ windows: windows.map(jsonOf) }, null, 2));
    return EXIT.fine;
  }
  if (map === null) tell(`There is no ${DEFAULT_MAP} here: only windows opened by hand are listed.`);
  if (windows.length === 0) print('Nothing is in maintenance, and nothing is planned for the next 14 days.');
  for (const { service, from, to, reason, origin } of windows) {
    const state = from <= now ? `open for ${durationText(to - now)} more` : `in ${durationText(from - now)}`;
    print(
      `${service}: ${state}, ${clockText(from, now)} to ${clockText(to, now)}, by ${origin === 'map' ? 'the map' : 'hand'}`,
    );
    print(`  ${reason}`);
  }
  return EXIT.fine;
}
