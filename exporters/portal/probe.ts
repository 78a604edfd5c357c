// Asks for a page whose answer is known, in plain HTTP: whoever puts himself between us and the internet answers instead.
// One page may have moved; that two of different operators are not what they were is for the signals to say.
import { z } from 'zod';
import { exchange } from '../http/exchange.ts';
import { defineProbe } from '../probe.ts';
import type { PortalFacts } from './facts.ts';

const MAX_BODY_BYTES = 4_096;
/** What a portal says on purpose (RFC 6585 section 6). */
const NETWORK_AUTHENTICATION_REQUIRED = 511;

const Settings = z.strictObject({
  url: z.url({ protocol: /^http$/ }).describe('The page, in plain HTTP: nobody can answer in its place over TLS.'),
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
    const { phases, answer } = asked;
    const facts: PortalFacts = { address: asked.address, httpStatus: answer?.status ?? null, answer: null };
    if (answer === null || asked.reason !== 'ok') {
      return { reason: asked.reason, phase: asked.phase, phases, facts };
    }
    const text = answer.body?.toString('utf8') ?? '';
    // The known ones are short; of a longer one only the start was read.
    const tooLong = text.length >= MAX_BODY_BYTES;
    const known = body === undefined ? text === '' : text.includes(body);
    if (answer.status === status && known && !tooLong) {
      return { reason: 'ok', phase: null, phases, facts: { ...facts, answer: 'clear' } };
    }
    // The page's own server is broken, or the page is gone.
    const broken = (answer.status >= 500 && answer.status !== NETWORK_AUTHENTICATION_REQUIRED) || isGone(answer.status);
    if (broken) return { reason: 'http_status', phase: 'check', phases, facts };
    return { reason: 'captive_portal', phase: 'check', phases, facts: { ...facts, answer: 'captured' } };
  },

  samples: ({ facts }) =>
    facts.answer === null ? [] : [{ metric: 'demarc_captive_portal', value: facts.answer === 'captured' ? 1 : 0 }],
});

const isGone = (status: number): boolean => status === 404 || status === 410;
