// Inputs 33 to 39: chains, names and handshakes made to hurt.
import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { expect, onTestFinished } from 'vitest';
import type { Reason } from '../../../catalog/reasons.ts';
import { realClock } from '../../../exporters/clock.ts';
import { http } from '../../../exporters/http/probe.ts';
import { freePort } from '../../../replay/process.ts';
import { contextOf } from '../contract.ts';
import { httpServer, type RawAnswer, started, tlsServer } from '../local-server.ts';
import { good, middle, root, withChain } from '../measure-certificate.ts';
import { type OpensslAuthority, stapling } from '../openssl-authority.ts';
import { meeting, type Provoke } from '../outcomes/provoke.ts';
import { crossSigned, type Issued, LEAF_NAME, type LeafOptions, rootAuthority, selfSignedLeaf } from '../test-ca.ts';
import { type HostileInputs, metBy } from './input.ts';

type Numbers = 33 | 34 | 35 | 36 | 37 | 38 | 39;

const LONG_LIST = Buffer.alloc(50 << 20);
/** As the authority makes them. */
const LIST_LASTS_MS = 86_400_000;

const seen = metBy('certificate');
const at = (port: number, host: string) => ({ host, port, serverName: LEAF_NAME });

const showing =
  (issue: () => Promise<Issued>, options: tls.TlsOptions = {}, trust: readonly string[] = [root.cert]): Provoke =>
  async () => {
    const { port } = await tlsServer({ ...(await issue()), ...options });
    return { settings: at(port, '127.0.0.1'), context: { trust } };
  };

const raw = (answer: RawAnswer, reason: Reason) => seen(meeting(answer, at), reason, { phase: 'tls' });

/** Ends at a time nobody can read, and is trusted for what it is. */
const endless = seen(
  async () => {
    const { cert, key } = await root.issue();
    const { raw, validTo } = new X509Certificate(cert);
    const end = new Date(validTo).toISOString().replace(/\D/g, '').slice(2, 14);
    const unreadable = Buffer.from(raw.toString('latin1').replace(`${end}Z`, 'in a whileZZZ'), 'latin1');
    const shown = new X509Certificate(unreadable).toString();
    return showing(async () => ({ key, cert: shown }), {}, [shown])();
  },
  'tls_untrusted',
  { holds: (observed) => expect(observed.facts).toMatchObject({ notAfter: null, checks: { time: null } }) },
);

const named = (value: string) =>
  seen(
    showing(() => root.issue({ names: [{ type: 'dns', value }] })),
    'tls_hostname',
  );

const lasting = (options: LeafOptions, reason: Reason) =>
  seen(
    showing(() => root.issue(options)),
    reason,
  );

async function longChain(): Promise<Issued> {
  const many = await Promise.all(Array.from({ length: 119 }, (_, n) => root.below(`Below ${n}`)));
  return withChain(good, ...many.map((one) => one.cert));
}

/** A certificate of so many names, the one that is asked for last. */
const manyNames = (authority: OpensslAuthority, count: number, label = 'host'): Provoke => {
  const names = Array.from({ length: count }, (_, n) => `${label}-${n}.test`);
  return showing(async () => authority.leaf('many', [], undefined, [...names, LEAF_NAME]), {}, [authority.cert]);
};

async function ringOfNamesakes(): Promise<Issued> {
  const ring = [await rootAuthority('Ring')];
  for (let step = 1; step < 9; step += 1) ring.push(await (ring.at(-1) ?? root).below('Ring'));
  return withChain(await (ring.at(-1) ?? root).issue(), ...ring.map((one) => one.cert));
}

async function oneWayExpired(): Promise<Issued> {
  const young = await rootAuthority('Young');
  const dead = await crossSigned(young, root, { toDays: -1 });
  const alive = await crossSigned(young, root, { toDays: 9 });
  return withChain(await young.issue(), dead, young.cert, alive);
}

async function rudeIssuer(): Promise<Issued> {
  const rude = await rootAuthority(`a\u202Eb\u0007<img onerror=x>${'x'.repeat(100)}`);
  return withChain(await rude.issue(), rude.cert);
}

/** A key of 16,384 bits, which takes minutes to make. */
const hugeKey = async (): Promise<Issued> => {
  const [key, cert] = ['key', 'pem'].map((part) => {
    return readFileSync(new URL(`../fixtures/rsa-16384.${part}`, import.meta.url), 'utf8');
  });
  return { key: key ?? '', cert: cert ?? '' };
};

/** TLS 1.2 that begins anew so often once a request came in, and answers then. */
const renegotiating =
  (times: number): Provoke =>
  async () => {
    const limit = tls.CLIENT_RENEG_LIMIT;
    // Node takes its own wish for an attack.
    Object.assign(tls, { CLIENT_RENEG_LIMIT: Number.POSITIVE_INFINITY });
    onTestFinished(() => void Object.assign(tls, { CLIENT_RENEG_LIMIT: limit }));
    const server = tls.createServer({ ...good, maxVersion: 'TLSv1.2' }, (socket) => {
      let done = 0;
      const again = (): void => {
        done += 1;
        if (done > times) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        else socket.renegotiate({}, (error) => error === null && again());
      };
      socket.on('error', () => socket.destroy());
      socket.once('data', again);
    });
    const { port } = await started(server);
    return { settings: { url: `https://127.0.0.1:${port}/`, tlsVerify: false } };
  };

/** A server that would take what is said before the handshake is over, and tells whether anybody did. */
function ofEarlyData(): HostileInputs {
  let told = '';
  const provoke: Provoke = async () => {
    const port = await freePort();
    const folder = mkdtempSync(path.join(tmpdir(), 'demarc-early-'));
    writeFileSync(path.join(folder, 'pem'), good.key + good.cert);
    const options = ['-tls1_3', '-early_data', '-cert', path.join(folder, 'pem')];
    const server = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, ...options]);
    onTestFinished(() => {
      server.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    });
    told = '';
    server.stdout.on('data', (chunk) => {
      told += chunk;
    });
    await expect.poll(() => told, { timeout: 5_000 }).toContain('ACCEPT');
    const settings = { url: `https://127.0.0.1:${port}/`, tlsVerify: false };
    // The ticket of a first visit is what a second one could begin with. It never answers.
    await http.prepare('t', settings)(contextOf(AbortSignal.timeout(300)));
    return { settings };
  };
  const holds = async (): Promise<void> => {
    const silent = () => told.split('No early data received').length - 1;
    await expect.poll(silent, { timeout: 5_000 }).toBe(2);
    expect(told).not.toMatch(/^Early data received|Reused/m);
  };
  return { 'takes what comes before the handshake is over': metBy('http')(provoke, 'timeout', { holds }) };
}

/** By the openssl authority: leaves that name a list of what is revoked, and answers that are stapled. */
function ofRevocation(authority: OpensslAuthority): HostileInputs {
  const stapled = (answer: Buffer) =>
    seen(
      async () => {
        const { port } = await stapling(authority.leaf('stapled'), answer);
        return { settings: at(port, '127.0.0.1'), context: { trust: [authority.cert] } };
      },
      'ok',
      { holds: (observed) => expect(observed.facts).toMatchObject({ checks: { notRevoked: null } }) },
    );
  /** `aheadMs`: by how much our clock is ahead of whoever made the list. */
  const listed = (serve: (name: string) => Buffer | null, aheadMs = 0) =>
    seen(
      async () => {
        const list = await httpServer(({ url = '' }, response) => {
          const body = serve(url.slice(1));
          if (body !== null) response.end(body);
        });
        const name = `listed-${list.port}`;
        const leaf = authority.leaf(name, [`crlDistributionPoints=URI:http://127.0.0.1:${list.port}/${name}`]);
        const { port } = await stapling(leaf, null);
        const settings = { ...at(port, '127.0.0.1'), revocation: 'list' };
        const clock = { ...realClock, now: () => Date.now() + aheadMs };
        return { settings, context: { trust: [authority.cert], clock } };
      },
      'ok',
      { holds: (observed) => expect(observed.facts).toMatchObject({ checks: { notRevoked: null } }) },
    );
  return {
    'a staple that is none': stapled(Buffer.from('hello')),
    'a staple of zeros': stapled(Buffer.alloc(4_096)),
    'a list of 50 MB': listed(() => LONG_LIST),
    'a list that is a page': listed(() => Buffer.from('<html>')),
    'a list that never comes': listed(() => null),
    'a list whose server is down': seen(
      async () => {
        const name = 'listed-nowhere';
        const at_ = `http://127.0.0.1:${await freePort()}/${name}`;
        const { port } = await stapling(authority.leaf(name, [`crlDistributionPoints=URI:${at_}`]), null);
        const settings = { ...at(port, '127.0.0.1'), revocation: 'list' };
        return { settings, context: { trust: [authority.cert] } };
      },
      'ok',
      { holds: (observed) => expect(observed.facts).toMatchObject({ checks: { notRevoked: null } }) },
    ),
    'a list that is out of date': listed((name) => {
      authority.books({ [name]: 'R' });
      return authority.list();
    }, LIST_LASTS_MS + 3_600_000),
    'a list that names another authority': listed((name) => {
      authority.books({ [name]: 'R' });
      return authority.list('forged');
    }),
  };
}

export const tlsInputs = (authority: OpensslAuthority): Readonly<Record<Numbers, HostileInputs>> => ({
  33: {
    'a chain of 120': seen(showing(longChain), 'tls_incomplete_chain', {
      holds: (observed) => expect(observed.facts).toMatchObject({ chainLength: 10 }),
    }),
    'a certificate of 10,000 names': seen(manyNames(authority, 10_000), 'tls_handshake', { phase: 'tls' }),
    'a certificate of 2,000 names': seen(manyNames(authority, 2_000), 'ok'),
    'a certificate of 1 MiB': seen(manyNames(authority, 15_000, 'x'.repeat(50)), ['tls_handshake', 'connect_reset'], {
      phase: 'tls',
    }),
    'a key of 16,384 bits': seen(showing(hugeKey), ['tls_self_signed', 'tls_handshake']),
  },
  34: {
    'signed by itself': seen(
      showing(() => selfSignedLeaf()),
      'tls_self_signed',
    ),
    'a root that is its own issuer': seen(
      showing(async () => root.self),
      ['tls_hostname', 'tls_untrusted'],
    ),
    'without its intermediate': seen(
      showing(async () => good),
      'tls_incomplete_chain',
    ),
    'in the wrong order': seen(
      showing(async () => withChain(good, root.cert, middle.cert)),
      'ok',
    ),
    'with doubles': seen(
      showing(async () => withChain(good, good.cert, middle.cert, middle.cert)),
      'ok',
    ),
    'cross-signed, one way up expired': seen(showing(oneWayExpired), 'ok'),
    'authorities of one name in a row': seen(showing(ringOfNamesakes), 'tls_untrusted'),
  },
  35: {
    'ends in the year 9999': lasting(
      { notBefore: new Date('2020-01-01'), notAfter: new Date('9999-12-31T23:59:59Z') },
      'ok',
    ),
    'ended in the year 1950': lasting(
      { notBefore: new Date('1950-01-01'), notAfter: new Date('1950-06-01') },
      'tls_expired',
    ),
    'ends at a time that is none': endless,
    'begins tomorrow': lasting({ fromDays: 1 }, 'tls_not_yet_valid'),
  },
  36: {
    'NUL behind the name': named(`${LEAF_NAME}\0.evil.example`),
    'a wildcard within a label': named('o*.test'),
    'a wildcard that is not first': named('origin.*'),
    'a look-alike': named('xn--rigin-8gf.test'),
    markup: named('<img onerror=x>.test'),
    'an issuer that turns the line': seen(showing(rudeIssuer), 'tls_untrusted', {
      holds: (observed) => expect((observed.facts as { issuer: string }).issuer).not.toMatch(/\p{C}/u),
    }),
  },
  37: {
    'an older TLS only': seen(
      showing(async () => good, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
      ['tls_handshake', 'connect_reset'],
      { phase: 'tls' },
    ),
    'no name it knows': seen(
      showing(async () => good, { SNICallback: (_, done) => done(new Error('unknown')) }),
      ['tls_handshake', 'connect_reset'],
      { phase: 'tls' },
    ),
    'wants another handshake before it answers': metBy('http')(renegotiating(1), 'ok'),
    'wants another handshake for ever': metBy('http')(renegotiating(Number.POSITIVE_INFINITY), 'timeout', {
      phase: 'processing',
    }),
    ...ofEarlyData(),
    'no cipher it knows': seen(
      showing(async () => good, { maxVersion: 'TLSv1.2', ciphers: 'NULL-SHA256:@SECLEVEL=0' }),
      ['tls_handshake', 'connect_reset'],
      { phase: 'tls' },
    ),
    'no protocol it speaks': metBy('http')(
      async () => {
        const { port } = await tlsServer({ ...good, ALPNProtocols: ['spdy/1'] });
        return { settings: { url: `https://127.0.0.1:${port}/`, tlsVerify: false } };
      },
      ['tls_handshake', 'connect_reset'],
      { phase: 'tls' },
    ),
    'a fatal alert': raw(Buffer.from('15030300020228', 'hex'), 'tls_handshake'),
    'plain text for an answer': raw('220 mail.test ESMTP\r\n', 'tls_handshake'),
  },
  38: ofRevocation(authority),
  39: {
    'a record of garbage': raw(
      Buffer.concat([Buffer.from('1603030100', 'hex'), Buffer.alloc(256, 0xa5)]),
      'tls_handshake',
    ),
    'a file whose certificate is broken': seen(
      async () => ({ settings: { file: new URL('../fixtures/broken-certificate.pem', import.meta.url).pathname } }),
      'answer_malformed',
    ),
  },
});
