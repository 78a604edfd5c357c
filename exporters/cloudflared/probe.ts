// Asks a cloudflared daemon whether it is connected to the edge, in its own words: /ready, then /metrics for detail.
// Connected says nothing of the origin behind it, nor of the edge's proxy before it.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import type { Reason } from '../../catalog/reasons.ts';
import { readJson } from '../http/bounded-json.ts';
import { type Exchange, exchange } from '../http/exchange.ts';
import { HttpUrl } from '../http/url.ts';
import { inShape, Malformed, malformed, readingOf } from '../malformed.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe, type ProbeContext } from '../probe.ts';
import type { CloudflaredFacts } from './facts.ts';
import { readSeries, type Series } from './prometheus-text.ts';

const MAX_READY_BYTES = 4_096;
const MAX_METRICS_BYTES = 262_144;
/** The detail must not make a daemon look slow that has already said it is ready. */
const METRICS_PATIENCE_MS = 1_000;

const REGISTER_FAIL = 'cloudflared_tunnel_tunnel_register_fail';
const BUILD_INFO = 'build_info';
const SMOOTHED_RTT = 'quic_client_smoothed_rtt';
const WANTED = new Set([REGISTER_FAIL, BUILD_INFO, SMOOTHED_RTT]);

const Settings = z.strictObject({
  url: HttpUrl.describe("Base of the daemon's metrics server, e.g. http://127.0.0.1:20241."),
});

const Ready = z.object({
  status: z.union([z.literal(200), z.literal(503)]),
  readyConnections: z.int().min(0).max(1_000),
  /** Older daemons do not tell it. */
  connectorId: z.string().optional(),
});

type Ready = z.output<typeof Ready>;

type Details = Pick<CloudflaredFacts, 'registerFailures' | 'version' | 'smoothedRttMs'>;

const NO_DETAILS: Details = { registerFailures: null, version: null, smoothedRttMs: null };

export const cloudflared = defineProbe({
  kind: 'cloudflared',
  settings: Settings,

  async measure({ url }, context) {
    const asked = await ask(url, 'ready', MAX_READY_BYTES, context);
    const { phases } = asked;
    const silent: CloudflaredFacts = { state: null, readyConnections: null, ...NO_DETAILS };
    if (asked.reason !== 'ok') return { reason: asked.reason, phase: asked.phase, phases, facts: silent };
    const { value: ready, flaw } = readingOf(() => readyIn(asked));
    if (ready === null) return { ...malformed(flaw), phases, facts: silent };
    const isReady = ready.status === 200 && ready.readyConnections > 0;
    const facts: CloudflaredFacts = {
      state: isReady ? 'ready' : 'not_ready',
      readyConnections: ready.readyConnections,
      ...(await detailsOf(url, context)),
    };
    const reason: Reason = isReady ? 'ok' : 'tunnel_not_ready';
    return { reason, phase: isReady ? null : 'check', phases, facts };
  },

  samples: samplesOf,
});

function ask(base: string, path: string, maxBodyBytes: number, context: ProbeContext): Promise<Exchange> {
  const url = new URL(path, base.endsWith('/') ? base : `${base}/`);
  return exchange({ url, method: 'GET', resolve: 'last_good', tlsVerify: true, maxBodyBytes }, context);
}

/** Throws {@link Malformed} when whoever answered is not a cloudflared: no JSON, or one that contradicts its status. */
function readyIn({ answer }: Exchange): Ready {
  const read = inShape(Ready, readJson(answer?.body?.toString('utf8') ?? ''), 'not the readiness of a cloudflared');
  if (read.status !== answer?.status) throw new Malformed(`a status of ${read.status} within one of ${answer?.status}`);
  return read;
}

/** As far as /metrics gives them; its failure says nothing about the tunnel. */
async function detailsOf(url: string, context: ProbeContext): Promise<Details> {
  const impatient = new AbortController();
  const cancel = context.clock.after(METRICS_PATIENCE_MS, () => impatient.abort());
  try {
    const signal = AbortSignal.any([context.signal, impatient.signal]);
    const { answer } = await ask(url, 'metrics', MAX_METRICS_BYTES, { ...context, signal });
    if (answer?.status !== 200 || answer.body === null) return NO_DETAILS;
    return detailsIn(readSeries(answer.body.toString('utf8'), WANTED));
  } finally {
    cancel();
  }
}

function detailsIn(series: readonly Series[]): Details {
  const failures = series.filter(({ name }) => name === REGISTER_FAIL).map(({ value }) => value);
  // A connection that was never up reports 0. Of the others, the best shows how far away the edge is.
  const rtts = series.filter(({ name, value }) => name === SMOOTHED_RTT && value > 0).map(({ value }) => value);
  const version = series.find(({ name }) => name === BUILD_INFO)?.labels.get('version') ?? '';
  return {
    // The series begins with the first failure, so its absence may also mean that it is called otherwise now.
    registerFailures: failures.length === 0 ? null : failures.reduce((sum, value) => sum + value, 0),
    version: /^[0-9A-Za-z._-]{1,32}$/.test(version) ? version : null,
    smoothedRttMs: rtts.length === 0 ? null : Math.min(...rtts),
  };
}

function samplesOf({ facts }: Measurement<CloudflaredFacts>): Sample[] {
  const samples: Sample[] = [];
  if (facts.readyConnections !== null) {
    samples.push({ metric: 'demarc_tunnel_ready_connections', value: facts.readyConnections });
  }
  if (facts.registerFailures !== null) {
    samples.push({ metric: 'demarc_tunnel_register_failures', value: facts.registerFailures });
  }
  return samples;
}
