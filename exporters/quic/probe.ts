// Whether QUIC gets out and back: asks for a version that nobody has, to which a server answers without a handshake.
// No client of QUIC stands behind this, so no certificate is seen and no request is made. A server need not answer.
import { z } from 'zod';
import type { Phase } from '../../catalog/reasons.ts';
import { converse } from '../datagrams.ts';
import { defineProbe, reasonOf } from '../probe.ts';
import type { QuicFacts } from './facts.ts';
import { LEAST_BYTES, offersVersion1, versionsOffered, writeInquiry } from './packet.ts';

/** What a frame of Ethernet carries of UDP over IPv4. */
const FULL_BYTES = 1_472;

const Settings = z.strictObject({
  host: z.string().min(1).max(253).describe('Name or address of the server.'),
  port: z.int().min(1).max(65_535).default(443).describe('UDP port it answers at.'),
  bytes: z
    .int()
    .min(LEAST_BYTES)
    .max(FULL_BYTES)
    .default(LEAST_BYTES)
    .describe('Size of the datagram. If 1472 gets no answer and 1200 does, large packets are lost on the way there.'),
});

/** A lost datagram is common and nobody's outage. */
const RESEND_MS = 1_000;

export const quic = defineProbe({
  kind: 'quic',
  settings: Settings,

  async measure({ host, port, bytes }, context) {
    const phases: Partial<Record<Phase, number>> = {};
    let facts: QuicFacts = { address: null, bytes, offersVersion1: null };
    let phase: Phase = 'resolve';
    let since = context.clock.monotonic();
    try {
      const [address] = await context.resolver.resolve(host, 'last_good', context.signal);
      if (address === undefined) return { reason: 'no_address', phase, phases, facts };
      phases.resolve = context.clock.monotonic() - since;
      since = context.clock.monotonic();
      phase = 'request';
      facts = { ...facts, address };
      const inquiry = writeInquiry(bytes);
      const versions = await converse<number[]>({ host: address, port }, context, {
        begin(talk) {
          talk.send(inquiry.bytes);
          talk.after(RESEND_MS, () => talk.send(inquiry.bytes));
        },
        hear(datagram, talk) {
          const offered = versionsOffered(inquiry, datagram);
          if (offered !== null) talk.settle(offered);
        },
      });
      return { reason: 'ok', phase: null, phases, facts: { ...facts, offersVersion1: offersVersion1(versions) } };
    } catch (error) {
      return { reason: reasonOf(error), phase, phases, facts };
    } finally {
      phases[phase] = context.clock.monotonic() - since;
    }
  },

  samples: ({ facts }) =>
    facts.offersVersion1 === null ? [] : [{ metric: 'demarc_quic_v1_offered', value: facts.offersVersion1 ? 1 : 0 }],
});
