// What vendors say of themselves, beside what is seen from here: the newest word of a status page about each component, and how
// long after the first failure here it first told of trouble. Told as evidence of manners; no verdict reads it.
import { FEED_STATES, type FeedState } from '../exporters/status/facts.ts';
import type { Plan, VendorPart } from '../map/plan-types.ts';
import { isProven } from './foundation.ts';
import type { Tracks } from './tracks.ts';
import type { VendorReading } from './vendor-signals.ts';

/** The newest word of a status page about one component. */
export interface PageWord {
  says: FeedState;
  /** Wall ms at which it was read. */
  readAt: number;
  /** First failure here of the newest proven trouble, at most a day ago or not over yet; null without one. */
  troubleSince: number | null;
  /** When the page was first seen to tell of trouble, if it did within a day of that; it may have been before. */
  admittedAt: number | null;
}

/** A proven trouble of a component, as seen from here. */
interface Trouble {
  since: number;
  isOver: boolean;
  admittedAt: number | null;
}

/** By vendor and component. */
export interface PagesPast {
  troubles: ReadonlyMap<string, Trouble>;
  /** Start of the page's present run of words of trouble. */
  spokenSince: ReadonlyMap<string, number>;
}

export interface StatusPages {
  /** The same readings, each with the word of the page where there is one. */
  beside(readings: readonly VendorReading[]): VendorReading[];
  handOver(): PagesPast;
}

/** A word further from the trouble is about another one. */
const ABOUT_IT_MS = 86_400_000;

const NO_TROUBLE = { troubleSince: null, admittedAt: null } as const;

const DEGRADED = FEED_STATES.indexOf('degraded');

export function createStatusPages(
  { feeds }: Pick<Plan, 'feeds'>,
  tracks: Pick<Tracks, 'get'>,
  now: () => number,
  past?: PagesPast,
): StatusPages {
  const feedOf = new Map(feeds.map(({ vendor, target }) => [vendor, target]));
  const troubles = new Map(past?.troubles);
  const spokenSince = new Map(past?.spokenSince);

  /** null when the page could not be read, or says nothing known: both are no word at all. */
  function wordOf({ vendor, component }: VendorPart): Pick<PageWord, 'says' | 'readAt'> | null {
    const track = tracks.get(feedOf.get(vendor) ?? '');
    const newest = track?.newest;
    if (newest?.kind !== 'status' || !newest.ok || now() - newest.startedAt > (track?.staleMs ?? 0)) return null;
    const { components, overall } = newest.facts;
    const named = components.find(({ name }) => name === component);
    const says = named === undefined ? overall : named.state;
    return says === null ? null : { says, readAt: newest.startedAt };
  }

  function troubleOf(key: string, { signals, since }: VendorReading): Trouble | undefined {
    const known = troubles.get(key);
    const failing = signals.get('controls')?.state === 0 && isProven(signals);
    if (failing && since !== null && (known === undefined || known.isOver)) {
      const begun = { since, isOver: false, admittedAt: null };
      troubles.set(key, begun);
      return begun;
    }
    if (known !== undefined && signals.get('controls')?.state === 1) known.isOver = true;
    return known;
  }

  /** Since when the page has been telling of trouble; undefined when it does not. */
  function spoken(key: string, word: ReturnType<typeof wordOf>): number | undefined {
    if (word === null) return spokenSince.get(key);
    if (FEED_STATES.indexOf(word.says) < DEGRADED) spokenSince.delete(key);
    else if (!spokenSince.has(key)) spokenSince.set(key, word.readAt);
    return spokenSince.get(key);
  }

  function withPage(reading: VendorReading): VendorReading {
    const key = `${reading.vendor}/${reading.component}`;
    const word = wordOf(reading);
    const trouble = troubleOf(key, reading);
    const said = spoken(key, word);
    if (trouble !== undefined && said !== undefined && Math.abs(said - trouble.since) <= ABOUT_IT_MS)
      trouble.admittedAt ??= said;
    if (word === null) return reading;
    const isNews = trouble !== undefined && !(trouble.isOver && now() - trouble.since > ABOUT_IT_MS);
    const told = isNews ? { troubleSince: trouble.since, admittedAt: trouble.admittedAt } : NO_TROUBLE;
    return { ...reading, page: { ...word, ...told } };
  }

  return {
    beside: (readings) => readings.map(withPage),
    handOver: () => ({ troubles, spokenSince }),
  };
}
