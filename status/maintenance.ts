// Which services are in maintenance, by the map and by hand. It changes no verdict: it says that a failure was expected.
import { occurrencesOf, type Maintenance as Planned } from '../map/maintenance.ts';
import type { AdHoc } from './maintenance-file.ts';

/** An open window, or one to come. Times in Unix ms. */
export interface MaintenanceWindow extends AdHoc {
  /** `map`: planned there. `hand`: opened by `demarc maintenance`. */
  origin: 'map' | 'hand';
}

export interface Maintenance {
  /** By service: of the windows open now, the one that ends last. */
  present(): ReadonlyMap<string, MaintenanceWindow>;
  /** All that are open, or begin within so many milliseconds, by their begin. */
  within(ms: number): MaintenanceWindow[];
}

export interface MaintenanceSources {
  planned: () => readonly Planned[];
  byHand: () => readonly AdHoc[];
  /** Names of all services, the uplink among them. */
  services: () => readonly string[];
  now: () => number;
}

export function keepMaintenance({ planned, byHand, services, now }: MaintenanceSources): Maintenance {
  function between(from: number, to: number): MaintenanceWindow[] {
    const known = services();
    const fromMap = planned().flatMap((window) =>
      occurrencesOf(window, from, to).flatMap((occurrence) =>
        (window.services ?? known).map(
          (service): MaintenanceWindow => ({ ...occurrence, service, reason: window.reason, origin: 'map' }),
        ),
      ),
    );
    const own = byHand()
      .filter((window) => window.to > from && window.from <= to)
      .map((window): MaintenanceWindow => ({ ...window, origin: 'hand' }));
    return [...fromMap, ...own].filter(({ service }) => known.includes(service)).sort((a, b) => a.from - b.from);
  }

  return {
    present() {
      const open = new Map<string, MaintenanceWindow>();
      for (const window of between(now(), now())) {
        const before = open.get(window.service);
        if (before === undefined || before.to < window.to) open.set(window.service, window);
      }
      return open;
    },
    within: (ms) => between(now(), now() + ms),
  };
}

/** For tests, probes of the moment, and whoever has no state. */
export const NO_MAINTENANCE: Maintenance = { present: () => new Map(), within: () => [] };
