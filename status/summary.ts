// One sentence for the whole site: the worst cause first, services that share a cause named together.
// How a single service's sentence reads is the verdict's; this only joins them.
import type { Verdict } from '../verdict/verdict.ts';
import { parseTime } from './time-text.ts';
import { TONES, type Tone, toneOf, wordOf } from './tone.ts';

/** Services with one and the same cause. */
export interface Group {
  tone: Tone;
  /** The answer in two or three words. */
  word: string;
  sentence: string;
  verdicts: readonly Verdict[];
  /** RFC 3339: when the first of them entered this state. */
  since: string | null;
  action: string;
}

export interface Summary {
  tone: Tone;
  word: string;
  sentence: string;
  since: string | null;
  /** Which services a broken uplink takes along; else empty. */
  note: string;
  /** Empty when there is nothing to do. */
  action: string;
  /** Causes besides the one the sentence is about. */
  others: readonly Group[];
}

const NAMES_SHOWN = 4;

/** `a`, `a and b`, `a, b and c`. */
export function listOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

function namesOf(services: readonly string[]): string {
  if (services.length <= NAMES_SHOWN + 1) return listOf(services);
  return listOf([...services.slice(0, NAMES_SHOWN), `${services.length - NAMES_SHOWN} more`]);
}

const PLURALS: Readonly<Record<string, string>> = {
  is: 'are',
  has: 'have',
  does: 'do',
  was: 'were',
  fails: 'fail',
  answers: 'answer',
};

/** The first service's sentence about all of them; sentences of another build are left as they are. */
function joinedSentence(verdicts: readonly Verdict[], uplink: string): string {
  const [first] = verdicts;
  if (first?.service === uplink && toneOf(first) !== 'nodata') return first.headline;
  if (first === undefined) return '';
  if (verdicts.length === 1) return first.headline;
  const names = namesOf(verdicts.map((verdict) => verdict.service));
  const about = `about ${first.service}:`;
  if (first.headline.includes(about)) return first.headline.replace(about, () => `about ${names}:`);
  const [subject, verb = '', ...rest] = first.headline.split(' ');
  const plural = PLURALS[verb];
  return subject === first.service && plural !== undefined ? [names, plural, ...rest].join(' ') : first.headline;
}

function boundOf(verdicts: readonly Verdict[], pick: (...times: number[]) => number): string | null {
  const times = verdicts.flatMap((verdict) => parseTime(verdict.since) ?? []);
  return times.length === 0 ? null : new Date(pick(...times)).toISOString();
}

function causeOf({ row, party, vendor, component, cause }: Verdict): string {
  return JSON.stringify([row, party, vendor, component, cause]);
}

/** Everything that is not fine, by cause, worst first. The uplink goes first: what it breaks is judged through it. */
export function groupsOf(verdicts: readonly Verdict[], uplink: string): Group[] {
  const byCause = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    if (toneOf(verdict) === 'ok') continue;
    const key = causeOf(verdict);
    const members = byCause.get(key) ?? [];
    byCause.set(key, verdict.service === uplink ? [verdict, ...members] : [...members, verdict]);
  }
  const groups = [...byCause.values()].map((members): Group => {
    const [first] = members;
    const tone = first === undefined ? 'nodata' : toneOf(first);
    return {
      tone,
      word: wordOf(tone, first?.row ?? null),
      sentence: joinedSentence(members, uplink),
      verdicts: members,
      since: boundOf(members, Math.min),
      action: first?.action ?? '',
    };
  });
  return groups.sort((a, b) => rankOf(a, uplink) - rankOf(b, uplink) || b.verdicts.length - a.verdicts.length);
}

function rankOf(group: Group, uplink: string): number {
  if (group.tone === 'nodata') return TONES.length;
  return group.verdicts.some((verdict) => verdict.service === uplink) ? -1 : TONES.indexOf(group.tone);
}

function takenAlong({ verdicts }: Group, uplink: string): string {
  const services = verdicts.map((verdict) => verdict.service).filter((service) => service !== uplink);
  const withUplink = services.length < verdicts.length;
  return withUplink && services.length > 0 ? `It takes ${namesOf(services)} with it.` : '';
}

function fineSentence(services: readonly string[]): string {
  const [only] = services;
  if (only === undefined) return 'The uplink answers; no service is in the map yet.';
  return services.length === 1 ? `All fine: ${only} answers.` : `All fine: ${services.length} services answer.`;
}

/** `uplink` is the name of the built-in service that is the connection itself: it is no service of the reader's. */
export function summarise(verdicts: readonly Verdict[], uplink: string, ready: boolean): Summary {
  const [worst, ...others] = groupsOf(verdicts, uplink);
  const unsettled = worst === undefined || worst.tone === 'nodata';
  if (verdicts.length === 0 || (!ready && unsettled)) {
    const sentence = 'No verdict yet: the first measurements are still running.';
    return {
      tone: 'nodata',
      word: wordOf('nodata', null),
      sentence,
      since: null,
      note: '',
      action: worst?.action ?? '',
      others: [],
    };
  }
  if (worst !== undefined) return { ...worst, note: takenAlong(worst, uplink), others };
  const services = verdicts.map((verdict) => verdict.service).filter((service) => service !== uplink);
  return {
    tone: 'ok',
    word: wordOf('ok', null),
    sentence: fineSentence(services),
    since: boundOf(verdicts, Math.max),
    note: '',
    action: '',
    others: [],
  };
}
