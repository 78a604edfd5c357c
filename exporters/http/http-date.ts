// Dates in HTTP headers (RFC 9110 section 5.6.7), in the only form servers must send: Date.parse alone makes dates of nearly anything.

const FORM = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Unix milliseconds; null for what is none. */
export function dateOf(field: string | undefined): number | null {
  const time = field !== undefined && FORM.test(field) ? Date.parse(field) : Number.NaN;
  return Number.isFinite(time) ? time : null;
}
