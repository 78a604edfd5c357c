// `demarc preview`: every dashboard as a plain page with the data of a Prometheus, for whoever has no Grafana at hand.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectFile } from '../catalog/root.ts';
import { heightOf, renderPreview } from '../dashboards/preview.ts';
import { askNow, type Chosen, EVERYTHING } from '../dashboards/preview-ask.ts';
import { escaped } from '../dashboards/preview-html.ts';
import { type Dashboard, parseDashboard } from '../dashboards/preview-model.ts';
import { UserError } from '../map/user-error.ts';
import { findChromium, takePicture } from './preview-picture.ts';
import { EXIT, print, tell } from './terminal.ts';

export interface PreviewOptions {
  prometheus: string;
  out: string;
  site?: string;
  service: string;
  vendor: string;
  slo: string;
  last: string;
  theme: 'light' | 'dark' | 'both';
  width: string;
  pictures?: boolean;
  lab?: boolean;
}

const UNIT_S: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

/** Grafana's own choice for a graph about as wide as ours. */
const POINTS = 700;

/** A scrape and an evaluation of the rules are this far apart. */
const SCRAPE_S = 5;

function mistake(place: string, what: string, hint: string): UserError {
  return new UserError([{ place, what, hint }]);
}

/** The committed dashboards: those named, or all. */
function chosenDashboards(names: readonly string[]): Dashboard[] {
  const folder = projectFile('dashboards/json');
  const known = readdirSync(folder).map((file) => path.basename(file, '.json'));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw mistake(unknown.join(', '), 'is no dashboard', `there are ${known.join(', ')}`);
  return (names.length > 0 ? names : known).map((name) =>
    parseDashboard(readFileSync(path.join(folder, `${name}.json`), 'utf8')),
  );
}

function secondsOf(last: string): number {
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(last) ?? [];
  const seconds = Number(count) * (UNIT_S[unit ?? ''] ?? 0);
  if (seconds > 0) return seconds;
  throw mistake('--last', `${last} is no duration`, 'write 30m, 6h or 7d');
}

function widthOf(text: string): number {
  const width = Number(text);
  if (Number.isInteger(width) && width >= 600 && width <= 4_000) return width;
  throw mistake('--width', `${text} is out of range`, 'give pixels, 600 to 4000');
}

/** The site named, or the only one there is. */
async function siteOf(prometheus: string, asked: string | undefined, at: Chosen): Promise<string> {
  const found = await askNow(prometheus, 'count by (site) (demarc_service_info)', at).catch((error: unknown) => {
    const what = error instanceof Error ? error.message : String(error);
    throw mistake(
      prometheus,
      `cannot be asked: ${what}`,
      'give the URL of a Prometheus with --prometheus, or try --lab',
    );
  });
  const sites = found.flatMap(({ labels }) => labels.site ?? []).sort();
  if (asked !== undefined && sites.includes(asked)) return asked;
  const listed = sites.length === 0 ? 'none' : sites.join(', ');
  if (asked !== undefined) throw mistake('--site', `no data of ${asked}`, `this Prometheus knows ${listed}`);
  const [only, ...others] = sites;
  if (only !== undefined && others.length === 0) return only;
  const hint = only === undefined ? 'is the exporter scraped, and is its data younger than 5 minutes?' : listed;
  throw mistake('--site', only === undefined ? 'this Prometheus has no data of demarc' : 'which one?', hint);
}

const themesOf = (theme: PreviewOptions['theme']): ('light' | 'dark')[] =>
  theme === 'both' ? ['light', 'dark'] : [theme];

interface Drawn {
  title: string;
  file: string;
}

function indexOf(pages: readonly Drawn[], { site }: Chosen): string {
  const items = pages.map(({ title, file }) => `<li><a href="${escaped(file)}">${escaped(title)}</a></li>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Dashboards of ${escaped(site)}</title></head>
<body><h1>Dashboards of ${escaped(site)}</h1><p>A likeness: Grafana draws them in its own way.</p>
<ul>${items.join('')}</ul></body></html>
`;
}

/** Where only one service can be chosen and nobody has: the first, as Grafana does. */
async function chosenOn({ templating }: Dashboard, prometheus: string, chosen: Chosen): Promise<Chosen> {
  const isSingle = templating.list.some(({ name, multi }) => name === 'service' && multi !== true);
  if (!isSingle || chosen.service !== EVERYTHING) return chosen;
  const found = await askNow(prometheus, 'group by (service) (demarc_service_info{site="$site"})', chosen);
  const [first = EVERYTHING] = found.flatMap(({ labels }) => labels.service ?? []).sort();
  return { ...chosen, service: first };
}

/** Writes a page for each dashboard and theme, and a picture beside it where pictures are wanted. */
async function draw(dashboards: readonly Dashboard[], shown: Chosen, options: PreviewOptions): Promise<void> {
  const width = widthOf(options.width);
  const chromium = options.pictures === true ? findChromium() : undefined;
  mkdirSync(options.out, { recursive: true });
  const drawn: Drawn[] = [];
  for (const dashboard of dashboards) {
    const chosen = await chosenOn(dashboard, options.prometheus, shown);
    for (const theme of themesOf(options.theme)) {
      const title = `${dashboard.title} (${theme})`;
      tell(`drawing ${title}`);
      const file = `${dashboard.uid}-${theme}.html`;
      const page = path.join(options.out, file);
      writeFileSync(page, await renderPreview(dashboard, { prometheus: options.prometheus, chosen, theme, width }));
      const picture = page.replace(/html$/, 'png');
      if (chromium !== undefined) takePicture(chromium, { page, picture, width, height: heightOf(dashboard) });
      drawn.push({ title, file });
    }
  }
  const index = path.join(options.out, 'index.html');
  writeFileSync(index, indexOf(drawn, shown));
  print(index);
}

export async function preview(names: readonly string[], options: PreviewOptions): Promise<number> {
  const dashboards = chosenDashboards(names);
  const lab = options.lab === true ? await (await import('./preview-lab.ts')).playForPreview() : undefined;
  try {
    const { service, vendor, slo } = options;
    const to = Date.now() / 1000;
    const from = lab?.since ?? to - secondsOf(options.last);
    const stepS = Math.max(SCRAPE_S, Math.ceil((to - from) / POINTS / SCRAPE_S) * SCRAPE_S);
    const anywhere = { site: EVERYTHING, service, vendor, slo, from, to, stepS };
    const prometheus = lab?.prometheus ?? options.prometheus;
    const chosen = { ...anywhere, site: await siteOf(prometheus, options.site, anywhere) };
    await draw(dashboards, chosen, { ...options, prometheus });
  } finally {
    await lab?.stop();
  }
  return EXIT.fine;
}
