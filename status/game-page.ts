// The pages of a game day: the list, and one scenario with world, faults and verdicts side by side on one timeline.
import { chart, elapsed } from './game-chart.ts';
import { type Chapter, type Game, type GamePlay, isOn } from './games.ts';
import { type Html, html } from './html.ts';
import { type Style, shell } from './shell.ts';
import { iconOf, symbolOf, toneOf } from './tone.ts';

const STYLES: readonly Style[] = ['tokens', 'page', 'service', 'timeline', 'game'];

/** Keeps a page current while something is being played: by script, or by reloading. */
const LIVE = html`<script src="/assets/game.js" defer></script>
<noscript><meta http-equiv="refresh" content="2"></noscript>`;

function frame(title: string, head: Html | null, main: Html): string {
  const body = html`<a class="skip" href="#main">Skip to the content</a>
<div class="view"><header class="bar" data-tone="ok"><a class="brand" href="/">demarc</a><span class="site">game day</span></header>
<main id="main" class="game">${main}</main></div>
<footer><nav class="pages" aria-label="Pages"><a href="/">Now</a> <a href="/games">All games</a></nav></footer>`;
  return shell({ title: `${title} - demarc`, icon: iconOf('nodata'), head, body, styles: STYLES });
}

const CHAPTERS: readonly [chapter: Chapter, title: string][] = [
  ['record', 'Outages of record'],
  ['own', "Yours, and easily taken for a vendor's"],
  ['other', 'What else can break'],
];

export function gamesPage(games: readonly Game[], play: GamePlay | null): string {
  const chapters = CHAPTERS.flatMap(([chapter, title]) => {
    const own = games.filter((game) => game.chapter === chapter);
    // The newest are those people remember.
    const ordered = [...own].sort((a, b) => (b.record?.day ?? '').localeCompare(a.record?.day ?? ''));
    return own.length === 0
      ? []
      : html`<h2>${title}</h2><ol class="games" role="list">${ordered.map((game) => entry(game, play))}</ol>`;
  });
  return frame(
    'Game day',
    null,
    html`<section class="services" aria-labelledby="title"><h1 id="title">Game day</h1>
<p>Real outages, and failures of your own that look like them, played in a simulated world of real sockets on loopback. Watch
what breaks beside what demarc says, which only sees what its probes see. Each takes a minute or two, with the setting up.</p>
${chapters}</section>`,
  );
}

function entry({ id, title, world, record, endMs }: Game, play: GamePlay | null): Html {
  const state = play?.game === id && isOn(play) ? html` <b>being played now</b>` : null;
  return html`<li><a href="/games/${id}"><b>${title}</b></a>
<small>${record === null ? id : `${record.who}, ${record.day}`}, world ${world}, ${elapsed(endMs)}${state}</small></li>`;
}

export function gamePage(game: Game, newest: GamePlay | null): string {
  const play = newest?.game === game.id ? newest : null;
  const busy = isOn(newest) && play === null ? newest : null;
  return frame(
    game.title,
    isOn(play) ? LIVE : null,
    html`<p class="back"><a href="/games">All games</a></p>
<div id="game" data-on="${isOn(play) ? 'yes' : 'no'}">
<h1>${game.title}</h1>
<p class="story">${game.story}</p>
${control(game, play, busy)}
${chart(game, play)}
${play === null ? null : story(game, play)}
${play?.phase === 'over' ? ending(play) : null}
</div>`,
  );
}

function control({ id, endMs }: Game, play: GamePlay | null, busy: GamePlay | null): Html {
  if (busy !== null)
    return html`<p class="state" role="status">Another game is being played: <a href="/games/${busy.game}">watch it</a>.</p>`;
  switch (play?.phase) {
    case 'warming':
      return html`<p class="state" role="status"><b>Setting up.</b> A world is built, and every probe takes its first look while
all is well.</p>`;
    case 'playing':
      return html`<p class="state" role="status"><b>${elapsed(play.atMs)}</b> of ${elapsed(endMs)}, at ${play.speed} times the speed</p>`;
    case 'failed':
      return html`<p class="state" role="alert"><b>It could not be played:</b> ${play.problem}</p>${button(id, 'Try again')}`;
    case 'over':
      return html`<p class="state" role="status"><b>Over</b> after ${elapsed(endMs)}.</p>${button(id, 'Play it again')}`;
    default:
      return button(id, 'Play');
  }
}

function button(id: string, label: string): Html {
  return html`<form method="post" action="/games/${id}"><button type="submit" class="play">${label}</button></form>`;
}

interface Line {
  at: number;
  world: Html | null;
  says: Html | null;
}

/** Breaks, repairs and verdicts up to now, in order of time; what happens at one instant stands before what is said of it. */
function story({ faults }: Game, { atMs, said, phase }: GamePlay): Html {
  const world = faults.flatMap(({ label, fromMs, toMs }): Line[] => [
    { at: fromMs, world: html`<b>Begins:</b> ${label}`, says: null },
    { at: toMs, world: html`<b>Ends:</b> ${label}`, says: null },
  ]);
  const verdicts = said
    .filter(({ at, party }) => at > 0 || party !== 'none')
    .map((one): Line => {
      const tone = toneOf(one);
      return {
        at: one.at,
        world: null,
        says: html`<span data-tone="${tone}">${symbolOf(tone)}</span> ${one.headline}`,
      };
    });
  const lines = [...world, ...verdicts].filter(({ at }) => at <= atMs).sort((a, b) => a.at - b.at);
  if (phase === 'warming' || lines.length === 0) return html``;
  const rows = lines.map(
    ({ at, world: left, says }) => html`<tr><th scope="row">${elapsed(at)}</th><td>${left}</td><td>${says}</td></tr>`,
  );
  return html`<table class="story-table"><caption>What happened, and what was said</caption>
<thead><tr><th scope="col">Time</th><th scope="col">The world</th><th scope="col">demarc says</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

function ending({ claims, machine, rightAfterMs }: GamePlay): Html {
  const held = claims.every(({ met }) => met);
  const counts = held || !machine.lackedTime;
  const tone = held ? 'ok' : counts ? 'own' : 'unknown';
  const items = claims.map(({ text, met }) => html`<li>${met ? 'as demanded' : html`<b>not</b>`}: ${text}</li>`);
  const time = rightAfterMs === null ? null : html` The right answer came ${elapsed(rightAfterMs)} after the break.`;
  const heading = held ? 'demarc said what it should.' : 'demarc did not say what it should.';
  return html`<section class="ending card" data-tone="${tone}" aria-label="The result">
<h2>${symbolOf(tone)} ${counts ? heading : 'Not counted: this machine had no time.'}</h2>
<p>${counts ? null : spoilt(machine)}${held ? 'Nobody innocent was blamed.' : null}${time}</p>
<details><summary>What the scenario demands</summary><ul>${items}</ul></details></section>`;
}

/** Whoever is late itself finds others late, so neither demarc nor anybody in the world is to blame for what came of it. */
function spoilt({ stalledMs }: GamePlay['machine']): Html {
  const still =
    stalledMs > 0 ? html`It stood still for ${(stalledMs / 1000).toFixed(1)} s` : html`Its probes were late`;
  return html`${still} while this was played, so the machine was the cause of what is not as demanded, and no verdict
is called wrong for it. Play it again when the machine is less busy.`;
}
