// What provokes each outcome of a DNS question.
import { asking, askingByTcp, QUESTION } from '../ask-dns.ts';
import {
  ADDRESS,
  ASKED_NAME,
  type Asked,
  a,
  answered,
  cname,
  inLowerCase,
  rawRecord,
  rawReply,
  reply,
  wireName,
} from '../fake-name-server.ts';
import { httpsNameServer, tlsNameServer } from '../secured-name-server.ts';
import { selfSignedLeaf } from '../test-ca.ts';
import { type Outcomes, onTheWay, type Provoke, SHORT_MS } from './provoke.ts';

/** With authority, and vouched for. */
const AA_AND_AD = 0x85a0;

/** A SOA and its signature, which ends in 2050. */
const signed = (asked: Asked): Buffer => {
  const soa = Buffer.concat([wireName('ns'), wireName('host'), Buffer.alloc(20, 1)]);
  const fixed = Buffer.from('00060d0200000e10967a18006553f1000001', 'hex');
  const signature = Buffer.concat([fixed, wireName('example', 'org'), Buffer.alloc(64)]);
  return rawReply(
    asked,
    Buffer.concat([rawRecord(ASKED_NAME, 6, soa), rawRecord(ASKED_NAME, 46, signature)]),
    [2, 0, 0],
    AA_AND_AD,
  );
};

/** Extended error 6: DNSSEC bogus. */
const bogus = (asked: Asked): Buffer =>
  rawReply(asked, rawRecord(Buffer.from([0]), 41, Buffer.from([0, 15, 0, 2, 0, 6])), [0, 0, 1], 0x8182);

const overHttps =
  (status: number, body: Buffer): Provoke =>
  async () => {
    const own = await selfSignedLeaf({ names: [{ type: 'ip', value: '127.0.0.1' }] });
    const { at } = await httpsNameServer(own, () => ({ status, body }));
    return { settings: { ...QUESTION, server: `https://${at}/dns-query` }, context: { trust: [own.cert] } };
  };

const OWN_SERVER = { type: 'NS', name: 'example.org', data: 'ns.example.org', ttl: 60, class: 'IN' } as const;

const WHO_ARE_YOU = { name: 'id.server', type: 'TXT', class: 'CH', expect: { identity: '^res' } };

export const DNS = {
  ok: asking(signed, { type: 'SOA', signatures: true, fingerprint: true }),
  ...onTheWay((port, host) => ({ ...QUESTION, server: `${host}:${port}` })),
  unreachable: async () => ({ settings: { ...QUESTION, server: '127.255.255.255:9', transport: 'tcp' } }),
  dns_timeout: async () => ({ ...(await asking(() => null)()), deadlineMs: SHORT_MS }),
  dns_bogus: asking(bogus),
  dns_refused: asking((asked) => reply(asked, { rcode: 5 })),
  dns_nxdomain: asking((asked) => reply(asked, { rcode: 3, answers: [cname('example.org', 'gone.cdn.test')] }), {
    owners: [{ zone: 'cdn.test', owner: 'acme' }],
  }),
  dns_nodata: asking((asked) => reply(asked)),
  dns_mismatch: asking(answered, { expect: { authoritative: true } }),
  dns_intercepted: asking((asked) => reply(asked, { rcode: 5 }), WHO_ARE_YOU),
  dns_malformed: asking((asked) => rawReply(asked, rawRecord(ASKED_NAME, 1, ADDRESS.subarray(1)))),
  // A referral where an answer was wished for; the name server it names is asked too.
  dns_error: asking(
    (asked) => reply(asked, { authorities: [OWN_SERVER], additionals: [a(OWN_SERVER.data, '127.0.0.1')] }),
    {
      ...{ type: 'NS', recursion: false, delegation: true },
    },
  ),
  connect_reset: askingByTcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
  tls_self_signed: async () => {
    const { at } = await tlsNameServer(
      await selfSignedLeaf({ names: [{ type: 'ip', value: '127.0.0.1' }] }),
      (message) => message,
    );
    return { settings: { ...QUESTION, server: `tls://${at}` } };
  },
  http_status: overHttps(503, Buffer.alloc(0)),
  http_too_large: overHttps(200, Buffer.alloc(70_000)),
  // The last: who loses the case of letters is remembered by its port, which a server after it may be given.
  dns_servfail: asking((asked) => reply(inLowerCase(asked), { rcode: 2 })),
} satisfies Outcomes;
