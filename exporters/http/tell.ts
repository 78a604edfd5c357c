// Tells whoever watches a measurement of one exchange: what was asked, of whom, what came back.
import { shownHeaders, shownUrl, type Trace } from '../trace.ts';
import type { Exchange, ExchangeRequest } from './exchange.ts';

export function tellExchange({ method, url, host }: ExchangeRequest, seen: Exchange, trace: Trace): void {
  const { address, answer, reason, session, phases } = seen;
  const asked = [
    ...(host === undefined ? [] : [`as host ${host}`]),
    ...(address === null ? [] : [`at ${address}`]),
    ...(session === null ? [] : [`over ${session.protocol}, ${session.cipher}`]),
  ];
  trace.step([`${method} ${shownUrl(url.href)}`, ...asked].join(', '), [timesOf(phases)]);
  if (answer === null) {
    trace.step(`no answer: ${reason}${seen.flaw === undefined ? '' : `, ${seen.flaw}`}`);
    return;
  }
  const { status, httpVersion, headers, bodyBytes } = answer;
  const whole = reason === 'ok' ? '' : `, broken off: ${reason}`;
  trace.step(`HTTP/${httpVersion} ${status}, ${bodyBytes} bytes of body read${whole}`, shownHeaders(headers));
}

const timesOf = (phases: Exchange['phases']): string =>
  Object.entries(phases)
    .map(([phase, ms]) => `${phase} ${ms.toFixed(2)} ms`)
    .join(', ');
