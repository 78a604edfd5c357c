// Thrown by every reader of a peer's text for what it cannot accept; a probe turns it into `answer_malformed`.

import type { z } from 'zod';

export class Malformed extends Error {
  /** `what`: in words of ours, with nothing of the text. */
  constructor(what: string) {
    super(what);
    this.name = 'Malformed';
  }
}

/** A stranger's document in the shape that was expected of it. Throws {@link Malformed} with `what` for one of another shape. */
export function inShape<S extends z.ZodType>(schema: S, document: unknown, what: string): z.output<S> {
  const read = schema.safeParse(document);
  if (!read.success) throw new Malformed(what);
  return read.data;
}

type Read<T> = { value: T; flaw: null } | { value: null; flaw: string };

/** What a reader gives, or what it finds wrong with the text; its bugs are thrown on. */
export function readingOf<T>(read: () => T): Read<T> {
  try {
    return { value: read(), flaw: null };
  } catch (error) {
    if (error instanceof Malformed) return { value: null, flaw: error.message };
    throw error;
  }
}

/** The end of a measurement whose answer cannot be read. */
export const malformed = (flaw: string) => ({ reason: 'answer_malformed', phase: 'check', flaw }) as const;
