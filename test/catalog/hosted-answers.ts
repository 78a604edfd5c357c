// Error answers of vendors that host pages, each with who wrote it: most of what fails there is the customer's own.
import { type ErrorAnswer, of } from './error-answers.ts';

const vercel = of('vercel', { server: 'Vercel', 'x-vercel-id': 'fra1::abc12-1700000000000-0123456789ab' });
const netlify = of('netlify', { server: 'Netlify', 'x-nf-request-id': '01GBVQ5BJEPJJBCKGYCATFBED7' });
const bunny = of('bunny', { server: 'BunnyCDN-DE1-863', 'cdn-requestid': 'd6502c59530348dc7a244a3aa2c23aa4' });

const throughFastly = { 'x-served-by': 'cache-fra-eddf8230071-FRA', via: '1.1 varnish' };
const pages = of('github-pages', { server: 'GitHub.com', 'x-github-request-id': 'AE88:3308D5', ...throughFastly });
const fastlyBeforePages = of('github-pages', { server: 'Varnish', ...throughFastly });

const coded = (code: string, status: number, generator: ErrorAnswer['generator']): ErrorAnswer =>
  vercel({ name: `${code} ${status}`, status, headers: { 'x-vercel-error': code }, body: code, generator, code });

const bunnyPage = (title: string): string =>
  `<title>${title}</title><link rel="stylesheet" href="https://bunnynetassets.b-cdn.net/error.css">`;

const guru = (text: string): string =>
  `<title>503 ${text}</title><h3>Guru Mediation:</h3><p>Details: cache-fra 1 2</p>`;

export const HOSTED_ANSWERS: readonly ErrorAnswer[] = [
  coded('DEPLOYMENT_NOT_FOUND', 404, 'own_edge_code'),
  coded('DEPLOYMENT_DISABLED', 402, 'own_edge_code'),
  coded('NOT_FOUND', 404, 'own_edge_code'),
  coded('FUNCTION_INVOCATION_FAILED', 500, 'own_edge_code'),
  coded('FUNCTION_INVOCATION_TIMEOUT', 504, 'own_edge_code'),
  coded('EDGE_FUNCTION_INVOCATION_FAILED', 500, 'own_edge_code'),
  coded('FUNCTION_THROTTLED', 503, 'own_edge_code'),
  coded('FUNCTION_THROTTLED', 500, 'vendor_internal'),
  coded('ROUTER_CANNOT_MATCH', 502, 'own_edge_code'),
  coded('ROUTER_EXTERNAL_TARGET_ERROR', 502, 'vendor_says_origin'),
  coded('ROUTER_EXTERNAL_TARGET_HANDSHAKE_ERROR', 502, 'vendor_says_origin'),
  coded('DNS_HOSTNAME_NOT_FOUND', 502, 'vendor_says_origin'),
  coded('INTERNAL_UNEXPECTED_ERROR', 500, 'vendor_internal'),
  coded('INTERNAL_FUNCTION_SERVICE_UNAVAILABLE', 500, 'vendor_internal'),
  coded('INTERNAL_FUNCTION_INVOCATION_FAILED', 500, 'unknown'),
  coded('INTERNAL_FUNCTION_NOT_FOUND', 500, 'unknown'),
  coded('INTERNAL_MICROFRONTENDS_INVALID_CONFIGURATION_ERROR', 500, 'unknown'),
  coded('SOMETHING_NEW', 500, 'unknown'),
  vercel({
    name: 'a challenge',
    status: 429,
    headers: { 'x-vercel-mitigated': 'challenge' },
    body: '<title>Vercel Security Checkpoint</title>',
    generator: 'challenge',
  }),
  vercel({ name: "a function's own 500", status: 500, body: '{"error":"database"}', generator: 'unknown' }),

  netlify({
    name: 'a name no site has',
    status: 404,
    body: 'Not Found - Request ID: 01GBVQ5BJEPJJBCKGYCATFBED7',
    generator: 'own_edge_code',
    code: 'site_not_found',
  }),
  netlify({
    name: 'an edge function that threw',
    status: 500,
    body: '<h1>This edge function has crashed</h1><p>An unhandled error in the function code',
    generator: 'own_edge_code',
    code: 'edge_function_crashed',
  }),
  netlify({
    name: 'a function that took too long',
    status: 502,
    body: '{"errorMessage":"2022-01-28T15:53:17.566Z dcfe2e2a Task timed out after 10.01 seconds"}',
    generator: 'own_edge_code',
    code: 'function_timeout',
  }),
  netlify({
    name: 'silence behind it',
    status: 504,
    body: '<h1>Inactivity Timeout</h1>Too much time has passed without sending any data for document.',
    generator: 'vendor_says_origin',
    code: 'inactivity_timeout',
  }),
  netlify({
    name: 'its own error',
    status: 500,
    body: 'Internal Server Error - Request ID: 01GBVQ5BJEPJJBCKGYCATFBED7',
    generator: 'vendor_internal',
  }),
  netlify({ name: "a function's own 500", status: 500, body: '{"error":"database"}', generator: 'unknown' }),

  bunny({
    name: 'a name no pull zone has',
    status: 403,
    body: '<h1>Domain suspended or not configured</h1>',
    generator: 'own_edge_code',
    code: 'domain_not_configured',
  }),
  bunny({
    name: 'pull zones in a circle',
    status: 508,
    body: 'Loop Detected',
    generator: 'own_edge_code',
    code: 'http_loop_detected',
  }),
  bunny({
    name: 'no origin',
    status: 502,
    body: `${bunnyPage('502 Bad Gateway')}We could not establish a connection to blog.example`,
    generator: 'vendor_says_origin',
  }),
  bunny({
    name: 'a slow origin',
    status: 504,
    body: bunnyPage('504 Gateway Timeout'),
    generator: 'vendor_says_origin',
  }),
  bunny({ name: 'its own error', status: 500, body: bunnyPage('500'), generator: 'vendor_internal' }),
  bunny({
    name: 'a challenge',
    status: 403,
    body: '<script src="/.bunny-shield/assets/shield-challenge.js"></script>',
    generator: 'challenge',
  }),
  bunny({ name: "an origin's own 502 that Bunny passed on", status: 502, body: 'nginx', generator: 'unknown' }),

  pages({
    name: 'a name no site has',
    status: 404,
    body: "<p><strong>There isn't a GitHub Pages site here.</strong></p>",
    generator: 'own_edge_code',
    code: 'no_site',
  }),
  pages({
    name: 'a file that is not there',
    status: 404,
    body: '<p>The site configured at this address does not contain the requested file.</p>',
    generator: 'own_edge_code',
    code: 'no_file',
  }),
  pages({ name: "a 404 of the site's own", status: 404, body: '<h1>Lost?</h1>', generator: 'unknown' }),
  pages({
    name: "GitHub's error",
    status: 502,
    body: '<title>Unicorn! · GitHub</title>',
    generator: 'vendor_internal',
  }),
  ...['first byte timeout', 'Service Unavailable'].map((text) =>
    fastlyBeforePages({
      name: `Fastly before GitHub, ${text}`,
      status: 503,
      body: guru(text),
      generator: 'vendor_internal',
    }),
  ),
];
