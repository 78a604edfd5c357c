// Windows of maintenance: every one has an end, and begins when the clocks on the wall say so, also on the days they change.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMap } from '../../map/load.ts';
import { type Maintenance, occurrencesOf } from '../../map/maintenance.ts';
import { UserError } from '../../map/user-error.ts';
import { momentOf } from '../../map/zoned-time.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

function windowOf(lines: string): Maintenance {
  const services = 'services: { blog: { url: "https://blog.example.org/" } }';
  const [window] = parseMap(`version: 1\n${services}\nmaintenance:\n  - ${lines}\n`, 'map', process.cwd()).file
    .maintenance;
  if (window === undefined) throw new Error('no window');
  return window;
}

function problemsWith(lines: string): string {
  try {
    windowOf(lines);
    return 'none';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ place, what, hint }) => `${place}: ${what}, ${hint}`).join('\n');
  }
}

/** Begins and ends between two days, as UTC. */
function times(window: Maintenance, from: string, to: string): string[] {
  const short = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
  return occurrencesOf(window, Date.parse(from), Date.parse(to)).map((one) => `${short(one.from)} ${short(one.to)}`);
}

describe('a window', () => {
  it.each([
    ['an end', '{ reason: x, start: 2026-03-05T02:00, end: 2026-03-05T04:00 }', '2026-03-05T02:00 2026-03-05T04:00'],
    ['a duration', '{ reason: x, start: 2026-03-05T02:00, duration: 90m }', '2026-03-05T02:00 2026-03-05T03:30'],
    [
      'a zone',
      '{ reason: x, zone: Asia/Kolkata, start: 2026-03-05T02:00, duration: 1h }',
      '2026-03-04T20:30 2026-03-04T21:30',
    ],
    [
      'its own zone',
      '{ reason: x, zone: Asia/Tokyo, start: "2026-03-05T02:00Z", duration: 1h }',
      '2026-03-05T02:00 2026-03-05T03:00',
    ],
    [
      'two zones',
      '{ reason: x, zone: Europe/Berlin, start: "2026-03-05T02:00Z", end: 2026-03-05T04:00 }',
      '2026-03-05T02:00 2026-03-05T03:00',
    ],
  ])('once, with %s', (_, lines, expected) => {
    expect(times(windowOf(lines), '2026-03-01', '2026-03-31')).toEqual([expected]);
    expect(times(windowOf(lines), '2026-03-06', '2026-03-31')).toEqual([]);
  });

  it('every week comes again', () => {
    const window = windowOf('{ reason: x, every: { days: [sunday, wednesday], at: "03:00" }, duration: 2h }');
    expect(times(window, '2026-03-01T00:00Z', '2026-03-08T00:00Z')).toEqual([
      '2026-03-01T03:00 2026-03-01T05:00',
      '2026-03-04T03:00 2026-03-04T05:00',
    ]);
  });

  it('may reach over midnight, and is open on both sides of it', () => {
    const window = windowOf('{ reason: x, every: { days: [friday], at: "23:00" }, duration: 4h }');
    expect(times(window, '2026-03-07T02:00Z', '2026-03-07T02:00Z')).toEqual(['2026-03-06T23:00 2026-03-07T03:00']);
    expect(times(window, '2026-03-07T03:00Z', '2026-03-07T03:00Z')).toEqual([]);
  });
});

describe('the days clocks change', () => {
  const nightly = (zone: string, at: string) =>
    windowOf(`{ reason: x, zone: ${zone}, every: { at: "${at}" }, duration: 1h }`);

  it.each([
    // Berlin sets its clocks forward at 2026-03-29T01:00Z and back at 2026-10-25T01:00Z.
    ['before the change', 'Europe/Berlin', '02:30', '2026-03-28', '2026-03-28T01:30 2026-03-28T02:30'],
    ['a time that is left out', 'Europe/Berlin', '02:30', '2026-03-29', '2026-03-29T01:30 2026-03-29T02:30'],
    ['after the change', 'Europe/Berlin', '02:30', '2026-03-30', '2026-03-30T00:30 2026-03-30T01:30'],
    ['a time that comes twice', 'Europe/Berlin', '02:30', '2026-10-25', '2026-10-25T00:30 2026-10-25T01:30'],
    ['half an hour of change', 'Australia/Lord_Howe', '02:15', '2026-10-03', '2026-10-03T15:45 2026-10-03T16:45'],
    ['a change at midnight', 'America/Santiago', '00:30', '2026-09-06', '2026-09-06T04:30 2026-09-06T05:30'],
  ])('%s', (_, zone, at, day, expected) => {
    const from = Date.parse(day);
    const found = times(nightly(zone, at), new Date(from).toISOString(), new Date(from + DAY).toISOString());
    expect(found).toContain(expected);
  });

  it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia'])(
    'in %s every night has exactly one window of the full length',
    (zone) => {
      const window = nightly(zone, '02:30');
      const year = occurrencesOf(window, Date.parse('2026-01-01'), Date.parse('2027-01-01'));
      expect(year.length).toBeGreaterThanOrEqual(365);
      expect(year.length).toBeLessThanOrEqual(367);
      for (const [index, { from, to }] of year.entries()) {
        expect(to - from).toBe(HOUR);
        const gap = from - (year[index - 1]?.from ?? from - DAY);
        expect(Math.abs(gap - DAY)).toBeLessThanOrEqual(HOUR);
      }
    },
  );

  it('agree with the calendar wherever it has just one answer', () => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'short',
    });
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
        (date) => {
          const minute = Math.floor(date.getTime() / 60_000) * 60_000;
          const [year = 0, month = 0, day = 0, hour = 0, min = 0] = format.format(minute).split(/[- :]/).map(Number);
          const found = momentOf({ year, month, day, hour, minute: min }, 'Europe/Berlin');
          expect(format.format(found)).toBe(format.format(minute));
          expect([0, -HOUR]).toContain(found - minute);
        },
      ),
    );
  });
});

describe('a window that would have no end, or none that makes sense', () => {
  it.each([
    ['{ reason: x, start: 2026-03-05T02:00 }', /end: is not valid, must be there, or duration/],
    ['{ reason: x, every: { at: "03:00" } }', /end: is not valid, must be there, or duration/],
    ['{ reason: x, duration: 1h }', /start: is not valid, must be there, or every/],
    [
      '{ reason: x, start: 2026-03-05T02:00, every: { at: "03:00" }, duration: 1h }',
      /must be there, or every, and not both/,
    ],
    ['{ reason: x, every: { at: "03:00" }, end: 2026-03-05T02:00 }', /does not go with every/],
    ['{ reason: x, start: 2026-03-05T02:00, end: 2026-03-05T01:00 }', /must be after start/],
    ['{ reason: x, start: 2026-03-05T02:00, end: 2026-05-05T01:00 }', /within 30 days/],
    ['{ reason: x, start: 2026-02-30T02:00, duration: 1h }', /is no time of the calendar/],
    ['{ reason: x, start: tomorrow, duration: 1h }', /must be a time such as/],
    ['{ reason: x, start: 2026-03-05T02:00, duration: 40d }', /must be between 1m and 30d/],
    ['{ reason: x, zone: Mars/Olympus, start: 2026-03-05T02:00, duration: 1h }', /must be a time zone/],
    [
      '{ reason: x, services: [bloog], start: 2026-03-05T02:00, duration: 1h }',
      /there is no service bloog, did you mean blog\?/,
    ],
    ['{ start: 2026-03-05T02:00, duration: 1h }', /reason/],
    ['{ reason: "a\\u202eb", start: 2026-03-05T02:00, duration: 1h }', /plain text of one line/],
    ['{ reason: x, every: { at: "25:00" }, duration: 1h }', /must be a time of day/],
    ['{ reason: x, every: { days: [someday], at: "03:00" }, duration: 1h }', /days/],
  ])('%s is refused with its place', (lines, expected) => {
    const problems = problemsWith(lines);
    expect(problems).toMatch(expected);
    expect(problems).toMatch(/^map:\d+:\d+ maintenance\.0/);
  });

  it('may be about the uplink', () => {
    expect(problemsWith('{ reason: x, services: [uplink, blog], start: 2026-03-05T02:00, duration: 1h }')).toBe('none');
  });
});

describe('the page for strangers', () => {
  it.each([
    ['public: { services: { bloog: x } }', /there is no service bloog, did you mean blog\?/],
    ['public: { services: {} }', /must list at least one service/],
    ['public: { services: { blog: "a\\nb" } }', /plain text of one line/],
    ['public: { services: { blog: x }, listen: 9816 }', /public.listen/],
    ['public: {}', /services/],
  ])('%s is refused', (line, expected) => {
    const text = `version: 1\nservices: { blog: { url: "https://blog.example.org/" } }\n${line}\n`;
    expect(() => parseMap(text, 'map', process.cwd())).toThrow(UserError);
    try {
      parseMap(text, 'map', process.cwd());
    } catch (error) {
      expect((error as UserError).problems.map(({ place, what, hint }) => `${place} ${what}, ${hint}`).join()).toMatch(
        expected,
      );
    }
  });
});
