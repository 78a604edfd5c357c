// How Netlify's edge words things: plain text with a request id for what it says itself, and a page about inactivity for what it
// sends requests on to and hears nothing from. How it says that it could not connect is not known: a bare 502 here.
import { randomBytes } from 'node:crypto';
import { type Answer, page } from './answer.ts';
import type { EdgeVoice } from './edge.ts';

const requestId = (): string => `01${randomBytes(12).toString('hex').toUpperCase()}`;

const headersOf = (id: string): Record<string, string> => ({ server: 'Netlify', 'x-nf-request-id': id });

function told(status: number, what: string): Answer {
  const id = requestId();
  const headers = { ...headersOf(id), 'content-type': 'text/plain; charset=utf-8' };
  return { status, headers, body: `${what} - Request ID: ${id}\n` };
}

function shown(status: number, title: string, story: string): Answer {
  const headers = { ...headersOf(requestId()), 'content-type': 'text/html; charset=utf-8' };
  return { status, headers, body: page(title, story) };
}

const cached = (answer: Answer, cache: string): Answer => ({
  ...answer,
  headers: { ...answer.headers, ...headersOf(requestId()), 'cache-status': `"Netlify Edge"; ${cache}` },
});

const unreached = (): Answer => shown(502, 'Bad Gateway', 'This page is not there right now.');

export const NETLIFY: EdgeVoice = {
  own: () => null,
  unknownHost: () => told(404, 'Not Found'),
  internalError: () => told(500, 'Internal Server Error'),
  overloaded: () => told(503, 'Service Unavailable'),
  tunnelDown: unreached,
  originFailure: (failure) =>
    failure === 'slow'
      ? shown(504, 'Inactivity Timeout', 'Too much time has passed without sending any data for document.')
      : unreached(),
  originAnswer: (answer) => cached(answer, 'fwd=miss'),
  copy: (answer) => cached({ ...answer, headers: { ...answer.headers, age: '30' } }, 'hit'),
  // No mark of its questions is known.
  challenge: () => shown(403, 'Forbidden', 'This visitor is not welcome.'),
};
