// What a source of the user's own says about one thing.

export type CustomValue = number | boolean | string;

export interface CustomFacts {
  address: string | null;
  httpStatus: number | null;
  /** Of several samples the first that is not good. Text is kept only where it is one plain word, as states are. */
  value: CustomValue | null;
  /** How many samples a query gave; null when it was no query, or gave no usable answer. */
  samples: number | null;
}
