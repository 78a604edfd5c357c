// An exchange by credentials of every kind: what has to be had from somebody else first, a token, is had here.
import { startPhases } from '../phases.ts';
import type { ProbeContext } from '../probe.ts';
import { type Exchange, type ExchangeRequest, exchange, unanswered } from './exchange.ts';
import type { OAuth2, ServerAuth } from './oauth2.ts';
import { flawOf, reasonHere } from './refusal.ts';
import { type Asked, anotherFor, type Token, tokenFor } from './token.ts';

const UNAUTHORIZED = 401;

/** A server that takes no token at all is not to have a new one asked for every time. */
const ANEW_EVERY_MS = 60_000;

export interface AuthorizedRequest extends Omit<ExchangeRequest, 'auth'> {
  auth?: ServerAuth | undefined;
}

/** As `exchange`. A token that is refused with 401 is replaced once, unless it is new. */
export async function exchangeAuthorized(request: AuthorizedRequest, context: ProbeContext): Promise<Exchange> {
  const { auth, ...plain } = request;
  if (auth?.kind !== 'oauth2') return exchange({ ...plain, auth }, context);
  const start = context.clock.monotonic();
  const asked = tokenFor(auth, context);
  const done = await exchangeWith(asked, auth, plain, context);
  const isYoung = asked.since >= start || (asked.anew && start - asked.since < ANEW_EVERY_MS);
  if (done.answer?.status !== UNAUTHORIZED || isYoung) return done;
  context.trace?.step('the token was refused: another one is asked for');
  return exchangeWith(anotherFor(auth, asked, context), auth, plain, context);
}

async function exchangeWith(
  { token }: Asked,
  { tokenUrl }: OAuth2,
  request: ExchangeRequest,
  context: ProbeContext,
): Promise<Exchange> {
  const timer = startPhases(context.clock);
  timer.enter('token');
  let had: Token;
  try {
    had = await within(token, context.signal);
  } catch (error) {
    timer.stop();
    const why = reasonHere(error);
    const reason = why === 'timeout' ? 'token_unreachable' : why;
    const { flaw = `${new URL(tokenUrl).hostname}: timeout` } = flawOf(error);
    context.trace?.step(`no token: ${reason}, ${flaw}`);
    return { ...unanswered(timer.phases), reason, phase: 'token', flaw };
  }
  timer.stop();
  const headers = { ...request.headers, authorization: `Bearer ${had.value}` };
  context.trace?.hide(had.value);
  const done = await exchange({ ...request, headers }, context);
  return { ...done, phases: { ...timer.phases, ...done.phases } };
}

/** Somebody else's request, waited for as long as one's own deadline lets. */
function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
