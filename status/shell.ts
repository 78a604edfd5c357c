// The frame around every page: head, styles, body. Nothing is loaded from elsewhere.
import { type Html, html } from './html.ts';

export type Style =
  | 'tokens'
  | 'page'
  | 'banners'
  | 'service'
  | 'vendors'
  | 'timeline'
  | 'picture'
  | 'demo'
  | 'runbook'
  | 'game';

/** Of pages that are read like a book. */
export const TEXT_STYLES: readonly Style[] = ['tokens', 'page', 'runbook'];

export interface Frame {
  title: string;
  /** Of the tab, as a data: address. */
  icon: string;
  /** Stands at the end of the head. */
  head: Html | null;
  body: Html;
  /** Where the styles are; relative where the page may be read below another path. */
  assets?: string;
  /** What it needs and no more: each is one more request. */
  styles: readonly Style[];
}

export function shell({ title, icon, head, body, assets = '/assets', styles }: Frame): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" id="icon" href="${icon}">
${styles.map((name) => html`<link rel="stylesheet" href="${assets}/${name}.css">`)}
<link rel="stylesheet" href="${assets}/print.css" media="print">
${head}
</head>
<body>
${body}
</body>
</html>
`.markup;
}
