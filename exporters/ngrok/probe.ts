// Asks an ngrok agent, at its local API, whether it is online and serves the tunnel it should.
// https://ngrok.com/docs/agent/api; what visitors get is told by the edge, in the header ngrok-error-code.
import { z } from 'zod';
import { readJsonAs } from '../http/bounded-json.ts';
import { type Fetched, fetchDocument } from '../http/document.ts';
import { HttpUrl } from '../http/url.ts';
import { defineProbe } from '../probe.ts';
import { tunnelMeasured, tunnelSamples, tunnelSilent } from '../tunnel-facts.ts';

const MAX_BYTES = 262_144;
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
    const { phases } = listed;
    if (listed.reason !== 'ok') return tunnelSilent(listed.reason, listed.phase, phases);
    const tunnels = readAs(Tunnels, listed)?.tunnels;
    if (tunnels === undefined) return tunnelSilent('answer_malformed', 'check', phases);
    // Agents before version 3 have no such page; then the list of tunnels must do.
    const told = await fetchDocument(new URL('api/status', base), MAX_BYTES, context, SENT);
    const status = told.reason === 'ok' ? readAs(Status, told) : null;
    const connections = status?.session?.legs?.length ?? null;
    if (status !== null && status.status !== 'online')
      return tunnelMeasured({ state: 'not_ready', ailment: 'offline', connections: 0 }, phases);
    const there = tunnels.some(({ name }) => tunnel === undefined || name === tunnel);
    if (!there) return tunnelMeasured({ state: 'not_ready', ailment: 'tunnel_absent', connections }, phases);
    return tunnelMeasured({ state: 'ready', connections }, phases);
  },

  samples: tunnelSamples,
});

const readAs = <S extends z.ZodType>(schema: S, { body }: Fetched): z.output<S> | null =>
  readJsonAs(schema, body.toString('utf8'));
