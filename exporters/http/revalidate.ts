// Whether a document has changed since it was read (RFC 9110 section 13), so that whoever is asked often need not send all of it
// each time. What is kept is what was made of it, never the document.
import type { Answer } from './answer.ts';

/** Sent along: If-None-Match, or else If-Modified-Since. */
export type Conditions = Readonly<Record<string, string>>;

export interface Revalidation<T extends object> {
  /** To be sent; null when the document must be had whole. */
  conditions(now: number): Conditions | null;
  /** What was made of the document that has not changed since. */
  unchanged(): T;
  /** What is made of a document that came whole. */
  keep(answer: Answer, made: T, now: number): void;
}

/** It must be had whole this often: a cache on the way may say "unchanged" for ever. */
const KEPT_FOR_MS = 3_600_000;
const MAX_VALIDATOR = 256;

interface Kept<T> {
  conditions: Conditions;
  made: T;
  at: number;
}

/** By the settings of a target: what is kept goes with them. Two targets never share it. */
export function revalidations<T extends object>(): (settings: object) => Revalidation<T> {
  const bySettings = new WeakMap<object, Kept<T>>();
  return (settings) => ({
    conditions(now) {
      const kept = bySettings.get(settings);
      const isYoung = kept !== undefined && now >= kept.at && now - kept.at < KEPT_FOR_MS;
      return isYoung ? kept.conditions : null;
    },
    unchanged() {
      const kept = bySettings.get(settings);
      if (kept === undefined) throw new Error('nothing was asked about');
      return kept.made;
    },
    keep(answer, made, now) {
      const conditions = conditionsOf(answer);
      if (conditions === null) bySettings.delete(settings);
      else bySettings.set(settings, { conditions, made, at: now });
    },
  });
}

function conditionsOf({ headers }: Answer): Conditions | null {
  const [tag, date] = ['etag', 'last-modified'].map((name) => headers.get(name) ?? '');
  if (isUsable(tag)) return { 'if-none-match': tag };
  return isUsable(date) ? { 'if-modified-since': date } : null;
}

/** One that is sent back as it came. */
const isUsable = (validator: string | undefined): validator is string =>
  validator !== undefined && validator !== '' && validator.length <= MAX_VALIDATOR;
