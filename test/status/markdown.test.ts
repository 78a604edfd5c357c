// The Markdown of runbooks, and that no text in it can become markup.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdown } from '../../status/markdown.ts';

const render = (text: string, linkOf: (target: string) => string | null = () => null): string =>
  markdown(text, { linkOf }).markup;

describe('markdown', () => {
  it.each([
    ['headings', '# One\n## Two\n### Three', '<h1>One</h1><h2>Two</h2><h3>Three</h3>'],
    ['paragraphs', 'one\ntwo\n\nthree', '<p>one two</p><p>three</p>'],
    ['a list', '- one\n  more\n- two', '<ul><li>one more</li><li>two</li></ul>'],
    ['a numbered list', '1. one\n2. two', '<ol><li>one</li><li>two</li></ol>'],
    ['a list right after a sentence', 'Try:\n- one', '<p>Try:</p><ul><li>one</li></ul>'],
    ['code', 'run `a < b` now', '<p>run <code>a &lt; b</code> now</p>'],
    ['markup within code', '`**x** [a](b)`', '<p><code>**x** [a](b)</code></p>'],
    ['bold with code in it', '**First `x`**', '<p><strong>First <code>x</code></strong></p>'],
    ['a block of code', '```sh\na | b\n\nc\n```\nthen', '<pre tabindex="0"><code>a | b\n\nc\n</code></pre><p>then</p>'],
    ['a block of code without an end', '```\na', '<pre tabindex="0"><code>a\n</code></pre>'],
    ['a quote', '> one\n> two\n\nthree', '<blockquote>one two</blockquote><p>three</p>'],
    [
      'code below an item',
      '1. Ask:\n\n   ```sh\n   a\n     b\n   ```\n2. Read.',
      '<ol><li><p>Ask:</p><pre tabindex="0"><code>a\n  b\n</code></pre></li><li>Read.</li></ol>',
    ],
    ['a list before a heading', '- one\n\n## Two', '<ul><li>one</li></ul><h2>Two</h2>'],
    ['comments', '<!-- generated -->\ntext', '<p>text</p>'],
    ['nothing', '', ''],
  ])('renders %s', (_, text, markup) => {
    expect(render(text)).toBe(markup);
  });

  it('leaves it to the page where links lead', () => {
    const linkOf = (target: string) => (target === 'a.md' ? '/a' : null);
    expect(render('[see](a.md) and [not](../b.md)', linkOf)).toBe(
      '<p><a href="/a" rel="noreferrer">see</a> and not</p>',
    );
  });
});

describe('hostile text', () => {
  it.each([
    ['a script', '<script>alert(1)</script>', '&lt;script&gt;'],
    ['a comment with more behind it', '<!-- x --><img src=x onerror=alert(1)>', '&lt;img'],
    ['a heading', '# <img src=x>', '&lt;img'],
    ['a list item', '- <b onclick=x>', '&lt;b'],
    ['a block of code', '```\n</code></pre><script>\n```', '&lt;script&gt;'],
    ['the language of a block', '```"><script>\nx\n```', '<code>x'],
    ['a link without an address', '[<i>](javascript:alert(1))', '&lt;i&gt;'],
    ['a link that breaks out of its attribute', '[x]("onmouseover="a)', '<p>x</p>'],
  ])('stays text in %s', (_, text, shown) => {
    const markup = render(text);
    expect(markup).toContain(shown);
    expect(markup).not.toMatch(/<(script|img|b|i)\b|<a /);
  });

  it('stays text whatever it is', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '`',
      '*',
      '[',
      ']',
      '(',
      ')',
      '#',
      '-',
      '\n',
      ' ',
      'a',
      '1.',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const markup = render(parts.join(''), (target) => `/${target}`);
        const rest = markup.replaceAll(
          /<\/?(h[123]|p|ul|ol|li|code|strong|pre|blockquote|a)( (tabindex|href|rel)="[^"<>]*")*>/g,
          '',
        );
        expect(rest).not.toMatch(/[<>]/);
      }),
    );
  });

  it('takes time in proportion to its length', () => {
    for (const piece of ['`', '**', '[', '[a](', '- \n', '- a\n', ' a\n', '```\n', '> \n', '<!--', '- a\n ```\n']) {
      const started = performance.now();
      render(piece.repeat(65_536 / piece.length));
      expect(performance.now() - started).toBeLessThan(2_000);
    }
  });
});
