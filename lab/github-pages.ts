// How GitHub Pages words things: its own pages under `server: GitHub.com`, all of them through Fastly, whose headers they carry.
// Where Fastly gets nothing from GitHub it says so in the words it has for any customer's backend.
import { randomBytes } from 'node:crypto';
import { type Answer, page } from './answer.ts';
import type { EdgeContext, EdgeVoice } from './edge.ts';
import { FASTLY } from './fastly.ts';

/** As GitHub sends it to Fastly. */
const marked = (answer: Answer): Answer => ({
  ...answer,
  headers: {
    ...answer.headers,
    server: 'GitHub.com',
    'x-github-request-id': [2, 3, 3, 3, 4].map((bytes) => randomBytes(bytes).toString('hex').toUpperCase()).join(':'),
  },
});

function shown(status: number, title: string, story: string, context: EdgeContext): Answer {
  const answer = { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page(title, story) };
  return FASTLY.originAnswer(marked(answer), context);
}

export const GITHUB_PAGES: EdgeVoice = {
  own: () => null,
  unknownHost: (context) =>
    shown(404, 'Site not found · GitHub Pages', "There isn't a GitHub Pages site here.", context),
  internalError: (context) => shown(500, 'Unicorn! · GitHub', 'Something went wrong on our side.', context),
  overloaded: (context) => FASTLY.originFailure('slow', context),
  tunnelDown: (context) => FASTLY.tunnelDown(context),
  originFailure: (failure, context) => FASTLY.originFailure(failure, context),
  originAnswer: (answer, context) => FASTLY.originAnswer(marked(answer), context),
  copy: (answer, context) => FASTLY.copy(marked(answer), context),
  challenge: (context) => shown(429, 'Too Many Requests', 'Slow down, please.', context),
};
