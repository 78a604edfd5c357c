// What provokes each outcome of a look at a certificate, at a host or in a file.
import { writeFileSync } from 'node:fs';
import type net from 'node:net';
import path from 'node:path';
import { temporaryFolder } from '../local-daemons.ts';
import { opensslAuthority, stapling } from '../openssl-authority.ts';
import { type Issued, LEAF_NAME } from '../test-ca.ts';
import { meeting, type Outcomes, ofCertificates, onTheWay, type Provoke, SHORT_MS } from './provoke.ts';

const at = (port: number, host: string) => ({ host, port, serverName: LEAF_NAME });

function refusingStartTls(socket: net.Socket): void {
  socket.write('220 ready\r\n');
  socket.on('data', () => socket.write('502 what\r\n'));
}

/** In a file of the test. */
const inFile =
  (content: string, trust: readonly string[] = []): Provoke =>
  async () => {
    const file = path.join(temporaryFolder(), 'shown.pem');
    writeFileSync(file, content);
    return { settings: { file, serverName: LEAF_NAME }, context: { trust } };
  };

/** To be called when a file of tests is read: an authority writes to a folder. */
export function certificateOutcomes() {
  const authority = opensslAuthority();
  const stapled = (name: string, answer: () => Buffer | null, credentials: Issued): Provoke => {
    return async () => {
      authority.books({ [name]: 'R' });
      const { port } = await stapling(credentials, answer());
      return { settings: at(port, '127.0.0.1'), context: { trust: [authority.cert] } };
    };
  };
  const weak = authority.leaf('weak', [], ['-newkey', 'rsa:1024', '-sha256']);
  return {
    ...onTheWay(at),
    ...ofCertificates(at),
    ok: ofCertificates((port, host) => ({ ...at(port, host), addresses: 'each' })).ok,
    timeout: meeting(() => undefined, at, { deadlineMs: SHORT_MS }),
    connect_reset: meeting((socket) => socket.once('data', () => socket.resetAndDestroy()), at),
    tls_weak: inFile(weak.cert, [authority.cert]),
    tls_revoked: stapled('taken', () => authority.staple('taken'), authority.leaf('taken')),
    tls_not_stapled: stapled('insisting', () => null, authority.leaf('insisting', ['tlsfeature=status_request'])),
    starttls_refused: meeting(refusingStartTls, (port, host) => ({ ...at(port, host), startTls: 'ftp' })),
    answer_malformed: inFile('roses are red'),
    local: async () => ({ settings: { file: '/nowhere/at/all' } }),
  } satisfies Outcomes;
}
