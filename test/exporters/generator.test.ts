// Who wrote an error: stamps first, then the vendor's marks, then Proxy-Status, else nobody is named.
import { describe, expect, it } from 'vitest';
import type { Generator } from '../../exporters/http/facts.ts';
import { ErrorClass, generatorOf, type MarkedAnswer } from '../../exporters/http/generator.ts';
import { ErrorClass as VendorErrorClass } from '../../map/vendor.ts';

const answer = (status: number, headers: Record<string, string> = {}, body: string | null = ''): MarkedAnswer => ({
  status,
  headers: new Map(Object.entries(headers)),
  body: body === null ? null : Buffer.from(body),
});

const CLASSES = [
  { status: [403, 503], header: { name: 'cf-mitigated', contains: 'challenge' }, generator: 'challenge' },
  { status: [530], body: 'error code: 1033', code: '1033', generator: 'vendor_says_origin' },
  {
    status: [500],
    withoutHeader: 'x-app',
    withoutBody: 'cf-error-details',
    body: 'Cloudflare',
    generator: 'vendor_internal',
  },
  { header: { name: 'ngrok-error-code' }, code: 'ERR_NGROK_3200', generator: 'daemon' },
  { status: [200], body: 'just a moment', generator: 'challenge' },
  { status: [200, 404], generator: 'middlebox' },
].map((raw) => ErrorClass.parse(raw));

describe('the generator of an answer', () => {
  it.each<[string, MarkedAnswer, Generator | null, string | null]>([
    ['an answer that is no error', answer(302), null, null],
    ['an error without any mark', answer(502, { server: 'cloudflare', 'cf-ray': 'a-FRA' }), 'unknown', null],
    ['the stamp', answer(530, { 'x-origin-proof': 'v1' }, 'error code: 1033'), 'origin', null],
    ['the stamp on a good answer', answer(200, { 'x-origin-proof': 'v1' }), null, null],
    ['a challenge by its header', answer(403, { 'cf-mitigated': 'Challenge' }), 'challenge', null],
    ['a challenge with status 200', answer(200, {}, '<title>Just a moment...'), 'challenge', null],
    ['a class on a good answer that is no challenge', answer(200), null, null],
    ['the first class that matches', answer(404), 'middlebox', null],
    ['a code in the body', answer(530, {}, '<b>ERROR CODE: 1033</b>'), 'vendor_says_origin', '1033'],
    ['another status with that body', answer(502, {}, 'error code: 1033'), 'unknown', null],
    ['a header that is present at all', answer(404, { 'ngrok-error-code': 'x' }), 'daemon', 'ERR_NGROK_3200'],
    ['marks that must be missing and are', answer(500, {}, 'nginx cloudflare'), 'vendor_internal', null],
    ['a header that must be missing', answer(500, { 'x-app': '' }, 'cloudflare'), 'unknown', null],
    ['text that must be missing', answer(500, {}, 'cloudflare CF-Error-Details'), 'unknown', null],
    ['a body that could not be read', answer(500, {}, null), 'unknown', null],
  ])('%s', (_, got, generator, vendorCode) => {
    expect(generatorOf(got, CLASSES, 'x-origin-proof')).toEqual({ generator, vendorCode });
  });

  it.each<[string, Generator]>([
    ['edge; error=proxy_internal_error', 'vendor_internal'],
    ['edge;error=destination_unavailable', 'vendor_says_origin'],
    ['edge; received-status=503; ERROR=Connection_Refused', 'vendor_says_origin'],
    ['near, edge; error=dns_timeout, far; error=proxy_internal_error', 'vendor_says_origin'],
    ['edge; details="; error=proxy_internal_error, x"; error=connection_timeout', 'vendor_says_origin'],
    ['edge; details="a \\" b; error=dns_error"', 'unknown'],
    ['edge; error=http_request_denied', 'unknown'],
    ['edge; error', 'unknown'],
    ['error=proxy_internal_error_not; x', 'unknown'],
    [';;;===,,,"', 'unknown'],
    ['', 'unknown'],
  ])('Proxy-Status: %s', (field, generator) => {
    expect(generatorOf(answer(502, { 'proxy-status': field }), [])).toEqual({ generator, vendorCode: null });
  });

  it('takes the classes of a vendor file as they are', () => {
    const known = VendorErrorClass.parse({
      status: [530],
      header: { name: 'server' },
      withoutHeader: 'x-app',
      body: 'a',
      withoutBody: 'b',
      code: '1033',
      generator: 'vendor_says_origin',
      source: 'https://vendor.example/errors',
      checked: 'never',
    });
    expect(ErrorClass.parse(known)).toEqual(known);
  });
});
