// A certificate authority kept by the program openssl, for what no library of ours issues: weak keys, staples, lists.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll } from 'vitest';
import { type LocalServer, started } from './local-server.ts';
import type { Issued } from './test-ca.ts';
import { LEAF_NAME } from './test-ca.ts';

export interface OpensslAuthority {
  /** PEM. */
  cert: string;
  /** The certificate of a leaf that was issued. */
  shown(name: string): X509Certificate;
  /** A leaf with these extensions, a key of this kind, and these names. */
  leaf(name: string, extensions?: readonly string[], key?: readonly string[], names?: readonly string[]): Issued;
  /** What its books say from now on: V good, R revoked. */
  books(entries: Readonly<Record<string, 'V' | 'R'>>): void;
  /** An answer about a leaf, as a server staples it; `forged`: signed by an authority of the same name. */
  staple(name: string, by?: 'itself' | 'forged'): Buffer;
  /** Its list of what is revoked, as DER. */
  list(by?: 'itself' | 'forged'): Buffer;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-sha256'];
const CONFIG = '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=1\n';

/** To be called when a file of tests is read; everything written is gone when they have run. */
export function opensslAuthority(): OpensslAuthority {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-authority-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const openssl = (...args: string[]): Buffer =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const read = (name: string): Buffer => readFileSync(path.join(folder, name));
  const issue = (name: string, key: readonly string[], subject: string, more: readonly string[]): void => {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
    openssl('req', '-x509', ...key, '-nodes', ...files, '-subj', subject, ...more);
  };
  for (const ca of ['itself', 'forged']) {
    issue(ca, EC, '/CN=Issuer', ['-addext', 'basicConstraints=critical,CA:TRUE']);
  }
  writeFileSync(path.join(folder, 'ca.cnf'), CONFIG);
  const shown = (name: string): X509Certificate => new X509Certificate(read(`${name}.pem`));
  return {
    cert: read('itself.pem').toString(),
    shown,
    leaf(name, extensions = [], key = EC, names = [LEAF_NAME]) {
      // In a file: ten thousand names do not fit into an argument.
      const wanted = ['basicConstraints=CA:FALSE', 'subjectAltName=@names', ...extensions];
      const named = names.map((one, index) => `DNS.${index}=${one}`);
      const config = ['[req]', 'distinguished_name=dn', '[dn]', '[wanted]', ...wanted, '[names]', ...named];
      writeFileSync(path.join(folder, 'leaf.cnf'), `${config.join('\n')}\n`);
      issue(name, key, '/CN=x', [
        ...['-CA', 'itself.pem', '-CAkey', 'itself.key'],
        ...['-config', 'leaf.cnf', '-extensions', 'wanted'],
      ]);
      return { key: read(`${name}.key`).toString(), cert: read(`${name}.pem`).toString() };
    },
    books(entries) {
      const lines = Object.entries(entries).map(([name, state]) => {
        const revokedAt = state === 'R' ? '240101000000Z' : '';
        return [state, '391231235959Z', revokedAt, shown(name).serialNumber, 'unknown', `/CN=${name}`].join('\t');
      });
      writeFileSync(path.join(folder, 'index.txt'), `${lines.join('\n')}\n`);
    },
    staple(name, by = 'itself') {
      openssl('ocsp', '-issuer', 'itself.pem', '-cert', `${name}.pem`, '-no_nonce', '-reqout', 'request.der');
      const signed = ['-index', 'index.txt', '-CA', 'itself.pem', '-rsigner', `${by}.pem`, '-rkey', `${by}.key`];
      openssl('ocsp', ...signed, '-reqin', 'request.der', '-respout', 'answer.der', '-ndays', '1');
      return read('answer.der');
    },
    list(by = 'itself') {
      const signed = ['-keyfile', `${by}.key`, '-cert', `${by}.pem`];
      openssl('ca', '-config', 'ca.cnf', '-gencrl', ...signed, '-out', 'list.pem');
      return openssl('crl', '-in', 'list.pem', '-outform', 'DER');
    },
  };
}

/** Serves TLS with a stapled answer, or with none. */
export async function stapling(credentials: Issued, answer: Buffer | null): Promise<LocalServer> {
  const server = tls.createServer(credentials, (socket) => socket.on('error', () => socket.destroy()));
  server.on('OCSPRequest', (_certificate, _issuer, done: (error: Error | null, bytes: Buffer | null) => void) =>
    done(null, answer),
  );
  server.on('tlsClientError', (_, socket) => socket.destroy());
  return started(server);
}
