// Game day: scenarios to watch being played. What they are and who plays them is handed in; here they are shown and started.
import express from 'express';
import type { Party } from '../catalog/parties.ts';
import { gamePage, gamesPage } from './game-page.ts';
import { refuse, sameOrigin } from './gate.ts';
import type { Log } from './log.ts';
import { sendPage } from './send.ts';

/** Something broken from one time of the scenario to another, milliseconds. */
export interface GameFault {
  label: string;
  fromMs: number;
  toMs: number;
}

/** `record`: it happened. `own`: a failure of yours that is easily taken for a vendor's. */
export type Chapter = 'record' | 'own' | 'other';

export interface Game {
  id: string;
  chapter: Chapter;
  /** Of an outage of record: whose it was, and the day it began, UTC. */
  record: { who: string; day: string } | null;
  title: string;
  /** What happened, and what misleads whoever looks at it. */
  story: string;
  world: string;
  services: readonly string[];
  faults: readonly GameFault[];
  endMs: number;
}

/** From `at` on this was said about the service. */
export interface GameSaid {
  at: number;
  service: string;
  party: Party;
  row: string;
  headline: string;
}

export interface GameClaim {
  text: string;
  met: boolean;
}

export interface GamePlay {
  game: string;
  /** `warming`: the world is being built and looked at while it is well. */
  phase: 'warming' | 'playing' | 'over' | 'failed';
  /** Scenario milliseconds so far. */
  atMs: number;
  speed: number;
  said: readonly GameSaid[];
  /** What the scenario demanded, once it is over; why it failed, when it did. */
  claims: readonly GameClaim[];
  /** Once it is over: whether the machine it was played on had no time, so that nothing it got wrong counts; and how long it stood still. */
  machine: { lackedTime: boolean; stalledMs: number };
  /** From the first fault until the right answer; null while unknown. */
  rightAfterMs: number | null;
  problem: string | null;
}

export interface Games {
  list: readonly Game[];
  /** The newest play of all; one at a time. */
  current(): GamePlay | null;
  /** Starts one. False when another is still being played. */
  play(id: string): boolean;
}

/** Whether somebody has to wait for it. */
export const isOn = (play: GamePlay | null): boolean => play?.phase === 'warming' || play?.phase === 'playing';

/** Routes below `/games`. */
export function gameRoutes(games: Games, log: Log): express.Router {
  const router = express.Router();
  const find = (id: string): Game | undefined => games.list.find((game) => game.id === id);

  // Without a referrer a browser's form names no origin, and would be taken for a stranger's.
  router.use((_request, response, next) => {
    response.set('referrer-policy', 'same-origin');
    next();
  });
  router.get('/', (request, response) => sendPage(request, response, gamesPage(games.list, games.current())));
  router.get('/:id', (request, response) => {
    const game = find(request.params.id);
    if (game === undefined) return refuse(response, 404, 'no such game, see /games');
    sendPage(request, response, gamePage(game, games.current()));
  });
  // A plain form posts here, so that no script is needed.
  router.use(sameOrigin).post('/:id', (request, response) => {
    const game = find(request.params.id);
    if (game === undefined) return refuse(response, 404, 'no such game, see /games');
    if (games.play(game.id)) log({ event: 'game_started', id: game.id });
    response.redirect(303, `/games/${game.id}`);
  });
  return router;
}
