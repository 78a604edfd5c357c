// Every edge's own way of wording things; a vendor nobody has written for speaks in the patterns its errors are known by.
import type { ErrorClass } from '../map/vendor.ts';
import { AKAMAI } from './akamai.ts';
import { type Answer, page } from './answer.ts';
import { APP_PLATFORM } from './app-platform.ts';
import { AZURE } from './azure.ts';
import { BUNNY } from './bunny.ts';
import { CLOUDFLARE } from './cloudflare.ts';
import { CLOUDFRONT } from './cloudfront.ts';
import type { EdgeVoice } from './edge.ts';
import { FASTLY } from './fastly.ts';
import { GITHUB_PAGES } from './github-pages.ts';
import { GOOGLE } from './google.ts';
import { NETLIFY } from './netlify.ts';
import { NGROK } from './ngrok.ts';
import { OVHCLOUD } from './ovhcloud.ts';
import { VERCEL } from './vercel.ts';
import type { WorldEdge } from './world.ts';

/** By vendor. */
export const VOICES = {
  akamai: AKAMAI,
  aws: CLOUDFRONT,
  azure: AZURE,
  bunny: BUNNY,
  cloudflare: CLOUDFLARE,
  digitalocean: APP_PLATFORM,
  fastly: FASTLY,
  'github-pages': GITHUB_PAGES,
  'google-cloud': GOOGLE,
  netlify: NETLIFY,
  ngrok: NGROK,
  ovhcloud: OVHCLOUD,
  vercel: VERCEL,
} as const satisfies Record<string, EdgeVoice>;

const WRITTEN: ReadonlyMap<string, EdgeVoice> = new Map(Object.entries(VOICES));

export function voiceOf({ vendor, errors = [] }: WorldEdge): EdgeVoice {
  return WRITTEN.get(vendor) ?? plainVoice(errors);
}

/** An answer that fits the first pattern of this generator; without one, an answer that says nothing of its writer. */
function worded(errors: readonly ErrorClass[], generator: ErrorClass['generator'], status: number): Answer {
  const pattern = errors.find((known) => known.generator === generator && (known.status?.[0] ?? 500) >= 500);
  const { header } = pattern ?? {};
  const marks = header === undefined ? {} : { [header.name]: header.contains === '' ? '1' : header.contains };
  return {
    status: pattern?.status?.[0] ?? status,
    headers: { 'content-type': 'text/html', ...marks },
    body: page('Error', pattern?.body ?? 'This did not work.'),
  };
}

function plainVoice(errors: readonly ErrorClass[]): EdgeVoice {
  const own = () => worded(errors, 'vendor_internal', 503);
  const origins = () => worded(errors, 'vendor_says_origin', 502);
  return {
    own: () => null,
    unknownHost: own,
    internalError: own,
    overloaded: own,
    tunnelDown: origins,
    originFailure: origins,
    originAnswer: (answer) => answer,
    copy: (answer) => ({ ...answer, headers: { ...answer.headers, age: '30' } }),
    challenge: () => worded(errors, 'challenge', 403),
  };
}
