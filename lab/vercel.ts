// How Vercel's edge words things: a code in x-vercel-error, and in the body, for every failure; INTERNAL_ ones are its own,
// ROUTER_EXTERNAL_TARGET_ ones are about what requests are sent on to. https://vercel.com/docs/errors
import { randomBytes } from 'node:crypto';
import { type Answer, page } from './answer.ts';
import type { EdgeContext, EdgeVoice } from './edge.ts';
import type { UpstreamFailure } from './upstream.ts';

const TARGET_FAILURES: Record<UpstreamFailure, string> = {
  refused: 'ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR',
  timeout: 'ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR',
  slow: 'ROUTER_EXTERNAL_TARGET_ERROR',
  certificate: 'ROUTER_EXTERNAL_TARGET_HANDSHAKE_ERROR',
  broken: 'ROUTER_EXTERNAL_TARGET_ERROR',
};

const requestId = ({ pop }: EdgeContext): string =>
  `${pop.toLowerCase()}1::${randomBytes(3).toString('hex')}-${Date.now()}-${randomBytes(6).toString('hex')}`;

const headersOf = (id: string): Record<string, string> => ({ server: 'Vercel', 'x-vercel-id': id });

function coded(status: number, code: string, context: EdgeContext): Answer {
  const id = requestId(context);
  const headers = { ...headersOf(id), 'x-vercel-error': code, 'content-type': 'text/plain; charset=utf-8' };
  return { status, headers, body: `An error occurred with this application.\n\n${code}\n\n${id}\n` };
}

const cached = (answer: Answer, cache: 'HIT' | 'MISS', context: EdgeContext): Answer => ({
  ...answer,
  headers: { ...answer.headers, ...headersOf(requestId(context)), 'x-vercel-cache': cache },
});

export const VERCEL: EdgeVoice = {
  own: () => null,
  unknownHost: (context) => coded(404, 'DEPLOYMENT_NOT_FOUND', context),
  internalError: (context) => coded(500, 'INTERNAL_UNEXPECTED_ERROR', context),
  overloaded: (context) => coded(500, 'INTERNAL_CACHE_LOCK_FULL', context),
  tunnelDown: (context) => coded(502, TARGET_FAILURES.refused, context),
  originFailure: (failure, context) => coded(502, TARGET_FAILURES[failure], context),
  originAnswer: (answer, context) => cached(answer, 'MISS', context),
  copy: (answer, context) => cached({ ...answer, headers: { ...answer.headers, age: '30' } }, 'HIT', context),
  challenge: (context) => ({
    status: 429,
    headers: { ...headersOf(requestId(context)), 'x-vercel-mitigated': 'challenge', 'content-type': 'text/html' },
    body: page('Vercel Security Checkpoint', 'We are verifying your browser.'),
  }),
};
