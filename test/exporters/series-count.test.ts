// A peer that says something else at every measurement writes no series of its own: labels come from the map and closed lists.
import { expect, it } from 'vitest';
import type { Sample } from '../../catalog/metrics.ts';
import { readAnswer } from '../../exporters/dns/answer.ts';
import { nothingRead } from '../../exporters/dns/facts.ts';
import { dns } from '../../exporters/dns/probe.ts';
import { writeQuery } from '../../exporters/dns/question.ts';
import { cacheStateOf } from '../../exporters/http/cache.ts';
import { generatorOf } from '../../exporters/http/generator.ts';
import { http } from '../../exporters/http/probe.ts';
import type { Measurement } from '../../exporters/observation.ts';
import { NOTHING_SEEN } from '../../exporters/power/facts.ts';
import { readPower } from '../../exporters/power/nut.ts';
import { power } from '../../exporters/power/probe.ts';
import { registration } from '../../exporters/registration/probe.ts';
import { readDomain } from '../../exporters/registration/rdap.ts';
import { loadCatalogue } from '../../map/vendors.ts';
import { ASKED_NAME, type Asked, rawRecord, rawReply } from './fake-name-server.ts';

/** Of all kinds together 10^5. */
const VARIANTS = 25_000;

const measured = <F>(facts: F): Measurement<F> => ({ reason: 'ok', phase: null, phases: { request: 1 }, facts });

const ERROR_CLASSES = [...loadCatalogue().values()].flatMap(({ errors }) => errors);

const query = writeQuery({ name: 'example.org', type: 'TXT', recursion: true }, { edns: true, cacheable: true });
const asked = { bytes: query.bytes, edns: true } as Asked;

/** A text of its own and an extended error of its own. */
function variedDns(variant: number): Sample[] {
  const text = Buffer.from(`\x08${String(variant).padStart(8, '0')}`);
  const error = Buffer.from([0, 15, 0, 2, variant >> 8, variant & 0xff]);
  const records = [rawRecord(ASKED_NAME, 16, text, { ttl: variant }), rawRecord(Buffer.from([0]), 41, error)];
  const answer = readAnswer(query, rawReply(asked, Buffer.concat(records), [1, 0, 1], 0x8180 | (variant & 0xf)));
  if (answer === null) throw new Error('an answer that was meant to be read');
  return dns.samples(measured({ ...nothingRead('127.0.0.1:53'), ...answer }));
}

/** Headers, a body and a status of its own. */
function variedHttp(variant: number): Sample[] {
  const headers = new Map([
    ['proxy-status', `Edge${variant}; error=token_${variant}`],
    ['cf-cache-status', `STATE${variant}`],
    ['x-cache', `HIT${variant} from ${variant}`],
    ['ngrok-error-code', `ERR_NGROK_${variant}`],
    ['cf-ray', `${variant}-${variant.toString(36)}`],
  ]);
  const status = 400 + (variant % 200);
  const written = generatorOf({ status, headers, body: Buffer.from(`error code: ${variant}`) }, ERROR_CLASSES);
  return http.samples(
    measured({
      ...{ address: '192.0.2.1', status, ...written, pop: variant.toString(36), httpVersion: '1.1', stamped: false },
      ...{ bodyBytes: variant, serverDate: variant, age: variant, tls: true, certificateNotAfter: variant },
      cache: cacheStateOf(headers),
    }),
  );
}

/** States and name servers of its own. */
function variedRegistration(variant: number): Sample[] {
  const text = JSON.stringify({
    objectClassName: 'domain',
    ldhName: 'example.com',
    status: [`state ${variant}`, 'client hold'],
    nameservers: [{ ldhName: `ns${variant}.example.com` }],
  });
  const unsaid = { address: null, httpStatus: 200, retryAfterMs: null };
  return registration.samples(measured({ ...unsaid, ...readDomain(text, 'example.com') }));
}

/** Words and numbers of its own. */
function variedPower(variant: number): Sample[] {
  const told = [['ups.status', `OL X${variant}`] as const, ['battery.charge', `${variant % 100}`] as const];
  return power.samples(
    measured({ ...NOTHING_SEEN, ...readPower(new Map([...told, [`ups.${variant}`, `${variant}`]])) }),
  );
}

it.each<[string, number, (variant: number) => Sample[]]>([
  ['a name server', 52, variedDns],
  ['a web server', 14, variedHttp],
  ['a registry', 3, variedRegistration],
  ['a UPS', 4, variedPower],
])('%s, however it varies, writes at most %d series', (_, most, varied) => {
  const series = new Set<string>();
  for (let variant = 0; variant < VARIANTS; variant += 1) {
    for (const { metric, labels = {} } of varied(variant)) series.add(metric + Object.values(labels).join('/'));
  }
  expect(series.size).toBeGreaterThan(0);
  expect(series.size).toBeLessThanOrEqual(most);
});
