// The certificate probe on files, on every address of a name, and on keys nobody should rely on.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { certificate } from '../../exporters/certificate/probe.ts';
import { contextOf } from './contract.ts';
import { good, middle, root, withChain } from './measure-certificate.ts';
import { resolvesTo } from './measure-http.ts';
import { opensslAuthority } from './openssl-authority.ts';
import { LEAF_NAME } from './test-ca.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'demarc-certificates-'));
afterAll(() => rmSync(folder, { recursive: true }));

const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });

const put = (name: string, bytes: string | Buffer): string => {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
};

const measure = (settings: Record<string, unknown>, trust = [root.cert]) =>
  certificate.prepare('t', settings)(contextOf(AbortSignal.timeout(5_000), { trust }));

const chain = put('chain.pem', withChain(good, middle.cert).cert);
const key = put('key.pem', good.key);
const pkcs12 = (password: string): string => {
  openssl('pkcs12', '-export', '-in', chain, '-inkey', key, '-out', 'store.p12', '-passout', `pass:${password}`);
  return path.join(folder, 'store.p12');
};

describe('files', () => {
  it.each<[string, () => string, Reason, number | null]>([
    ['PEM with a chain', () => chain, 'ok', 2],
    ['PEM with a key before it', () => put('both.pem', good.key + withChain(good, middle.cert).cert), 'ok', 2],
    ['PEM without the one in between', () => put('leaf.pem', good.cert), 'tls_incomplete_chain', 1],
    ['DER', () => put('leaf.der', openssl('x509', '-in', chain, '-outform', 'DER')), 'tls_incomplete_chain', 1],
    ['no certificate', () => put('poem.txt', 'roses are red'), 'answer_malformed', null],
    ['a key alone', () => key, 'answer_malformed', null],
    ['a PEM with a broken middle', () => put('broken.pem', good.cert.replace('MII', '!!!')), 'answer_malformed', null],
    ['an empty file', () => put('empty', ''), 'answer_malformed', null],
    ['a file larger than any store', () => put('large', Buffer.alloc(2_000_000, 'x')), 'answer_malformed', null],
    ['a folder', () => folder, 'answer_malformed', null],
    ['no file', () => '/nowhere/at/all', 'local', null],
  ])('%s', async (_, file, reason, chainLength) => {
    const observed = await measure({ file: file(), serverName: LEAF_NAME });
    expect(observed).toMatchObject({ reason, phase: reason === 'ok' ? null : 'check', facts: { chainLength } });
    expect(JSON.stringify(observed)).not.toContain('PRIVATE');
  });

  it('PKCS#12, with the passphrase by reference', async () => {
    vi.stubEnv('DEMARC_TEST_PASSPHRASE', 'canary');
    onTestFinished(() => void vi.unstubAllEnvs());
    const file = pkcs12('canary');
    const observed = await measure({ file, passphrase: { env: 'DEMARC_TEST_PASSPHRASE' } });
    expect(observed).toMatchObject({
      reason: 'ok',
      facts: { chainLength: 2, checks: { trusted: true, hostname: null } },
    });
    expect(await measure({ file })).toMatchObject({ reason: 'answer_malformed' });
    expect(await measure({ file, passphrase: { env: 'DEMARC_NOT_SET' } })).toMatchObject({ reason: 'local' });
  });
});

describe('strength', () => {
  const authority = opensslAuthority();

  it.each<[string, string[], Reason]>([
    ['RSA of 1024 bits', ['-newkey', 'rsa:1024', '-sha256'], 'tls_weak'],
    ['a signature with SHA-1', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-sha1'], 'tls_weak'],
    ['RSA of 2048 bits', ['-newkey', 'rsa:2048', '-sha256'], 'ok'],
    ['Ed25519', ['-newkey', 'ed25519'], 'ok'],
  ])('%s', async (_, how, reason) => {
    const { cert } = authority.leaf('leaf', [], how);
    const observed = await measure({ file: put('strength.pem', cert), serverName: LEAF_NAME }, [authority.cert]);
    expect(observed).toMatchObject({ reason, facts: { checks: { trusted: true, strong: reason === 'ok' } } });
    expect(certificate.samples(observed)).toContainEqual({
      metric: 'demarc_certificate_check',
      value: reason === 'ok' ? 1 : 0,
      labels: { check: 'strong' },
    });
  });
});

it('looks at every address, and one that is wrong is a failure', async () => {
  const other = await middle.issue({ toDays: -1 });
  const servers = [withChain(good, middle.cert), withChain(other, middle.cert)].map((shown) => tls.createServer(shown));
  onTestFinished(() => servers.forEach((server) => void server.close()));
  const port = await new Promise<number>((resolve) => {
    servers[0]?.listen(0, '127.0.0.1', () => {
      const at = servers[0]?.address();
      const found = typeof at === 'object' && at !== null ? at.port : 0;
      servers[1]?.listen(found, '127.0.0.2', () => resolve(found));
    });
  });
  const ask = (addresses: string, ...names: string[]) =>
    certificate.prepare('t', { host: LEAF_NAME, port, addresses })(
      contextOf(AbortSignal.timeout(5_000), { trust: [root.cert], resolver: resolvesTo(...names) }),
    );
  expect(await ask('first', '127.0.0.1', '127.0.0.2')).toMatchObject({ reason: 'ok' });
  const observed = await ask('each', '127.0.0.1', '127.0.0.2', '127.0.0.3');
  expect(observed).toMatchObject({ reason: 'tls_expired', phase: 'check', facts: { address: '127.0.0.2' } });
  expect(observed.facts.each?.map(({ address, reason }) => [address, reason])).toEqual([
    ['127.0.0.1', 'ok'],
    ['127.0.0.2', 'tls_expired'],
    ['127.0.0.3', 'connect_refused'],
  ]);
  expect(certificate.samples(observed)).toEqual(
    expect.arrayContaining([
      { metric: 'demarc_addresses', value: 1, labels: { outcome: 'ok' } },
      { metric: 'demarc_addresses', value: 2, labels: { outcome: 'failed' } },
      { metric: 'demarc_certificate_fingerprints_distinct', value: 2 },
    ]),
  );
});

it.each([[{}], [{ host: 'a', file: '/b' }], [{ file: 'relative' }], [{ host: 'a', startTls: 'gopher' }]])(
  'refuses the settings %j',
  (settings) => expect(() => certificate.prepare('t', settings)).toThrow(),
);
