// The comparison of transcripts: it overlooks what differs from run to run, and nothing else.
import { describe, expect, it } from 'vitest';
import { firstMissing, stepsIn } from './transcript.ts';

describe('steps', () => {
  it('are what stands behind a dollar, in blocks of text alone', () => {
    const block = (language: string, text: string) => ({ file: 'x.md', language, text });
    expect(stepsIn([block('sh', '$ no\n'), block('text', '$ one\na\nb\n$ two\n')])).toEqual([
      { command: 'one', printed: 'a\nb\n' },
      { command: 'two', printed: '' },
    ]);
  });
});

describe('what is printed now', () => {
  it.each([
    ['numbers, addresses and ports', 'from 192.0.2.1:53 in 4 ms\n', 'from 127.8.1.1:9999 in 312 ms\n'],
    ['names with and without a port', 'https://a.test/\n', 'https://a.test:8443/\n'],
    ['durations of one unit and of two', 'failed for 7 s: x\n', 'failed for 1 min 2 s: x\n'],
    ['where lines break', 'a\n  b c\n', 'a b\n c\n'],
    ['what is left out', 'a\n...\nd\n', 'a\nb\nc\nd\n'],
    ['progress', 'looking\ndone\n', 'looking\nstill looking: 2 s\ndone\n'],
  ])('may differ in %s', (_, printed, now) => {
    expect(firstMissing(printed, now)).toBeNull();
  });

  it.each([
    ['a word', 'it is you\n', 'it is them\n', 'it is you'],
    ['the order', 'a\n...\nb\n...\n', 'a\n', 'b'],
    ['a line before', 'b\n...\n', 'a\nb\n', 'b'],
    ['a line behind', 'a\n', 'a\nb\n', 'a at the end'],
  ])('may not differ in %s', (_, printed, now, missing) => {
    expect(firstMissing(printed, now)).toBe(missing);
  });
});
