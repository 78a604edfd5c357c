// The report's blocks as Markdown or as one HTML page without scripts. Texts may come from outside: both escape them.
import { type Html, html, visible } from './html.ts';
import type { Block } from './report-document.ts';

/** Letters that would be markup; those of identifiers and times are left alone. */
function plain(text: string): string {
  return visible(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\|<>*[\]]/g, (character) => `\\${character}`);
}

function markdownBlock(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `# ${plain(block.text)}`;
    case 'heading':
      return `## ${plain(block.text)}`;
    case 'subheading':
      return `### ${plain(block.text)}`;
    case 'text':
      return plain(block.text);
    case 'list':
      return block.items.map((item) => `- ${plain(item)}`).join('\n');
    case 'table': {
      const row = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;
      return [row(block.head), row(block.head.map(() => '---')), ...block.rows.map(row)].join('\n');
    }
  }
}

export function markdownOf(blocks: readonly Block[]): string {
  return `${blocks.map(markdownBlock).join('\n\n')}\n`;
}

function htmlBlock(block: Block): Html {
  switch (block.kind) {
    case 'title':
      return html`<h1>${block.text}</h1>`;
    case 'heading':
      return html`<h2>${block.text}</h2>`;
    case 'subheading':
      return html`<h3>${block.text}</h3>`;
    case 'text':
      return html`<p>${block.text.replace(/\s+/g, ' ')}</p>`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${item}</li>`)}</ul>`;
    case 'table':
      return html`<div class="wide"><table><thead><tr>${block.head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${block.rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
  }
}

const STYLE: Html = {
  markup: `body{max-width:72rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:#1c2430;background:#fff}
h2{margin-top:2rem}.wide{overflow-x:auto}table{border-collapse:collapse}th,td{padding:.25rem .75rem .25rem 0;text-align:left;
border-bottom:1px solid #d5dbe3;vertical-align:top}@media(prefers-color-scheme:dark){body{color:#e6eaf0;background:#12161c}
th,td{border-color:#38424f}}`,
};

/** A whole page that needs nothing else. */
export function htmlOf(blocks: readonly Block[]): string {
  const title = blocks.find(({ kind }) => kind === 'title');
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title !== undefined && 'text' in title ? title.text : 'Report'}</title><style>${STYLE}</style></head>
<body>
${blocks.map(
  (block) => html`${htmlBlock(block)}
`,
)}</body></html>
`;
  return page.markup;
}
