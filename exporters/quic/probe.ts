// Whether QUIC gets out and back: asks for a version that nobody has, to which a server answers without a handshake.
// No client of QUIC stands behind this, so no certificate is seen and no request is made. A server need not answer.
import { z } from 'zod';
import { askAt } from '../ask-at.ts';
import { converse } from '../datagrams.ts';
import type { Endpoint } from '../dns/endpoint.ts';
import { defineProbe, type ProbeContext } from '../probe.ts';
import type { QuicFacts } from './facts.ts';
import { type Inquiry, LEAST_BYTES, offersVersion1, versionsOffered, writeInquiry } from './packet.ts';

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

  measure: ({ host, port, bytes }, context) =>
    askAt<QuicFacts>(
      { host, nothing: { address: null, bytes, offersVersion1: null } },
      context,
      async (address, timer) => {
        timer.enter('request');
        const versions = await negotiate({ host: address, port }, writeInquiry(bytes), context);
        return { reason: 'ok', facts: { offersVersion1: offersVersion1(versions) } };
      },
    ),

  samples: ({ facts }) =>
    facts.offersVersion1 === null ? [] : [{ metric: 'demarc_quic_v1_offered', value: facts.offersVersion1 ? 1 : 0 }],
});

function negotiate(server: Endpoint, inquiry: Inquiry, context: ProbeContext): Promise<number[]> {
  return converse<number[]>(server, context, {
    begin(talk) {
      talk.send(inquiry.bytes);
      talk.after(RESEND_MS, () => talk.send(inquiry.bytes));
    },
    hear(datagram, talk) {
      const offered = versionsOffered(inquiry, datagram);
      if (offered !== null) talk.settle(offered);
      return offered !== null;
    },
    moved: (talk) => talk.send(inquiry.bytes),
  });
}
