// How OVHcloud's load balancer words things: a number for the request on whatever passes, and the plain pages of HAProxy, which it
// is made from, for what it could not get.
import { randomBytes } from 'node:crypto';
import type { Answer } from './answer.ts';
import type { EdgeVoice } from './edge.ts';
import type { UpstreamFailure } from './upstream.ts';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex').toUpperCase();

/** Both ends and the time in hexadecimal: who asked and where, here of nobody. */
function headersOf(): Record<string, string> {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .toUpperCase();
  return {
    'x-iplb-request-id': `7F000001:${hex(2)}_7F000002:01BB_${seconds}_${hex(4)}:${hex(2)}`,
    'x-iplb-instance': '17',
  };
}

function plainPage(status: number, title: string, story: string): Answer {
  const body = `<html><body><h1>${status} ${title}</h1>\n${story}\n</body></html>\n`;
  return { status, headers: { ...headersOf(), 'content-type': 'text/html' }, body };
}

const noServer = (): Answer => plainPage(503, 'Service Unavailable', 'No server is available to handle this request.');

const FAILURES: Record<UpstreamFailure, () => Answer> = {
  refused: noServer,
  timeout: noServer,
  certificate: noServer,
  slow: () => plainPage(504, 'Gateway Time-out', "The server didn't respond in time."),
  broken: () => plainPage(502, 'Bad Gateway', 'The server returned an invalid or incomplete response.'),
};

const signed = (answer: Answer): Answer => ({ ...answer, headers: { ...answer.headers, ...headersOf() } });

export const OVHCLOUD: EdgeVoice = {
  own: () => null,
  unknownHost: noServer,
  internalError: () => plainPage(500, 'Internal Server Error', 'An internal server error occurred.'),
  overloaded: noServer,
  tunnelDown: noServer,
  originFailure: (failure) => FAILURES[failure](),
  originAnswer: signed,
  copy: (answer) => signed({ ...answer, headers: { ...answer.headers, age: '30' } }),
  challenge: () => plainPage(403, 'Forbidden', 'Request forbidden by administrative rules.'),
};
