// Every alert leads to a page that helps: none is missing, stale, empty, or of nothing.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATUS_PAGE } from '../../alerts/links.ts';
import { headingsOf, refreshed, runbookFile, runbooks } from '../../alerts/runbook-frame.ts';
import { projectFile } from '../../catalog/root.ts';
import { TABLE } from '../../verdict/table.ts';
import { ask, type Harness, start } from '../status/status-harness.ts';
import { RUNBOOK_PAGES } from './pages.ts';

const RUNBOOKS = runbooks();
const ROWS = TABLE.filter(({ party }) => party !== 'none').map(({ id }) => id);
const LINK = `${STATUS_PAGE}/runbooks/`;

const textOf = (id: string): string => RUNBOOK_PAGES.find(({ file }) => file === runbookFile(id))?.text ?? '';

describe('the folder', () => {
  it('has a page for every row an alert can carry, for every alert about demarc itself, and no other', () => {
    const files = RUNBOOK_PAGES.map(({ file }) => path.basename(file, '.md'));
    expect(files).toEqual(RUNBOOKS.map(({ id }) => id).sort());
    expect(files).toEqual(expect.arrayContaining(ROWS));
  });

  it('answers every link of the committed rules', () => {
    const rules = readFileSync(projectFile('alerts/demarc.rules.yml'), 'utf8');
    const ends = [...rules.matchAll(/runbook_url: (\S+)(.*)$/gm)].map(([, url = '', rest = '']) => `${url}${rest}`);
    expect(ends.length).toBeGreaterThan(5);
    const ids = ends.flatMap((url) => (url === `${LINK}{{ $labels.row }}` ? ROWS : [url.slice(LINK.length)]));
    for (const id of ids) expect(textOf(id), id).not.toBe('');
  });
});

describe.each(RUNBOOKS)('runbook $id', (runbook) => {
  const text = textOf(runbook.id);
  const sections = text.split(/^## /m).slice(1);

  it('has a fresh frame', () => {
    expect(text).toBe(refreshed(runbook, text));
  });

  it('has the sections of its kind, all written', () => {
    expect(sections.map((section) => section.split('\n')[0])).toEqual(headingsOf(runbook));
    for (const section of sections) expect(section.split('\n').slice(1).join(' ').trim().length).toBeGreaterThan(20);
  });

  it('says how to look, with commands', () => {
    expect(sections[2]).toContain('```sh');
  });

  it('is short enough for the hour', () => {
    expect(text.split('\n').length).toBeLessThan(110);
  });
});

describe('a frame', () => {
  const [runbook] = RUNBOOKS;

  it('is renewed without a change to what stands below it', () => {
    if (runbook === undefined) throw new Error('there is no runbook');
    const text = refreshed(runbook, '<!-- generated -->\nold\n<!-- /generated -->\n\n## Mine\n');
    expect(text).toContain(runbook.frame);
    expect(text).not.toContain('old\n');
    expect(text.endsWith('<!-- /generated -->\n\n## Mine\n')).toBe(true);
  });

  it('comes with the headings to fill when there is no page yet', () => {
    if (runbook === undefined) throw new Error('there is no runbook');
    expect(refreshed(runbook, null)).toContain('## Meaning\n\n## Impact\n');
  });
});

describe('the status page', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await start();
  });
  afterAll(() => harness.server.close());

  it.each(RUNBOOKS)('serves $id whole, with nothing left as marks', async (runbook) => {
    const { status, body } = await ask(harness.server, `/runbooks/${runbook.id}`);
    expect(status).toBe(200);
    for (const heading of headingsOf(runbook)) expect(body).toContain(`<h2>${heading.replace("'", '&#39;')}</h2>`);
    expect(body).not.toMatch(/\*\*|```|\]\(|&lt;!--|\{(service|vendor|component)\}/);
    expect(body.match(/`/g) ?? []).toEqual([]);
    expect(body).toContain('<pre tabindex="0">');
    const links = [...body.matchAll(/href="(\/runbooks\/[^"]+)"/g)].map((match) => match[1] ?? '');
    for (const link of links) expect((await ask(harness.server, link)).status).toBe(200);
  });
});
