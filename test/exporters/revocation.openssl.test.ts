// Revocation by what is stapled and by the issuer's list, from answers that OpenSSL made.
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { wordOfIssuer } from '../../exporters/certificate/crl.ts';
import { certificate } from '../../exporters/certificate/probe.ts';
import { wordOfList, wordOfStaple } from '../../exporters/certificate/revocation.ts';
import { contextOf } from './contract.ts';
import { httpServer } from './local-server.ts';
import { opensslAuthority, stapling } from './openssl-authority.ts';
import { type Issued, LEAF_NAME } from './test-ca.ts';

const authority = opensslAuthority();
const now = Date.now();
const DAY_MS = 86_400_000;
const { leaf, staple, list } = authority;
const plain = leaf('plain');
const taken = leaf('taken');
const insisting = leaf('insisting', ['tlsfeature=status_request']);
authority.books({ plain: 'V', taken: 'R', insisting: 'V' });
const said = {
  plain: staple('plain'),
  taken: staple('taken'),
  insisting: staple('insisting'),
  strange: staple('plain', 'forged'),
};
const lists = { true: list(), strange: list('forged') };

const issuer = new X509Certificate(authority.cert);
const pairOf = (name: string) => ({ leaf: authority.shown(name), issuer });

describe('a stapled answer', () => {
  it.each<[string, Buffer, string, number, boolean | null]>([
    ['good', said.plain, 'plain', now, true],
    ['revoked', said.taken, 'taken', now, false],
    ['about another certificate', said.taken, 'plain', now, null],
    ['signed by somebody of the same name', said.strange, 'plain', now, null],
    ['out of date', said.taken, 'taken', now + 2 * DAY_MS, null],
    ['from the future', said.taken, 'taken', now - DAY_MS, null],
    ['38: no answer at all', Buffer.from('hello'), 'plain', now, null],
    ['38: an answer cut short', said.taken.subarray(0, 60), 'taken', now, null],
    ['an error of the responder', Buffer.from('30030a0106', 'hex'), 'plain', now, null],
  ])('%s', (_, bytes, name, at, notRevoked) => {
    expect(wordOfStaple(bytes, pairOf(name), at)?.notRevoked ?? null).toBe(notRevoked);
  });
});

describe('a list', () => {
  it.each<[string, Buffer, string, number, boolean | null]>([
    ['without it', lists.true, 'plain', now, true],
    ['with it', lists.true, 'taken', now, false],
    ['signed by somebody of the same name', lists.strange, 'taken', now, null],
    ['38: out of date', lists.true, 'taken', now + 2 * DAY_MS, null],
    ['38: cut short', lists.true.subarray(0, -1), 'taken', now, null],
    ['38: a page', Buffer.from('<html>'), 'taken', now, null],
  ])('%s', (_, bytes, name, at, notRevoked) => {
    expect(wordOfList(bytes, pairOf(name), at)?.notRevoked ?? null).toBe(notRevoked);
  });
});

it('39: bytes turned over never throw, and never call anything good or revoked that was not signed', () => {
  const pair = pairOf('taken');
  const change = fc.array(fc.tuple(fc.nat(2_000), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.constantFrom('staple', 'list'), change, (kind, changes) => {
      const bytes = Buffer.from(kind === 'staple' ? said.taken : lists.true);
      for (const [at, turn] of changes) bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ turn;
      const word = kind === 'staple' ? wordOfStaple(bytes, pair, now) : wordOfList(bytes, pair, now);
      expect(word?.notRevoked ?? false).toBe(false);
    }),
    { numRuns: 400 },
  );
});

const measure = (port: number, settings: Record<string, unknown> = {}) =>
  certificate.prepare('t', { host: '127.0.0.1', port, serverName: LEAF_NAME, ...settings })(
    contextOf(AbortSignal.timeout(4_000), { trust: [authority.cert] }),
  );

describe('the probe', () => {
  it.each<[string, Issued, Buffer | null, Reason, object]>([
    ['nothing stapled', plain, null, 'ok', { stapled: null, notRevoked: null }],
    ['stapled and good', plain, said.plain, 'ok', { stapled: true, notRevoked: true }],
    ['stapled and revoked', taken, said.taken, 'tls_revoked', { stapled: true, notRevoked: false }],
    ['stapled for another', plain, said.taken, 'ok', { stapled: false, notRevoked: null }],
    ['insists, and has it', insisting, said.insisting, 'ok', { stapled: true, notRevoked: true }],
    ['insists, and has none', insisting, null, 'tls_not_stapled', { stapled: false, notRevoked: null }],
  ])('%s', async (_, shown, answer, reason, checks) => {
    const { port } = await stapling(shown, answer);
    const observed = await measure(port);
    expect(observed).toMatchObject({ reason, facts: { checks: { trusted: true, ...checks } } });
  });

  it('asks for the list the certificate names, once, and only when told to', async () => {
    let asked = 0;
    let body: Buffer = lists.true;
    const crl = await httpServer((_, response) => {
      asked += 1;
      response.end(body);
    });
    const at = (name: string) => leaf(name, [`crlDistributionPoints=URI:http://127.0.0.1:${crl.port}/${name}`]);
    const [good, bad, stuck] = [at('listed-good'), at('listed-bad'), at('listed-stuck')];
    authority.books({ 'listed-good': 'V', 'listed-bad': 'R', 'listed-stuck': 'V' });
    body = list();
    const goodServer = await stapling(good, null);
    expect(await measure(goodServer.port)).toMatchObject({ reason: 'ok', facts: { checks: { notRevoked: null } } });
    expect(asked).toBe(0);
    for (const _ of [1, 2]) {
      const observed = await measure(goodServer.port, { revocation: 'list' });
      expect(observed).toMatchObject({ reason: 'ok', facts: { checks: { notRevoked: true } } });
    }
    expect(asked).toBe(1);
    const badServer = await stapling(bad, null);
    expect(await measure(badServer.port, { revocation: 'list' })).toMatchObject({
      reason: 'tls_revoked',
      phase: 'check',
    });
    body = Buffer.alloc(11 * 1_048_576);
    const stuckServer = await stapling(stuck, null);
    const observed = await measure(stuckServer.port, { revocation: 'list' });
    expect(observed, '38: a list too long says nothing').toMatchObject({
      reason: 'ok',
      facts: { checks: { notRevoked: null } },
    });
  });

  it('does not go inside for what it met outside', async () => {
    const crl = await httpServer((_, response) => response.end('inside'));
    leaf('leading', [`crlDistributionPoints=URI:http://127.0.0.1:${crl.port}/`]);
    const context = contextOf(AbortSignal.timeout(4_000));
    expect(await wordOfIssuer(pairOf('leading'), '192.0.2.1', context)).toBe(null);
    expect(crl.accepted()).toBe(0);
  });
});
