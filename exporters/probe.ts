// The contract of a probe: settings checked once, then measured again and again under a deadline.
// A failed measurement is a value with a reason; throwing means a bug of ours and yields no observation.
import type { z } from 'zod';
import type { Sample } from '../catalog/metrics.ts';
import type { Reason } from '../catalog/reasons.ts';
import type { Clock } from './clock.ts';
import { REASON_OF_ERRNO } from './errno.ts';
import type { FactsByKind, Measurement, ObservationOf, ProbeKind } from './observation.ts';
import type { Trace } from './trace.ts';

/** Turns a host name into addresses by asking configured servers ourselves, never the system resolver. */
export interface NameResolver {
  /**
   * Addresses of `name`, in the order to be tried; literals come back as they are.
   * `mode` fresh: ask now. last_good: on failure, what was true before, so that a dead resolver does not hide a living edge.
   * Rejects with {@link ResolveError}.
   */
  resolve(name: string, mode: 'fresh' | 'last_good', signal: AbortSignal): Promise<string[]>;
}

export class ResolveError extends Error {
  readonly reason: Reason;
  constructor(name: string, reason: Reason) {
    super(`${name}: ${reason}`);
    this.name = 'ResolveError';
    this.reason = reason;
  }
}

export interface ProbeContext {
  /**
   * Fires at the deadline. Everything a probe opened must be closed by then. A listener must not outlive the measurement: the
   * signal is that of others too, who began at about the same time.
   */
  signal: AbortSignal;
  clock: Clock;
  resolver: NameResolver;
  /** PEM certificates to trust besides Node's own. */
  trust: readonly string[];
  /** Told what goes on, where somebody watches. */
  trace?: Trace;
}

interface ProbeDefinition<K extends ProbeKind, S extends z.ZodType> {
  kind: K;
  settings: S;
  measure(settings: z.output<S>, context: ProbeContext): Promise<Measurement<FactsByKind[K]>>;
  /** What this kind exports besides what every kind does. Unknown is an absent sample, never an invented number. */
  samples(measured: Measurement<FactsByKind[K]>): Sample[];
}

/** A probe whose settings type is sealed inside, so that the registry holds many kinds without casts. */
export interface Probe<K extends ProbeKind> {
  kind: K;
  settings: z.ZodType;
  /** Checks the settings once (throws ZodError) and returns the measurement to be repeated. */
  prepare(target: string, settings: unknown): (context: ProbeContext) => Promise<ObservationOf<K>>;
  samples(measured: Measurement<FactsByKind[K]>): Sample[];
}

export function defineProbe<K extends ProbeKind, S extends z.ZodType>(definition: ProbeDefinition<K, S>): Probe<K> {
  return {
    kind: definition.kind,
    settings: definition.settings,
    samples: definition.samples,
    prepare(target, raw) {
      const settings = definition.settings.parse(raw);
      return async (context) => {
        const startedAt = context.clock.now();
        const start = context.clock.monotonic();
        const measured = await definition.measure(settings, context);
        const durationMs = context.clock.monotonic() - start;
        const { reason, phase, phases, facts } = measured;
        const { kind } = definition;
        // Written out, since what is spread takes twice the memory, and one is kept of every target.
        const stamped = { kind, target, ok: reason === 'ok', startedAt, durationMs, reason, phase, phases, facts };
        return Object.assign(stamped, measured);
      };
    },
  };
}

/** Alerts of a server about the certificate a client showed, or did not show: OpenSSL names them by versions of TLS. */
const OF_OUR_CERTIFICATE =
  /^ERR_SSL_[A-Z0-9/]+_ALERT_(?:(?:BAD|UNSUPPORTED)_CERTIFICATE|CERTIFICATE_(?:REQUIRED|UNKNOWN|REVOKED|EXPIRED)|UNKNOWN_CA)$/;

/** The reason behind an error of Node's network calls; throws the error on when it is not the network's but ours. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof ResolveError) return error.reason;
  if (!(error instanceof Error)) throw error;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = REASON_OF_ERRNO[code];
  if (reason !== undefined) return reason;
  if (code.startsWith('HPE_') || code.startsWith('ERR_HTTP2_')) return 'http_protocol';
  if (OF_OUR_CERTIFICATE.test(code)) return 'tls_client_certificate';
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO') return 'tls_handshake';
  throw error;
}
