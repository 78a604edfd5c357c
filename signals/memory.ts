// What must outlive a restart, in one small file: when each question was last seen OK. A broken file is set aside, never trusted.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const State = z.object({ version: z.literal(1), lastOk: z.record(z.string(), z.number().nonnegative()) });

export interface Memory {
  load(): Record<string, number>;
  /** Writes atomically; throws when the disk refuses. */
  save(lastOk: Readonly<Record<string, number>>): void;
}

/** A memory in `folder`; `now` is asked so that times in the future are not believed. */
export function fileMemory(folder: string, now: () => number, warn: (message: string) => void): Memory {
  const file = path.join(folder, 'state.json');
  return {
    load() {
      const text = readIfThere(file);
      if (text === null) return {};
      const parsed = State.safeParse(parseJson(text));
      if (parsed.success) return Object.fromEntries(Object.entries(parsed.data.lastOk).filter(([, at]) => at <= now()));
      renameSync(file, `${file}.broken`);
      warn(`${file} was not readable and has been set aside as state.json.broken; witnesses must be seen OK again`);
      return {};
    },
    save(lastOk) {
      mkdirSync(folder, { recursive: true });
      const next = `${file}.next`;
      writeFileSync(next, JSON.stringify({ version: 1, lastOk }));
      renameSync(next, file);
    },
  };
}

/** For demos and tests: nothing outlives anything. */
export const noMemory: Memory = { load: () => ({}), save: () => undefined };

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
