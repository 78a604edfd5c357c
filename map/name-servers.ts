// What the map says of name servers and of the zone a service's name lives in: part of the shape of demarc.yaml.
import net from 'node:net';
import { z } from 'zod';
import { parseServer } from '../exporters/dns/endpoint.ts';
import { RecordWish } from '../exporters/dns/records.ts';
import { Host, Name } from './schema-words.ts';

const SERVER_FORMS = 'host, host:port, tls://host#name or https://host/path#name';

/** A name server, in the clear or as its scheme says. */
const NameServer = z
  .string()
  .max(512)
  .refine((text) => parseServer(text) !== null, `must be ${SERVER_FORMS}`)
  .meta({ title: SERVER_FORMS });

/** Somebody must be asked before any name is known, so no name will do. */
export const ResolverServer = NameServer.refine(
  (text) => net.isIP(parseServer(text)?.host ?? '') !== 0,
  'must hold an address, like 192.0.2.1:53 or tls://192.0.2.1#dns.example',
);

export const Dns = z
  .strictObject({
    zone: Host.describe('The zone the name lives in.'),
    vendor: Name.optional().describe('Who serves the zone. Left out: you do, and nobody else is ever named for it.'),
    type: z.enum(['A', 'AAAA', 'CNAME']).default('A').describe('The record asked for.'),
    agree: z
      .enum(['same', 'any'])
      .optional()
      .describe(
        'Whether all name servers must give the same records. `any`: only that there are some, for round robin and names a CDN flattens. Left out: `same`, behind an `edge` `any`.',
      ),
    expect: RecordWish.optional().describe('What the name must point to at every name server.'),
    signed: z
      .enum(['self', 'vendor'])
      .optional()
      .describe(
        'Who signs the zone with DNSSEC. Then resolvers that validate are asked whether its signatures hold, and you are told before they end. Left out: nobody does, or you need not be told.',
      ),
    servers: z
      .array(NameServer)
      .min(1)
      .max(16)
      .optional()
      .describe('Its authoritative name servers. Left out: found by asking, once, at the start.'),
  })
  .describe('The zone of the name, asked at its own name servers.');
