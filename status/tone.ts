// How a verdict looks: a colour, a symbol and a word, so that it can be read without seeing colours.
import type { Party } from '../catalog/parties.ts';
import type { RowId } from '../verdict/table.ts';
import { isUnmeasured } from '../verdict/unmeasured.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { type Html, html } from './html.ts';

/** Worst first: what only you can end, then what takes all with it, then what you wait for, then what nobody knows. */
export const TONES = ['own', 'isp', 'vendor', 'unknown', 'nodata', 'ok'] as const;

export type Tone = (typeof TONES)[number];

const TONE_WORDS: Readonly<Record<Tone, string>> = {
  own: 'It is you',
  isp: 'It is your ISP',
  vendor: 'It is them',
  unknown: 'Not proven',
  nodata: 'No data',
  ok: 'All fine',
};

/** States that pass by themselves within seconds have words of their own. */
const PASSING_WORDS: ReadonlyMap<string, string> = new Map<RowId, string>([
  ['confirming', 'Being checked'],
  ['recovering', 'Recovering'],
]);

export function toneOf({ row, party }: Pick<Verdict, 'row' | 'party'>): Tone {
  return isUnmeasured(row) ? 'nodata' : toneOfParty(party);
}

export function toneOfParty(party: Party): Tone {
  switch (party) {
    case 'none':
      return 'ok';
    case 'own':
      return 'own';
    case 'isp':
      return 'isp';
    case 'unknown':
      return 'unknown';
    default:
      return 'vendor';
  }
}

/** The answer in two or three words. */
export function wordOf(tone: Tone, row: string | null): string {
  return PASSING_WORDS.get(row ?? '') ?? TONE_WORDS[tone];
}

/** Strokes in a box of 24 by 24. Each differs in shape, not only in colour. */
const STROKES: Readonly<Record<Tone, string>> = {
  ok: 'M6 12.5l4 4 8-9',
  own: 'M7 7l10 10M17 7L7 17',
  isp: 'M12 6v7M12 17.5v.1',
  vendor: 'M8 16l8-8M9.5 8H16v6.5',
  unknown: 'M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1-1.4 2.1M12 17.6v.1',
  nodata: 'M7 12h10',
};

/** A round badge in the tone's colour. Decoration: whoever uses it says the word too. */
export function symbolOf(tone: Tone): Html {
  const shape = html`<circle cx="12" cy="12" r="11"/><path d="${STROKES[tone]}"/>`;
  return html`<svg class="symbol" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;
}

const ICON_COLOURS: Readonly<Record<Tone, string>> = {
  own: '#d43a3a',
  isp: '#d9730d',
  vendor: '#8250df',
  unknown: '#d9730d',
  nodata: '#77808c',
  ok: '#1f9d5b',
};

/** The tab's icon as a data: address. */
export function iconOf(tone: Tone): string {
  const disc = `<circle cx="12" cy="12" r="12" fill="${ICON_COLOURS[tone]}"/>`;
  const sign = `<path d="${STROKES[tone]}" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${disc}${sign}</svg>`;
  return 'data:image/svg+xml,' + encodeURIComponent(svg);
}
