// Sends a burst of echo requests by the system's own ping, since Node has no raw sockets and needs no privilege for this.
// Nothing but numbers and a resolved address reaches its command line.
import { execFile } from 'node:child_process';
import net from 'node:net';
import { z } from 'zod';
import type { Reason } from '../../catalog/reasons.ts';
import { askAt } from '../ask-at.ts';
import { burstSamples, NO_BURST } from '../burst.ts';
import { Malformed } from '../malformed.ts';
import { defineProbe, type ProbeContext, reasonOf } from '../probe.ts';
import type { PingFacts } from './facts.ts';
import { type Burst, readBurst } from './output.ts';

const Settings = z.strictObject({
  host: z.string().min(1).max(253).describe('Name or address to ping.'),
  count: z.int().min(1).max(20).default(3).describe('Packets in a burst, a fifth of a second apart.'),
  bytes: z.int().min(8).max(8_972).default(56).describe('Data in each; 28 more make the packet, 48 over IPv6.'),
  whole: z
    .boolean()
    .default(false)
    .describe('Whether packets may not be cut up on the way, to see how large they may be. Not with BusyBox.'),
});

type Settings = z.output<typeof Settings>;

const GAP_S = 0.2;
const MOST_BYTES = 65_536;

const NOTHING_SEEN: PingFacts = { address: null, ...NO_BURST, mtu: null };

export const ping = defineProbe({
  kind: 'ping',
  settings: Settings,

  measure: (settings, context) =>
    askAt<PingFacts>({ host: settings.host, nothing: NOTHING_SEEN, reasonFor }, context, async (address, timer) => {
      timer.enter('request');
      const burst = await run(address, settings, context);
      const { sent, received, rttMs, jitterMs } = burst;
      const mtu = burst.mtu ?? passed(address, burst, settings);
      return { reason: reasonOfBurst(burst), facts: { sent, received, rttMs, jitterMs, mtu } };
    }),

  samples: ({ facts }) => [
    ...burstSamples(facts),
    ...(facts.mtu === null ? [] : [{ metric: 'demarc_path_mtu_bytes' as const, value: facts.mtu }]),
  ],
});

/** A ping that says something else has refused its work: no permission, an option it does not know. */
const reasonFor = (error: unknown): Reason => (error instanceof Malformed ? 'local' : reasonOf(error));

const HEADER_BYTES = { ipv4: 28, ipv6: 48 };

/** Size of the packets that came back, if they had to stay whole. */
function passed(address: string, { received }: Burst, { whole, bytes }: Settings): number | null {
  if (!whole || received === 0) return null;
  return bytes + (net.isIPv6(address) ? HEADER_BYTES.ipv6 : HEADER_BYTES.ipv4);
}

function reasonOfBurst({ received, mtu, unreachable }: Burst): Reason {
  if (received > 0) return 'ok';
  if (mtu !== null) return 'ping_too_big';
  return unreachable ? 'unreachable' : 'timeout';
}

function run(address: string, { count, bytes, whole }: Settings, { signal }: ProbeContext): Promise<Burst> {
  const lastsS = Math.ceil(count * GAP_S) + 1;
  const args = [
    ...['-n', '-c', `${count}`, '-i', `${GAP_S}`, '-W', '1', '-w', `${lastsS}`, '-s', `${bytes}`],
    ...(whole ? ['-M', 'do'] : []),
    address,
  ];
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
  return new Promise((resolve, reject) => {
    const options = { env, signal, killSignal: 'SIGKILL', maxBuffer: MOST_BYTES, encoding: 'latin1' } as const;
    execFile('ping', args, options, (error, stdout, stderr) => {
      // Without an answer it ends with an error of its own, and tells all the same.
      const code = error?.code;
      if (signal.aborted) reject(signal.reason);
      else if (code === 'ENOENT' || code === 'EACCES') reject(new Malformed('there is no ping'));
      else settle(() => readBurst(`${stdout}\n${stderr}`), resolve, reject);
    });
  });
}

function settle<T>(make: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): void {
  try {
    resolve(make());
  } catch (error) {
    reject(error);
  }
}
