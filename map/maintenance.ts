// The key `maintenance` of demarc.yaml: when a service may fail without anybody being told. Every window has an end.
import { z } from 'zod';
import { duration } from './duration.ts';
import { dateAt, isZone, momentOf, type WallTime } from './zoned-time.ts';

const DAY_MS = 86_400_000;
export const LONGEST_WINDOW_MS = 30 * DAY_MS;

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** One line that people read; what could reorder or hide text is refused where it is written. */
export const Reason = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'must be plain text of one line')
  .meta({ title: 'text' });

/** Dates that do not exist, such as 30 February, would otherwise quietly become others. */
function isOfCalendar(text: string): boolean {
  const wall = text.slice(0, 16);
  const ms = Date.parse(`${wall}Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(wall);
}

const Moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?$/,
    'must be a time such as 2026-03-05T02:00, or 2026-03-05T02:00Z',
  )
  .refine(isOfCalendar, 'is no time of the calendar')
  .meta({ title: 'time' });

const Every = z
  .strictObject({
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .default([...WEEKDAYS])
      .describe('On which days of the week it begins.'),
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 03:00')
      .meta({ title: 'time of day' })
      .describe('When it begins, by the clocks of `zone`.'),
  })
  .describe('A window that comes again. It takes `duration`; without that it would have no end.');

export const Maintenance = z
  .strictObject({
    services: z
      .array(z.string().meta({ title: 'name' }))
      .min(1)
      .optional()
      .describe('The services it is about. Left out: all, and the uplink.'),
    reason: Reason.describe('What is done. People read it on the page.'),
    zone: z
      .string()
      .refine(isZone, 'must be a time zone such as Europe/Berlin')
      .default('UTC')
      .meta({ title: 'time zone' })
      .describe('Whose clocks `start`, `end` and `at` mean, unless they say so themselves.'),
    start: Moment.optional().describe('When it begins, once.'),
    end: Moment.optional().describe('When it ends.'),
    every: Every.optional(),
    duration: duration('1m', '30d').optional().describe('How long it takes, in place of `end`.'),
  })
  .superRefine(({ start, every, end, duration: length, zone }, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if ((start === undefined) === (every === undefined)) refuse('start', 'must be there, or every, and not both');
    if ((end === undefined) === (length === undefined)) refuse('end', 'must be there, or duration, and not both');
    if (every !== undefined && end !== undefined) refuse('end', 'does not go with every: give a duration');
    if (start === undefined || end === undefined || !isZone(zone)) return;
    const ms = momentIn(end, zone) - momentIn(start, zone);
    if (ms <= 0) refuse('end', 'must be after start');
    else if (ms > LONGEST_WINDOW_MS) refuse('end', 'must be within 30 days of start');
  })
  .describe('When failures are expected: demarc goes on probing and judging, marks what it says, and no alert fires.');

export type Maintenance = z.output<typeof Maintenance>;

/** Unix ms of a moment, which may leave its zone to the window. */
function momentIn(text: string, zone: string): number {
  if (/(Z|[+-]\d{2}:\d{2})$/.test(text)) return Date.parse(text);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = text.split(/[-T:]/).map(Number);
  return momentOf({ year, month, day, hour, minute }, zone);
}

/** One time a window is open, Unix ms. */
export interface Occurrence {
  from: number;
  to: number;
}

/** Every time the window is open between two moments, in order. */
export function occurrencesOf(window: Maintenance, from: number, to: number): Occurrence[] {
  const { start, end, every, zone, duration: length = 0 } = window;
  if (start !== undefined) {
    const begin = momentIn(start, zone);
    const once = { from: begin, to: end === undefined ? begin + length : momentIn(end, zone) };
    return once.to > from && once.from <= to ? [once] : [];
  }
  if (every === undefined) return [];
  const [hour = 0, minute = 0] = every.at.split(':').map(Number);
  const found: Occurrence[] = [];
  // A day more on both sides: the date there may be another than here. Dates are counted, not hours: days have 23 to 25 of them.
  const first = dateAt(from - length - DAY_MS, zone);
  const last = dateAt(to + DAY_MS, zone);
  for (let day = utcOf(first); day <= utcOf(last); day += DAY_MS) {
    const date = dateAt(day, 'UTC');
    if (!every.days.includes(weekdayOf(date))) continue;
    const begin = momentOf({ ...date, hour, minute }, zone);
    if (begin + length > from && begin <= to) found.push({ from: begin, to: begin + length });
  }
  return found;
}

type CalendarDate = Pick<WallTime, 'year' | 'month' | 'day'>;

const utcOf = ({ year, month, day }: CalendarDate): number => Date.UTC(year, month - 1, day);

function weekdayOf(date: CalendarDate): (typeof WEEKDAYS)[number] {
  return WEEKDAYS[new Date(utcOf(date)).getUTCDay()] ?? 'sunday';
}
