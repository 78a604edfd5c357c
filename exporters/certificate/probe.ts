// Reads the certificate an endpoint really serves, and what is wrong with it, each fault on its own.
// It blames nobody: who must renew it is the map's knowledge, whose fault it is the verdict's.
import type { X509Certificate } from 'node:crypto';
import net from 'node:net';
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import { addressesOf, connectAny, HostName, handshake, plainHost, startPhases } from '../http/connection.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe, reasonOf } from '../probe.ts';
import type { CertificateFacts } from './facts.ts';
import { anchorsFor, judge, timeOf } from './verify.ts';

const MAX_ISSUER = 64;

const Settings = z.strictObject({
  host: z.string().min(1).describe('Name or address to connect to.'),
  port: z.int().min(1).max(65_535).default(443).describe('TCP port that speaks TLS at once.'),
  serverName: HostName.optional().describe('Name asked for and compared; the host when left out.'),
  address: z.union([z.ipv4(), z.ipv6()]).optional().describe('Connect here instead of resolving.'),
});

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
  settings: Settings,

  async measure(settings, context) {
    const { signal, clock, trust } = context;
    const timer = startPhases(clock);
    const host = plainHost(settings.host);
    const name = plainHost(settings.serverName ?? host);
    let facts = NOTHING_SEEN;
    let socket: net.Socket | undefined;
    let served: X509Certificate[] = [];
    try {
      const addresses = settings.address ? [settings.address] : await addressesOf(host, 'last_good', timer, context);
      timer.enter('connect');
      socket = await connectAny(addresses, settings.port, signal, (address) => {
        facts = { ...facts, address };
      });
      timer.enter('tls');
      const serverName = net.isIP(name) === 0 ? name : null;
      const onChain = (chain: X509Certificate[]): void => {
        served = chain;
      };
      const secured = await handshake(socket, { serverName, onChain }, signal);
      facts = { ...facts, protocol: secured.getProtocol() };
      secured.destroy();
    } catch (error) {
      const reason = reasonOf(error);
      // Refused after the certificate was shown, as by those who want one from us: what was asked for is here.
      const shown = reason === 'tls_handshake' && served.length > 0;
      if (!shown) return { reason, phase: timer.current(), phases: timer.phases, facts };
    } finally {
      timer.stop();
      socket?.destroy();
    }
    const { reason, checks } = judge(served, name, clock.now(), anchorsFor(trust));
    const phase = reason === 'ok' ? null : 'check';
    return { reason, phase, phases: timer.phases, facts: { ...facts, ...described(served), checks } };
  },

  samples: samplesOf,
});

function described(served: readonly X509Certificate[]): Partial<CertificateFacts> {
  const leaf = served[0];
  if (leaf === undefined) return {};
  return {
    notBefore: timeOf(leaf.validFrom),
    notAfter: timeOf(leaf.validTo),
    fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    issuer: issuerName(leaf),
    chainLength: served.length,
  };
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
    samples.push({ metric: 'probe_ssl_earliest_cert_expiry', value });
  }
  for (const [check, passed] of Object.entries(facts.checks)) {
    if (passed === null) continue;
    samples.push({ metric: 'demarc_certificate_check', value: passed ? 1 : 0, labels: { check } });
  }
  return samples;
}
