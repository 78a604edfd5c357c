// How long whoever was asked wants to be left alone. Bounded: what a stranger asks for must not silence us.
import { instantOf } from '../instant.ts';
import type { Answer } from './answer.ts';

/** For 429 without a time, and the most that is heeded of one. */
export const BACK_OFF_MS = 600_000;

/** undefined: it has not had enough of us. */
export function restOf({ status, headers }: Pick<Answer, 'status' | 'headers'>, now: number): number | undefined {
  const wished = retryAfterOf(headers, now);
  if (status !== 429 && (status !== 503 || wished === null)) return undefined;
  return Math.min(wished ?? BACK_OFF_MS, BACK_OFF_MS);
}

/** The Retry-After header, seconds or a date, in milliseconds from now; null when there is none that can be read. */
export function retryAfterOf(headers: Answer['headers'], now: number): number | null {
  const field = headers.get('retry-after') ?? '';
  if (/^\d{1,9}$/.test(field)) return Number(field) * 1000;
  const until = instantOf(field);
  return until === null ? null : Math.max(0, until - now);
}
