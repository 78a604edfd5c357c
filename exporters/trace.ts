// What a measurement tells of itself while it goes on, to a person who watches a single one. In the exporter nobody does.
import type { Check } from './check.ts';

export interface Trace {
  /** One thing that happened, and what there is to know of it, line by line. Both may hold text of a peer's, but no secret. */
  step(happened: string, details?: readonly string[]): void;
  /** One expectation the measurement was held against. */
  check(check: Check): void;
  /** A secret that was learnt on the way: whatever is told may hold it, and is not to show it. */
  hide(secret: string): void;
}

/** The same context, where several measurements tell at once: each says of whom. */
export function watching<C extends { trace?: Trace }>(whom: string, context: C): C {
  if (context.trace === undefined) return context;
  const { step, check, hide } = context.trace;
  const trace: Trace = {
    step: (happened, details) => step(`${whom}: ${happened}`, details),
    check: (made) => check({ ...made, check: `${made.check} at ${whom}` }),
    hide,
  };
  return { ...context, trace };
}

const SECRET_HEADER = /authorization|cookie|token|secret|password|api-?key/i;

/** Header fields as they may be shown. */
export function shownHeaders(headers: Iterable<readonly [string, string]>): string[] {
  return [...headers].map(([name, value]) => `${name}: ${shownHeader(name, value)}`);
}

export const shownHeader = (name: string, value: string): string =>
  SECRET_HEADER.test(name) ? '***' : withoutQuery(value);

/** A URL as it may be shown: what stands before an @ or after a ? is often a secret. */
export function shownUrl(text: string): string {
  if (!URL.canParse(text)) return withoutQuery(text);
  const url = new URL(text);
  for (const key of [...url.searchParams.keys()]) url.searchParams.set(key, '***');
  if (url.username !== '') url.username = '***';
  if (url.password !== '') url.password = '***';
  return url.href;
}

/** Of a header's value, which may hold a URL, whole or not. */
const withoutQuery = (value: string): string => value.replace(/(\?|&)([^=&\s"',;]{1,128})=[^&\s"',;]*/g, '$1$2=***');
