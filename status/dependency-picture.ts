// What leans on what, with the break marked: a row for every service, a box for every thing on its way, shared boxes drawn once.
// The list below the drawing says the same, and is what a screen reader is led to.
import type { Plan, ServiceBinding } from '../map/plan-types.ts';
import type { Signal } from '../signals/signal.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { clip, type Html, html } from './html.ts';
import { type Hop, pathOf } from './path.ts';
import { listOf } from './summary.ts';

const COLUMN_WIDTH = 108;
const ROW_HEIGHT = 60;
const BOX_WIDTH = 96;
const BOX_GAP = 8;
const LINE_HEIGHT = 14;
const NAME_WIDTH = 100;
const LONGEST_NAME = 13;
/** Room for the thickest outline. */
const MARGIN = 3;
/** Lengths are told in `rem`, so that the drawing grows with the text around it. */
const REM = 16;

/** One thing services lean on, in the rows it is drawn over. */
interface Box {
  hop: Hop;
  /** The vendor whose page tells more; null for what is no vendor's. */
  vendor: string | null;
  services: string[];
  column: number;
  from: number;
  to: number;
}

type Look = 'culprit' | Hop['state'];

const LOOK_WORDS: Readonly<Record<Look, string>> = {
  culprit: 'broken here',
  ok: 'ok',
  broken: 'broken',
  unknown: 'unknown',
  masked: 'masked',
};

const lookOf = ({ state, accused }: Hop): Look => (accused === 'no' ? state : 'culprit');

const wordOf = (hop: Hop): string => (hop.accused === 'suspected' ? 'suspected' : LOOK_WORDS[lookOf(hop)]);

/** Everything of the site, and every vendor's component, is one thing; machines are each service's own. */
function keyOf(hop: Hop, binding: ServiceBinding): { key: string; vendor: string | null } {
  if (['lan', 'uplink', 'resolver'].includes(hop.id)) return { key: hop.id, vendor: null };
  const layer = hop.id === 'certificate' && !binding.edgeCertificateOwn ? 'edge' : hop.id;
  const used = binding.dependencies.find((dependency) => dependency.layer === layer);
  if (used === undefined) return { key: `${binding.name} ${hop.id}`, vendor: null };
  return { key: `${hop.id} ${used.vendor}/${used.component}`, vendor: used.vendor };
}

/** Of one thing seen from several services, the one that is accused, or the worst, is drawn. */
function worse(a: Hop, b: Hop): Hop {
  const rank: Readonly<Record<Look, number>> = { culprit: 0, broken: 1, unknown: 2, masked: 3, ok: 4 };
  return rank[lookOf(a)] <= rank[lookOf(b)] ? a : b;
}

interface Row {
  service: string;
  hops: readonly { hop: Hop; key: string; vendor: string | null }[];
}

function rowsOf(verdicts: readonly Verdict[], signals: readonly Signal[], plan: Plan): Row[] {
  return plan.services.flatMap((binding): Row[] => {
    const verdict = verdicts.find((candidate) => candidate.service === binding.name);
    if (verdict === undefined || binding.kind === 'uplink') return [];
    const hops = pathOf(verdict, signals, binding, plan).filter(({ id }) => id !== 'you');
    return [{ service: binding.name, hops: hops.map((hop) => ({ hop, ...keyOf(hop, binding) })) }];
  });
}

/** Boxes in columns by layer; neighbours that are one thing are one box. */
function boxesOf(rows: readonly Row[]): { boxes: Box[]; columns: number } {
  const order: Hop['id'][] = [
    'lan',
    'uplink',
    'resolver',
    'dns',
    'edge',
    'certificate',
    'tunnel',
    'host',
    'origin',
    'endpoint',
  ];
  const present = order.filter((id) => rows.some(({ hops }) => hops.some(({ hop }) => hop.id === id)));
  const boxes: Box[] = [];
  for (const [column, id] of present.entries()) {
    let last: { key: string; box: Box } | null = null;
    for (const [index, { service, hops }] of rows.entries()) {
      const found = hops.find(({ hop }) => hop.id === id);
      if (found === undefined) continue;
      if (last !== null && last.key === found.key && last.box.to === index - 1) {
        last.box.to = index;
        last.box.services.push(service);
        last.box.hop = worse(last.box.hop, found.hop);
        continue;
      }
      const { hop, vendor, key } = found;
      last = { key, box: { hop, vendor, services: [service], column, from: index, to: index } };
      boxes.push(last.box);
    }
  }
  return { boxes, columns: present.length };
}

/** What it is, whose it is, and what is wrong with it, if anything. */
function boxShape({ hop, column, from, to }: Box): Html {
  const x = NAME_WIDTH + column * COLUMN_WIDTH;
  const y = from * ROW_HEIGHT + BOX_GAP / 2;
  const height = (to - from + 1) * ROW_HEIGHT - BOX_GAP;
  const word = wordOf(hop);
  const lines = [hop.title, hop.owner, ...(word === 'ok' ? [] : [word])];
  const first = y + height / 2 + 4 - ((lines.length - 1) * LINE_HEIGHT) / 2;
  const texts = lines.map((line, index) => {
    const style = ['title', 'owner', 'word'][index] ?? '';
    return html`<text class="${style}" x="${x + BOX_WIDTH / 2}" y="${first + index * LINE_HEIGHT}">${clip(line, LONGEST_NAME)}</text>`;
  });
  return html`<g class="box ${lookOf(hop)}"><rect x="${x}" y="${y}" width="${BOX_WIDTH}" height="${height}" rx="8"/>${texts}</g>`;
}

/** The way of one service: whole up to the break, dashed behind it; it ends where its last box stands. */
function wayShape({ service }: Row, index: number, boxes: readonly Box[]): Html {
  const y = index * ROW_HEIGHT + ROW_HEIGHT / 2;
  const own = boxes.filter(({ from, to }) => from <= index && index <= to);
  const isBroken = ({ hop }: Box): boolean => ['culprit', 'broken'].includes(lookOf(hop));
  const middle = ({ column }: Box): number => NAME_WIDTH + column * COLUMN_WIDTH + BOX_WIDTH / 2;
  const end = Math.max(NAME_WIDTH, ...own.map(middle));
  const cut = Math.min(end, ...own.filter(isBroken).map(middle));
  const behind = cut === end ? null : html`<path class="way cut" d="M${cut} ${y}H${end}"/>`;
  return html`<path class="way" d="M${NAME_WIDTH - 8} ${y}H${cut}"/>${behind}
<text class="name" x="0" y="${y + 4}">${clip(service, LONGEST_NAME)}</text>`;
}

function listItem({ hop, vendor, services }: Box): Html {
  const owner =
    vendor === null ? html`${hop.owner}` : html`<a href="/vendor/${encodeURIComponent(vendor)}">${hop.owner}</a>`;
  return html`<li class="${lookOf(hop)}"><span class="mark" aria-hidden="true"></span><span><b>${hop.title}</b> (${owner}): ${wordOf(hop)}.
${listOf(services)} ${services.length === 1 ? 'leans' : 'lean'} on it.</span></li>`;
}

/** The drawing, and the list that says the same; what is broken stands first in the list. */
export function dependencyPicture(verdicts: readonly Verdict[], signals: readonly Signal[], plan: Plan): Html {
  const rows = rowsOf(verdicts, signals, plan);
  if (rows.length === 0) return html`<p class="quiet">No service is in the map yet.</p>`;
  const { boxes, columns } = boxesOf(rows);
  const width = NAME_WIDTH + (columns - 1) * COLUMN_WIDTH + BOX_WIDTH + MARGIN;
  const height = rows.length * ROW_HEIGHT + 2 * MARGIN;
  const box = `0 ${-MARGIN} ${width} ${height}`;
  const rem = (length: number): string => `${(length / REM).toFixed(2)}rem`;
  const breaks = boxes.filter(({ hop }) => lookOf(hop) === 'culprit');
  const said = breaks.map(
    ({ hop, services }) => `${hop.title} (${hop.owner}) ${wordOf(hop)}, on the way to ${listOf(services)}`,
  );
  const label =
    said.length === 0 ? 'What leans on what. Nothing is broken.' : `What leans on what. ${said.join('; ')}.`;
  const rank = ({ hop }: Box): number => ['culprit', 'broken', 'unknown', 'masked', 'ok'].indexOf(lookOf(hop));
  return html`<div class="picture" tabindex="0" role="region" aria-label="Picture">
<svg viewBox="${box}" width="${rem(width)}" height="${rem(height)}" role="img" aria-label="${label}">
${rows.map((row, index) => wayShape(row, index, boxes))}${boxes.map(boxShape)}</svg></div>
<ul class="leaning" role="list">${[...boxes].sort((a, b) => rank(a) - rank(b)).map(listItem)}</ul>`;
}
