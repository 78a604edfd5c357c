// Makes one idempotent call to an API as you would; the same with a second credential, and the same in another region. Which of
// them end alike tells a key that was taken back from a vendor that fails, and one region from all of them.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import { exchangeAuthorized } from '../http/authorized.ts';
import { ClientCertificate } from '../http/client-certificate.ts';
import type { Exchange } from '../http/exchange.ts';
import { ForwardProxy } from '../http/forward-proxy.ts';
import { ServerAuth } from '../http/oauth2.ts';
import { flawIn } from '../http/refusal.ts';
import { RequestHeaders } from '../http/request.ts';
import { isAmong, StatusCodes } from '../http/status-codes.ts';
import { HttpUrl } from '../http/url.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe, type ProbeContext } from '../probe.ts';
import { type ApiFacts, CALLS, type CallOutcome } from './facts.ts';

/** Nothing of the body is looked at. */
const MAX_BODY_BYTES = 1_024;

const Credential = {
  auth: ServerAuth.optional().describe('Who calls.'),
  clientCertificate: ClientCertificate.optional(),
  headers: RequestHeaders.default({}).describe(
    'Further request headers, such as a key; secrets only as {file} or {env}.',
  ),
};

export const ApiCall = z.strictObject({
  url: HttpUrl.describe('What is called, by GET: something that changes nothing and costs little.'),
  status: StatusCodes.describe('Status codes that are as wished.'),
  ...Credential,
  second: z
    .strictObject(Credential)
    .refine(
      ({ auth, clientCertificate, headers }) =>
        auth !== undefined || clientCertificate !== undefined || Object.keys(headers).length > 0,
      'needs auth or headers, or a client certificate',
    )
    .optional()
    .describe('A second credential, better of another account: what it is served, the first one is denied.'),
  elsewhere: HttpUrl.optional().describe('The same call in another region, with the first credential.'),
  proxy: ForwardProxy.optional(),
});

type ApiCall = z.output<typeof ApiCall>;

export const api = defineProbe({
  kind: 'api',
  settings: ApiCall,

  async measure(call, context) {
    const { url, second, elsewhere } = call;
    const [first, again, there] = await Promise.all([
      ask(url, call, call.proxy, context),
      second === undefined ? null : ask(url, second, call.proxy, context),
      elsewhere === undefined ? null : ask(elsewhere, call, call.proxy, context),
    ]);
    const reason = reasonOf(first, call);
    const outcomeOf = (done: Exchange): CallOutcome => ({
      reason: reasonOf(done, call),
      status: done.answer?.status ?? null,
    });
    const calls = { first: outcomeOf(first), second: again && outcomeOf(again), elsewhere: there && outcomeOf(there) };
    const phase = reason === 'http_status' ? 'check' : first.phase;
    return { reason, phase, phases: first.phases, ...flawIn(first), facts: { address: first.address, calls } };
  },

  samples: samplesOf,
});

/** Nothing of one credential goes along with the other. */
function ask(
  url: string,
  { headers, auth, clientCertificate }: Pick<ApiCall, keyof typeof Credential>,
  proxy: ApiCall['proxy'],
  context: ProbeContext,
): Promise<Exchange> {
  const bounds = { resolve: 'last_good', tlsVerify: true, maxBodyBytes: MAX_BODY_BYTES } as const;
  return exchangeAuthorized(
    { url: new URL(url), method: 'GET', headers, auth, clientCertificate, proxy, ...bounds },
    context,
  );
}

/** A received status is an explicit answer, so it outweighs whatever became of the body. */
function reasonOf({ reason, answer }: Exchange, { status }: ApiCall): CallOutcome['reason'] {
  if (answer === null) return reason;
  return isAmong(answer.status, status) ? reason : 'http_status';
}

function samplesOf({ facts: { calls } }: Measurement<ApiFacts>): Sample[] {
  return CALLS.flatMap((call) => {
    const outcome = calls[call];
    if (outcome === null) return [];
    return [{ metric: 'demarc_api_call_success' as const, value: outcome.reason === 'ok' ? 1 : 0, labels: { call } }];
  });
}
