// Renders the Markdown our runbooks use: headings, paragraphs, lists, quotes, code in blocks and lines, bold and links.
// Every text goes through `html`, so whatever else a file holds comes out as the text it is.
import { type Html, html } from './html.ts';

export interface MarkdownOptions {
  /** Where a link leads from the page; null to show its text alone. */
  linkOf(target: string): string | null;
}

const FENCE = /^```/;
const HEADING = /^(#{1,3}) (.+)$/;
const ITEM = /^(?:-|\d+\.) (.+)$/;
const QUOTE = /^> ?/;
const COMMENT = /^<!--.*-->$/;

/** Code first: nothing inside it is markup. Bounded, or a line of brackets would take the square of its length. */
const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^[\]]{1,200})\]\(([^()\s]{1,500})\)/g;

function inline(text: string, options: MarkdownOptions): Html {
  const parts: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, label, target] = match;
    parts.push(html`${text.slice(end, match.index)}`);
    end = match.index + whole.length;
    if (code !== undefined) parts.push(html`<code>${code}</code>`);
    else if (strong !== undefined) parts.push(html`<strong>${inline(strong, options)}</strong>`);
    else parts.push(link(label ?? '', target ?? '', options));
  }
  return html`${[...parts, html`${text.slice(end)}`]}`;
}

function link(label: string, target: string, { linkOf }: MarkdownOptions): Html {
  const href = linkOf(target);
  if (href === null) return html`${label}`;
  return html`<a href="${href}" rel="noreferrer">${label}</a>`;
}

function heading(marks: string, text: Html): Html {
  if (marks.length === 1) return html`<h1>${text}</h1>`;
  return marks.length === 2 ? html`<h2>${text}</h2>` : html`<h3>${text}</h3>`;
}

/** Lines from `start` on for which `wanted` holds. */
function run(lines: readonly string[], start: number, wanted: (line: string) => boolean): string[] {
  let end = start;
  while (end < lines.length && wanted(lines[end] ?? '')) end += 1;
  return lines.slice(start, end);
}

const startsBlock = (line: string): boolean => [FENCE, HEADING, ITEM, QUOTE, COMMENT].some((start) => start.test(line));

/** Lines of a list: its items, and what is indented below them, with the blank lines in between. */
function listLines(lines: readonly string[], start: number): string[] {
  const found = run(lines, start, (line) => ITEM.test(line) || /^\s*$|^\s+\S/.test(line));
  return found.slice(0, found.findLastIndex((line) => line.trim() !== '') + 1);
}

/** The lines of each item, without its mark and its indentation. */
function itemsOf(lines: readonly string[]): string[][] {
  const items: string[][] = [];
  for (const line of lines) {
    const text = ITEM.exec(line)?.[1];
    if (text !== undefined) items.push([text]);
    else items.at(-1)?.push(line.replace(/^ {1,3}/, ''));
  }
  return items;
}

function list(lines: readonly string[], options: MarkdownOptions): Html {
  const entries = itemsOf(lines).map((item) => {
    const blocks = item.some((line) => FENCE.test(line));
    const text = item.map((line) => line.trim()).join(' ');
    return html`<li>${blocks ? markdown(item.join('\n'), options) : inline(text.trim(), options)}</li>`;
  });
  return lines[0]?.startsWith('-') ? html`<ul>${entries}</ul>` : html`<ol>${entries}</ol>`;
}

/** One block that begins at a line, and how many lines it takes. */
function blockAt(
  lines: readonly string[],
  at: number,
  options: MarkdownOptions,
): { block: Html | null; taken: number } {
  const line = lines[at] ?? '';
  const [, marks, title] = HEADING.exec(line) ?? [];
  if (marks !== undefined && title !== undefined) return { block: heading(marks, inline(title, options)), taken: 1 };
  if (FENCE.test(line)) {
    const code = run(lines, at + 1, (inner) => !FENCE.test(inner));
    const text = code.map((inner) => html`${inner}\n`);
    return { block: html`<pre tabindex="0"><code>${text}</code></pre>`, taken: code.length + 2 };
  }
  if (ITEM.test(line)) {
    const body = listLines(lines, at);
    return { block: list(body, options), taken: body.length };
  }
  if (QUOTE.test(line)) {
    const body = run(lines, at, (inner) => QUOTE.test(inner));
    const text = body.map((inner) => inner.replace(QUOTE, '')).join(' ');
    return { block: html`<blockquote>${inline(text, options)}</blockquote>`, taken: body.length };
  }
  if (line.trim() === '' || COMMENT.test(line)) return { block: null, taken: 1 };
  const body = [line, ...run(lines, at + 1, (inner) => inner.trim() !== '' && !startsBlock(inner))];
  return { block: html`<p>${inline(body.join(' '), options)}</p>`, taken: body.length };
}

/** Markup of a Markdown text. Line ends within code are kept, everywhere else they are spaces. */
export function markdown(text: string, options: MarkdownOptions): Html {
  const lines = text.split(/\r?\n/);
  const blocks: Html[] = [];
  for (let at = 0; at < lines.length; ) {
    const { block, taken } = blockAt(lines, at, options);
    if (block !== null) blocks.push(block);
    at += taken;
  }
  return html`${blocks}`;
}
