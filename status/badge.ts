// A badge for one's own documents: a name and a word, as an image without script, fonts or addresses.
import { clip, html, visible } from './html.ts';
import type { Tone } from './tone.ts';

const LONGEST_TEXT = 40;
const LETTER_WIDTH = 6.6;
const PADDING = 6;

/** White on each of them has a contrast of more than 4.5 to 1. */
const GROUNDS: Readonly<Record<Tone, string>> = {
  ok: '#14743f',
  own: '#b8242a',
  isp: '#9a4b00',
  vendor: '#6b35b5',
  unknown: '#9a4b00',
  nodata: '#525c68',
};

const widthOf = (text: string): number => Math.round([...text].length * LETTER_WIDTH + 2 * PADDING);

/** The word says all; the colour only helps. */
export function badge(name: string, word: string, tone: Tone): string {
  const [left, right] = [name, word].map((text) => clip(visible(text), LONGEST_TEXT)) as [string, string];
  const [leftWidth, rightWidth] = [widthOf(left), widthOf(right)];
  const width = leftWidth + rightWidth;
  const text = (content: string, from: number, size: number) =>
    html`<text x="${from + PADDING}" y="14" textLength="${size - 2 * PADDING}" lengthAdjust="spacingAndGlyphs">${content}</text>`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${left}: ${right}">
<title>${left}: ${right}</title>
<rect width="${width}" height="20" rx="4" fill="${GROUNDS[tone]}"/><path d="M4 0h${leftWidth - 4}v20h-${leftWidth - 4}a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z" fill="#31363d"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(left, 0, leftWidth)}${text(right, leftWidth, rightWidth)}</g>
</svg>
`.markup;
}
