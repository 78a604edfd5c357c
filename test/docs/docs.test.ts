// The pages are true to the code: what is generated is fresh, and what is written cites only what is there.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RECORDS } from '../../alerts/records.ts';
import { allAlerts, ruleGroups } from '../../alerts/rules.ts';
import { VANTAGE_RECORDS } from '../../alerts/vantages.ts';
import { VENDOR_RECORDS } from '../../alerts/vendor-records.ts';
import { METRICS } from '../../catalog/metrics.ts';
import { ROOT } from '../../catalog/root.ts';
import { SIGNALS } from '../../catalog/signals.ts';
import { FAULT_KINDS } from '../../lab/faults.ts';
import { offersOf } from '../../lab/offers.ts';
import { HOMELAB } from '../../lab/worlds/homelab.ts';
import { TABLE } from '../../verdict/table.ts';
import { artifacts } from './artifacts.ts';
import { codesOf, DOCS, isGenerated, RUNBOOK_PAGES } from './pages.ts';

const PAGES = [...DOCS, ...RUNBOOK_PAGES];
const RENDERED = await artifacts();
const pageOf = (name: string): string => RENDERED.get(`docs/${name}.md`) ?? '';

describe('generated pages', () => {
  it.each([...RENDERED])('%s is fresh', (file, text) => {
    expect(readFileSync(path.join(ROOT, file), 'utf8')).toBe(text);
  });

  it('are all that call themselves so', () => {
    expect(DOCS.filter(isGenerated).map(({ file }) => file)).toEqual(
      [...RENDERED.keys()].filter((file) => file.startsWith('docs/')).sort(),
    );
  });

  it('leave out no row, metric, signal or fault', () => {
    for (const { id } of TABLE) expect(pageOf('verdicts')).toContain(`### ${id}\n`);
    for (const name of METRICS.keys()) expect(pageOf('metrics')).toContain(`\`${name}\``);
    for (const name of SIGNALS.keys()) expect(pageOf('metrics')).toContain(`\`demarc_signal_${name}\``);
    for (const kind of FAULT_KINDS) expect(pageOf('scenarios')).toContain(`\`${kind}\``);
  });

  it('tell what every key of a service means', () => {
    const keys = pageOf('map')
      .split('\n')
      .filter((line) => line.startsWith('| `services.'));
    expect(keys.length).toBeGreaterThan(20);
    for (const line of keys) expect(line).toMatch(/\.\s*\|$/);
  });

  it('have tables whose lines have as many cells as their head', () => {
    for (const text of RENDERED.values()) {
      for (const table of text.match(/(^\|.*\n)+/gm) ?? []) {
        const cells = table
          .trim()
          .split('\n')
          .map((line) => line.replaceAll('\\|', '').split('|').length);
        expect(new Set(cells).size).toBe(1);
      }
    }
  });
});

describe.each(PAGES.filter((page) => !isGenerated(page)))('$file', (page) => {
  const codes = codesOf(page);

  it('is no longer than a page', () => {
    // A report of measurements, and a page of pictures, are as long as they are.
    const most = ['docs/accuracy.md', 'docs/dashboards.md'].includes(page.file) ? 240 : 121;
    expect(page.text.split('\n').length).toBeLessThanOrEqual(most);
  });

  it('names only files that are there', () => {
    const ours = /^(alerts|catalog|compose|dashboards|docs|lab|scripts|test|verdict|map|status)\/[\w./-]*$/;
    const files = codes.filter((code) => ours.test(code));
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it('names only metrics, records and alerts that are there', () => {
    const metric = /\b[a-z_]+:demarc_[a-z_:]+|\b(?:demarc|probe)_[a-z_]+/g;
    const known: readonly string[] = [
      ...METRICS.keys(),
      ...Object.values(RECORDS),
      ...Object.values(VENDOR_RECORDS),
      ...Object.values(VANTAGE_RECORDS),
      'demarc_vantages',
      ...ruleGroups().map(({ name }) => name),
    ];
    const cited = codes.flatMap((code) => code.match(metric) ?? []);
    expect(cited.filter((name) => !known.includes(name))).toEqual([]);
    // In a command it may be a part, for grep.
    const parts = page.text.match(metric) ?? [];
    expect(parts.filter((part) => !known.some((name) => name.includes(part)))).toEqual([]);
    const alerts = [...page.text.matchAll(/\bDemarc[A-Z]\w+/g)].map(([name]) => name);
    expect(alerts.filter((name) => !allAlerts().some(({ alert }) => alert === name))).toEqual([]);
  });

  it('links to a place that exists within the page it names', () => {
    for (const [, file = '', anchor = ''] of page.text.matchAll(/\]\(([^)#\s]*)#([^)\s]+)\)/g)) {
      const target = file === '' ? page.text : readFileSync(path.join(ROOT, path.dirname(page.file), file), 'utf8');
      expect(target).toMatch(new RegExp(`^#+ ${anchor}$`, 'm'));
    }
  });
});

it('offers the buttons that the first five minutes speak of', () => {
  const text = DOCS.find(({ file }) => file === 'docs/getting-started.md')?.text ?? '';
  const pressed = [...text.replaceAll('\n', ' ').matchAll(/Press\s+"([^"]+)"/g)].map(([, label = '']) =>
    label.replaceAll(/\s+/g, ' '),
  );
  expect(pressed.length).toBe(3);
  expect(offersOf(HOMELAB).map(({ label }) => label)).toEqual(expect.arrayContaining(pressed));
});

it('answers the question that is asked most, and says where the rest of the answer is', () => {
  const text = DOCS.find(({ file }) => file === 'docs/faq.md')?.text ?? '';
  const [, answer = ''] = /^## Why did it say "unknown"\?\n([\s\S]*?)^## /m.exec(text) ?? [];
  const suspected = TABLE.filter(({ party, id }) => party === 'unknown' && id.endsWith('_suspected'));
  expect(suspected.length).toBeGreaterThan(2);
  for (const part of ['`demarc why SERVICE`', 'uplink_unproven', '..._suspected', 'unexplained'])
    expect(answer).toContain(part);
});
