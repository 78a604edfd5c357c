// Looks at an OpenID provider as an application would before it trusts a token: discovery, then the keys.
// Nobody logs in: that a provider shows its keys is the least it must do, and not proof that people get in.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import { fetchDocument, missing } from '../http/document.ts';
import { ForwardProxy } from '../http/forward-proxy.ts';
import { HttpUrl } from '../http/url.ts';
import { malformed, readingOf } from '../malformed.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe } from '../probe.ts';
import { keysIn, keysUrlIn } from './documents.ts';
import type { IdentityFacts } from './facts.ts';

const MAX_BYTES = 262_144;
const DISCOVERY = '.well-known/openid-configuration';

const Settings = z.strictObject({
  issuer: HttpUrl.describe('The issuer, as its tokens name it.'),
  keysHost: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/)
    .toLowerCase()
    .optional()
    .describe("Host of the keys, where it is not the issuer's: no other is asked, whatever the provider says."),
  proxy: ForwardProxy.optional(),
});

export const identity = defineProbe({
  kind: 'identity',
  settings: Settings,

  async measure({ issuer, keysHost, proxy }, context) {
    const base = new URL(issuer.endsWith('/') ? issuer : `${issuer}/`);
    const found = await fetchDocument(new URL(DISCOVERY, base), MAX_BYTES, context, { proxy });
    const { phases, address } = found;
    const seen: IdentityFacts = {
      address,
      httpStatus: found.answer?.status ?? null,
      document: 'discovery',
      keyIds: null,
      keysEnd: null,
    };
    if (found.reason !== 'ok') return { ...missing(found), facts: seen };
    const place = readingOf(() => keysUrlIn(found.body.toString('utf8'), issuer));
    if (place.value === null) return { ...malformed(place.flaw), phases, facts: seen };
    const url = place.value;
    if (!mayBeAsked(url, base, keysHost)) return { reason: 'target_denied', phase: 'check', phases, facts: seen };
    const got = await fetchDocument(url, MAX_BYTES, context, { proxy });
    const facts: IdentityFacts = { ...seen, document: 'keys', httpStatus: got.answer?.status ?? null };
    if (got.reason !== 'ok') return { ...missing(got), phases, facts };
    const keys = readingOf(() => keysIn(got.body.toString('utf8')));
    if (keys.value === null) return { ...malformed(keys.flaw), phases, facts };
    return { reason: 'ok', phase: null, phases, facts: { ...facts, ...keys.value } };
  },

  samples: samplesOf,
});

/** Where the keys are is the provider's word: no other host, nothing in the clear after TLS, and no credentials. */
function mayBeAsked(keys: URL, issuer: URL, keysHost = issuer.host): boolean {
  const downgrade = issuer.protocol === 'https:' && keys.protocol !== 'https:';
  return keys.host === keysHost && !downgrade && keys.username === '' && keys.password === '';
}

function samplesOf({ facts: { keyIds, keysEnd } }: Measurement<IdentityFacts>): Sample[] {
  const samples: Sample[] = [];
  if (keyIds !== null) samples.push({ metric: 'demarc_identity_keys', value: keyIds.length });
  if (keysEnd !== null)
    samples.push({ metric: 'demarc_identity_keys_expiry_timestamp_seconds', value: keysEnd / 1000 });
  return samples;
}
