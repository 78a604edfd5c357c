// How the doctor asks other programs: one GET, in time, its answer checked. Without leave, only on this machine's loopback.
import type { z } from 'zod';

export type Answer<T> = { value: T } | { status: number | null; why: string };

/** A program beside demarc. */
export interface Program {
  url: string;
  /** Whether the person named it; a default may well not exist. */
  given: boolean;
}

const PATIENCE_MS = 5_000;

/** Whether asking it leaves this machine alone. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

export async function ask<S extends z.ZodType>(base: string, path: string, shape: S): Promise<Answer<z.output<S>>> {
  const text = await askText(base, path);
  if (!('value' in text)) return text;
  const parsed = shape.safeParse(jsonOf(text.value));
  return parsed.success ? { value: parsed.data } : { status: 200, why: `answers /${path} in a form not known here` };
}

export async function askText(base: string, path: string): Promise<Answer<string>> {
  const url = new URL(path, base.endsWith('/') ? base : `${base}/`);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'manual' });
    const text = await response.text();
    if (response.ok) return { value: text };
    return { status: response.status, why: `answers ${response.status} to ${url.pathname}` };
  } catch (error) {
    // What fetch throws is the network's.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const what = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);
    return { status: null, why: `gives no answer (${what})` };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
