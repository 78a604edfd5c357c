// What came back for a page everybody gets the same way.

export interface PortalFacts {
  address: string | null;
  httpStatus: number | null;
  /** `clear`: the known document. `captured`: somebody else's answer. null: none that tells. */
  answer: 'clear' | 'captured' | null;
}
