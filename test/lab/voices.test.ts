// How every vendor of the lab words a failure, read with its patterns: the catalogue's, or those a map of one's own would have.
import { describe, expect, it } from 'vitest';
import { generatorOf } from '../../exporters/http/generator.ts';
import type { Answer } from '../../lab/answer.ts';
import type { EdgeContext, EdgeVoice } from '../../lab/edge.ts';
import { VOICES } from '../../lab/voices.ts';
import { loadCatalogue } from '../../map/vendors.ts';

const CATALOGUE = loadCatalogue();

const CONTEXT: EdgeContext = {
  method: 'GET',
  path: '/',
  host: 'www.test',
  client: '127.0.0.1',
  pop: 'FRA',
  city: 'Frankfurt',
};

function writerOf(vendor: keyof typeof VOICES, { status, headers, body }: Answer): string | null {
  const errors = CATALOGUE.get(vendor)?.errors ?? [];
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return generatorOf({ status, headers: byName, body: Buffer.from(body) }, errors).generator;
}

const SAYINGS: Record<string, (voice: EdgeVoice) => Answer> = {
  'its own failure': (voice) => voice.internalError(CONTEXT),
  'its overload': (voice) => voice.overloaded(CONTEXT),
  'a host nobody set up': (voice) => voice.unknownHost(CONTEXT),
  'a tunnel without daemon': (voice) => voice.tunnelDown(CONTEXT),
  'a dead process': (voice) => voice.originFailure('refused', CONTEXT),
  'a silent host': (voice) => voice.originFailure('timeout', CONTEXT),
  'a slow origin': (voice) => voice.originFailure('slow', CONTEXT),
  'a certificate that ended': (voice) => voice.originFailure('certificate', CONTEXT),
  'a broken answer': (voice) => voice.originFailure('broken', CONTEXT),
  'a question whether one is a robot': (voice) => voice.challenge(CONTEXT),
  'a copy of a page': (voice) => voice.copy({ status: 200, headers: {}, body: 'Welcome' }, CONTEXT),
  'a page': (voice) => voice.originAnswer({ status: 200, headers: {}, body: 'Welcome' }, CONTEXT),
  "the origin's own error": (voice) => voice.originAnswer({ status: 500, headers: {}, body: 'oops' }, CONTEXT),
};

const BEHIND = {
  'a tunnel without daemon': 'vendor_says_origin',
  'a dead process': 'vendor_says_origin',
  'a silent host': 'vendor_says_origin',
  'a slow origin': 'vendor_says_origin',
  'a certificate that ended': 'vendor_says_origin',
  'a broken answer': 'vendor_says_origin',
  'a question whether one is a robot': 'challenge',
  'a copy of a page': null,
  'a page': null,
  "the origin's own error": 'unknown',
};

/** Where a page stands for several things, it proves none of them. */
const READ_AS: Record<keyof typeof VOICES, Record<string, string | null>> = {
  akamai: {
    ...BEHIND,
    'its own failure': 'vendor_internal',
    'its overload': 'vendor_says_origin',
    'a host nobody set up': 'own_edge_code',
  },
  aws: {
    ...BEHIND,
    'its own failure': 'vendor_internal',
    'its overload': 'unknown',
    'a host nobody set up': 'own_edge_code',
  },
  azure: {
    ...BEHIND,
    'its own failure': 'unknown',
    'its overload': 'vendor_internal',
    'a host nobody set up': 'unknown',
  },
  bunny: {
    ...BEHIND,
    'its own failure': 'vendor_internal',
    'its overload': 'vendor_internal',
    'a host nobody set up': 'own_edge_code',
  },
  cloudflare: {
    ...BEHIND,
    'its own failure': 'vendor_internal',
    'its overload': 'vendor_internal',
    'a host nobody set up': 'own_edge_code',
  },
  digitalocean: {
    ...BEHIND,
    'its own failure': 'vendor_internal',
    'its overload': 'vendor_says_origin',
    'a host nobody set up': 'own_edge_code',
    // A header says what the app answered.
    "the origin's own error": 'origin',
  },
  fastly: {
    ...BEHIND,
    // No mark of its questions is known.
    'a question whether one is a robot': 'unknown',
    'its own failure': 'vendor_internal',
    'its overload': 'vendor_internal',
    'a host nobody set up': 'own_edge_code',
  },
  // Behind it is no server of yours: whatever fails there is its own.
  'github-pages': {
    ...BEHIND,
    'a tunnel without daemon': 'vendor_internal',
    'a dead process': 'vendor_internal',
    'a silent host': 'vendor_internal',
    'a slow origin': 'vendor_internal',
    'a certificate that ended': 'vendor_internal',
    'a broken answer': 'vendor_internal',
    "the origin's own error": 'vendor_internal',
    'its own failure': 'vendor_internal',
    'its overload': 'vendor_internal',
    'a host nobody set up': 'own_edge_code',
  },
  'google-cloud': {
    ...BEHIND,
    'its own failure': 'vendor_internal',
    'its overload': 'vendor_says_origin',
    'a host nobody set up': 'vendor_internal',
  },
  netlify: {
    ...BEHIND,
    // How it says that it could not connect is not known, and no mark of its questions is.
    'a tunnel without daemon': 'unknown',
    'a dead process': 'unknown',
    'a silent host': 'unknown',
    'a certificate that ended': 'unknown',
    'a broken answer': 'unknown',
    'a question whether one is a robot': 'unknown',
    'its own failure': 'vendor_internal',
    'its overload': 'vendor_internal',
    'a host nobody set up': 'own_edge_code',
  },
  ngrok: {
    ...BEHIND,
    'its own failure': 'vendor_internal',
    'its overload': 'vendor_internal',
    'a host nobody set up': 'vendor_says_origin',
  },
  ovhcloud: {
    ...BEHIND,
    // The words of the program it is made from are anybody's.
    'its own failure': 'unknown',
    'a question whether one is a robot': 'unknown',
    'its overload': 'vendor_says_origin',
    'a host nobody set up': 'vendor_says_origin',
  },
  vercel: {
    ...BEHIND,
    'its own failure': 'vendor_internal',
    'its overload': 'vendor_internal',
    'a host nobody set up': 'own_edge_code',
  },
};

describe.each(Object.keys(VOICES) as (keyof typeof VOICES)[])('%s', (vendor) => {
  it('is read as it means to be', () => {
    const read = Object.fromEntries(
      Object.entries(SAYINGS).map(([what, say]) => [what, writerOf(vendor, say(VOICES[vendor]))]),
    );
    expect(read).toEqual(READ_AS[vendor]);
  });

  it('is known by its marks where the catalogue has any, or by those of what it runs on, whatever it says', () => {
    const below = CATALOGUE.get(vendor)?.components.edge?.runsOn?.vendor ?? vendor;
    const marks = [vendor, below].flatMap((one) => CATALOGUE.get(one)?.fingerprint.headers ?? []);
    for (const [what, say] of Object.entries(SAYINGS)) {
      const { headers } = say(VOICES[vendor]);
      const marked = marks.some(({ name, contains }) => headers[name]?.toLowerCase().includes(contains.toLowerCase()));
      expect({ what, marked: marked || marks.length === 0 }).toEqual({ what, marked: true });
    }
  });
});
