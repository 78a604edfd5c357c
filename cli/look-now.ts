// One round of probes from the map, right now: waits until everything was asked and failures are confirmed, then judges.
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Timing } from '../catalog/timing.ts';
import { realClock } from '../exporters/clock.ts';
import { type DemarcMap, loadMap } from '../map/load.ts';
import { lookAround } from '../map/surroundings.ts';
import { timingOf } from '../signals/engine.ts';
import { fileMemory } from '../signals/memory.ts';
import { startMonitor } from '../verdict/monitor.ts';
import type { Monitor } from '../verdict/monitor-types.ts';
import type { RowId } from '../verdict/table.ts';
import type { VendorRowId } from '../verdict/vendor-table.ts';
import { tell } from './terminal.ts';
import { version } from './version.ts';
import type { Sight } from './why.ts';
import { componentsNamed } from './why-vendor.ts';

const LIMIT_MS = 30_000;
const STEP_MS = 200;
const TELL_MS = 5_000;
/** Of a whole look; a resident exporter can afford to wait longer for its witnesses. */
const SETTLE_MS = 15_000;
const SHORTEST_INTERVAL_MS = 5_000;

/** Rows that only say: not yet. */
const WAITING: ReadonlySet<string> = new Set<RowId | VendorRowId>([
  'no_result',
  'confirming',
  'recovering',
  'prober_starved',
  'vendor_confirming',
  'vendor_suspected',
  'vendor_out_of_sight',
]);

export interface LookOptions {
  map: string;
  /** Where a running exporter keeps when each witness was last seen working; read, never written. */
  state: string;
  /** Only this service, or vendor, has to be settled; all services when left out. */
  service?: string | undefined;
}

/** Faster rounds than the map's, so that one look suffices. */
function hurried({ file }: DemarcMap): Timing {
  const intervalMs = Math.min(file.interval, Math.max(SHORTEST_INTERVAL_MS, file.timeout + 1_000));
  const timing = timingOf(intervalMs, file.timeout);
  return { ...timing, settleMs: SETTLE_MS };
}

function isSettled(monitor: Monitor, service: string | undefined): boolean {
  if (!monitor.ready()) return false;
  const asked = monitor.verdicts().filter((verdict) => service === undefined || verdict.service === service);
  const vendors = service === undefined ? [] : componentsNamed(monitor.vendors(), service);
  return [...asked, ...vendors].every(({ row }) => !WAITING.has(row));
}

export async function lookNow({ map: file, state, service }: LookOptions): Promise<Sight> {
  const map = loadMap(file);
  const around = await lookAround(map, realClock);
  const memory = fileMemory(path.resolve(state), realClock.now, (message) => tell(message));
  const monitor = startMonitor({
    map,
    around,
    version: version(),
    timing: hurried(map),
    memory: { load: memory.load, save: () => undefined },
    log: (level, message) => void (level === 'error' && tell(message)),
  });
  try {
    await settle(monitor, service);
    return { verdicts: monitor.verdicts(), signals: monitor.signals(), vendors: monitor.vendors() };
  } finally {
    await monitor.stop();
  }
}

async function settle(monitor: Monitor, service: string | undefined): Promise<void> {
  const { targets } = monitor.plan();
  const start = performance.now();
  tell(`asking ${targets.length} targets, at most ${LIMIT_MS / 1000} s`);
  let told = start;
  while (performance.now() - start < LIMIT_MS && !isSettled(monitor, service)) {
    await pause(STEP_MS);
    if (performance.now() - told < TELL_MS) continue;
    told = performance.now();
    const measured = targets.filter(({ id }) => monitor.observation(id) !== undefined).length;
    const left = measured === targets.length ? 'confirming what fails' : `${measured} of ${targets.length} measured`;
    tell(`${Math.round((told - start) / 1000)} s: ${left}`);
  }
}
