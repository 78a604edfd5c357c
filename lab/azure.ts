// How Azure Front Door words things: one page for whatever is its own, ErrorInfo for what it could not get from an origin.
// Who failed stands in headers only for clients that ask: https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol
import { randomBytes } from 'node:crypto';
import type { Answer } from './answer.ts';
import type { EdgeContext, EdgeVoice } from './edge.ts';
import type { UpstreamFailure } from './upstream.ts';

const ORIGIN_FAILURES: Record<UpstreamFailure, { status: number; info: string; external: string }> = {
  refused: { status: 503, info: 'OriginConnectionRefused', external: '0x80072efd, The connection was refused' },
  timeout: { status: 503, info: 'OriginConnectionError', external: '0x80072ee2, The connection timed out' },
  slow: { status: 504, info: 'OriginTimeout', external: '0x80072ee2, The operation timed out' },
  certificate: { status: 503, info: 'SSLHandshakeError', external: '0x830c1013, The certificate has expired' },
  broken: { status: 503, info: 'OriginInvalidResponse', external: '0x80072f78, The response is invalid' },
};

function headersOf({ pop }: EdgeContext): Record<string, string> {
  const stamp = new Date()
    .toISOString()
    .replaceAll(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  return { 'x-azure-ref': `${stamp}-${randomBytes(8).toString('hex')}${pop}`, 'x-cache': 'CONFIG_NOCACHE' };
}

function errorPage(
  context: EdgeContext,
  status: number,
  text: string,
  debug: Readonly<Record<string, string>>,
): Answer {
  const headers = headersOf(context);
  const body = `<!DOCTYPE html>
<html lang="en"><head><title>Azure Front Door</title></head>
<body><h2>${text}</h2>
<p>${headers['x-azure-ref'] ?? ''}</p></body></html>
`;
  const shown = context.debugInfo === true ? debug : {};
  return { status, headers: { ...headers, ...shown, 'content-type': 'text/html', 'cache-control': 'no-store' }, body };
}

/** The same for a host without a route and for trouble of its own, so nobody can tell by it. */
const UNAVAILABLE = "Our services aren't available right now";

export const AZURE: EdgeVoice = {
  own: () => null,
  unknownHost: (context) => errorPage(context, 404, UNAVAILABLE, {}),
  internalError: (context) =>
    errorPage(context, 503, UNAVAILABLE, { 'x-azure-internalerror': '0x80004005, UnspecifiedInternalError' }),
  overloaded: (context) =>
    errorPage(context, 502, 'ErrorInfo: UnspecifiedInternalError', {
      'x-azure-internalerror': '0x80004005, UnspecifiedInternalError',
    }),
  tunnelDown: (context) => AZURE.originFailure('refused', context),
  originFailure(failure, context) {
    const { status, info, external } = ORIGIN_FAILURES[failure];
    return errorPage(context, status, `ErrorInfo: ${info}`, { 'x-azure-externalerror': external });
  },
  originAnswer(answer, context) {
    const status: Record<string, string> = context.debugInfo
      ? { 'x-azure-originstatuscode': String(answer.status) }
      : {};
    return { ...answer, headers: { ...answer.headers, ...headersOf(context), ...status } };
  },
  copy: (answer, context) => ({
    ...answer,
    headers: { ...answer.headers, ...headersOf(context), 'x-cache': 'TCP_HIT', age: '30' },
  }),
  challenge: (context) => errorPage(context, 403, 'The request is blocked.', {}),
};
