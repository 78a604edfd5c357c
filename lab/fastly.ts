// How Fastly's edge words things: always 503, and only the words tell its own failure (2021-06-08) from a backend's.
// https://www.fastly.com/documentation/guides/full-site-delivery/fastly-vcl/troubleshooting/common-503-errors/
import type { Answer } from './answer.ts';
import type { EdgeContext, EdgeVoice } from './edge.ts';
import type { UpstreamFailure } from './upstream.ts';

const BACKEND_REASONS: Record<UpstreamFailure, string> = {
  refused: 'backend connection refused',
  timeout: 'backend connection timed out',
  slow: 'first byte timeout',
  certificate: 'backend certificate has expired',
  broken: 'backend read error',
};

const cacheName = (pop: string): string => `cache-fra-eddf8230064-${pop}`;

function headersOf({ pop }: EdgeContext, cache: 'HIT' | 'MISS'): Record<string, string> {
  return {
    via: '1.1 varnish',
    'accept-ranges': 'bytes',
    'x-served-by': cacheName(pop),
    'x-cache': cache,
    'x-cache-hits': '0',
    'x-timer': `S${(Date.now() / 1000).toFixed(6)},VS0,VE1`,
  };
}

/** The misspelling is Fastly's. */
function guruPage(status: number, reason: string, context: EdgeContext): Answer {
  const body = `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html><head><title>${status} ${reason}</title></head>
<body><h1>Error ${status} ${reason}</h1><p>${reason}</p>
<h3>Guru Mediation:</h3><p>Details: ${cacheName(context.pop)} ${Math.floor(Date.now() / 1000)} 1872419537</p>
<hr><p>Varnish cache server</p></body></html>
`;
  const own = { server: 'Varnish', 'retry-after': '0', 'content-type': 'text/html; charset=utf-8' };
  return { status, reason, headers: { ...headersOf(context, 'MISS'), ...own }, body };
}

export const FASTLY: EdgeVoice = {
  own: () => null,
  unknownHost: (context) => ({
    status: 500,
    headers: { ...headersOf(context, 'MISS'), server: 'Varnish', 'content-type': 'text/html; charset=utf-8' },
    body: `Fastly error: unknown domain: ${context.host}. Please check that this domain has been added to a service.\n`,
  }),
  internalError: (context) => guruPage(503, 'Service Unavailable', context),
  overloaded: (context) => guruPage(503, 'Service Unavailable', context),
  tunnelDown: (context) => guruPage(503, BACKEND_REASONS.broken, context),
  originFailure: (failure, context) => guruPage(503, BACKEND_REASONS[failure], context),
  originAnswer: (answer, context) => ({ ...answer, headers: { ...answer.headers, ...headersOf(context, 'MISS') } }),
  copy: (answer, context) => ({ ...answer, headers: { ...answer.headers, ...headersOf(context, 'HIT'), age: '30' } }),
  challenge: (context) => guruPage(406, 'Not Acceptable', context),
};
