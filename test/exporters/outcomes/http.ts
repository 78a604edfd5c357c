// What provokes each outcome of an HTTP request.
import { freePort } from '../../../replay/process.ts';
import { type RawAnswer, tlsServer } from '../local-server.ts';
import { good, middle, root, withChain } from '../measure-certificate.ts';
import { endless, thenEnds } from '../measure-http.ts';
import { LEAF_NAME } from '../test-ca.ts';
import { meeting, type Outcomes, ofCertificates, onTheWay, SHORT_MS } from './provoke.ts';

const at = (more: Record<string, unknown> = {}) => {
  return (port: number, host: string) => ({ url: `http://${host}:${port}/`, ...more });
};
const HEAD = 'HTTP/1.1 200 OK\r\n';
const OK = `${HEAD}Content-Length: 2\r\n\r\nok`;
const moved = (to: string) => `HTTP/1.1 302 Found\r\nLocation: ${to}\r\nContent-Length: 0\r\n\r\n`;

/** Asks somebody who wants a token of this endpoint. */
const withToken = (tokenUrl: string) => ({
  url: 'http://127.0.0.1:9/',
  auth: { kind: 'oauth2', tokenUrl, clientId: 'prober', clientSecret: { env: 'PATH' } },
});

/** A token endpoint that answers with these bytes. */
const grantedBy = (answer: RawAnswer) => meeting(answer, (port) => withToken(`http://127.0.0.1:${port}/`));

/** Asks for somebody through a proxy at this port. */
const through = (port: number, scheme = 'http') => ({
  url: 'https://blog.test/',
  proxy: { url: `${scheme}://127.0.0.1:${port}` },
});

/** A proxy that answers with these bytes. */
const proxied = (answer: RawAnswer, { scheme, ...more }: { scheme?: string; deadlineMs?: number } = {}) =>
  meeting(answer, (port) => through(port, scheme), more);

export const HTTP = {
  ...ofCertificates((port) => ({ url: `https://${LEAF_NAME}:${port}/` })),
  ...onTheWay(at()),
  ok: meeting(
    `${HEAD}X-Cache: HIT\r\nLast-Modified: Wed, 01 Jan 2020 00:00:00 GMT\r\nContent-Length: 2\r\n\r\nok`,
    at(),
  ),
  timeout: meeting(() => undefined, at(), { deadlineMs: SHORT_MS }),
  connect_reset: meeting(thenEnds(HEAD, 'resetAndDestroy'), at()),
  local: meeting(OK, at({ auth: { kind: 'bearer', token: { file: '/nowhere/token' } } })),
  tls_client_certificate: async () => {
    const { port } = await tlsServer({ ...withChain(good, middle.cert), ca: root.cert, requestCert: true });
    return { settings: { url: `https://127.0.0.1:${port}/`, tlsVerify: false } };
  },
  http_status: meeting('HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n', at()),
  http_protocol: meeting('220 mail.test ESMTP\r\n\r\n', at()),
  http_body: meeting(OK, at({ expect: { body: 'my blog' } })),
  http_header: meeting(OK, at({ expect: { headers: [{ name: 'x-origin' }] } })),
  http_json: meeting(OK, at({ expect: { json: [{ pointer: '/state' }] } })),
  http_decode: meeting(`${HEAD}Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello`, at({ unpack: true })),
  http_too_large: meeting(endless(HEAD, 'a: b\r\n'.repeat(1_000)), at()),
  http_redirect: meeting(moved('/'), at({ follow: {} })),
  token_unreachable: async () => ({ settings: withToken(`http://127.0.0.1:${await freePort()}/`) }),
  token_denied: grantedBy('HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n'),
  token_error: grantedBy('HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n'),
  proxy_unreachable: async () => ({ settings: through(await freePort()) }),
  proxy_timeout: proxied(() => undefined, { deadlineMs: SHORT_MS }),
  proxy_tls: proxied('HTTP/1.1 400 Bad Request\r\n\r\n', { scheme: 'https' }),
  proxy_denied: proxied('HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n'),
  proxy_gateway: proxied('HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n'),
  proxy_protocol: proxied('220 mail.test ESMTP\r\n\r\n'),
  target_denied: meeting(moved('http://169.254.169.254/'), at({ follow: {} })),
} satisfies Outcomes;
