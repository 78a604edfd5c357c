// Keeps the list of RDAP servers fresh where the map asks for it: the one that came with demarc at first, then the newest that
// could be read, which outlives a restart. A list that does not come, or is none, leaves the one there is.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Clock } from '../exporters/clock.ts';
import type { RdapServers } from '../exporters/registration/bootstrap.ts';
import { fetchServiceList } from '../exporters/registration/service-list.ts';
import { createResolver } from '../exporters/resolver.ts';
import { wayTo } from '../map/forward-proxy.ts';
import type { DemarcMap } from '../map/load.ts';
import { resolversOf } from '../map/surroundings.ts';
import type { Logger } from './logger.ts';

const Kept = z.object({
  version: z.literal(1),
  /** Where it was fetched, and when, Unix milliseconds. */
  url: z.string(),
  at: z.number().nonnegative(),
  servers: z.record(z.string(), z.string()),
});

type Kept = z.output<typeof Kept>;

export interface FollowedRegistries {
  /** undefined: the list that came with demarc. */
  present(): RdapServers | undefined;
  /** Goes by this map from now on; before the first call nothing is fetched. */
  follow(map: DemarcMap): void;
  stop(): void;
}

export interface RegistriesOptions {
  folder: string;
  clock: Clock;
  log: Logger;
  /** A list came that is another one than before. */
  onNew(): void;
}

const DEADLINE_MS = 10_000;
const AGAIN_MS = 3_600_000;

export function followRegistries(map: DemarcMap, { folder, clock, log, onNew }: RegistriesOptions): FollowedRegistries {
  const file = path.join(folder, 'rdap-servers.json');
  const stopping = new AbortController();
  let kept = readKept(file, (message) => log('warn', message));
  let followed = map;
  let underway = false;
  let cancel = (): void => undefined;

  /** The kept list, if it is the one the map wants. */
  const wanted = (): Kept | null => {
    const { rdapList } = followed.file;
    return rdapList !== 'bundled' && kept?.url === rdapList.url && kept.at <= clock.now() ? kept : null;
  };

  async function refresh(url: string): Promise<void> {
    underway = true;
    const fetched = await fetchList(url, followed, clock, stopping.signal);
    underway = false;
    if (stopping.signal.aborted) return;
    if ('failure' in fetched) {
      const { failure: reason } = fetched;
      log('warn', `the list of registries at ${url} was not read; the one there is stays`, { reason });
      cancel = clock.after(AGAIN_MS, schedule);
      return;
    }
    const before = wanted()?.servers;
    kept = { version: 1, url, at: clock.now(), servers: Object.fromEntries(fetched.servers) };
    write(file, kept, log);
    schedule();
    if (!isDeepStrictEqual(before, kept.servers)) onNew();
  }

  function schedule(): void {
    cancel();
    const { rdapList } = followed.file;
    // Who is on the way comes back here.
    if (rdapList === 'bundled' || underway) return;
    const known = wanted();
    const dueMs = known === null ? 0 : Math.max(0, known.at + rdapList.every - clock.now());
    cancel = clock.after(dueMs, () => void refresh(rdapList.url));
  }

  return {
    present() {
      const known = wanted();
      return known === null ? undefined : new Map(Object.entries(known.servers));
    },
    follow(next) {
      followed = next;
      schedule();
    },
    stop() {
      cancel();
      stopping.abort();
    },
  };
}

async function fetchList(
  url: string,
  map: DemarcMap,
  clock: Clock,
  stopped: AbortSignal,
): ReturnType<typeof fetchServiceList> {
  const { trust } = map;
  const resolver = createResolver({ servers: resolversOf(map), clock, trust, deadlineMs: DEADLINE_MS });
  const deadline = new AbortController();
  const cancel = clock.after(DEADLINE_MS, () => deadline.abort());
  try {
    const signal = AbortSignal.any([deadline.signal, stopped]);
    return await fetchServiceList(url, wayTo(url, map.file.proxy), { signal, clock, resolver, trust });
  } finally {
    cancel();
  }
}

/** null: none is there that can be read. */
function readKept(file: string, warn: (message: string) => void): Kept | null {
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    warn(`${file} was not readable, so the list of registries that came with demarc is used`);
    return null;
  }
}

/** Without it, the list is fetched again after the next start. */
function write(file: string, kept: Kept, log: Logger): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.next`, JSON.stringify(kept));
    renameSync(`${file}.next`, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    log('warn', `${file} cannot be written; the list of registries is kept until demarc ends`, { code: error.code });
  }
}
