// How DigitalOcean's App Platform words things: Cloudflare's headers, and one of its own that tells what the app answered. In
// place of an app's 502, 503 and 504 it shows a page of its own, with the reason in the words of the proxy before the app.
import type { Answer } from './answer.ts';
import { CLOUDFLARE, headersOf as cloudflareHeadersOf } from './cloudflare.ts';
import type { EdgeContext, EdgeVoice } from './edge.ts';
import type { UpstreamFailure } from './upstream.ts';

const APP = { 'x-do-app-origin': 'b926a52d-e6bb-11ec-b1dc-0c42a19a82a7' };

const REASONS: Record<UpstreamFailure, string> = {
  refused: 'upstream_reset_before_response_started{connection_refused} (503 UF)',
  timeout: 'no_healthy_upstream (503 UH)',
  slow: 'upstream_response_timeout (504 UT)',
  certificate: 'upstream_reset_before_response_started{connection_failure} (503 UF)',
  broken: 'upstream_reset_before_response_started{protocol_error} (503 UPE)',
};

function notForwarded(status: number, reason: string, context: EdgeContext): Answer {
  const body = `<!DOCTYPE html>
<html lang="en"><head><title>Error</title></head>
<body><h1>We encountered an error when trying to load your application and your page could not be served.</h1>
<p>${reason}</p><p>App Platform failed to forward this request to the application.</p></body></html>
`;
  return { status, headers: { ...cloudflareHeadersOf(context), ...APP, 'content-type': 'text/html' }, body };
}

const REPLACED: ReadonlySet<number> = new Set([502, 503, 504]);

export const APP_PLATFORM: EdgeVoice = {
  own: () => null,
  unknownHost: (context) => ({ status: 403, headers: cloudflareHeadersOf(context), body: '' }),
  // Cloudflare, which stands in front of it, does not get through to it.
  internalError: (context) => CLOUDFLARE.originFailure('timeout', context),
  overloaded: (context) => notForwarded(503, 'upstream_overflow (503 UO)', context),
  tunnelDown: (context) => APP_PLATFORM.originFailure('refused', context),
  originFailure: (failure, context) => notForwarded(failure === 'slow' ? 504 : 503, REASONS[failure], context),
  originAnswer(answer, context) {
    const { status, headers, body } = answer;
    const told = { ...cloudflareHeadersOf(context), ...APP, 'x-do-orig-status': String(status) };
    if (!REPLACED.has(status)) return { ...answer, headers: { ...headers, ...told }, body };
    const shown = notForwarded(504, `via_upstream (${status} -)`, context);
    return { ...shown, headers: { ...shown.headers, ...told } };
  },
  copy(answer, context) {
    const kept = APP_PLATFORM.originAnswer(answer, context);
    return { ...kept, headers: { ...kept.headers, 'cf-cache-status': 'HIT', age: '30' } };
  },
  challenge: CLOUDFLARE.challenge,
};
