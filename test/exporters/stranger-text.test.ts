// The readers that several kinds share: JSON and times of a stranger are read as everybody reads them, or refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../exporters/http/bounded-json.ts';
import { instantOf, instantOfSeconds } from '../../exporters/instant.ts';
import { Malformed } from '../../exporters/malformed.ts';
import { mangled, readOrRefused } from './mangled.ts';

describe('JSON of a stranger', () => {
  it.each<[string, string]>([
    ['truncated', '{"a":[1,2'],
    ['NaN', '{"a":NaN}'],
    ['a page', '<html></html>'],
    ['nothing', ''],
    ['100,000 levels of lists', '['.repeat(100_000)],
    ['100,000 levels of objects', '{"a":'.repeat(100_000)],
    ['33 levels, in order', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['50,001 values', `[${'1,'.repeat(50_001)}1]`],
    ['a key twice', '{"status":[],"status":["ok"]}'],
    ['a key twice, once escaped', '{"status":[],"st\\u0061tus":["ok"]}'],
    ['__proto__', '{"__proto__":{"polluted":true}}'],
    ['__proto__, escaped', '{"__pr\\u006fto__":{"polluted":true}}'],
    ['a broken escape in a key', '{"\\u00":1}'],
  ])('is refused: %s', (_, text) => {
    expect(() => readJson(text)).toThrow(Malformed);
    expect('polluted' in {}).toBe(false);
  });

  it.each<[string, string]>([
    ['32 levels', `${'['.repeat(32)}${']'.repeat(32)}`],
    ['brackets in text', `["${'['.repeat(1000)}"]`],
    ['a quote in text', '{"a":"\\"{\\"b\\":","b":2}'],
    ['the same key in two objects', '[{"a":1},{"a":1}]'],
    ['the same word as key and value', '{"a":"b","b":"a"}'],
    ['strings in a list', '["a","a"]'],
    ['a lone string', '"a"'],
  ])('is read: %s', (_, text) => {
    expect(readJson(text)).toEqual(JSON.parse(text));
  });

  it('of 2 MiB takes no time worth telling', () => {
    const start = performance.now();
    expect(readJson(`["${'x'.repeat(2_097_152)}"]`)).toHaveLength(1);
    expect(() => readJson('{"a":'.repeat(400_000))).toThrow(Malformed);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('is read as JSON.parse does, or refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), mangled(fc.json())), (text) => {
        const read = readOrRefused(() => readJson(text));
        if (read !== undefined) expect(read).toEqual(JSON.parse(text));
      }),
    );
  });
});

const YEARS = Array.from({ length: 2200 - 1985 }, (_, index) => 1985 + index);

describe('times as registries and feeds write them', () => {
  it.each<[string, number | null]>([
    ['2027-08-13T04:00:00Z', Date.UTC(2027, 7, 13, 4)],
    ['2027-08-13T04:00:00.0Z', Date.UTC(2027, 7, 13, 4)],
    ['2027-08-13t04:00:00z', Date.UTC(2027, 7, 13, 4)],
    ['2027-08-13T04:00:00+02:00', Date.UTC(2027, 7, 13, 2)],
    ['2027-08-13T04:00:00+0200', Date.UTC(2027, 7, 13, 2)],
    ['2027-08-13 04:00:00', Date.UTC(2027, 7, 13, 4)],
    ['2027-08-13 04:00 UTC', Date.UTC(2027, 7, 13, 4)],
    ['2027-08-13', Date.UTC(2027, 7, 13)],
    ['Wed, 23 Sep 2026 15:42:00 Z', Date.UTC(2026, 8, 23, 15, 42)],
    ['Wed, 23 Sep 2026 15:42:00 GMT', Date.UTC(2026, 8, 23, 15, 42)],
    ['Mon, 7 Sep 2026 08:42:00 PDT', Date.UTC(2026, 8, 7, 15, 42)],
    ['Mon, 7 Dec 2026 08:42:00 PST', Date.UTC(2026, 11, 7, 16, 42)],
    ['Sat Jun 11 2022 18:55:50 GMT+0000 (Coordinated Universal Time)', Date.UTC(2022, 5, 11, 18, 55, 50)],
    ['2027-13-13T04:00:00Z', null],
    ['0001-01-01T00:00:00Z', null],
    ['1970-01-01T00:00:00Z', null],
    ['9999-12-31T23:59:59Z', null],
    ['13.08.2027', null],
    ['1', null],
    ['', null],
    [`2027-08-13T04:00:00${'0'.repeat(1_000_000)}`, null],
  ])('%.60s', (text, time) => {
    expect(instantOf(text)).toBe(time);
  });

  it.each<[unknown, number | null]>([
    ['1772369485', 1_772_369_485_000],
    [1_772_369_485, 1_772_369_485_000],
    [Number.POSITIVE_INFINITY, null],
    [Number.NaN, null],
    ['-1', null],
    ['1e9', null],
    [{}, null],
  ])('%j seconds', (seconds, time) => {
    expect(instantOfSeconds(seconds)).toBe(time);
  });

  it('are times of a year people mean, or none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map(String)), (text) => {
        const time = instantOf(text);
        if (time !== null) expect(new Date(time).getUTCFullYear()).toBeOneOf(YEARS);
      }),
    );
  });
});
