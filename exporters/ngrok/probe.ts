// Asks an ngrok agent, at its local API, whether it is online and serves the tunnel it should.
// https://ngrok.com/docs/agent/api; what visitors get is told by the edge, in the header ngrok-error-code.
import { z } from 'zod';
import { readJson } from '../http/bounded-json.ts';
import { type Fetched, fetchDocument } from '../http/document.ts';
import { HttpUrl } from '../http/url.ts';
import { inShape } from '../malformed.ts';
import { defineProbe } from '../probe.ts';
import { type TunnelSaid, tunnelSaid, tunnelSamples, tunnelSilent } from '../tunnel-facts.ts';

const MAX_BYTES = 262_144;
const NOT_FOUND = 404;
const SENT = { headers: { accept: 'application/json', 'content-type': 'application/json' } };

const Settings = z.strictObject({
  url: HttpUrl.describe("Base of the agent's API, usually http://127.0.0.1:4040."),
  tunnel: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('Name of the tunnel that must be there. Left out: whichever there is.'),
});

const Status = z.object({
  status: z.string().max(64),
  session: z.object({ legs: z.array(z.unknown()).max(64).nullish() }).optional(),
});

const Tunnels = z.object({ tunnels: z.array(z.object({ name: z.string(), public_url: z.string() })).max(1_000) });

export const ngrok = defineProbe({
  kind: 'ngrok',
  settings: Settings,

  async measure({ url, tunnel }, context) {
    const base = url.endsWith('/') ? url : `${url}/`;
    const listed = await fetchDocument(new URL('api/tunnels', base), MAX_BYTES, context, SENT);
    if (listed.reason !== 'ok') return tunnelSilent(listed.reason, listed.phase, listed.phases);
    const asked = await fetchDocument(new URL('api/status', base), MAX_BYTES, context, SENT);
    // Agents before version 3 have no such page; then the list of tunnels must do.
    const told = asked.answer?.status === NOT_FOUND ? null : asked;
    if (told !== null && told.reason !== 'ok') return tunnelSilent(told.reason, told.phase, told.phases);
    return tunnelSaid(() => saidIn(listed, told, tunnel), listed.phases);
  },

  samples: tunnelSamples,
});

/** Throws {@link Malformed}. */
function saidIn(listed: Fetched, told: Fetched | null, tunnel: string | undefined): TunnelSaid {
  const { tunnels } = inShape(Tunnels, documentIn(listed), 'no list of tunnels of an ngrok agent');
  const status = told === null ? null : inShape(Status, documentIn(told), 'no status of an ngrok agent');
  if (status !== null && status.status !== 'online') return { state: 'not_ready', ailment: 'offline', connections: 0 };
  const connections = status?.session?.legs?.length ?? null;
  const there = tunnels.some(({ name }) => tunnel === undefined || name === tunnel);
  return there ? { state: 'ready', connections } : { state: 'not_ready', ailment: 'tunnel_absent', connections };
}

const documentIn = ({ body }: Fetched): unknown => readJson(body.toString('utf8'));
