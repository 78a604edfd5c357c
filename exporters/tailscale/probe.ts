// Asks the Tailscale daemon of this machine how it is: at its LocalAPI, or by the program `tailscale`.
// Online means that the control plane is reached. Data flows without it, so on its own it is told and not held against it.
import { z } from 'zod';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { readJson } from '../http/bounded-json.ts';
import { inShape } from '../malformed.ts';
import { defineProbe, type ProbeContext } from '../probe.ts';
import { PROGRAM, runProgram } from '../run-program.ts';
import { type TunnelSaid, tunnelSaid, tunnelSamples, tunnelSilent } from '../tunnel-facts.ts';
import { getOverUnix } from '../unix-http.ts';

const MAX_BYTES = 4_194_304;
const MAX_WARNINGS = 1_000;

export const USUAL_SOCKET = '/var/run/tailscale/tailscaled.sock';

const Settings = z.strictObject({
  socket: z
    .string()
    .regex(/^(\/[\w.@+-]+)+$/)
    .max(100)
    .default(USUAL_SOCKET)
    .describe("Where the daemon's LocalAPI listens."),
  program: z
    .string()
    .regex(PROGRAM)
    .optional()
    .describe('A program `tailscale` to run instead of asking at the socket.'),
  peer: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,253}$/)
    .toLowerCase()
    .optional()
    .describe('Host name or DNS name of a machine of the tailnet that must be online.'),
});

type Settings = z.output<typeof Settings>;

const Status = z.object({
  BackendState: z.enum(['NoState', 'NeedsLogin', 'NeedsMachineAuth', 'Stopped', 'Starting', 'Running']),
  Health: z.array(z.string()).max(MAX_WARNINGS).nullish(),
  Self: z
    .object({ Online: z.boolean().optional(), Expired: z.boolean().optional(), KeyExpiry: z.string().nullish() })
    .nullish(),
  Peer: z.record(z.string(), z.object({ HostName: z.string(), DNSName: z.string(), Online: z.boolean() })).nullish(),
});

type Status = z.output<typeof Status>;

const AILMENT = {
  NoState: 'starting',
  Starting: 'starting',
  NeedsLogin: 'logged_out',
  NeedsMachineAuth: 'machine_unapproved',
  Stopped: 'stopped',
} as const;

export const tailscale = defineProbe({
  kind: 'tailscale',
  settings: Settings,

  async measure(settings, context) {
    const { reason, phase, phases, text } = await ask(settings, context);
    if (reason !== 'ok') return tunnelSilent(reason, phase, phases);
    return tunnelSaid(
      () => saidBy(inShape(Status, readJson(text), 'no status of a tailscaled'), settings.peer),
      phases,
    );
  },

  samples: tunnelSamples,
});

interface Asked {
  reason: Reason;
  phase: Phase | null;
  phases: Partial<Record<Phase, number>>;
  text: string;
}

async function ask({ socket, program, peer }: Settings, context: ProbeContext): Promise<Asked> {
  if (program === undefined) {
    const path = `/localapi/v0/status${peer === undefined ? '?peers=false' : ''}`;
    const asked = { path, host: 'local-tailscaled.sock', maxBytes: MAX_BYTES };
    const { body, ...answer } = await getOverUnix(socket, asked, context);
    return { ...answer, text: body.toString('utf8') };
  }
  const start = context.clock.monotonic();
  const argv = ['status', '--json', ...(peer === undefined ? ['--peers=false'] : [])];
  const run = await runProgram(program, argv, MAX_BYTES, context);
  const phases = { request: context.clock.monotonic() - start };
  if (run.reason !== 'ok') return { reason: run.reason, phase: 'request', phases, text: '' };
  return { reason: 'ok', phase: null, phases, text: run.output };
}

function saidBy({ BackendState: backend, Health, Self, Peer }: Status, peer: string | undefined): TunnelSaid {
  const told = { warnings: Health?.length ?? 0, keyExpiry: timeIn(Self?.KeyExpiry ?? '') };
  if (backend !== 'Running') return { ...told, state: 'not_ready', ailment: AILMENT[backend] };
  if (Self?.Expired === true) return { ...told, state: 'not_ready', ailment: 'key_expired' };
  if (peer !== undefined) {
    const found = Object.values(Peer ?? {}).find(({ HostName, DNSName }) => isCalled(peer, HostName, DNSName));
    if (found === undefined) return { ...told, state: 'not_ready', ailment: 'peer_absent' };
    if (!found.Online) return { ...told, state: 'not_ready', ailment: 'peer_offline' };
  }
  return { ...told, state: 'ready', ailment: Self?.Online === false ? 'offline' : null };
}

const isCalled = (peer: string, ...names: readonly string[]): boolean =>
  names.some((name) => name.toLowerCase().replace(/\.$/, '') === peer);

/** null for no date, and for year 1, which is how Go writes none. */
function timeIn(text: string): number | null {
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return time > 0 ? time : null;
}
