// Reads the certificate an endpoint really serves, or one in a file, and what is wrong with it, each fault on its own.
// It blames nobody: who must renew it is the map's knowledge, whose fault it is the verdict's.
import type { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { ClientCertificate } from '../http/client-certificate.ts';
import { addressesOf, HostName, plainHost } from '../http/connection.ts';
import { flawIn } from '../http/refusal.ts';
import type { Measurement } from '../observation.ts';
import { startPhases } from '../phases.ts';
import { defineProbe, type ProbeContext, reasonOf } from '../probe.ts';
import { SecretReference } from '../secret.ts';
import { tlsVersion } from '../tls-session.ts';
import { watching } from '../trace.ts';
import { endOfChain, odditiesOf } from './chain.ts';
import { wordOfIssuer } from './crl.ts';
import type { AddressOutcome, CertificateFacts } from './facts.ts';
import { readCertificates } from './file.ts';
import { type Look, lookAt } from './look.ts';
import { wordOfStaple } from './revocation.ts';
import { PORT_OF } from './starttls.ts';
import { checksOf, tellChain } from './tell.ts';
import { anchorsFor, type Judgement, judge, timeOf } from './verify.ts';
import { mustStaple } from './x509-der.ts';

const MAX_ISSUER = 64;
const TLS_PORT = 443;

export const CertificateSettings = z
  .strictObject({
    host: z.string().min(1).optional().describe('Name or address to connect to.'),
    port: z.int().min(1).max(65_535).optional().describe('TCP port; 443, or that of the protocol, when left out.'),
    startTls: z
      .enum(['smtp', 'imap', 'pop3', 'ftp', 'postgres', 'ldap', 'xmpp'])
      .optional()
      .describe('Protocol that begins in the clear and switches to TLS; left out, TLS at once.'),
    serverName: HostName.optional().describe('Name asked for and compared; the host when left out.'),
    sni: z
      .enum(['name', 'none'])
      .default('name')
      .describe(
        'none: name nobody in the handshake, and see what is shown to whoever does so; it is compared with the name all the same.',
      ),
    address: z.union([z.ipv4(), z.ipv6()]).optional().describe('Connect here instead of resolving.'),
    addresses: z
      .enum(['first', 'each'])
      .default('first')
      .describe('each: look at every address of the name; one that is wrong is a failure.'),
    revocation: z
      .enum(['stapled', 'list'])
      .default('stapled')
      .describe(
        "Whether it was taken back: by what is stapled; list: also by the issuer's list that a trusted one names.",
      ),
    clientCertificate: ClientCertificate.optional(),
    file: z
      .string()
      .regex(/^\//, 'must be an absolute path')
      .max(1_024)
      .optional()
      .describe('Instead of a host: a file with PEM, DER or PKCS#12.'),
    passphrase: SecretReference.optional().describe('Where the passphrase of a PKCS#12 file is.'),
  })
  .refine(({ host, file }) => (host === undefined) !== (file === undefined), {
    path: ['host'],
    message: 'give either a host or a file',
  });

type Settings = z.output<typeof CertificateSettings>;

const NOTHING_SEEN: CertificateFacts = {
  address: null,
  notBefore: null,
  notAfter: null,
  checks: { time: null, hostname: null, trusted: null, completeChain: null },
  fingerprint: null,
  issuer: null,
  chainLength: null,
  protocol: null,
};

export const certificate = defineProbe({
  kind: 'certificate',
  settings: CertificateSettings,

  measure: (settings, context) =>
    settings.file === undefined
      ? measureHost({ ...settings, host: settings.host ?? '' }, context)
      : measureFile(settings, settings.file, context),

  samples: samplesOf,
});

/** What one look, or one file, came to. */
interface Found {
  reason: Reason;
  phase: Phase | null;
  flaw?: string;
  facts: CertificateFacts;
}

async function measureHost(
  settings: Settings & { host: string },
  context: ProbeContext,
): Promise<Measurement<CertificateFacts>> {
  const timer = startPhases(context.clock);
  const host = plainHost(settings.host);
  let addresses: string[];
  try {
    addresses = settings.address ? [settings.address] : await addressesOf(host, 'last_good', timer, context, settings);
  } catch (error) {
    timer.stop();
    return { reason: reasonOf(error), phase: timer.current(), phases: timer.phases, facts: NOTHING_SEEN };
  }
  const { startTls, sni, clientCertificate } = settings;
  const port = settings.port ?? (startTls === undefined ? TLS_PORT : PORT_OF[startTls]);
  const place = { port, startTls, sni, clientCertificate, name: plainHost(settings.serverName ?? host) };
  if (settings.addresses === 'first') {
    const look = await lookAt({ ...place, addresses }, timer, context);
    const found = await judged(look, place.name, settings, context);
    return { ...found, phases: timer.phases };
  }
  const all = await Promise.all(
    addresses.map(async (address) => {
      const here = watching(address, context);
      const look = await lookAt({ ...place, addresses: [address] }, startPhases(context.clock), here);
      return judged(look, place.name, settings, here);
    }),
  );
  return { ...worstOf(all), phases: timer.phases };
}

/** The first that failed speaks for all, else the first. */
function worstOf(all: readonly Found[]): Found {
  const worst = all.find(({ reason }) => reason !== 'ok') ?? all[0];
  if (worst === undefined) throw new Error('looked at no address');
  const each = all.map(
    ({ reason, facts: { address, fingerprint } }): AddressOutcome => ({ address, reason, fingerprint }),
  );
  return { ...worst, facts: { ...worst.facts, each } };
}

async function measureFile(
  { serverName, passphrase }: Settings,
  file: string,
  context: ProbeContext,
): Promise<Measurement<CertificateFacts>> {
  const { reason, certificates } = await readCertificates(file, passphrase);
  const phases = {};
  if (reason !== 'ok') return { reason, phase: 'check', phases, facts: NOTHING_SEEN };
  const name = serverName === undefined ? null : plainHost(serverName);
  const judgement = judge(certificates, name, context.clock.now(), anchorsFor(context.trust));
  if (context.trace !== undefined) tellChain(certificates, context.trace);
  tellChecks(certificates, judgement.checks, name, context);
  const facts = { ...NOTHING_SEEN, ...described(certificates), checks: judgement.checks };
  return { reason: judgement.reason, phase: judgement.reason === 'ok' ? null : 'check', phases, facts };
}

async function judged(look: Look, name: string, settings: Settings, context: ProbeContext): Promise<Found> {
  const { reason, phase, address, served, session } = look;
  const seen = { ...NOTHING_SEEN, address, ...session };
  if (reason !== 'ok') {
    tellChecks([], NOTHING_SEEN.checks, name, context);
    return { reason, phase, ...flawIn(look), facts: seen };
  }
  const judgement = judge(served, name, context.clock.now(), anchorsFor(context.trust));
  const revocation = await revocationOf(look, judgement, settings.revocation === 'list', context);
  const checks = { ...judgement.checks, ...revocation };
  tellChecks(served, checks, name, context);
  const found = judgement.reason === 'ok' ? faultOf(revocation, served[0]) : judgement.reason;
  return { reason: found, phase: found === 'ok' ? null : 'check', facts: { ...seen, ...described(served), checks } };
}

type Revocation = Required<Pick<CertificateFacts['checks'], 'notRevoked' | 'stapled'>>;

/** Of a certificate whose issuer is known and trusted; of others nobody could say who may take them back. */
async function revocationOf(
  { served: [leaf], staple, address }: Look,
  { issuer }: Judgement,
  asksList: boolean,
  context: ProbeContext,
): Promise<Revocation> {
  if (leaf === undefined || issuer === null) return { notRevoked: null, stapled: null };
  const pair = { leaf, issuer };
  const word = staple === null ? null : wordOfStaple(staple, pair, context.clock.now());
  const stapled = word !== null ? true : staple !== null || mustStaple(leaf) ? false : null;
  const listed = word?.notRevoked !== false && asksList ? await wordOfIssuer(pair, address, context) : null;
  return { notRevoked: listed?.notRevoked ?? word?.notRevoked ?? null, stapled };
}

/** A staple nobody can use is no fault, unless the certificate insists on one. */
function faultOf({ notRevoked, stapled }: Revocation, leaf: X509Certificate | undefined): Reason {
  if (notRevoked === false) return 'tls_revoked';
  return stapled === false && leaf !== undefined && mustStaple(leaf) ? 'tls_not_stapled' : 'ok';
}

// A chain that is shown again is the same array again, and says the same.
const knownDescriptions = new WeakMap<readonly X509Certificate[], Partial<CertificateFacts>>();

function described(served: readonly X509Certificate[]): Partial<CertificateFacts> {
  const leaf = served[0];
  if (leaf === undefined) return {};
  const known = knownDescriptions.get(served);
  if (known !== undefined) return known;
  const description = {
    notBefore: timeOf(leaf.validFrom),
    notAfter: timeOf(leaf.validTo),
    fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    issuer: issuerName(leaf),
    chainLength: served.length,
    oddities: odditiesOf(served),
    chainNotAfter: endOfChain(served),
  };
  knownDescriptions.set(served, description);
  return description;
}

function tellChecks(
  served: readonly X509Certificate[],
  checks: CertificateFacts['checks'],
  name: string | null,
  { trace, clock }: ProbeContext,
): void {
  if (trace === undefined) return;
  for (const check of checksOf(served, checks, { name, now: clock.now() })) trace.check(check);
}

function issuerName({ issuer }: X509Certificate): string | null {
  const line = issuer.split('\n').findLast((part) => part.startsWith('CN='));
  // \p{C}: control characters, and those that turn the direction of text.
  const name = line?.slice('CN='.length).replace(/\p{C}/gu, '') ?? '';
  return name === '' ? null : [...name].slice(0, MAX_ISSUER).join('');
}

function samplesOf({ facts }: Measurement<CertificateFacts>): Sample[] {
  const samples: Sample[] = [];
  if (facts.notBefore !== null) {
    samples.push({ metric: 'demarc_certificate_not_before_timestamp_seconds', value: facts.notBefore / 1000 });
  }
  if (facts.notAfter !== null) {
    const value = facts.notAfter / 1000;
    samples.push({ metric: 'demarc_certificate_not_after_timestamp_seconds', value });
    samples.push({ metric: 'probe_ssl_earliest_cert_expiry', value: (facts.chainNotAfter ?? facts.notAfter) / 1000 });
  }
  for (const [check, passed] of Object.entries(facts.checks)) {
    if (typeof passed !== 'boolean') continue;
    samples.push({ metric: 'demarc_certificate_check', value: passed ? 1 : 0, labels: { check } });
  }
  const version = tlsVersion(facts.protocol);
  if (version !== undefined) samples.push({ metric: 'probe_tls_version_info', value: 1, labels: { version } });
  if (facts.chainLength !== null) samples.push({ metric: 'demarc_certificate_chain_length', value: facts.chainLength });
  for (const oddity of facts.oddities ?? []) {
    samples.push({ metric: 'demarc_certificate_chain_oddity_info', value: 1, labels: { oddity } });
  }
  if (facts.each !== undefined) samples.push(...samplesOfEach(facts.each));
  return samples;
}

/** Counts only: an address is a peer's text and makes no label. */
function samplesOfEach(each: readonly AddressOutcome[]): Sample[] {
  const good = each.filter(({ reason }) => reason === 'ok').length;
  const shown = new Set(each.flatMap(({ fingerprint }) => fingerprint ?? []));
  return [
    { metric: 'demarc_addresses', value: good, labels: { outcome: 'ok' } },
    { metric: 'demarc_addresses', value: each.length - good, labels: { outcome: 'failed' } },
    { metric: 'demarc_certificate_fingerprints_distinct', value: shown.size },
  ];
}
