// The certificate probe on servers that begin in the clear: every protocol says yes, no, too much, and nonsense.
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { ROOT } from '../../catalog/root.ts';
import { PORT_OF, type StartTlsProtocol } from '../../exporters/certificate/starttls.ts';
import { type RawAnswer, rawServer, started } from './local-server.ts';
import { good, measureCertificate, middle, withChain } from './measure-certificate.ts';
import { LEAF_NAME } from './test-ca.ts';

const CREDENTIALS = withChain(good, middle.cert);

/** What a server says first, and what to each message; the last answer is its go-ahead. */
interface Script {
  greeting: string;
  answers: readonly (string | Buffer)[];
}

const STREAM = "<stream:stream xmlns='jabber:client' id='1' version='1.0'>";
const LDAP_YES = Buffer.from('300c02010178070a010004000400', 'hex');
const LDAP_NO = Buffer.from('300c02010178070a013504000400', 'hex');

const YES: Readonly<Record<StartTlsProtocol, Script>> = {
  smtp: {
    greeting: '220-mail.test welcomes\r\n220 you\r\n',
    answers: ['250-mail.test\r\n250-SIZE 1000\r\n250 STARTTLS\r\n', '220 go\r\n'],
  },
  imap: { greeting: '* OK [CAPABILITY IMAP4rev1] ready\r\n', answers: ['* NOTHING to see\r\nd1 OK go\r\n'] },
  pop3: { greeting: '+OK ready\r\n', answers: ['+OK go\r\n'] },
  ftp: { greeting: '220-a\r\nwhatever\r\n220 b\r\n', answers: ['234 go\r\n'] },
  postgres: { greeting: '', answers: ['S'] },
  ldap: { greeting: '', answers: [LDAP_YES] },
  xmpp: {
    greeting: '',
    answers: [
      `<?xml version='1.0'?>${STREAM}<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>`,
      "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    ],
  },
};

const NO: Readonly<Record<StartTlsProtocol, Script>> = {
  smtp: { greeting: '220 a\r\n', answers: ['250-mail.test\r\n250 SIZE 1000\r\n'] },
  imap: { greeting: '* OK ready\r\n', answers: ['d1 NO not here\r\n'] },
  pop3: { greeting: '+OK ready\r\n', answers: ['-ERR what\r\n'] },
  ftp: { greeting: '220 b\r\n', answers: ['502 what\r\n'] },
  postgres: { greeting: '', answers: ['N'] },
  ldap: { greeting: '', answers: [LDAP_NO] },
  xmpp: { greeting: '', answers: [`${STREAM}<stream:features></stream:features>`] },
};

const PROTOCOLS = Object.keys(PORT_OF) as StartTlsProtocol[];

/** Follows the script, some bytes at a time, and then speaks TLS. */
function scripted({ greeting, answers }: Script, atOnce: number, after = '') {
  return started(
    net.createServer((socket) => {
      socket.on('error', () => socket.destroy());
      const say = async (text: string | Buffer) => {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += atOnce) {
          socket.write(bytes.subarray(at, at + atOnce));
          if (atOnce < bytes.length) await new Promise((next) => setImmediate(next));
        }
      };
      let said = say(greeting);
      let turn = 0;
      const listen = () => {
        const answer = answers[turn];
        turn += 1;
        if (answer === undefined) return;
        const last = turn === answers.length;
        if (last) socket.off('data', listen).pause();
        said = said.then(async () => {
          await say(last ? Buffer.concat([Buffer.from(answer), Buffer.from(after)]) : answer);
          if (last) new tls.TLSSocket(socket, { isServer: true, ...CREDENTIALS }).on('error', () => socket.destroy());
        });
      };
      socket.on('data', listen);
    }),
  );
}

const measure = (port: number, startTls: StartTlsProtocol) =>
  measureCertificate(port, { serverName: LEAF_NAME, startTls });

describe.each(PROTOCOLS)('STARTTLS by %s', (protocol) => {
  it.each([
    ['in one piece', 65_536],
    ['byte by byte', 1],
  ])('reads the certificate, %s', async (_, atOnce) => {
    const server = await scripted(YES[protocol], atOnce);
    const observed = await measure(server.port, protocol);
    expect(observed).toMatchObject({
      reason: 'ok',
      facts: { chainLength: 2, checks: { trusted: true, hostname: true } },
    });
    expect(Object.keys(observed.phases)).toEqual(['connect', 'starttls', 'tls']);
    await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  });

  it('takes no for no', async () => {
    const server = await scripted(NO[protocol], 65_536);
    expect(await measure(server.port, protocol)).toMatchObject({ reason: 'starttls_refused', phase: 'starttls' });
  });

  it('takes nothing said in the clear for what comes protected', async () => {
    const server = await scripted(YES[protocol], 65_536, 'injected\r\n');
    expect(await measure(server.port, protocol)).toMatchObject({ reason: 'answer_malformed', phase: 'starttls' });
  });
});

describe('every protocol, from a server that', () => {
  it.each<[string, RawAnswer, readonly Reason[]]>([
    ['is mute', () => undefined, ['timeout']],
    ['hangs up', (socket) => socket.end(), ['connect_reset']],
    ['resets', (socket) => setTimeout(() => socket.resetAndDestroy(), 20), ['connect_reset']],
    ['speaks another protocol', (socket) => socket.write('HTTP/1.1 400 Bad\r\n\r\n'), ['answer_malformed']],
    ['says a line without end', (socket) => socket.write('2'.repeat(100_000)), ['answer_malformed']],
    [
      'drips',
      (socket) => {
        const timer = setInterval(() => socket.write(' '), 20);
        socket.on('close', () => clearInterval(timer));
      },
      ['timeout', 'answer_malformed'],
    ],
  ])('%s', async (_, answer, reasons) => {
    const server = await rawServer(answer);
    // All at once: each takes its whole deadline.
    for (const observed of await Promise.all(PROTOCOLS.map((protocol) => measure(server.port, protocol)))) {
      expect(reasons).toContain(observed.reason);
      expect(observed.phase).toBe('starttls');
    }
    await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  });
});

/** By the word behind the protocol in a name of the corpus: what comes of everything the server says, said at once. */
const MEANT: Readonly<Record<string, readonly Reason[]>> = {
  go: ['tls_handshake', 'connect_reset'],
  refused: ['starttls_refused'],
  malformed: ['answer_malformed'],
};

const CORPUS = path.join(ROOT, 'test/exporters/corpus/starttls-answer');
const corpus = readdirSync(CORPUS)
  .sort()
  .map((file) => ({ file, bytes: readFileSync(path.join(CORPUS, file)) }));

it.each(corpus)('$file of the corpus ends as its name says', async ({ file, bytes }) => {
  const [protocol, meant = ''] = file.split('-');
  const server = await rawServer((socket) => socket.end(bytes));
  const { reason } = await measure(server.port, protocol as StartTlsProtocol);
  expect(MEANT[meant]).toContain(reason);
});

it('whatever is said, it ends with a reason', async () => {
  const said = { bytes: Buffer.alloc(0) };
  const server = await rawServer((socket) => socket.end(said.bytes));
  const scripts = corpus.map(({ bytes }) => bytes);
  const mangled = fc.tuple(fc.constantFrom(...scripts), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.uint8Array({ maxLength: 64 }), mangled),
      fc.constantFrom(...PROTOCOLS),
      async (input, protocol) => {
        if (input instanceof Uint8Array) said.bytes = Buffer.from(input);
        else {
          const [script, changes] = input;
          said.bytes = Buffer.from(script);
          for (const [at, byte] of changes) if (at < said.bytes.length) said.bytes[at] = byte;
        }
        const { reason } = await measure(server.port, protocol);
        expect(['answer_malformed', 'starttls_refused', 'connect_reset', 'tls_handshake']).toContain(reason);
      },
    ),
    { numRuns: 80 },
  );
});
