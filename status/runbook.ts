// The page an alert links to: what people wrote for that hour, from our own files. It needs nothing but this server.
import { existsSync, readFileSync } from 'node:fs';
import { rowFrame, runbookFile, runbooks } from '../alerts/runbook-frame.ts';
import { projectFile } from '../catalog/root.ts';
import type { Row } from '../verdict/row.ts';
import { TABLE } from '../verdict/table.ts';
import { html } from './html.ts';
import { markdown } from './markdown.ts';
import { shell, TEXT_STYLES } from './shell.ts';
import { iconOf } from './tone.ts';

/** No page of ours is a tenth as long. */
const MAX_CHARACTERS = 65_536;

const FRAMES: ReadonlyMap<string, string> = new Map([
  ...TABLE.map((row: Row): [string, string] => [row.id, rowFrame(row)]),
  ...runbooks().map(({ id, frame }): [string, string] => [id, frame]),
]);

/** Pages of this folder are served beside each other; of the rest of the project only the text is shown. */
function linkOf(target: string): string | null {
  if (/^https:\/\//.test(target)) return target;
  const id = /^([a-z_]+)\.md$/.exec(target)?.[1];
  return id !== undefined && FRAMES.has(id) ? `/runbooks/${id}` : null;
}

/** The page for a row, or for an alert about demarc itself; null for an id that is neither. */
export function runbook(id: string): string | null {
  const frame = FRAMES.get(id);
  if (frame === undefined) return null;
  const file = projectFile(runbookFile(id));
  const text = existsSync(file) ? readFileSync(file, 'utf8').slice(0, MAX_CHARACTERS) : frame;
  const title = /^# (.+)$/m.exec(frame)?.[1] ?? id;
  const body = html`<main class="runbook" id="main">
<p class="back"><a href="/">demarc</a></p>
${markdown(text, { linkOf })}
</main>`;
  return shell({ title: `${title} - demarc`, icon: iconOf('nodata'), head: null, body, styles: TEXT_STYLES });
}
