// How Cloudflare's edge words things: its own 500 (2025-11-18), 52x and 1033 about your origin, and the branded 502 and 504
// that stand for the origin's own. https://developers.cloudflare.com/support/troubleshooting/http-status-codes/
import { randomBytes } from 'node:crypto';
import type { Answer } from './answer.ts';
import type { EdgeContext, EdgeVoice } from './edge.ts';
import type { UpstreamFailure } from './upstream.ts';

const ray = (pop: string): string => `${randomBytes(8).toString('hex')}-${pop}`;

/** What it puts on every answer, also on those of vendors that run on it. */
export function headersOf({ pop }: EdgeContext): Record<string, string> {
  return { server: 'cloudflare', 'cf-ray': ray(pop) };
}

function errorHeaders(context: EdgeContext): Record<string, string> {
  return { ...headersOf(context), 'content-type': 'text/html; charset=UTF-8', 'cache-control': 'private, no-store' };
}

/** The page with three icons: who of browser, edge and host is fine. */
function threeIconPage(
  context: EdgeContext,
  status: number,
  title: string,
  culprit: 'edge' | 'host',
  story: string,
): string {
  const mark = (who: 'edge' | 'host'): string => (who === culprit ? 'Error' : 'Working');
  return `<!DOCTYPE html>
<html lang="en-US"><head><title>${context.host} | ${status}: ${title}</title></head>
<body><div id="cf-wrapper"><div id="cf-error-details" class="cf-error-details-wrapper">
<h1><span>${title}</span> <span>Error code ${status}</span></h1>
<div>Visit <a href="https://www.cloudflare.com/5xx-error-landing">cloudflare.com</a> for more information.</div>
<div>You: Browser, Working. ${context.city}: Cloudflare, ${mark('edge')}. ${context.host}: Host, ${mark('host')}.</div>
<h2>What happened?</h2><p>${story}</p>
<p>Cloudflare Ray ID: <strong>${randomBytes(8).toString('hex')}</strong></p>
</div></div></body></html>
`;
}

function numberedPage(context: EdgeContext, code: number, title: string, story: string): string {
  return `<!DOCTYPE html>
<html lang="en-US"><head><title>${title} | ${context.host} | Cloudflare</title></head>
<body><div id="cf-wrapper"><div id="cf-error-details" class="cf-error-details-wrapper">
<h1><span class="cf-error-type">Error</span> <span class="cf-error-code">${code}</span></h1>
<h2 class="cf-subheadline">${title}</h2>
<h2>What happened?</h2><p>${story}</p>
</div></div></body></html>
`;
}

const HOST_FAILURES: Record<UpstreamFailure, { status: number; title: string; story: string }> = {
  refused: { status: 521, title: 'Web server is down', story: 'The web server is not returning a connection.' },
  timeout: {
    status: 522,
    title: 'Connection timed out',
    story: 'The connection to the origin web server was made too late.',
  },
  slow: {
    status: 524,
    title: 'A timeout occurred',
    story: 'The origin web server timed out responding to this request.',
  },
  certificate: {
    status: 526,
    title: 'Invalid SSL certificate',
    story: 'The origin web server does not have a valid SSL certificate.',
  },
  broken: {
    status: 520,
    title: 'Web server is returning an unknown error',
    story: 'The web server returned an unknown error.',
  },
};

function badGateway(status: number, context: EdgeContext): Answer {
  const title = status === 502 ? 'Bad gateway' : 'Gateway time-out';
  const story = `The web server reported a ${title.toLowerCase()} error.`;
  return { status, headers: errorHeaders(context), body: threeIconPage(context, status, title, 'host', story) };
}

/** The page that names cloudflare and has none of its looks: its own, unlike the branded one (2019-07-02). */
function unbranded(status: number, title: string, context: EdgeContext): Answer {
  const heading = `${status} ${title}`;
  const body = `<html>\r\n<head><title>${heading}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: errorHeaders(context), body };
}

function trace({ host, client, pop }: EdgeContext): string {
  const now = (Date.now() / 1000).toFixed(3);
  const lines = [`fl=642f42`, `h=${host}`, `ip=${client}`, `ts=${now}`, 'visit_scheme=https', 'uag=', `colo=${pop}`];
  return [
    ...lines,
    'sliver=none',
    'http=http/1.1',
    'loc=DE',
    'tls=TLSv1.3',
    'sni=plaintext',
    'warp=off',
    'gateway=off',
    '',
  ].join('\n');
}

export const CLOUDFLARE: EdgeVoice = {
  own(context) {
    if (context.path !== '/cdn-cgi/trace') return null;
    return { status: 200, headers: { ...headersOf(context), 'content-type': 'text/plain' }, body: trace(context) };
  },
  unknownHost: (context) => ({
    status: 403,
    headers: errorHeaders(context),
    body: numberedPage(context, 1014, 'CNAME Cross-User Banned', 'The host is not set up on this network.'),
  }),
  internalError(context) {
    const story = "There is an internal server error on Cloudflare's network. Please try again in a few minutes.";
    const body = threeIconPage(context, 500, 'Internal server error', 'edge', story);
    return { status: 500, headers: errorHeaders(context), body };
  },
  overloaded: (context) => unbranded(502, 'Bad Gateway', context),
  tunnelDown(context) {
    const story = `The host (${context.host}) is configured as a Cloudflare Tunnel, and Cloudflare is currently unable to resolve it.`;
    const body = numberedPage(context, 1033, 'Cloudflare Tunnel error', story);
    return { status: 530, headers: { ...errorHeaders(context), 'cf-error-type': '1033' }, body };
  },
  originFailure(failure, context) {
    const { status, title, story } = HOST_FAILURES[failure];
    const headers = { ...errorHeaders(context), 'cf-error-type': String(status) };
    return { status, headers, body: threeIconPage(context, status, title, 'host', story) };
  },
  originAnswer(answer, context) {
    if (answer.status === 502 || answer.status === 504) return badGateway(answer.status, context);
    return { ...answer, headers: { ...answer.headers, ...headersOf(context), 'cf-cache-status': 'DYNAMIC' } };
  },
  copy: (answer, context) => ({
    ...answer,
    headers: { ...answer.headers, ...headersOf(context), 'cf-cache-status': 'HIT', age: '30' },
  }),
  challenge(context) {
    const body = '<!DOCTYPE html>\n<title>Just a moment...</title>\n<p>Enable JavaScript and cookies to continue</p>\n';
    return { status: 403, headers: { ...errorHeaders(context), 'cf-mitigated': 'challenge' }, body };
  },
};
