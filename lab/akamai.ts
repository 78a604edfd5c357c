// How Akamai words things: AkamaiGHost on what it writes itself, with a reference number; 503 for an origin it could not get.
import { randomBytes } from 'node:crypto';
import type { Answer } from './answer.ts';
import type { EdgeVoice } from './edge.ts';

const headersOf = (): Record<string, string> => ({
  'x-akamai-request-id': randomBytes(4).toString('hex'),
  'akamai-grn': `0.${randomBytes(4).toString('hex')}.${Math.floor(Date.now() / 1000)}.${randomBytes(4).toString('hex')}`,
});

function referenced(status: number, title: string, story: string, kind: number): Answer {
  const number = `${kind}.${randomBytes(4).toString('hex')}.${Math.floor(Date.now() / 1000)}.${randomBytes(4).toString('hex')}`;
  const body = `<HTML><HEAD><TITLE>${title}</TITLE></HEAD><BODY><H1>${title}</H1>
${story}<P>Reference #${number}<P>https://errors.edgesuite.net/${number}</BODY></HTML>
`;
  const own = { server: 'AkamaiGHost', 'mime-version': '1.0', 'content-type': 'text/html' };
  return { status, headers: { ...headersOf(), ...own }, body };
}

const originFailure = (): Answer =>
  referenced(503, 'Service Unavailable', 'The server is temporarily unable to service your request.', 30);

export const AKAMAI: EdgeVoice = {
  own: () => null,
  unknownHost: () => referenced(400, 'Invalid URL', 'The requested URL is invalid.', 9),
  internalError: () =>
    referenced(500, 'An error occurred while processing your request.', 'Please try again later.', 97),
  overloaded: originFailure,
  tunnelDown: originFailure,
  originFailure,
  originAnswer: (answer) => ({ ...answer, headers: { ...answer.headers, ...headersOf() } }),
  copy: (answer) => ({ ...answer, headers: { ...answer.headers, ...headersOf(), age: '30' } }),
  challenge: () => referenced(403, 'Access Denied', 'You do not have permission to access this server.', 18),
};
