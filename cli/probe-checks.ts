// What a measurement was held against, one line per expectation. Tells only what the probe itself judged by.
import { z } from 'zod';
import { CALLS } from '../exporters/api/facts.ts';
import { ApiCall } from '../exporters/api/probe.ts';
import type { Check } from '../exporters/check.ts';
import { Good } from '../exporters/custom/good.ts';
import { isAmong, type StatusCodes } from '../exporters/http/status-codes.ts';
import type { Observation, ObservationOf } from '../exporters/observation.ts';
import { Origins } from '../exporters/routing/prefix.ts';
import { answered } from './probe-answered.ts';
import { ofClock, ofCloudflared, ofPower, ofRegistration, ofStatus, ofTunnel } from './probe-source-checks.ts';

const CustomWish = z.object({ good: Good });
const RoutingWish = z.object({ least: z.number(), origins: Origins.optional() });
const PortalWish = z.object({ status: z.number() });

/** `settings` with their defaults filled in; `told`: what the measurement said of it itself. */
export function checksOf(
  observation: Observation,
  { settings, timeoutMs, told }: { settings: unknown; timeoutMs: number; told: readonly Check[] },
): Check[] {
  const inTime = observation.reason !== 'timeout' && observation.reason !== 'dns_timeout';
  const actual = `${observation.durationMs.toFixed(1)} ms`;
  return [
    ...told,
    ...ofKind(observation, settings),
    { check: 'deadline', expected: `within ${timeoutMs} ms`, actual, passed: inTime },
  ];
}

function ofKind(observation: Observation, settings: unknown): Check[] {
  switch (observation.kind) {
    case 'tcp':
      return [answered('answer', observation.facts.answer, observation.ok ? [observation.facts.answer] : ['accepted'])];
    // These tell of every expectation themselves, with what it was made on.
    case 'dns':
    case 'http':
    case 'certificate':
      return [];
    case 'cloudflared':
      return ofCloudflared(observation);
    case 'registration':
      return [...ofDocument(observation), ...ofRegistration(observation)];
    case 'status':
      return [...ofDocument(observation), ...ofStatus(observation)];
    case 'power':
      return ofPower(observation);
    case 'tailscale':
    case 'wireguard':
    case 'ngrok':
    case 'frp':
      return ofTunnel(observation, settings);
    case 'identity':
    case 'acme':
      return ofDocument(observation);
    case 'custom':
      return ofCustom(observation, settings);
    case 'api':
      return ofApi(observation, settings);
    case 'ping':
    case 'train': {
      const { sent, received } = observation.facts;
      const passed = received === null ? null : received > 0;
      return [{ check: 'replies', expected: 'at least 1', actual: `${received ?? 0} of ${sent ?? 0}`, passed }];
    }
    case 'quic':
      return [
        {
          check: 'answer',
          expected: 'versions of QUIC',
          actual: observation.facts.offersVersion1 === null ? 'none' : 'versions of QUIC',
          passed: observation.ok,
        },
      ];
    case 'routing':
      return ofRouting(observation, settings);
    case 'outside':
      return ofOutside(observation);
    case 'portal':
      return [
        answered('status', observation.facts.httpStatus, [PortalWish.parse(settings).status]),
        answered('answer', observation.facts.answer, ['clear']),
      ];
    case 'clock':
      return ofClock(observation);
  }
}

/** `actual`: a code, or the word for why there is none. */
function statusCheck(check: string, actual: string | number | null, wished: StatusCodes): Check {
  const passed = typeof actual === 'number' ? isAmong(actual, wished) : actual === null ? null : false;
  return { ...answered(check, actual, wished), passed };
}

/** Calls that were not asked for are left out. */
function ofApi({ facts: { calls } }: ObservationOf<'api'>, settings: unknown): Check[] {
  const { status } = ApiCall.parse(settings);
  return CALLS.flatMap((call) => {
    const outcome = calls[call];
    return outcome === null ? [] : [statusCheck(`${call} call`, outcome.status ?? outcome.reason, status)];
  });
}

function ofCustom({ ok, reason, facts }: ObservationOf<'custom'>, settings: unknown): Check[] {
  const { equals, atLeast, atMost } = CustomWish.parse(settings).good;
  const bounds = [atLeast === undefined ? '' : `at least ${atLeast}`, atMost === undefined ? '' : `at most ${atMost}`];
  const expected = equals?.join(' or ') ?? bounds.filter((bound) => bound !== '').join(' and ');
  const passed = ok ? true : reason === 'value_bad' ? false : null;
  const actual = passed === null ? 'none' : String(facts.value ?? 'not shown');
  return [answered('status', facts.httpStatus, [200]), { check: 'value', expected, actual, passed }];
}

function ofOutside({ facts: { httpStatus, up } }: ObservationOf<'outside'>): Check[] {
  const actual = up === null ? 'none' : up ? 'up' : 'down';
  return [answered('status', httpStatus, [200]), { check: 'word', expected: 'up', actual, passed: up }];
}

function ofRouting({ ok, reason, facts }: ObservationOf<'routing'>, settings: unknown): Check[] {
  const wish = RoutingWish.parse(settings);
  const { httpStatus, origins, seeing, peers } = facts;
  const seen = origins === null ? null : reason !== 'route_unseen';
  const from = origins === null || reason === 'route_unseen' ? null : ok || reason !== 'route_origin';
  return [
    answered('status', httpStatus, [200]),
    {
      check: 'seen',
      expected: `by ${wish.least * 100} % of the peers`,
      actual: seen === null ? 'none' : `${seeing} of ${peers}`,
      passed: seen,
    },
    {
      check: 'origins',
      expected: wish.origins?.join(' or ') ?? 'whichever',
      actual: origins?.join(', ') || 'none',
      passed: from,
    },
  ];
}

const DOCUMENT = {
  registration: 'the RDAP object of the domain',
  status: 'a feed of the format',
  identity: 'a discovery document and keys',
  acme: 'an ACME directory',
} as const;

type OfDocument = { [K in keyof typeof DOCUMENT]: ObservationOf<K> }[keyof typeof DOCUMENT];

function ofDocument({ kind, ok, reason, facts }: OfDocument): Check[] {
  const passed = ok ? true : reason === 'answer_malformed' ? false : null;
  const expected = DOCUMENT[kind];
  const actual = passed === null ? 'not read' : passed ? 'read' : 'something else';
  return [answered('status', facts.httpStatus, [200]), { check: 'document', expected, actual, passed }];
}
