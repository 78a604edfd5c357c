// The XML reader of status feeds: what it takes, what it refuses, and that neither takes long.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Malformed } from '../../exporters/malformed.ts';
import { readXml } from '../../exporters/status/xml.ts';
import { mangled, readOrRefused } from './mangled.ts';
import { ATOM, AZURE, RSS } from './status-feeds.ts';

describe('XML', () => {
  it('becomes a tree', () => {
    const root = readXml(
      '<?xml version="1.0"?>\n<a x="1" n:y = \'&lt;2\'>t<b/>&amp;<!-- - --><b>u<![CDATA[<c>&d;]]></b ></a>\n',
    );
    expect(root).toMatchObject({ name: 'a', text: 't&' });
    expect([...root.attributes]).toEqual([
      ['x', '1'],
      ['n:y', '<2'],
    ]);
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['b', ''],
      ['b', 'u<c>&d;'],
    ]);
  });

  it.each([
    ['&amp;&lt;&gt;&quot;&apos;', '&<>"\''],
    ['&#65;&#x42;&#x1F600;', 'AB\u{1f600}'],
    ['&amp;lt;', '&lt;'],
  ])('resolves %s', (written, meant) => {
    expect(readXml(`<a>${written}</a>`).text).toBe(meant);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['text alone', 'hello'],
    ['text before the root', 'x<a/>'],
    ['text after the root', '<a/>x'],
    ['two roots', '<a/><b/>'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['a DOCTYPE in small letters', '<!doctype a><a/>'],
    ['a DOCTYPE that fetches', '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x"><a/>'],
    ['a DOCTYPE inside', '<a><!DOCTYPE a></a>'],
    ['an entity declaration', '<!ENTITY a "b"><a/>'],
    ['an external entity', '<a>&xxe;</a>'],
    ['an entity of HTML', '<a>&nbsp;</a>'],
    ['a lone ampersand', '<a>fish & chips</a>'],
    ['an unended entity', '<a>&amp</a>'],
    ['NUL by number', '<a>&#0;</a>'],
    ['a surrogate by number', '<a>&#xD800;</a>'],
    ['a number beyond Unicode', '<a>&#x110000;</a>'],
    ['an unended element', '<a>'],
    ['crossed elements', '<a><b></a></b>'],
    ['an end alone', '</a>'],
    ['an unended tag', '<a'],
    ['a tag without a name', '< a/>'],
    ['an attribute without a value', '<a b/>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['attributes without space', '<a b="1"c="2"/>'],
    ['an unended attribute', '<a b="'],
    ['a tag in an attribute', '<a b="<c>"/>'],
    ['an unended comment', '<a><!-- </a>'],
    ['CDATA outside the root', '<![CDATA[x]]><a/>'],
    ['unended CDATA', '<a><![CDATA[</a>'],
    ['a name of 65 letters', `<${'a'.repeat(65)}/>`],
    ['33 attributes', `<a ${Array.from({ length: 33 }, (_, index) => `b${index}="1"`).join(' ')}/>`],
    ['33 levels', `${'<a>'.repeat(33)}${'</a>'.repeat(33)}`],
    ['50,001 elements', `<a>${'<b/>'.repeat(50_000)}</a>`],
    ['50,001 comments', `<a>${'<!---->'.repeat(50_000)}</a>`],
  ])('is refused: %s', (_, text) => {
    expect(() => readXml(text)).toThrow(Malformed);
  });

  it.each<[string, string]>([
    ['32 levels', `${'<a>'.repeat(32)}${'</a>'.repeat(32)}`],
    ['32 attributes', `<a ${Array.from({ length: 32 }, (_, index) => `b${index}="1"`).join(' ')}/>`],
    ['50,000 elements', `<a>${'<b/>'.repeat(49_999)}</a>`],
  ])('is read: %s', (_, text) => {
    expect(readXml(text).name).toBe('a');
  });

  it.each<[string, string]>([
    ['openings', '<'.repeat(2_000_000)],
    ['unended comments', '<a>' + '<!-'.repeat(600_000)],
    ['ampersands', `<a>${'&'.repeat(2_000_000)}</a>`],
    ['references', `<a>${'&#65;'.repeat(400_000)}</a>`],
    ['nearly references', `<a>${'&#6'.repeat(600_000)}</a>`],
    ['quotes', `<a ${'b="'.repeat(600_000)}`],
    ['spaces', `<a${' '.repeat(2_000_000)}`],
    ['one name', `<${'a'.repeat(2_000_000)}`],
    ['text', `<a>${'x'.repeat(2_000_000)}</a>`],
    ['brackets in CDATA', `<a><![CDATA[${']]'.repeat(1_000_000)}`],
  ])('of 2 MB of %s takes no time worth telling', (_, text) => {
    const start = performance.now();
    readOrRefused(() => readXml(text));
    expect(performance.now() - start).toBeLessThan(1_500);
  });

  it('of any kind is read, or refused', () => {
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<b/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '&',
      '"',
      ' x="',
      'y',
    );
    const made = fc.array(pieces, { maxLength: 30 }).map((parts) => `<a>${parts.join('')}</a>`);
    fc.assert(
      fc.property(fc.oneof(made, mangled(fc.constantFrom(AZURE, RSS, ATOM)), fc.string()), (text) => {
        readOrRefused(() => readXml(text));
      }),
      { numRuns: 500 },
    );
  });
});
