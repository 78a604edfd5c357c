// World, faults and verdicts on one axis of time. Height first, colour second: a verdict that blames somebody fills its lane.
import type { Game, GameFault, GamePlay, GameSaid } from './games.ts';
import { type Html, html } from './html.ts';
import { toneOf, wordOf } from './tone.ts';

/** `0:17`, `2:05`. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const WIDE = 1_000;
const HIGH = 10;

interface Bar {
  fromMs: number;
  toMs: number;
  kind: string;
  height: number;
  text: string;
}

function strip(bars: readonly Bar[], endMs: number, nowMs: number | null): Html {
  const x = (ms: number): string => ((ms / endMs) * WIDE).toFixed(1);
  const shapes = bars.map(({ fromMs, toMs, kind, height, text }) => {
    const place = html`x="${x(fromMs)}" width="${x(Math.max(0, toMs - fromMs))}" y="${HIGH - height}" height="${height}"`;
    return html`<rect class="${kind}" ${place}><title>${text}</title></rect>`;
  });
  const now = nowMs === null ? null : html`<rect class="now" x="${x(nowMs)}" width="3" y="0" height="${HIGH}"/>`;
  return html`<svg class="strip" viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" aria-hidden="true">${shapes}${now}</svg>`;
}

const HEIGHT_OF_TONE = { ok: 2, nodata: 4, unknown: 6, own: HIGH, isp: HIGH, vendor: HIGH } as const;

function saidBars(said: readonly GameSaid[], untilMs: number): Bar[] {
  return said.map((one, index) => {
    const tone = toneOf(one);
    const toMs = said[index + 1]?.at ?? untilMs;
    return {
      fromMs: one.at,
      toMs,
      kind: tone,
      height: HEIGHT_OF_TONE[tone],
      text: `${elapsed(one.at)} ${one.headline}`,
    };
  });
}

function lane(
  kind: string,
  name: string,
  state: string,
  bars: readonly Bar[],
  endMs: number,
  nowMs: number | null,
): Html {
  return html`<li class="lane ${kind}"><p><b>${name}</b> <small>${state}</small></p>${strip(bars, endMs, nowMs)}</li>`;
}

/** A fault nobody repairs lasts until the end. The future is shown pale, so that the story can be followed. */
function faultLane({ label, fromMs, toMs }: GameFault, endMs: number, play: GamePlay | null): Html {
  const at = play?.atMs ?? 0;
  const past = Math.min(Math.max(at, fromMs), toMs);
  const bars = [
    { fromMs: past, toMs, kind: 'coming', height: HIGH, text: `${elapsed(fromMs)} to ${elapsed(toMs)}: ${label}` },
    { fromMs, toMs: past, kind: 'fault', height: HIGH, text: label },
  ];
  const on = play !== null && play.phase === 'playing' && fromMs <= at && at < toMs;
  const when = `${elapsed(fromMs)} to ${elapsed(toMs)}`;
  return lane('of-fault', label, on ? 'broken now' : when, bars, endMs, nowOf(play));
}

const nowOf = (play: GamePlay | null): number | null => (play?.phase === 'playing' ? play.atMs : null);

export function chart({ faults, services, endMs }: Game, play: GamePlay | null): Html {
  const verdicts = services.map((service) => {
    const said = (play?.said ?? []).filter((one) => one.service === service);
    const last = said.at(-1);
    const word = last === undefined ? 'nothing said yet' : wordOf(toneOf(last), last.row).toLowerCase();
    return lane('of-verdict', service, word, saidBars(said, play?.atMs ?? 0), endMs, nowOf(play));
  });
  return html`<section class="chart" aria-label="Timeline">
<h2>The world</h2><ol class="lanes" role="list">${faults.map((fault) => faultLane(fault, endMs, play))}</ol>
<h2>demarc says</h2><ol class="lanes" role="list">${verdicts}</ol>
<p class="ends"><span>0:00</span><span>${elapsed(endMs / 2)}</span><span>${elapsed(endMs)}</span></p></section>`;
}
