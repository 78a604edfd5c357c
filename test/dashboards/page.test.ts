// docs/dashboards.md: names every dashboard, and shows each in both themes with pictures that stay small.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { generated } from './reading.ts';

const PAGE = readFileSync(projectFile('docs/dashboards.md'), 'utf8');
const DASHBOARDS = generated('json').map(({ file, dashboard }) => ({ file, uid: dashboard.uid }));
const PICTURES = DASHBOARDS.flatMap(({ uid }) => [`${uid}-dark.png`, `${uid}-light.png`]);

it.each(DASHBOARDS)('tells of $uid', ({ file, uid }) => {
  const name = file.replace(/^.*\/|\.json$/g, '');
  expect(PAGE).toContain(`| \`${name}\` | \`${uid}\` |`);
});

it.each(PICTURES)('shows %s, which is small', (picture) => {
  expect(PAGE).toContain(`images/${picture}"`);
  expect(statSync(projectFile(`docs/images/${picture}`)).size).toBeLessThan(200_000);
});

it('keeps no picture of a dashboard that is gone', () => {
  const kept = readdirSync(projectFile('docs/images')).filter((file) => file.startsWith('demarc-'));
  expect(kept.sort()).toEqual([...PICTURES].sort());
});

it('says that Grafana never ran', () => {
  expect(PAGE).toContain('**Not proven: Grafana itself never ran.**');
  expect(PAGE).toContain('**These pictures are not from Grafana.**');
});
