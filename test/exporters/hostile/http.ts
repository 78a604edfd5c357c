// Inputs 18 to 32: web servers that lie, stall or flood.
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { Phase, Reason } from '../../../catalog/reasons.ts';
import type { Observation } from '../../../exporters/observation.ts';
import type { NameResolver } from '../../../exporters/probe.ts';
import { httpServer, type RawAnswer, rawServer, tlsServer } from '../local-server.ts';
import { good, middle, root, withChain } from '../measure-certificate.ts';
import { endless, resolvesTo, thenEnds } from '../measure-http.ts';
import { meeting, type Provoke } from '../outcomes/provoke.ts';
import { LEAF_NAME } from '../test-ca.ts';
import { type HostileInput, type HostileInputs, metBy } from './input.ts';

type Numbers = 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30 | 31 | 32;

const HEAD = 'HTTP/1.1 200 OK\r\n';
const OK = `${HEAD}Content-Length: 2\r\n\r\nok`;
const PROTOTYPES = `${HEAD}__proto__: polluted\r\nconstructor: x\r\nContent-Length: 2\r\n\r\nok`;
const BOMB = gzipSync(Buffer.alloc(64 << 20));

/** One line of 10 MB. */
const LINE = Buffer.concat([Buffer.from(`${HEAD}Content-Length: 10000000\r\n\r\n`), Buffer.alloc(10_000_000, 'a')]);

const seen = metBy('http');

interface More {
  settings?: Record<string, unknown>;
  holds?: HostileInput['holds'];
}

/** A server that answers with these bytes. */
const raw = (answer: RawAnswer, reason: Reason, phase?: Phase, { settings, holds }: More = {}) =>
  seen(
    meeting(answer, (port, host) => ({ url: `http://${host}:${port}/`, ...settings })),
    reason,
    { holds, ...(phase !== undefined && { phase }) },
  );

/** The same where TLS is due. */
const secure = (answer: RawAnswer, reason: Reason, phase: Phase) =>
  seen(
    meeting(answer, (port) => ({ url: `https://${LEAF_NAME}:${port}/` }), {
      context: { resolver: resolvesTo('127.0.0.1') },
    }),
    reason,
    { phase },
  );

const packed = (encoding: string, body: Buffer, reason: Reason, unpack = true) =>
  raw(
    Buffer.concat([
      Buffer.from(`${HEAD}Content-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`),
      body,
    ]),
    reason,
    undefined,
    { settings: { unpack } },
  );

/** Far less than what it unpacks to. */
const bomb = (encoding: string, body: Buffer, reason: Reason, unpack = true): HostileInput => ({
  ...packed(encoding, body, reason, unpack),
  most: 2 << 20,
});

/** However much comes, so much is read. */
const readTo = (bytes: number) => ({
  holds: (observed: Observation) => expect(observed.facts).toMatchObject({ bodyBytes: bytes }),
});

/** Says a word of its cache that is no state. */
const ofCache = (word: string) =>
  raw(`${HEAD}CF-Cache-Status: ${word}\r\nContent-Length: 0\r\n\r\n`, 'ok', undefined, {
    holds: (observed) => expect(observed.facts).toMatchObject({ cache: null }),
  });

const movedTo = (location: string): string =>
  `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;

/** Leads to a server that nobody may visit. */
function redirect(location: string, reasons: Reason | readonly Reason[], follow: object | null = {}): HostileInput {
  const visits: (() => number)[] = [];
  const provoke: Provoke = async () => {
    const trap = await httpServer((_, response) => response.end());
    visits.push(trap.accepted);
    const { port } = await rawServer(movedTo(location.replace('TRAP', String(trap.port))));
    return { settings: { url: `http://127.0.0.1:${port}/`, ...(follow !== null && { follow }) } };
  };
  return seen(provoke, reasons, { holds: () => expect(visits.map((count) => count())).toEqual([0]) });
}

const downgrade = seen(async () => {
  const { port } = await tlsServer(withChain(good, middle.cert), movedTo(`http://${LEAF_NAME}/`));
  const context = { resolver: resolvesTo('127.0.0.1'), trust: [root.cert] };
  return { settings: { url: `https://${LEAF_NAME}:${port}/`, follow: {} }, context };
}, 'http_redirect');

/** Asked again, the name would lead elsewhere. */
const rebinding = seen(
  async () => {
    const server = await rawServer(OK);
    let asked = 0;
    const resolver: NameResolver = {
      resolve: async () => {
        asked += 1;
        return [asked === 1 ? '127.0.0.1' : '127.0.0.2'];
      },
    };
    return { settings: { url: `http://rebind.test:${server.port}/` }, context: { resolver } };
  },
  'ok',
  { holds: (observed) => expect(observed.facts).toMatchObject({ address: '127.0.0.1' }) },
);

const overTls = seen(async () => {
  const { port } = await tlsServer(withChain(good, middle.cert));
  return { settings: { url: `http://127.0.0.1:${port}/` } };
}, ['http_protocol', 'connect_reset']);

/** Our request does not fit into what the kernels hold. */
const mute = seen(async () => {
  const { port } = await rawServer((socket) => {
    socket.pause();
    // Only who reads learns that the other side is gone.
    setTimeout(() => socket.resume(), 800);
  });
  return { settings: { url: `http://127.0.0.1:${port}/${'x'.repeat(8_000_000)}` } };
}, 'timeout');

export const HTTP_INPUTS: Readonly<Record<Numbers, HostileInputs>> = {
  18: {
    'accepts and never answers': raw(() => undefined, 'timeout', 'processing'),
    'says nothing when a handshake is due': secure(() => undefined, 'timeout', 'tls'),
  },
  19: {
    'drips its headers': raw(endless(HEAD, 'a', 50), 'timeout', 'processing'),
    'drips its body': raw(endless(`${HEAD}Content-Length: 5000\r\n\r\n`, 'a', 50), 'timeout', 'transfer'),
  },
  20: {
    'sends headers for ever': raw(endless(HEAD, 'a: b\r\n'.repeat(1000)), 'http_too_large', 'processing'),
    'a header of 1 MiB': raw(`${HEAD}a: ${'x'.repeat(1_048_576)}\r\n\r\n`, 'http_too_large', 'processing'),
    '3,000 headers': raw(`${HEAD}${'a: b\r\n'.repeat(3000)}\r\n`, 'http_too_large', 'processing'),
    '101 short headers': raw(`${HEAD}${'a: b\r\n'.repeat(101)}\r\n`, 'http_too_large', 'processing'),
  },
  21: {
    'a body for ever': raw(endless(`${HEAD}\r\n`, 'x'.repeat(65_536)), 'ok', undefined, readTo(65_536)),
    'chunks for ever': raw(
      endless(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, `1000\r\n${'x'.repeat(4096)}\r\n`),
      'ok',
      undefined,
      readTo(65_536),
    ),
    'chunks that stop coming': raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`, 'timeout', 'transfer'),
    'a chunk extension for ever': raw(
      endless(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5;`, 'x'.repeat(4096)),
      'http_protocol',
      'transfer',
    ),
    'a trailer for ever': raw(
      endless(`${HEAD}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'a: b\r\n'),
      'http_too_large',
      'transfer',
    ),
    'Content-Length 9e15': raw(`${HEAD}Content-Length: 9e15\r\n\r\n`, 'http_protocol', 'processing'),
    'Content-Length negative': raw(`${HEAD}Content-Length: -1\r\n\r\n`, 'http_protocol', 'processing'),
    'two lengths': raw(`${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 'http_protocol', 'processing'),
    'length and chunks': raw(
      `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'http_protocol',
      'processing',
    ),
    'fewer bytes than announced': raw(
      thenEnds(`${HEAD}Content-Length: 9\r\n\r\nab`, 'end'),
      'http_protocol',
      'transfer',
    ),
    'more bytes than announced': raw(`${HEAD}Content-Length: 1\r\n\r\nabcdef`, 'ok', undefined, {
      holds: (observed) => expect(observed.facts).toMatchObject({ bodyBytes: 1 }),
    }),
    'more than is wanted': raw(endless(`${HEAD}\r\n`, 'x'.repeat(65_536)), 'ok', undefined, {
      settings: { maxBodyBytes: 1_000 },
      holds: (observed) => expect(observed.facts).toMatchObject({ bodyBytes: 1_000 }),
    }),
  },
  22: {
    'gzip nobody asked for': raw(
      Buffer.concat([Buffer.from(`${HEAD}Content-Encoding: gzip\r\n\r\n`), gzipSync('ok')]),
      'http_protocol',
      'processing',
    ),
    'gzip in gzip': raw(`${HEAD}Content-Encoding: gzip, gzip, gzip, gzip, gzip\r\n\r\n`, 'http_protocol', 'processing'),
    br: raw(
      Buffer.concat([Buffer.from(`${HEAD}Content-Encoding: br\r\n\r\n`), brotliCompressSync('ok')]),
      'http_protocol',
      'processing',
    ),
    'zstd as transfer encoding': raw(
      `${HEAD}Transfer-Encoding: zstd, chunked\r\n\r\n0\r\n\r\n`,
      'http_protocol',
      'processing',
    ),
    'a bomb nobody asked for': bomb('gzip', BOMB, 'http_protocol', false),
    'a bomb': bomb('gzip', BOMB, 'http_too_large'),
    'a bomb of br': bomb('br', brotliCompressSync(Buffer.alloc(16 << 20)), 'http_too_large'),
    'gzip cut short': packed('gzip', gzipSync('hello world').subarray(0, -6), 'http_decode'),
    'gzip that is none': packed('gzip', Buffer.from('hello'), 'http_decode'),
    'one in the other': packed('gzip, gzip', gzipSync('hello'), 'http_decode'),
    'an encoding named as a prototype is': packed('__proto__', Buffer.from('hello'), 'http_decode'),
    'an encoding named as every object has one': packed('constructor', Buffer.from('hello'), 'http_decode'),
  },
  23: {
    '2,000 early hints': raw(
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(2000) + OK,
      'http_protocol',
      'processing',
    ),
    '100 Continue for ever': raw(endless('', 'HTTP/1.1 100 Continue\r\n\r\n'), 'http_protocol', 'processing'),
    '8 early hints': raw('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(8) + OK, 'ok'),
    '101 nobody asked for': raw(
      'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      'http_protocol',
      'processing',
    ),
  },
  24: {
    'to itself': redirect('/', 'http_redirect'),
    'to a file': redirect('file:///etc/passwd', 'http_redirect'),
    'to another protocol': redirect('ftp://127.0.0.1/', 'http_redirect'),
    'to data': redirect('data:,x', 'http_redirect'),
    'to loopback': redirect('http://127.0.0.2:TRAP/', 'target_denied'),
    'to a private network': redirect('http://10.1.2.3/', 'target_denied'),
    'to where a cloud keeps its secrets': redirect('http://169.254.169.254/', 'target_denied'),
    'to an address within another': redirect('http://[::ffff:127.0.0.2]:TRAP/', 'target_denied'),
    'to an address in hexadecimal': redirect('http://0x7f.2:TRAP/', 'target_denied'),
    'to an address in one number': redirect('http://2130706434:TRAP/', 'target_denied'),
    'to an address with a zone': redirect('http://[fe80::1%25lo]:TRAP/', 'http_redirect'),
    'to an address in octal': redirect('http://0177.0.0.2:TRAP/', 'target_denied'),
    'to a network of the house over IPv6': redirect('http://[fd00::1]:TRAP/', 'target_denied'),
    'to this machine over IPv6': redirect('http://[::]:TRAP/', 'target_denied'),
    'to no address at all': redirect('http://[', 'http_redirect'),
    'to a host nobody named': redirect('http://other.test:TRAP/', 'target_denied'),
    'followed by nobody': redirect('http://127.0.0.1:TRAP/', 'http_status', null),
    'from TLS to plain': downgrade,
  },
  25: {
    'an address for the check and another for the connection': rebinding,
  },
  26: {
    'NUL in a header': raw(`${HEAD}a: b\0c\r\nContent-Length: 0\r\n\r\n`, 'http_protocol', 'processing'),
    'a bare CR': raw(`${HEAD}a: b\rc: d\r\nContent-Length: 0\r\n\r\n`, 'http_protocol', 'processing'),
    'prototype names': raw(PROTOTYPES, 'ok', undefined, { holds: () => expect('polluted' in {}).toBe(false) }),
    'a cache state named as a prototype is': ofCache('__proto__'),
    'a cache state named as every object has one': ofCache('constructor'),
    '8-bit bytes and doubles': raw(
      Buffer.from(`${HEAD}a: \xff\r\na: \xfe\r\nContent-Length: 0\r\n\r\n`, 'latin1'),
      'ok',
    ),
  },
  27: {
    'HTTP/0.9': raw(thenEnds('<html>hello</html>', 'end'), 'http_protocol', 'processing'),
    'status 2000': raw('HTTP/1.1 2000 OK\r\n\r\n', 'http_protocol', 'processing'),
    'status 000': raw('HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n', 'http_protocol', 'processing'),
    'status 999': raw('HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n', 'http_protocol', 'processing'),
    'garbage before the status': raw(`\x16\x03\x01${OK}`, 'http_protocol', 'processing'),
    'speaks plain HTTP where TLS is due': secure('HTTP/1.1 400 Bad Request\r\n\r\n', 'tls_handshake', 'tls'),
    'speaks TLS where plain HTTP is due': overTls,
  },
  28: {
    'retry after 30 years': raw(
      'HTTP/1.1 503 X\r\nRetry-After: 999999999\r\nContent-Length: 0\r\n\r\n',
      'http_status',
      'check',
    ),
    'retry in the year 9999': raw(
      'HTTP/1.1 503 X\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n\r\n',
      'http_status',
      'check',
    ),
    'an error page with 200': raw(`${HEAD}Content-Length: 15\r\n\r\nError code 500!`, 'http_body', 'check', {
      settings: { expect: { body: 'my blog' } },
    }),
  },
  29: {
    'answers, then resets': raw(thenEnds(OK, 'resetAndDestroy'), 'ok'),
    'resets in its body': raw(
      thenEnds(`${HEAD}Content-Length: 9\r\n\r\nab`, 'resetAndDestroy'),
      'connect_reset',
      'transfer',
    ),
    'resets in its headers': raw(thenEnds(HEAD, 'resetAndDestroy'), 'connect_reset', 'processing'),
    'closes without a word': raw((socket) => socket.end(), 'connect_reset', 'processing'),
    'answers, then closes': raw(thenEnds(OK, 'end'), 'ok'),
    'resets in the handshake': secure(
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      'connect_reset',
      'tls',
    ),
  },
  30: {
    'cookies by the hundred, HSTS and Alt-Svc': raw(
      `${HEAD}${'Set-Cookie: a=1\r\n'.repeat(50)}Strict-Transport-Security: max-age=9\r\nAlt-Svc: h3=":1"\r\nContent-Length: 0\r\n\r\n`,
      'ok',
    ),
  },
  31: {
    'wrong charset and half characters': raw(
      Buffer.concat([
        Buffer.from(`${HEAD}Content-Type: text/html; charset=utf-16\r\nContent-Length: 4\r\n\r\n`),
        Buffer.from([0xed, 0xa0, 0x80, 0xff]),
      ]),
      'ok',
    ),
    'one line of 10 MB': raw(LINE, 'ok', undefined, readTo(65_536)),
    'one line of 10 MB against a pattern': raw(LINE, 'http_body', 'check', {
      settings: { expect: { matches: '(a+)+$b' } },
    }),
    'an edge location made for a pattern that backtracks': raw(
      `${HEAD}X-Pop: ${'a'.repeat(127)}!\r\nContent-Length: 0\r\n\r\n`,
      'ok',
      undefined,
      {
        settings: { popHeader: { name: 'x-pop', pattern: '^(a+)+$' } },
        holds: ({ facts }) => expect(facts).toMatchObject({ pop: null }),
      },
    ),
  },
  32: {
    'reads nothing': mute,
  },
};
