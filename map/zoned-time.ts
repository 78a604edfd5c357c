// Wall-clock time of a place as a moment, over the days its clocks are changed on.

/** A time as a clock on the wall shows it. */
export interface WallTime {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const DAY_MS = 86_400_000;

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Building one takes a thousand times as long as using it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone);
  if (known !== undefined) return known;
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    ...fields,
    second: 'numeric',
    hourCycle: 'h23',
    timeZone: zone,
  });
  FORMATS.set(zone, format);
  return format;
}

export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What the wall there shows, as if it were UTC. */
function wallMs(ms: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

const offsetMs = (ms: number, zone: string): number => wallMs(ms, zone) - Math.floor(ms / 1000) * 1000;

/** The date there at a moment, Unix milliseconds. */
export function dateAt(ms: number, zone: string): Pick<WallTime, 'year' | 'month' | 'day'> {
  const wall = new Date(wallMs(ms, zone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
}

/**
 * The moment, Unix milliseconds, at which the wall there shows this time. Of a time that comes twice, when clocks are set back,
 * the first; one that is left out, when they are set forward, counts as so much later (RFC 5545, section 3.3.5).
 */
export function momentOf({ year, month, day, hour, minute }: WallTime, zone: string): number {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const before = wall - offsetMs(wall - DAY_MS, zone);
  const after = wall - offsetMs(wall + DAY_MS, zone);
  const fits = [before, after].filter((ms) => ms + offsetMs(ms, zone) === wall);
  return fits.length === 0 ? before : Math.min(...fits);
}
