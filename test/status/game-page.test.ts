// The end of a game: what was not as demanded counts, unless the machine it was played on had no time.
import { expect, it } from 'vitest';
import { gamePage } from '../../status/game-page.ts';
import type { Game, GamePlay } from '../../status/games.ts';

const GAME: Game = {
  id: 'origin-refused',
  chapter: 'own',
  record: null,
  title: 'A process is gone',
  story: '',
  world: 'homelab',
  services: ['blog'],
  faults: [{ label: 'Stop it', fromMs: 0, toMs: 60_000 }],
  endMs: 75_000,
};

function pageOf(met: boolean, machine: GamePlay['machine']): string {
  const play: GamePlay = {
    game: GAME.id,
    phase: 'over',
    atMs: GAME.endMs,
    speed: 3,
    said: [],
    claims: [{ text: 'blog: own', met }],
    machine,
    rightAfterMs: null,
    problem: null,
  };
  return gamePage(GAME, play);
}

const IN_TIME = { lackedTime: false, stalledMs: 0 };

it.each([
  ['right, in time', true, IN_TIME, 'demarc said what it should.'],
  ['right, on a machine without time', true, { lackedTime: true, stalledMs: 900 }, 'demarc said what it should.'],
  ['wrong, in time', false, IN_TIME, 'demarc did not say what it should.'],
  ['wrong, on a machine that stood still', false, { lackedTime: true, stalledMs: 1_240 }, 'It stood still for 1.2 s'],
  ['wrong, with probes that were late', false, { lackedTime: true, stalledMs: 0 }, 'Its probes were late'],
])('%s', (_, met, machine, text) => {
  const page = pageOf(met, machine);
  expect(page).toContain(text);
  const isCounted = met || !machine.lackedTime;
  expect(page.includes('Not counted: this machine had no time.')).toBe(!isCounted);
  expect(page.includes('demarc did not say what it should.')).toBe(isCounted && !met);
});
