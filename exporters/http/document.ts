// Fetches one document whole, or says why not. Unless it is told where it may be sent, it follows no redirect: whoever sends
// us elsewhere is not who was asked.
import type { Phase, Reason } from '../../catalog/reasons.ts';
import type { Measurement } from '../observation.ts';
import type { ProbeContext } from '../probe.ts';
import { type AuthorizedRequest, exchangeAuthorized } from './authorized.ts';
import type { Exchange } from './exchange.ts';
import { follow } from './follow.ts';
import { flawIn } from './refusal.ts';
import type { Follow } from './request.ts';
import { restOf } from './rest.ts';
import type { Conditions } from './revalidate.ts';

export interface Fetched extends Pick<Exchange, 'phases' | 'flaw' | 'address' | 'answer'> {
  /** ok: status 200, and the body is here; or it is `unchanged`. */
  reason: Reason;
  phase: Phase | null;
  body: Buffer;
  /** The server says that it is what it was, under the conditions it was asked on. */
  unchanged: boolean;
  /** How long whoever was asked wants to be left alone. */
  restMs: number | undefined;
}

/** Of one that is not here: what a measurement tells of it. */
export function missing({ reason, phase, phases, restMs, ...seen }: Fetched): Omit<Measurement<never>, 'facts'> {
  return { reason, phase, phases, ...flawIn(seen), ...(restMs !== undefined && { restMs }) };
}

export interface Sent extends Pick<AuthorizedRequest, 'headers' | 'auth' | 'clientCertificate' | 'form' | 'proxy'> {
  redirects?: Follow;
  conditions?: Conditions | null;
}

const NOTHING = Buffer.alloc(0);
const NOT_MODIFIED = 304;

export async function fetchDocument(
  url: URL,
  maxBytes: number,
  context: ProbeContext,
  { redirects, conditions = null, ...sent }: Sent = {},
): Promise<Fetched> {
  // One byte more than allowed is asked for: the exchange stops at its limit without a word.
  const limits = { resolve: 'last_good', tlsVerify: true, maxBodyBytes: maxBytes + 1 } as const;
  const method = sent.form === undefined ? 'GET' : 'POST';
  const headers = { ...sent.headers, ...conditions };
  const request = { url, method, ...sent, headers, ...limits } as const;
  const asked = redirects === undefined ? exchangeAuthorized(request, context) : follow(request, redirects, context);
  const done = await asked;
  const { reason, phase, phases, address, answer } = done;
  const restMs = answer === null ? undefined : restOf(answer, context.clock.now());
  const unchanged = conditions !== null && answer?.status === NOT_MODIFIED;
  const seen = { phases, ...flawIn(done), address, answer, body: NOTHING, unchanged, restMs };
  if (reason === 'target_denied') return { ...seen, reason, phase };
  // A received status is an explicit answer, so a wrong one outweighs whatever became of the body.
  if (answer !== null && answer.status !== 200 && !unchanged) {
    const moved = answer.status >= 300 && answer.status < 400 && answer.status !== NOT_MODIFIED;
    return { ...seen, reason: moved ? 'http_redirect' : 'http_status', phase: 'check' };
  }
  if (reason !== 'ok') return { ...seen, reason, phase };
  const body = answer?.body ?? NOTHING;
  if (body.length > maxBytes) return { ...seen, reason: 'http_too_large', phase: 'transfer' };
  return { ...seen, reason, phase, body };
}
