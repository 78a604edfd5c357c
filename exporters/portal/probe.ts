// Asks for a page whose answer is known, in plain HTTP: whoever puts himself between us and the internet answers instead.
// One page may have moved; that two of different operators are not what they were is for the signals to say.
import { z } from 'zod';
import { exchange } from '../http/exchange.ts';
import { PlainHttpUrl } from '../http/url.ts';
import { defineProbe } from '../probe.ts';
import type { PortalFacts } from './facts.ts';

const MAX_BODY_BYTES = 4_096;
/** What a portal says on purpose (RFC 6585 section 6). */
const NETWORK_AUTHENTICATION_REQUIRED = 511;

const Settings = z.strictObject({
  url: PlainHttpUrl.describe('The page, in plain HTTP: nobody can answer in its place over TLS.'),
  status: z.int().min(200).max(299).default(204).describe('Status it always has.'),
  body: z.string().min(1).max(256).optional().describe('Text it always has. Left out: it has none.'),
});

export const portal = defineProbe({
  kind: 'portal',
  settings: Settings,

  async measure({ url, status, body }, context) {
    const asked = await exchange(
      { url: new URL(url), method: 'GET', resolve: 'last_good', tlsVerify: true, maxBodyBytes: MAX_BODY_BYTES },
      context,
    );
    const { reason, phase, phases, answer } = asked;
    const facts: PortalFacts = { address: asked.address, httpStatus: answer?.status ?? null, answer: null };
    // A received status is an explicit answer, so a wrong one outweighs whatever became of the body.
    if (answer === null || (answer.status === status && reason !== 'ok')) return { reason, phase, phases, facts };
    if (answer.status === status && isKnown(answer.body?.toString('utf8') ?? '', body)) {
      return { reason: 'ok', phase: null, phases, facts: { ...facts, answer: 'clear' } };
    }
    if (isOfThePage(answer.status)) return { reason: 'http_status', phase: 'check', phases, facts };
    return { reason: 'captive_portal', phase: 'check', phases, facts: { ...facts, answer: 'captured' } };
  },

  samples: ({ facts }) =>
    facts.answer === null ? [] : [{ metric: 'demarc_captive_portal', value: facts.answer === 'captured' ? 1 : 0 }],
});

/** The known ones are short; of a longer one only the start was read. */
function isKnown(text: string, known: string | undefined): boolean {
  return text.length < MAX_BODY_BYTES && (known === undefined ? text === '' : text.includes(known));
}

/** Its own server is broken or had enough of us, or the page is gone: none of it is what a portal says. */
function isOfThePage(status: number): boolean {
  return [404, 410, 429].includes(status) || (status >= 500 && status !== NETWORK_AUTHENTICATION_REQUIRED);
}
