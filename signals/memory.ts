// What must outlive a restart, in one small file: when each question was last seen OK, and the word of those who are asked
// rarely. A broken file is set aside, never trusted.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { KeptResult } from './kept-results.ts';

const State = z.object({
  version: z.literal(1),
  lastOk: z.record(z.string(), z.number().nonnegative()),
  // They can be asked for again; when witnesses were last seen cannot. One of another version takes none of the others with it.
  results: z
    .array(z.unknown())
    .catch([])
    .transform((results) => results.flatMap((one) => KeptResult.safeParse(one).data ?? [])),
});

export interface Remembered {
  /** By target and question: when it was last seen OK, Unix milliseconds. */
  lastOk: Readonly<Record<string, number>>;
  results: readonly KeptResult[];
}

export const NOTHING_REMEMBERED: Remembered = { lastOk: {}, results: [] };

export interface Memory {
  load(): Remembered;
  /** Writes atomically; throws when the disk refuses. */
  save(remembered: Remembered): void;
}

/** A memory in `folder`; `now` is asked so that times in the future are not believed. */
export function fileMemory(folder: string, now: () => number, warn: (message: string) => void): Memory {
  const file = path.join(folder, 'state.json');
  return {
    load() {
      const text = readIfThere(file);
      if (text === null) return NOTHING_REMEMBERED;
      const parsed = State.safeParse(parseJson(text));
      if (parsed.success) return upTo(now(), parsed.data);
      renameSync(file, `${file}.broken`);
      warn(`${file} was not readable and has been set aside as state.json.broken; witnesses must be seen OK again`);
      return NOTHING_REMEMBERED;
    },
    save({ lastOk, results }) {
      mkdirSync(folder, { recursive: true });
      const next = `${file}.next`;
      writeFileSync(next, JSON.stringify({ version: 1, lastOk, results }));
      renameSync(next, file);
    },
  };
}

/** For demos and tests: nothing outlives anything. */
export const noMemory: Memory = { load: () => NOTHING_REMEMBERED, save: () => undefined };

function upTo(now: number, { lastOk, results }: Remembered): Remembered {
  return {
    lastOk: Object.fromEntries(Object.entries(lastOk).filter(([, at]) => at <= now)),
    results: results.filter(({ at, good }) => at <= now && (good?.startedAt ?? 0) <= now),
  };
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
