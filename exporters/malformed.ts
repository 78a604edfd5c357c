// Thrown by every reader of a peer's text for what it cannot accept; a probe turns it into `answer_malformed`.

export class Malformed extends Error {
  /** `what`: in words of ours, with nothing of the text. */
  constructor(what: string) {
    super(what);
    this.name = 'Malformed';
  }
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
