// The readers of outside bytes in one form: what they made of them, or null when they refused. Anything else is thrown.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../catalog/root.ts';
import { directoryIn } from '../../exporters/acme/probe.ts';
import { certificatesIn } from '../../exporters/certificate/file.ts';
import { wordOfList, wordOfStaple } from '../../exporters/certificate/revocation.ts';
import { anchorsFor, judge } from '../../exporters/certificate/verify.ts';
import { crlUrlsOf, isWeak, mustStaple } from '../../exporters/certificate/x509-der.ts';
import { isAnswerTo, readReply } from '../../exporters/clock/ntp.ts';
import { readSeries } from '../../exporters/cloudflared/prometheus-text.ts';
import { samplesIn } from '../../exporters/custom/prometheus-answer.ts';
import { readAnswer } from '../../exporters/dns/answer.ts';
import { answers, writeQuery } from '../../exporters/dns/question.ts';
import { readJson } from '../../exporters/http/bounded-json.ts';
import { cacheStateOf } from '../../exporters/http/cache.ts';
import { generatorOf } from '../../exporters/http/generator.ts';
import { Refusal } from '../../exporters/http/refusal.ts';
import { keysIn, keysUrlIn } from '../../exporters/identity/documents.ts';
import { Malformed } from '../../exporters/malformed.ts';
import { readBurst } from '../../exporters/ping/output.ts';
import { accepted, readPower, readVariable } from '../../exporters/power/nut.ts';
import { versionsOffered } from '../../exporters/quic/packet.ts';
import { readDomain } from '../../exporters/registration/rdap.ts';
import { readServiceList } from '../../exporters/registration/service-list.ts';
import { readRoutingStatus } from '../../exporters/routing/ripestat.ts';
import { FORMATS, type Format, readFeed } from '../../exporters/status/formats.ts';
import { readDump } from '../../exporters/wireguard/dump.ts';
import { loadCatalogue } from '../../map/vendors.ts';
import { readWire } from './http-answers.ts';

type Reader = (bytes: Buffer) => unknown;

const refusable =
  (read: Reader): Reader =>
  (bytes) => {
    try {
      return read(bytes);
    } catch (error) {
      if (error instanceof Malformed || error instanceof Refusal) return null;
      throw error;
    }
  };

const ofText = (read: (text: string) => unknown): Reader => refusable((bytes) => read(bytes.toString('utf8')));

/** The corpus was made with this question, id and all. */
const QUERY = {
  ...writeQuery(
    { name: 'example.org', type: 'SOA', recursion: true, signatures: true },
    { edns: true, cacheable: true },
  ),
};

function readDns(bytes: Buffer): unknown {
  return answers(QUERY, bytes) ? readAnswer(QUERY, bytes) : null;
}

/** The fields of a head as Node hands them over, by name in lower case. */
function readHead(text: string): unknown {
  const [line = '', ...fields] = text.split('\r\n');
  const headers = new Map<string, string>();
  for (const field of fields) {
    const colon = field.indexOf(':');
    if (colon > 0) headers.set(field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim());
  }
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) return null;
  return [generatorOf({ status, headers, body: Buffer.from(text) }, ERROR_CLASSES), cacheStateOf(headers)];
}

/** Of every vendor, as if one stood behind the other. */
const ERROR_CLASSES = [...loadCatalogue().values()].flatMap(({ errors }) => errors);

const NOW = Date.UTC(2026, 10, 22, 12);
const CORPUS = path.join(ROOT, 'test/exporters/corpus');
const [issuer] = certificatesIn(readFileSync(path.join(CORPUS, 'certificate/issuer')));
const [leaf] = certificatesIn(readFileSync(path.join(CORPUS, 'certificate/leaf')));
const ANCHORS = anchorsFor([issuer?.toString() ?? '']);

function readCertificate(bytes: Buffer): unknown {
  const found = certificatesIn(bytes, 'open sesame');
  if (found.length === 0) return null;
  const { reason, checks } = judge(found, 'origin.test', NOW, ANCHORS);
  return [reason, checks, ...found.map((one) => [crlUrlsOf(one), mustStaple(one), isWeak(one)])];
}

/** About the leaf of the corpus, by its issuer. */
const ofIssuer =
  (word: typeof wordOfStaple): Reader =>
  (bytes) => {
    if (leaf === undefined || issuer === undefined) throw new Error('the corpus has lost its certificates');
    return word(bytes, { leaf, issuer }, NOW);
  };

const NTP_REQUEST = Buffer.concat([Buffer.from([0x23]), Buffer.alloc(39), Buffer.from('demarc!!')]);

function readTime(bytes: Buffer): unknown {
  if (!isAnswerTo(NTP_REQUEST, bytes)) return null;
  const answer = readReply(bytes, { leftAt: NOW, tookMs: 20 });
  return answer.kind === 'malformed' ? null : answer;
}

function readUps(text: string): unknown {
  const lines = text.split('\n').filter((line) => line !== '');
  return readPower(new Map(lines.map((line) => readVariable(accepted(line), 'rack'))));
}

/** Ours and theirs, as the answer has them. */
const INQUIRY = { bytes: Buffer.alloc(0), mirrored: Buffer.from('\u0008ourssss!\u0008theirss!', 'latin1') };

const WANTED = new Set(['build_info', 'cloudflared_tunnel_tunnel_register_fail', 'quic_client_smoothed_rtt']);

const feedReaders = Object.fromEntries(
  FORMATS.map((format): [Format, Reader] => [format, refusable((bytes) => readFeed(format, bytes, ''))]),
) as Record<Format, Reader>;

export const READERS = {
  ...feedReaders,
  'http-answer': (bytes) => {
    const { refused, ...answer } = readWire([bytes]);
    return refused === null ? answer : null;
  },
  dns: readDns,
  'http-head': ofText(readHead),
  json: ofText(readJson),
  certificate: readCertificate,
  ocsp: ofIssuer(wordOfStaple),
  crl: ofIssuer(wordOfList),
  'prometheus-text': ofText((text) =>
    readSeries(text, WANTED).map(({ name, labels, value }) => [name, [...labels], value]),
  ),
  'prometheus-answer': ofText((text) => samplesIn(readJson(text))),
  ripestat: ofText((text) => readRoutingStatus(readJson(text), '193.0.0.0/21')),
  rdap: ofText((text) => readDomain(text, 'example.com')),
  'rdap-services': ofText((text) => [...readServiceList(text)]),
  ntp: readTime,
  nut: ofText(readUps),
  'oidc-discovery': ofText((text) => keysUrlIn(text, 'https://issuer.test')),
  jwks: ofText(keysIn),
  'acme-directory': ofText(directoryIn),
  ping: ofText(readBurst),
  quic: (bytes) => versionsOffered(INQUIRY, bytes),
  'wireguard-dump': ofText((text) => [...readDump(text)]),
} satisfies Record<string, Reader>;

export type ReaderName = keyof typeof READERS;
