// Texts from outside come out inert; times come out readable.
import { describe, expect, it } from 'vitest';
import { clip, escapeHtml, html, visible } from '../../status/html.ts';
import { clockText, durationText, parseTime } from '../../status/time-text.ts';

describe('html', () => {
  it('escapes texts and keeps markup', () => {
    const inner = html`<b title="${`"><script>'&`}">${'<i>'}</b>`;
    expect(html`<p>${inner}${null}${[inner]}${7}</p>`.markup).toBe(`<p>${inner.markup}${inner.markup}7</p>`);
    expect(inner.markup).toBe('<b title="&quot;&gt;&lt;script&gt;&#39;&amp;">&lt;i&gt;</b>');
  });

  it.each([
    ['an escape sequence', '\u001b[31mred', '\ufffd[31mred'],
    ['NUL and C1', 'a\u0000b\u009bc', 'a\ufffdb\ufffdc'],
    ['a right-to-left override', 'exe\u202efdp', 'exe\ufffdfdp'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['line ends', 'a\r\nb\tc', 'a b c'],
    ['real text', 'Grüße, 日本語, مرحبا, 👩‍💻', 'Grüße, 日本語, مرحبا, 👩‍💻'],
  ])('shows %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(escapeHtml(text)).toBe(shown);
  });

  it('clips', () => {
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('abcd', 4)).toBe('abcd');
  });
});

describe('times', () => {
  it.each([
    [-5_000, '0 s'],
    [Number.NaN, '0 s'],
    [12_900, '12 s'],
    [240_000, '4 min'],
    [4_320_000, '1 h 12 min'],
    [7_200_000, '2 h'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('leaves the date out today', () => {
    const now = Date.parse('2026-03-05T14:10:00Z');
    expect(clockText(Date.parse('2026-03-05T14:03:22Z'), now)).toBe('14:03:22 UTC');
    expect(clockText(Date.parse('2026-03-04T14:03:22Z'), now)).toBe('2026-03-04 14:03:22 UTC');
  });

  it('does not trust times', () => {
    expect(parseTime('yesterday')).toBeNull();
    expect(parseTime(null)).toBeNull();
  });
});
