// Reads the forms in which registries and feeds write a time; anything else is no time rather than a guess.

/** Without a zone it is UTC: registries that leave it out mean that. */
const ISO = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2})?(?:[.,]\d{1,9})? ?(Z|z|UTC|[+-]\d{2}:?\d{2})?)?$/;
/** RFC 822 as RSS has it, with the zone letters that AWS uses. */
const MAIL =
  /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:Z|UTC?|GMT|[ECMP][SD]T|[+-]\d{4})$/;
/** As JavaScript prints a Date, which Instatus does. */
const PRINTED = /^[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4}(?: \([\w +:-]{1,60}\))?$/;

const MAX_LENGTH = 120;
/** Years outside stand for "never" or "unknown" (0001, 1970, 9999). */
const EARLIEST = Date.UTC(1985, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** Unix milliseconds, or null. */
export function instantOf(text: string): number | null {
  if (text.length > MAX_LENGTH) return null;
  const iso = ISO.exec(text);
  if (iso !== null) return plausible(Date.parse(canonical(iso)));
  return MAIL.test(text) || PRINTED.test(text) ? plausible(Date.parse(text)) : null;
}

/** Of Unix seconds, as a number or in digits. */
export function instantOfSeconds(seconds: unknown): number | null {
  if (typeof seconds === 'number') return plausible(seconds * 1000);
  return typeof seconds === 'string' && /^\d{1,12}$/.test(seconds) ? plausible(Number(seconds) * 1000) : null;
}

function canonical([, date, minutes = '00:00', seconds = ':00', zone = 'Z']: RegExpExecArray): string {
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z';
  return `${date}T${minutes}${seconds}${offset}`;
}

function plausible(time: number): number | null {
  return time >= EARLIEST && time < LATEST ? time : null;
}
