// The answer of RIPEstat's data call `routing-status` about a prefix, documented at
// https://stat.ripe.net/docs/02.data-api/routing-status.html.
import { z } from 'zod';
import { instantOf } from '../instant.ts';
import { inShape, Malformed } from '../malformed.ts';
import { AsNumber } from './prefix.ts';

const MOST_ORIGINS = 64;

const As = z.union([
  AsNumber,
  z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .transform(Number)
    .pipe(AsNumber),
]);
const Count = z.int().min(0).max(100_000);
const Visibility = z.object({ ris_peers_seeing: Count, total_ris_peers: Count });

const Answer = z.object({
  status: z.literal('ok'),
  data: z.object({
    resource: z.string().max(64),
    visibility: z.object({ v4: Visibility, v6: Visibility }),
    origins: z.array(z.object({ origin: As })).max(MOST_ORIGINS),
    query_time: z.string().max(64),
  }),
});

export interface RoutingStatus {
  origins: number[];
  seeing: number;
  peers: number;
  asOf: number;
}

/** Throws {@link Malformed}, also for an answer about another prefix. */
export function readRoutingStatus(document: unknown, prefix: string): RoutingStatus {
  const { resource, visibility, origins, query_time: at } = inShape(Answer, document, 'no routing status').data;
  if (resource !== prefix) throw new Malformed('the status of another prefix');
  const { ris_peers_seeing: seeing, total_ris_peers: peers } = visibility[prefix.includes(':') ? 'v6' : 'v4'];
  const asOf = instantOf(at);
  if (asOf === null || seeing > peers) throw new Malformed('a routing status that cannot be');
  return { origins: [...new Set(origins.map(({ origin }) => origin))].sort((a, b) => a - b), seeing, peers, asOf };
}
