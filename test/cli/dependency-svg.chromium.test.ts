// The dependency picture in a real browser: whole, legible in light and dark, inert, and nothing of it overlaps.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { svgOf } from '../../cli/dependency-svg.ts';
import { dependencyReport } from '../../map/dependency-report.ts';
import { parseMap } from '../../map/load.ts';
import { openBrowser } from '../browser.ts';

const LONG = 'a-service-whose-name-is-as-long-as-the-map-allows-it-to-be-000000';

const SERVICES = Array.from(
  { length: 12 },
  (_, index) => `  s${index}:
    url: https://s${index}.a-domain-with-quite-a-long-name.example.com/
    dns: { zone: a-domain-with-quite-a-long-name.example.com, vendor: cloudflare }
    edge: { vendor: ${index % 2 === 0 ? 'fastly' : 'cloudflare'} }
    origin: { url: http://192.168.1.${index % 3}:8080/, host: s.example.com }`,
);

const SVG = svgOf(
  dependencyReport(
    parseMap(
      `version: 1\nservices:\n${SERVICES.join('\n')}\n  ${LONG.slice(0, 64)}: { url: 'https://x.example.net/', needs: { vendor: aws, component: dynamodb-us-east-1 } }\n`,
      'demarc.yaml',
      '/',
    ),
  ),
  '<script>alert(1)</script>',
);

/** Runs in the page. */
const LOOK = `(() => {
  const box = (element) => element.getBoundingClientRect();
  const boxes = [...document.querySelectorAll('rect.box')];
  const inside = (inner, outer) => inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
  const apart = (a, b) => a.bottom <= b.top || b.bottom <= a.top || a.right <= b.left || b.right <= a.left;
  const page = box(document.querySelector('svg'));
  return {
    boxes: boxes.length,
    outside: boxes.filter((one) => !inside(box(one), page)).length,
    spilt: [...document.querySelectorAll('g')].flatMap((group) => [...group.querySelectorAll('text')].filter((text) => !inside(box(text), box(group.querySelector('rect')))).map((text) => text.textContent)),
    crossed: [...document.querySelectorAll('g')].filter((group) => { const [title, count] = group.querySelectorAll('text'); return count && !apart(box(title), box(count)); }).length,
    overlapping: boxes.flatMap((one, index) => boxes.slice(index + 1).filter((other) => !apart(box(one), box(other)))).length,
    paths: document.querySelectorAll('path').length,
    scripts: document.querySelectorAll('script').length,
    ink: getComputedStyle(document.querySelector('text.ink')).fill,
    page: getComputedStyle(document.querySelector('.page')).fill,
  };
})()`;

interface Look {
  boxes: number;
  paths: number;
  ink: string;
  page: string;
}

let profile: string;
let context: BrowserContext;

beforeAll(async () => {
  profile = await mkdtemp(path.join(tmpdir(), 'demarc-svg-'));
  context = await openBrowser(profile);
});

afterAll(async () => {
  await context.close();
  await rm(profile, { recursive: true, force: true });
});

it('is whole, apart, inert, and dark where the screen is', async () => {
  const page = await context.newPage();
  const looks: Look[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setContent(SVG);
    const look = await page.evaluate<Look>(LOOK);
    expect(look).toMatchObject({ outside: 0, spilt: [], crossed: 0, overlapping: 0, scripts: 0 });
    looks.push(look);
  }
  const [light, dark] = looks;
  expect(light?.boxes).toBeGreaterThan(18);
  expect(light?.paths).toBeGreaterThan(40);
  expect([light?.ink, light?.page]).toEqual(['rgb(27, 31, 36)', 'rgb(246, 246, 243)']);
  expect([dark?.ink, dark?.page]).toEqual(['rgb(233, 236, 239)', 'rgb(13, 16, 20)']);
});
