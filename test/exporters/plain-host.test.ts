// A host as it goes into SNI, a header and a comparison of certificates: the short way for plain names is no other way.
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainHost } from '../../exporters/http/connection.ts';

it.each([
  ['www.example.org', 'www.example.org'],
  ['www.example.org.', 'www.example.org'],
  ['WWW.Example.ORG', 'www.example.org'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['127.0.0.1', '127.0.0.1'],
  ['[::1]', '::1'],
  ['::1', '::1'],
  ['localhost', 'localhost'],
])('%s is %s', (host, plain) => {
  expect(plainHost(host)).toBe(plain);
});

it('names are what the URL standard makes of them', () => {
  const label = fc.string({ unit: fc.constantFrom(...'abfxn019-'), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
      const name = labels.join('.');
      fc.pre(!/^[\d.]+$/.test(name));
      expect(plainHost(name)).toBe(domainToASCII(name) || name);
    }),
    { numRuns: 2_000 },
  );
});
