// Which test proves that each bad input is survived. One line per input; a test that was renamed or lost is noticed here.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../catalog/root.ts';

type Proof = readonly [file: string, name: string];

/** By number: the input, and the names of tests as they stand in their files (under test/exporters). */
const PROOFS: readonly (readonly [number: number, input: string, ...proofs: Proof[]])[] = [
  [1, 'compression pointers in a loop', ['dns-hostile', 'two pointers at each other']],
  [2, 'a long chain of pointers', ['dns-reader', '500 pointers in a row']],
  [3, 'labels and names that are none', ['dns-hostile', 'a name of 256 bytes'], ['dns-hostile', 'label type 01']],
  [
    4,
    'record data of a wrong length',
    ['dns-hostile', 'an address of 3 bytes'],
    ['dns-hostile', 'data beyond the message'],
  ],
  [5, '65,535 answers in 40 bytes', ['dns-hostile', '65,535 records announced in 40 bytes']],
  [6, 'datagrams of 0, 1 and 11 bytes; garbage by TCP', ['dns-hostile', '11 bytes'], ['contract', 'garbage: udpPeer']],
  [7, 'forged answers', ['dns-hostile', 'a wrong id'], ['dns-hostile', 'another sender is not even heard']],
  [8, 'our own query back', ['dns-hostile', 'our own query back']],
  [9, 'truncation, then trouble by TCP', ['dns-exchange', 'truncat']],
  [10, 'no data, no name, failures, refusals', ['dns', 'nxdomain'], ['dns', 'servfail']],
  [11, 'CNAME loops and chains', ['dns-hostile', 'chain of 40'], ['dns-hostile', 'a DNAME counts']],
  [12, 'hostile text in names and records', ['dns-hostile', 'an ANSI escape'], ['dns-hostile', 'NUL']],
  [13, 'EDNS garbage', ['dns-hostile', 'other classes and a second OPT do not count']],
  [14, 'TTLs out of range', ['dns-hostile', 'TTL']],
  [15, 'a flood of datagrams', ['contract', 'flood: udpPeer']],
  [16, 'huge signed record sets', ['dns-hostile', 'a signed flood of records']],
  [17, 'answers that lead inside', ['revocation', 'does not go inside for what it met outside']],
  [18, 'silence', ['http-hostile', '18: accepts and never answers'], ['certificate-hostile', '18: says nothing']],
  [19, 'dripping', ['http-hostile', '19: drips its headers'], ['http-hostile', '19: drips its body']],
  [20, 'headers without end', ['http-hostile', '20: a header of 1 MiB'], ['http-hostile', '20: 3,000 headers']],
  [
    21,
    'bodies without end, lengths that lie',
    ['http-hostile', '21: Content-Length 9e15'],
    ['http-hostile', '21: two lengths'],
  ],
  [22, 'bombs', ['http-hostile', '22: never unpacks a bomb'], ['http-hostile', '22: gzip in gzip']],
  [23, 'informational answers without end', ['http-hostile', '23: 2,000 early hints']],
  [24, 'redirects', ['http-hostile', '24: follows no redirect to %s']],
  [25, 'an address that changes between check and connection', ['http-hostile', '25: asks for the address once']],
  [
    26,
    'hostile headers',
    ['http-hostile', '26: NUL in a header'],
    ['http-hostile', '26: prototypes stay as they were'],
  ],
  [27, 'no HTTP at all', ['http-hostile', '27: HTTP/0.9'], ['http-tls', '27: plain HTTP to a TLS port']],
  [28, 'error pages with 200, rests of 30 years', ['http-hostile', '28: retry after 30 years']],
  [29, 'resets', ['http-hostile', '29: resets in its body'], ['http-tls', '29: resets']],
  [30, 'cookies, HSTS, Alt-Svc', ['http-hostile', '30: keeps nothing between two probes']],
  [31, 'wrong charsets, one line of 10 MB', ['http-hostile', '31: one line of 10 MB']],
  [32, 'a peer that does not read', ['http-hostile', '32: never reads']],
  [
    33,
    'huge chains and certificates',
    ['certificate-hostile', '33: a chain of 120'],
    ['certificate-hostile', '33: a certificate of %i names'],
  ],
  [
    34,
    'odd chains',
    ['certificate', '34: cross-signed, one way up expired'],
    ['certificate', '34: in the wrong order'],
  ],
  [35, 'odd times', ['certificate-hostile', '35: a time that is none is unknown']],
  [36, 'odd names', ['certificate', '36: NUL behind the name'], ['certificate', '36: an issuer that would turn']],
  [37, 'odd versions of TLS', ['certificate-hostile', '37: a server with %s'], ['http-tls', '37: sends a fatal alert']],
  [
    38,
    'revocation that cannot be had',
    ['revocation', '38: a list that never comes'],
    ['revocation', '38: a list too long'],
  ],
  [39, 'certificates nobody can parse', ['certificate-hostile', '39: bytes turned over at random never throw']],
  [40, 'JSON that is none', ['status', 'a page instead of JSON'], ['status', 'half a feed']],
  [41, 'XML with a DOCTYPE', ['status', 'an entity bomb'], ['status-xml', 'a DOCTYPE that fetches']],
  [42, 'feeds that say odd things', ['status', 'with 10,000 incidents']],
  [43, 'text of strangers', ['status', 'is exported without a word of it in a label']],
  [44, 'status pages that fail', ['status', 'too many requests'], ['status', 'a login elsewhere']],
  [45, 'registries that fail', ['registration', 'rdap_not_found'], ['registration', 'rdap_rate_limited']],
];

const sourceOf = (file: string): string => {
  const name = file === 'contract' ? 'contract.ts' : `${file}.test.ts`;
  return readFileSync(path.join(ROOT, 'test/exporters', name), 'utf8');
};

const named = PROOFS.map(([number, input, ...proofs]) => ({ number, input, proofs }));

it.each(named)('$number: $input', ({ proofs }) => {
  for (const [file, name] of proofs) expect(sourceOf(file), `${file}: ${name}`).toContain(name);
});

it('every input is there', () => {
  expect(PROOFS.map(([number]) => number)).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
});
