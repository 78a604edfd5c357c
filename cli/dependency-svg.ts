// The dependency picture as one SVG without scripts, links or fonts of its own; dark where the reader's screen is.
import type { Element } from '../map/dependencies.ts';
import { GROUPS, type Group, groupOf, type Picture } from './dependency-picture.ts';

const WIDTH = 920;
const MARGIN = 24;
const HEAD = 92;
const BOX = { width: 340, height: 44, gap: 12 } as const;
const SERVICE_WIDTH = 220;
const TITLE_HEIGHT = 34;
/** Of a box's text; more is cut, and stands whole in the tooltip. */
const LONGEST_TITLE = 32;
const LONGEST_NAME = 20;

const STYLE = `
  svg { font-family: system-ui, sans-serif; font-size: 15px; }
  .page { fill: #f6f6f3; } .ink { fill: #1b1f24; } .quiet { fill: #59626d; font-size: 13px; }
  .title { font-size: 20px; font-weight: 600; } .head { font-weight: 600; }
  rect.box { stroke-width: 1.5; } path { fill: none; stroke-width: 1.5; stroke-opacity: .55; }
  .service rect.box { fill: #fff; stroke: #59626d; }
  .own rect.box { fill: #fdeaea; stroke: #b8242a; } path.own { stroke: #b8242a; }
  .isp rect.box { fill: #fdf0df; stroke: #9a4b00; } path.isp { stroke: #9a4b00; }
  .vendor rect.box { fill: #f1eafc; stroke: #6b35b5; } path.vendor { stroke: #6b35b5; }
  .count { font-weight: 600; font-variant-numeric: tabular-nums; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1014; } .ink { fill: #e9ecef; } .quiet { fill: #9ba5b1; }
    .service rect.box { fill: #161a20; stroke: #9ba5b1; }
    .own rect.box { fill: #351719; stroke: #ff8080; } path.own { stroke: #ff8080; }
    .isp rect.box { fill: #33230f; stroke: #f3a957; } path.isp { stroke: #f3a957; }
    .vendor rect.box { fill: #271d3c; stroke: #c3a5f8; } path.vendor { stroke: #c3a5f8; }
  }
`;

function escaped(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0)};`);
}

const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;

interface Placed {
  y: number;
  height: number;
}

interface Layout {
  elements: Map<Element, number>;
  titles: [group: Group, y: number][];
  services: Map<string, number>;
  height: number;
}

/** Elements below each other by whose they are; services spread over the same height. */
function layoutOf({ services, elements }: Picture): Layout {
  const places = new Map<Element, number>();
  const titles: Layout['titles'] = [];
  let y = HEAD;
  for (const group of Object.keys(GROUPS) as Group[]) {
    const own = elements.filter((element) => groupOf(element) === group);
    if (own.length === 0) continue;
    titles.push([group, y + 18]);
    y += TITLE_HEIGHT;
    for (const element of own) {
      places.set(element, y);
      y += BOX.height + BOX.gap;
    }
    y += BOX.gap;
  }
  const needed = services.length * (BOX.height + BOX.gap);
  const room = Math.max(y - HEAD - TITLE_HEIGHT, needed);
  const step = services.length === 0 ? 0 : room / services.length;
  const first = HEAD + TITLE_HEIGHT + (step - BOX.height - BOX.gap) / 2;
  return {
    elements: places,
    titles,
    services: new Map(services.map((name, index) => [name, first + index * step])),
    height: HEAD + TITLE_HEIGHT + room + MARGIN,
  };
}

const RIGHT = WIDTH - MARGIN - BOX.width;

function line(from: Placed, to: Placed, group: Group): string {
  const x = MARGIN + SERVICE_WIDTH;
  const [y1, y2] = [from.y + from.height / 2, to.y + to.height / 2];
  const middle = (x + RIGHT) / 2;
  return `<path class="${group}" d="M${x} ${y1.toFixed(1)}C${middle} ${y1.toFixed(1)} ${middle} ${y2.toFixed(1)} ${RIGHT} ${y2.toFixed(1)}"/>`;
}

function serviceBox(name: string, y: number): string {
  return [
    `<g class="service"><title>${escaped(name)}</title>`,
    `<rect class="box" x="${MARGIN}" y="${y.toFixed(1)}" width="${SERVICE_WIDTH}" height="${BOX.height}" rx="8"/>`,
    `<text class="ink head" x="${MARGIN + 14}" y="${(y + 27).toFixed(1)}">${escaped(cut(name, LONGEST_NAME))}</text></g>`,
  ].join('');
}

function elementBox(element: Element, y: number, all: number): string {
  const { title, services, happens } = element;
  return [
    `<g class="${groupOf(element)}"><title>${escaped(`${title}: takes down ${services.join(', ')}. ${happens}`)}</title>`,
    `<rect class="box" x="${RIGHT}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8"/>`,
    `<text class="ink" x="${RIGHT + 14}" y="${y + 27}">${escaped(cut(title, LONGEST_TITLE))}</text>`,
    `<text class="ink count" x="${RIGHT + BOX.width - 14}" y="${y + 27}" text-anchor="end">${services.length}/${all}</text></g>`,
  ].join('');
}

export function svgOf(picture: Picture, site: string): string {
  const { services, elements } = picture;
  const layout = layoutOf(picture);
  const boxAt = (y = 0): Placed => ({ y, height: BOX.height });
  const lines = elements.flatMap((element) =>
    element.services.map((name) =>
      line(boxAt(layout.services.get(name)), boxAt(layout.elements.get(element)), groupOf(element)),
    ),
  );
  const summary = elements.map(({ title, services: gone }) => `${title} takes down ${gone.join(', ')}`).join('; ');
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${layout.height.toFixed(0)}" width="${WIDTH}" height="${layout.height.toFixed(0)}" role="img" aria-labelledby="title summary">`,
    `<title id="title">What ${escaped(site)} stands on</title>`,
    `<desc id="summary">${escaped(summary)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="100%" height="100%"/>`,
    `<text class="ink title" x="${MARGIN}" y="42">What ${escaped(cut(site, LONGEST_NAME))} stands on</text>`,
    `<text class="quiet" x="${MARGIN}" y="66">A line means: without the thing on the right, the service on the left is down.</text>`,
    `<text class="quiet" x="${MARGIN}" y="${HEAD + 18}">Services</text>`,
    ...layout.titles.map(([group, y]) => `<text class="quiet" x="${RIGHT}" y="${y}">${GROUPS[group]}</text>`),
    ...lines,
    ...services.map((name) => serviceBox(name, layout.services.get(name) ?? 0)),
    ...elements.map((element) => elementBox(element, layout.elements.get(element) ?? 0, services.length)),
    '</svg>',
  ].join('\n')}\n`;
}
