// Reads the ACME directory of a certificate authority (RFC 8555, section 7.1.1): without it nothing can be issued or renewed.
// Nothing is ordered, and no nonce is taken.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import { readJson } from '../http/bounded-json.ts';
import { fetchDocument, missing } from '../http/document.ts';
import { ForwardProxy } from '../http/forward-proxy.ts';
import { HttpUrl } from '../http/url.ts';
import { inShape, malformed, readingOf } from '../malformed.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe } from '../probe.ts';
import type { AcmeFacts } from './facts.ts';

const MAX_BYTES = 65_536;

const Settings = z.strictObject({
  directory: HttpUrl.describe('URL of the directory.'),
  proxy: ForwardProxy.optional(),
});

const Place = z.url({ protocol: /^https?$/ }).max(512);

const Directory = z.object({
  newNonce: Place,
  newAccount: Place,
  newOrder: Place,
  revokeCert: Place,
  keyChange: Place,
  renewalInfo: Place.optional(),
  meta: z.object({ externalAccountRequired: z.boolean().optional() }).optional(),
});

export const acme = defineProbe({
  kind: 'acme',
  settings: Settings,

  async measure({ directory, proxy }, context) {
    const got = await fetchDocument(new URL(directory), MAX_BYTES, context, { proxy });
    const { phases, address } = got;
    const seen: AcmeFacts = {
      address,
      httpStatus: got.answer?.status ?? null,
      externalAccount: null,
      renewalInfo: null,
    };
    if (got.reason !== 'ok') return { ...missing(got), facts: seen };
    const { value, flaw } = readingOf(() => directoryIn(got.body.toString('utf8')));
    if (value === null) return { ...malformed(flaw), phases, facts: seen };
    const facts = {
      ...seen,
      externalAccount: value.meta?.externalAccountRequired ?? null,
      renewalInfo: value.renewalInfo !== undefined,
    };
    return { reason: 'ok', phase: null, phases, facts };
  },

  samples: samplesOf,
});

/** Throws {@link Malformed} for what is no directory. */
export function directoryIn(text: string): z.output<typeof Directory> {
  return inShape(Directory, readJson(text), 'no ACME directory');
}

function samplesOf({ reason }: Measurement<AcmeFacts>): Sample[] {
  return [{ metric: 'demarc_acme_directory_ok', value: reason === 'ok' ? 1 : 0 }];
}
