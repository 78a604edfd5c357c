// One key that signs a whole zone: ECDSA P-256 (RFC 6605), made at start, forgotten at stop, trusted by nobody who is not told to.
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import dnsPacket, { type DnskeyData, type Answer as DnsRecord, type DsData, type RrsigData } from 'dns-packet';

export interface ZoneKey {
  zone: string;
  dnskey: DnskeyData;
  /** What the zone above publishes of it. */
  ds: DsData;
  sign(data: Buffer): Buffer;
}

const ECDSA_P256_SHA256 = 13;
const SHA256 = 2;
/** Zone key and secure entry point: one key does the work of both kinds. */
const FLAGS = 257;
const COORDINATE_BYTES = 32;
const HEADER_BYTES = 12;
/** Of a record, between its name and its data: type, class, TTL, and the length of the data. */
const FIXED_BYTES = 10;

export function createZoneKey(zone: string): ZoneKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const key = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const dnskey = { flags: FLAGS, algorithm: ECDSA_P256_SHA256, key };
  return {
    zone,
    dnskey,
    ds: digestOf(zone, dnskey),
    sign: (data) => sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}

/** RFC 4034 section 5.1.4. */
export function digestOf(zone: string, dnskey: DnskeyData): DsData {
  const record = { type: 'DNSKEY', name: zone, data: dnskey } as const;
  const owner = wireOf(record).subarray(0, nameBytes(zone));
  const digest = createHash('sha256')
    .update(Buffer.concat([owner, dataOf(record)]))
    .digest();
  return { keyTag: keyTagOf(dnskey), algorithm: dnskey.algorithm, digestType: SHA256, digest };
}

/** RFC 4034 appendix B. */
export function keyTagOf(dnskey: DnskeyData): number {
  const sum = dataOf({ type: 'DNSKEY', name: '', data: dnskey }).reduce(
    (total, byte, at) => total + (at % 2 === 0 ? byte << 8 : byte),
    0,
  );
  return (sum + (sum >> 16)) & 0xffff;
}

/** Whether the key made this signature over `data`. */
export function isSignedBy({ key }: DnskeyData, data: Buffer, { signature }: RrsigData): boolean {
  const [x, y] = [key.subarray(0, COORDINATE_BYTES), key.subarray(COORDINATE_BYTES)];
  const jwk = { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  return verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

/** What is signed: the signature without itself, and the records in their canonical form and order (RFC 4034 section 3.1.8.1). */
export function signedData(records: readonly DnsRecord[], signature: RrsigData): Buffer {
  const bare = { ...signature, signersName: signature.signersName.toLowerCase(), signature: Buffer.alloc(0) };
  const canonical = records.map((record) => ({
    ...record,
    name: record.name.toLowerCase(),
    ttl: signature.originalTTL,
  }));
  const sorted = canonical.sort((a, b) => Buffer.compare(dataOf(a), dataOf(b)));
  return Buffer.concat([dataOf({ type: 'RRSIG', name: '', data: bare }), ...sorted.map(wireOf)]);
}

/** The record on the wire; names are never compressed. */
function wireOf(record: DnsRecord): Buffer {
  return dnsPacket.encode({ type: 'response', answers: [record] }).subarray(HEADER_BYTES);
}

const dataOf = (record: DnsRecord): Buffer => wireOf(record).subarray(nameBytes(record.name) + FIXED_BYTES);

/** Each label with its length before it, and the root's empty one. */
const nameBytes = (name: string): number => (name === '' ? 1 : Buffer.byteLength(name) + 2);
