import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { type DnsFacts, nothingRead } from '../../exporters/dns/facts.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import type { Role } from '../../map/plan-types.ts';
import { type Answers, classify } from '../../signals/classify.ts';

const common = { target: 't', startedAt: 0, durationMs: 1, phases: {} } as const;

function dns(reason: Reason, facts: Partial<ObservationOf<'dns'>['facts']>): ObservationOf<'dns'> {
  const full: DnsFacts = {
    ...nothingRead('s'),
    rcode: 'NOERROR',
    authoritative: true,
    authorityCount: 0,
    additionalCount: 0,
    ...facts,
  };
  return { kind: 'dns', ...common, ok: reason === 'ok', reason, phase: null, facts: full };
}

function http(
  reason: Reason,
  phase: ObservationOf<'http'>['phase'],
  facts: Partial<ObservationOf<'http'>['facts']>,
): ObservationOf<'http'> {
  const full = {
    address: null,
    status: null,
    generator: null,
    vendorCode: null,
    pop: null,
    httpVersion: null,
    stamped: null,
    bodyBytes: null,
    serverDate: null,
    age: null,
    tls: true,
    certificateNotAfter: null,
    ...facts,
  };
  return { kind: 'http', ...common, ok: reason === 'ok', reason, phase, facts: full };
}

const alias = { name: 'shop.test', type: 'CNAME', ttl: 60, data: 'edge.vendor.test' };

const cases: [string, Role, string | null, ObservationOf<'dns'> | ObservationOf<'http'>, Answers][] = [
  ['a name server with the record', 'nameserver', null, dns('ok', {}), { serves: 1, reachable: 1, record: 1 }],
  ['one that says there is none', 'nameserver', null, dns('dns_nodata', {}), { serves: 1, reachable: 1, record: 0 }],
  [
    'one that says so without authority',
    'nameserver',
    null,
    dns('dns_nxdomain', { authoritative: false }),
    { serves: 1, reachable: 1, record: -1 },
  ],
  [
    'one that has an alias into another zone',
    'nameserver',
    null,
    dns('dns_nodata', { answers: [alias] }),
    { serves: 1, reachable: 1, record: 1 },
  ],
  [
    'one that refuses',
    'nameserver',
    null,
    dns('dns_refused', { rcode: 'REFUSED' }),
    { serves: 0, reachable: 1, record: -1 },
  ],
  [
    'one that is silent',
    'nameserver',
    null,
    dns('dns_timeout', { rcode: null, authoritative: null }),
    { serves: 0, reachable: 0, record: -1 },
  ],
  ['an endpoint without an address', 'endpoint', 'endpoint', dns('dns_nodata', {}), { record: 0 }],
  [
    'an endpoint whose name server is silent',
    'endpoint',
    'endpoint',
    dns('dns_timeout', { rcode: null }),
    { record: -1 },
  ],
  ['a control zone that lost its name', 'control', 'dns', dns('dns_nxdomain', {}), { works: -1 }],
  ['a control endpoint that lost its name', 'control', 'endpoint', dns('dns_nodata', {}), { works: 0 }],
  ['a control with a 500', 'control', 'edge', http('http_status', 'check', { status: 500 }), { works: 0 }],
  ['a control with a 404', 'control', 'edge', http('http_status', 'check', { status: 404 }), { works: -1 }],
  [
    "somebody else's tunnel that is not carried",
    'control',
    'tunnel',
    http('http_status', 'check', { status: 530, generator: 'vendor_says_origin' }),
    { works: 0 },
  ],
  [
    "somebody else's tunnel behind a broken edge",
    'control',
    'tunnel',
    http('http_status', 'check', { status: 500, generator: 'vendor_internal' }),
    { works: -1 },
  ],
  ["somebody else's tunnel behind a silent edge", 'control', 'tunnel', http('timeout', 'connect', {}), { works: -1 }],
  ['a control that cannot be resolved', 'control', 'edge', http('dns_servfail', 'resolve', {}), { works: -1 }],
  ['a control endpoint whose name is empty', 'control', 'endpoint', http('dns_nodata', 'resolve', {}), { works: 0 }],
  ['an edge that cannot be connected', 'edge', null, http('timeout', 'connect', {}), { connect: 0, answer: -1 }],
  [
    'an edge that is silent after the handshake',
    'edge',
    null,
    http('timeout', 'processing', {}),
    { connect: 1, answer: 0 },
  ],
  ['an edge with an expired certificate', 'edge', null, http('tls_expired', 'tls', {}), { connect: 1, answer: -1 }],
  [
    'an edge that reports about the origin',
    'edge',
    null,
    http('http_status', 'check', { status: 502, generator: 'vendor_says_origin' }),
    { connect: 1, answer: 1 },
  ],
  [
    'a user who sees the edge fail',
    'service',
    null,
    http('http_status', 'check', { status: 500, generator: 'vendor_internal' }),
    { works: 0, answer: 0, delivers: -1, welcome: 1 },
  ],
  [
    'a user who sees an error of unknown writing',
    'service',
    null,
    http('http_status', 'check', { status: 500, generator: 'unknown' }),
    { works: 0, answer: -1, delivers: -1, welcome: 1 },
  ],
  [
    'a user to whom the edge speaks of the origin',
    'service',
    null,
    http('http_status', 'check', { status: 522, generator: 'vendor_says_origin' }),
    { works: 0, answer: 1, delivers: 0, welcome: 1 },
  ],
  [
    'a prober that is challenged',
    'service',
    null,
    http('http_status', 'check', { status: 403, generator: 'challenge' }),
    { works: -1, answer: -1, delivers: -1, welcome: 0 },
  ],
  ['an origin that refuses', 'origin', null, http('connect_refused', 'connect', {}), { connect: 0, answer: -1 }],
  ['an origin that is silent', 'origin', null, http('timeout', 'connect', {}), { connect: -1, answer: 0 }],
  ['an origin with an error', 'origin', null, http('http_status', 'check', { status: 500 }), { connect: 1, answer: 0 }],
  ['our own machine unable to ask', 'service', null, http('local', 'connect', {}), {}],
];

describe('what one observation says', () => {
  it.each(cases)('of %s', (_, role, layer, observation, answers) => {
    expect(classify(observation, { role, layer, named: false, declared: false, troubled: false }, false)).toEqual(
      answers,
    );
  });

  it.each([401, 403, 429])('counts a %i of an API as a failure only in turns with errors', (status) => {
    const refusal = http('http_status', 'check', { status });
    const context = { role: 'control', layer: 'endpoint', named: false, declared: false } as const;
    expect(classify(refusal, { ...context, troubled: false }, false)).toEqual({ works: -1 });
    expect(classify(refusal, { ...context, troubled: true }, false)).toEqual({ works: 0 });
    expect(classify(refusal, { ...context, layer: 'edge', troubled: true }, false)).toEqual({ works: -1 });
  });

  it('is nothing when it is silence and the prober is starved', () => {
    expect(
      classify(
        http('timeout', 'connect', {}),
        { role: 'service', layer: null, named: false, declared: false, troubled: false },
        true,
      ),
    ).toEqual({});
    expect(
      classify(
        http('connect_refused', 'connect', {}),
        { role: 'origin', layer: null, named: false, declared: false, troubled: false },
        true,
      ),
    ).toEqual({ connect: 0, answer: -1 });
  });
});
