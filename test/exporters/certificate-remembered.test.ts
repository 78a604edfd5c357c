// What is remembered of chains and judgements from one look to the next: it must never outlive the truth.
import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { anchorsFor, judge } from '../../exporters/certificate/verify.ts';
import { tlsServer } from './local-server.ts';
import { good, measureCertificate, middle, root, withChain } from './measure-certificate.ts';
import { LEAF_NAME, rootAuthority } from './test-ca.ts';

const DAY_MS = 86_400_000;

it('judges a chain anew when one of its certificates begins or ends, in whichever direction the clock moves', async () => {
  const young = await root.below('Young', { fromDays: -2, toDays: 8 });
  const leaf = await young.issue({ fromDays: -1, toDays: 30 });
  const chain = [leaf, { cert: young.cert }].map(({ cert }) => new X509Certificate(cert));
  const anchors = anchorsFor([root.cert]);
  const reasonIn = (days: number) => judge(chain, LEAF_NAME, Date.now() + days * DAY_MS, anchors).reason;
  expect([0, 7, 9, 0, -1.5, 0, 31, -3, 7].map(reasonIn)).toEqual([
    'ok',
    'ok',
    'tls_expired',
    'ok',
    'tls_not_yet_valid',
    'ok',
    'tls_expired',
    'tls_not_yet_valid',
    'ok',
  ]);
});

it('is valid up to the second it names, and not after it', async () => {
  const chain = [good, middle].map(({ cert }) => new X509Certificate(cert));
  const anchors = anchorsFor([root.cert]);
  const end = Math.min(...chain.map(({ validTo }) => Date.parse(validTo)));
  const reasonAt = (now: number) => judge(chain, LEAF_NAME, now, anchors).reason;
  expect([end - 1, end, end + 1, end].map(reasonAt)).toEqual(['ok', 'ok', 'tls_expired', 'ok']);
});

it('judges the same chain by every name and by whoever is trusted', async () => {
  const strange = await rootAuthority('Strange');
  const chain = [good, middle].map(({ cert }) => new X509Certificate(cert));
  const [ours, theirs] = [anchorsFor([root.cert]), anchorsFor([strange.cert])];
  const asked = [
    [LEAF_NAME, ours],
    ['other.test', ours],
    [LEAF_NAME, theirs],
    [null, ours],
    [LEAF_NAME, ours],
  ] as const;
  const reasons = asked.map(([name, anchors]) => judge(chain, name, Date.now(), anchors).reason);
  expect(reasons).toEqual(['ok', 'tls_hostname', 'tls_untrusted', 'ok', 'ok']);
});

it('tells of the chain that is served now: the same once more, another one, and the first again', async () => {
  const renewed = await middle.issue();
  const whole = await tlsServer(withChain(good, middle.cert));
  const alone = await tlsServer(good);
  const other = await tlsServer(withChain(renewed, middle.cert));
  const seen = [];
  for (const { port } of [whole, whole, alone, other, whole]) {
    const { reason, facts } = await measureCertificate(port);
    seen.push({ reason, length: facts.chainLength, fingerprint: facts.fingerprint });
  }
  const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
  const first = { reason: 'ok', length: 2, fingerprint: fingerprintOf(good.cert) };
  const cut = { reason: 'tls_incomplete_chain', length: 1, fingerprint: fingerprintOf(good.cert) };
  const next = { reason: 'ok', length: 2, fingerprint: fingerprintOf(renewed.cert) };
  expect(seen).toEqual([first, first, cut, next, first]);
});
