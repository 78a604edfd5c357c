// What leans on what, with the break marked: a row for every service, a box for every thing on its way, shared boxes drawn once.
// The list below the drawing says the same, and is what a screen reader is led to.
import type { Plan, ServiceBinding } from '../map/plan-types.ts';
import type { Signal } from '../signals/signal.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { clip, type Html, html } from './html.ts';
import { type Hop, pathOf } from './path.ts';
import { listOf } from './summary.ts';

const COLUMN_WIDTH = 104;
const ROW_HEIGHT = 52;
const BOX_WIDTH = 90;
const BOX_GAP = 8;
const NAME_WIDTH = 100;
const LONGEST_NAME = 13;

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

function boxShape({ hop, column, from, to }: Box): Html {
  const x = NAME_WIDTH + column * COLUMN_WIDTH;
  const y = from * ROW_HEIGHT + BOX_GAP / 2;
  const height = (to - from + 1) * ROW_HEIGHT - BOX_GAP;
  const middle = y + height / 2;
  const [centre, above, below] = [x + BOX_WIDTH / 2, middle - 3, middle + 13];
  const mark = wordOf(hop) === 'ok' ? hop.owner : wordOf(hop);
  return html`<g class="box ${lookOf(hop)}"><rect x="${x}" y="${y}" width="${BOX_WIDTH}" height="${height}" rx="8"/>
<text x="${centre}" y="${above}">${clip(hop.title, LONGEST_NAME)}</text><text class="small" x="${centre}" y="${below}">${clip(mark, LONGEST_NAME)}</text></g>`;
}

/** The way of one service: whole up to the break, dashed behind it. */
function wayShape({ service, hops }: Row, index: number, columns: number): Html {
  const y = index * ROW_HEIGHT + ROW_HEIGHT / 2;
  const end = NAME_WIDTH + columns * COLUMN_WIDTH;
  const broken = hops.some(({ hop }) => lookOf(hop) === 'culprit' || hop.state === 'broken');
  return html`<path class="${broken ? 'way cut' : 'way'}" d="M${NAME_WIDTH - 8} ${y}H${end - COLUMN_WIDTH + BOX_WIDTH}"/>
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
  const [width, height] = [NAME_WIDTH + columns * COLUMN_WIDTH - (COLUMN_WIDTH - BOX_WIDTH), rows.length * ROW_HEIGHT];
  const breaks = boxes.filter(({ hop }) => lookOf(hop) === 'culprit');
  const said = breaks.map(
    ({ hop, services }) => `${hop.title} (${hop.owner}) ${wordOf(hop)}, on the way to ${listOf(services)}`,
  );
  const label =
    said.length === 0 ? 'What leans on what. Nothing is broken.' : `What leans on what. ${said.join('; ')}.`;
  const rank = ({ hop }: Box): number => ['culprit', 'broken', 'unknown', 'masked', 'ok'].indexOf(lookOf(hop));
  return html`<div class="picture" tabindex="0" role="region" aria-label="Picture">
<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">
${rows.map((row, index) => wayShape(row, index, columns))}${boxes.map(boxShape)}</svg></div>
<ul class="leaning" role="list">${[...boxes].sort((a, b) => rank(a) - rank(b)).map(listItem)}</ul>`;
}
