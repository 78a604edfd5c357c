// Markup in which every inserted text is escaped. The only way from a string to the page.

/** Markup that is already safe; made by {@link html} alone. */
export interface Html {
  readonly markup: string;
}

export type Insertable = string | number | Html | readonly Html[] | null;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Control characters, halves of characters, and marks that reorder or hide text. Peers may send them.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/gu;

/** The text with everything invisible or reordering shown as U+FFFD; tabs and line ends become spaces. */
export function visible(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(UNPRINTABLE, '\ufffd');
}

export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function markupOf(value: Insertable): string {
  if (value === null) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if ('markup' in value) return value.markup;
  return value.map((part) => part.markup).join('');
}

/** Template tag: texts are escaped, {@link Html} goes in as it is, null is nothing. Attributes must be quoted. */
export function html(strings: TemplateStringsArray, ...values: Insertable[]): Html {
  return { markup: strings.map((text, i) => text + markupOf(values[i] ?? null)).join('') };
}

/** At most `limit` characters, with an ellipsis where something was left out. */
export function clip(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit - 1) + '…';
}
