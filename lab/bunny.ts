// How Bunny's edge words things: one page for all errors of its own making, with who failed in pictures, and 502 and 504 for an
// origin it could not reach or that was slow. https://docs.bunny.net/cdn/logging/origin-errors.md
import { randomBytes } from 'node:crypto';
import { type Answer, page } from './answer.ts';
import type { EdgeContext, EdgeVoice } from './edge.ts';

const headersOf = ({ pop }: EdgeContext): Record<string, string> => ({
  server: `BunnyCDN-${pop}1-863`,
  'cdn-pullzone': '1234567',
  'cdn-requestid': randomBytes(16).toString('hex'),
});

function illustrated(status: number, title: string, story: string, context: EdgeContext): Answer {
  const body = `<!DOCTYPE html>
<html><head><title>${status} ${title}</title>
<link rel="stylesheet" href="https://bunnynetassets.b-cdn.net/error.css"></head>
<body><h3 class="alert">ERROR ${status}</h3><h1>${title}</h1><h3>${story}</h3>
<p>You. bunny.net: Edge Network. ${context.host}: Origin.</p></body></html>
`;
  return { status, headers: { ...headersOf(context), 'content-type': 'text/html' }, body };
}

const unconnected = (context: EdgeContext): Answer =>
  illustrated(502, 'Bad Gateway', `We could not establish a connection to ${context.host}`, context);

function refused(status: number, title: string, story: string, context: EdgeContext): Answer {
  return { status, headers: { ...headersOf(context), 'content-type': 'text/html' }, body: page(title, story) };
}

const cached = (answer: Answer, cache: 'HIT' | 'MISS', context: EdgeContext): Answer => ({
  ...answer,
  headers: { ...answer.headers, ...headersOf(context), 'cdn-cache': cache },
});

export const BUNNY: EdgeVoice = {
  own: () => null,
  unknownHost: (context) => refused(403, 'Forbidden', 'Domain suspended or not configured', context),
  internalError: (context) => illustrated(500, 'Internal Server Error', 'Something went wrong.', context),
  overloaded: (context) => illustrated(503, 'Service Unavailable', 'Something went wrong.', context),
  tunnelDown: unconnected,
  originFailure: (failure, context) =>
    failure === 'slow'
      ? illustrated(504, 'Gateway Timeout', `${context.host} did not answer in time`, context)
      : unconnected(context),
  originAnswer: (answer, context) => cached(answer, 'MISS', context),
  copy: (answer, context) => cached({ ...answer, headers: { ...answer.headers, age: '30' } }, 'HIT', context),
  challenge: (context) =>
    refused(403, 'Establishing a secure connection', '<script src="/.bunny-shield/challenge.js"></script>', context),
};
