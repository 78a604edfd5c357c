// The certificate probe against real handshakes: every fault on its own, and the gravest as the reason.
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import type { CertificateFacts } from '../../exporters/certificate/facts.ts';
import { certificate } from '../../exporters/certificate/probe.ts';
import { type Clock, realClock } from '../../exporters/clock.ts';
import { http } from '../../exporters/http/probe.ts';
import { probeContract } from './contract.ts';
import { tlsServer } from './local-server.ts';
import { good, measureCertificate, middle, root, withChain } from './measure-certificate.ts';
import { measureHttp } from './measure-http.ts';
import { crossSigned, type Issued, issuedByLeaf, LEAF_NAME, rootAuthority, selfSignedLeaf } from './test-ca.ts';

const DAY_MS = 86_400_000;

const endOf = (pem: string): number => Date.parse(new X509Certificate(pem).validTo) / 1000;

const strange = await rootAuthority('Strange');

type Checks = CertificateFacts['checks'];

const checks = (time: boolean, hostname: boolean, trusted: boolean, completeChain: boolean | null): Checks => ({
  time,
  hostname,
  trusted,
  completeChain,
});

describe('each check alone, the gravest fault as the reason', () => {
  const other = { names: [{ type: 'dns', value: 'other.test' }] } as const;

  it.each<[string, () => Promise<Issued>, Reason, Checks]>([
    ['good', async () => withChain(good, middle.cert), 'ok', checks(true, true, true, true)],
    ['good, with its root', async () => withChain(good, middle.cert, root.cert), 'ok', checks(true, true, true, true)],
    [
      '34: in the wrong order',
      async () => withChain(good, root.cert, middle.cert),
      'ok',
      checks(true, true, true, true),
    ],
    [
      '34: with doubles and strangers',
      async () => withChain(good, good.cert, strange.cert, middle.cert, middle.cert),
      'ok',
      checks(true, true, true, true),
    ],
    ['34: without its intermediate', async () => good, 'tls_incomplete_chain', checks(true, true, false, false)],
    [
      '34: without its intermediate, but with a stranger',
      async () => withChain(good, strange.cert),
      'tls_incomplete_chain',
      checks(true, true, false, false),
    ],
    ['34: the root itself', async () => strange.self, 'tls_hostname', checks(true, false, false, true)],
    ['34: self-signed', () => selfSignedLeaf(), 'tls_self_signed', checks(true, true, false, true)],
    [
      'of an unknown authority that shows itself',
      async () => withChain(await strange.issue(), strange.cert),
      'tls_untrusted',
      checks(true, true, false, true),
    ],
    [
      'of an unknown authority that does not',
      async () => {
        const below = await strange.below('Below');
        return withChain(await below.issue(), below.cert);
      },
      'tls_untrusted',
      checks(true, true, false, null),
    ],
    ['expired', () => root.issue({ toDays: -1 }), 'tls_expired', checks(false, true, true, true)],
    ['35: not yet valid', () => root.issue({ fromDays: 1 }), 'tls_not_yet_valid', checks(false, true, true, true)],
    ['for another name', () => root.issue(other), 'tls_hostname', checks(true, false, true, true)],
    [
      'expired, for another name and self-signed',
      () => selfSignedLeaf({ toDays: -1, ...other }),
      'tls_expired',
      checks(false, false, false, true),
    ],
    [
      'good, below an intermediate that has expired',
      async () => {
        const old = await root.below('Old', { toDays: -1 });
        return withChain(await old.issue(), old.cert);
      },
      'tls_expired',
      checks(false, true, true, true),
    ],
    [
      '34: cross-signed, one way up expired',
      async () => {
        const young = await rootAuthority('Young');
        const dead = await crossSigned(young, root, { toDays: -1 });
        const alive = await crossSigned(young, root, { toDays: 9 });
        return withChain(await young.issue(), dead, young.cert, alive);
      },
      'ok',
      checks(true, true, true, true),
    ],
    [
      'made for clients only',
      () => root.issue({ purposes: ['1.3.6.1.5.5.7.3.2'] }),
      'tls_untrusted',
      checks(true, true, false, true),
    ],
    [
      'issued by a leaf',
      async () => withChain(await issuedByLeaf(good), good.cert, middle.cert),
      'tls_incomplete_chain',
      checks(true, true, false, false),
    ],
  ])('%s', async (_, issue, reason, expected) => {
    const server = await tlsServer(await issue());
    const observed = await measureCertificate(server.port);
    expect(observed).toMatchObject({ reason, phase: reason === 'ok' ? null : 'check', facts: { checks: expected } });
    expect(observed.facts.notAfter).not.toBeNull();
    expect(server.requests()).toBe(0);
    await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  });
});

describe('facts', () => {
  it('says what the certificate says, expired or not', async () => {
    const expired = await root.issue({ fromDays: -30, toDays: -1 });
    const server = await tlsServer(withChain(expired, root.cert));
    const { facts, ...observed } = await measureCertificate(server.port);
    const leaf = new X509Certificate(expired.cert);
    expect(facts).toMatchObject({
      address: '127.0.0.1',
      notBefore: Date.parse(leaf.validFrom),
      notAfter: Date.parse(leaf.validTo),
      fingerprint: leaf.fingerprint256.toLowerCase().replaceAll(':', ''),
      issuer: 'Test Root',
      chainLength: 2,
      protocol: 'TLSv1.3',
    });
    expect(Object.keys(observed.phases)).toEqual(['connect', 'tls']);
    const samples = certificate.samples({ facts, ...observed });
    expect(samples).toContainEqual({
      metric: 'probe_ssl_earliest_cert_expiry',
      value: Date.parse(leaf.validTo) / 1000,
    });
    expect(samples).toContainEqual({ metric: 'demarc_certificate_check', value: 0, labels: { check: 'time' } });
    expect(samples).toContainEqual({ metric: 'demarc_certificate_check', value: 1, labels: { check: 'trusted' } });
    expect(samples).toContainEqual({ metric: 'demarc_certificate_chain_length', value: 2 });
    expect(samples).toContainEqual({ metric: 'probe_tls_version_info', value: 1, labels: { version: 'TLS 1.3' } });
    expect(samples).toHaveLength(11);
  });

  it('tells when the first of the chain ends, as the http probe does', async () => {
    const brief = await root.below('Brief', { toDays: 5 });
    const server = await tlsServer(withChain(await brief.issue({ toDays: 50 }), brief.cert));
    const soonest = { metric: 'probe_ssl_earliest_cert_expiry', value: endOf(brief.cert) };
    const observed = await measureCertificate(server.port, { serverName: LEAF_NAME });
    expect(observed.reason).toBe('ok');
    expect(certificate.samples(observed)).toContainEqual(soonest);
    const settings = { url: `https://127.0.0.1:${server.port}/`, host: LEAF_NAME };
    expect(http.samples(await measureHttp(settings, { trust: [root.cert] }))).toContainEqual(soonest);
  });

  it.each<[string, string[], readonly string[]]>([
    ['as it should be', [middle.cert], []],
    ['with its root', [middle.cert, root.cert], ['root']],
    ['in the wrong order', [root.cert, middle.cert], ['root', 'unordered']],
    ['with a stranger', [middle.cert, strange.cert], ['root', 'extra']],
    ['alone', [], []],
  ])('tells what is odd about a chain: %s', async (_, above, oddities) => {
    const server = await tlsServer(withChain(good, ...above));
    const observed = await measureCertificate(server.port, { serverName: LEAF_NAME });
    expect(observed.facts.oddities).toEqual(oddities);
    const told = certificate.samples(observed).flatMap(({ labels }) => labels?.oddity ?? []);
    expect(told).toEqual(oddities);
  });

  it('goes by the clock it is given', async () => {
    const server = await tlsServer(withChain(good, middle.cert));
    const at = (days: number): Clock => ({ ...realClock, now: () => Date.now() + days * DAY_MS });
    const serverName = { serverName: LEAF_NAME };
    expect(await measureCertificate(server.port, serverName, { clock: at(100) })).toMatchObject({
      reason: 'tls_expired',
    });
    expect(await measureCertificate(server.port, serverName, { clock: at(-20) })).toMatchObject({
      reason: 'tls_not_yet_valid',
    });
  });

  it('trusts a certificate that is given to it as it is', async () => {
    const own = await selfSignedLeaf();
    const server = await tlsServer(own);
    const trust = [root.cert + own.cert];
    expect(await measureCertificate(server.port, { serverName: LEAF_NAME }, { trust })).toMatchObject({ reason: 'ok' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'reads it from a server that wants a certificate from us: %s',
    async (version) => {
      const server = await tlsServer({
        ...withChain(good, middle.cert),
        minVersion: version,
        maxVersion: version,
        requestCert: true,
        rejectUnauthorized: true,
      });
      const observed = await measureCertificate(server.port);
      expect(observed).toMatchObject({
        reason: 'ok',
        facts: { chainLength: 2, checks: checks(true, true, true, true) },
      });
    },
  );
});

describe('names', () => {
  const issue = (...names: { type: 'dns' | 'ip'; value: string }[]) => root.issue({ names, subject: LEAF_NAME });
  const dns = (value: string) => issue({ type: 'dns', value });

  it.each<[string, () => Promise<Issued>, Record<string, unknown>, boolean]>([
    ['a wildcard', () => dns('*.origin.test'), { serverName: 'a.origin.test' }, true],
    ['a wildcard right below the top', () => dns('*.test'), {}, false],
    ['capitals', () => dns('ORIGIN.test'), {}, true],
    ['a wildcard one label up', () => dns('*.origin.test'), { serverName: 'b.a.origin.test' }, false],
    ['36: a wildcard within a label', () => dns('o*.test'), {}, false],
    ['36: a wildcard that is not first', () => dns('origin.*'), {}, false],
    ['36: the subject only', () => issue(), {}, false],
    ['36: NUL behind the name', () => dns('origin.test\0.evil.example'), {}, false],
    ['36: a look-alike', () => dns('xn--rigin-8gf.test'), {}, false],
    ['36: markup', () => dns('<img onerror=x>.test'), {}, false],
    [
      'a name written with its own letters',
      () => dns('xn--bcher-kva.test'),
      { host: 'bücher.test', serverName: undefined, address: '127.0.0.1' },
      true,
    ],
    [
      'a trailing dot',
      () => dns(LEAF_NAME),
      { host: 'origin.test.', serverName: undefined, address: '127.0.0.1' },
      true,
    ],
    ['an address', () => issue({ type: 'ip', value: '127.0.0.1' }), { serverName: undefined }, true],
    [
      'an address in brackets',
      () => issue({ type: 'ip', value: '::1' }),
      { host: '[::1]', serverName: undefined, address: '127.0.0.1' },
      true,
    ],
    ['an address written as a name', () => dns('127.0.0.1'), { serverName: undefined }, false],
  ])('%s', async (_, issued, settings, hostname) => {
    const server = await tlsServer(await issued());
    const observed = await measureCertificate(server.port, { serverName: LEAF_NAME, ...settings });
    expect(observed.facts.checks.hostname).toBe(hostname);
    expect(observed.reason).toBe(hostname ? 'ok' : 'tls_hostname');
  });

  it('36: an issuer that would turn or break a line', async () => {
    const rude = await rootAuthority('a\u202Eb\u0007<img onerror=x>' + 'x'.repeat(100));
    const server = await tlsServer(withChain(await rude.issue(), rude.cert));
    const { facts } = await measureCertificate(server.port);
    expect(facts.issuer).not.toMatch(/\p{C}/u);
    expect(facts.issuer?.length).toBeLessThanOrEqual(64);
  });
});

describe('a handshake that names nobody', () => {
  const shown = createSecureContext(withChain(good, middle.cert));

  it('is shown what is there for everybody, which is compared with the name', async () => {
    const asked: string[] = [];
    const fallback = await middle.issue({ names: [{ type: 'dns', value: 'neighbour.test' }] });
    const server = await tlsServer({
      ...withChain(fallback, middle.cert),
      SNICallback(name, done) {
        asked.push(name);
        done(null, shown);
      },
    });
    const named = await measureCertificate(server.port);
    const unnamed = await measureCertificate(server.port, { serverName: LEAF_NAME, sni: 'none' });
    const neighbour = await measureCertificate(server.port, { serverName: 'neighbour.test', sni: 'none' });
    expect(named.reason).toBe('ok');
    expect(unnamed).toMatchObject({ reason: 'tls_hostname', facts: { checks: checks(true, false, true, true) } });
    expect(unnamed.facts.fingerprint).not.toBe(named.facts.fingerprint);
    expect(neighbour).toMatchObject({ reason: 'ok', facts: { fingerprint: unnamed.facts.fingerprint } });
    expect(asked).toEqual([LEAF_NAME]);
  });

  it('is told apart where nothing is there for everybody', async () => {
    const server = await tlsServer({ SNICallback: (_, done) => done(null, shown) });
    expect((await measureCertificate(server.port)).reason).toBe('ok');
    expect(await measureCertificate(server.port, { serverName: LEAF_NAME, sni: 'none' })).toMatchObject({
      reason: 'tls_handshake',
      facts: { fingerprint: null },
    });
  });
});

probeContract('certificate', {
  probe: certificate,
  transport: 'tcp',
  settingsFor: (port, host) => ({ host, port }),
  expected: {
    mute: ['timeout'],
    refused: ['connect_refused'],
    reset: ['connect_reset'],
    'hang-up': ['connect_reset'],
    garbage: ['tls_handshake'],
    drip: ['tls_handshake'],
    huge: ['tls_handshake'],
  },
});
