// A certificate of our own for servers that ask for one: shown, missed, refused by real servers; and never theirs when it is no good.
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import nodeHttp2 from 'node:http2';
import path from 'node:path';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { api } from '../../exporters/api/probe.ts';
import { http } from '../../exporters/http/probe.ts';
import type { ProbeContext } from '../../exporters/probe.ts';
import { freePort } from '../../replay/process.ts';
import { classify } from '../../signals/classify.ts';
import { describe as tell } from '../../signals/describe.ts';
import { contextOf } from './contract.ts';
import { temporaryFolder } from './local-daemons.ts';
import { type LocalServer, started } from './local-server.ts';
import { good, measureCertificate, middle, root, withChain } from './measure-certificate.ts';
import { type Issued, LEAF_NAME, type LeafOptions, rootAuthority } from './test-ca.ts';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const SERVER = withChain(good, middle.cert);
const trust = [root.cert];
const CONTEXT = { role: 'service', layer: null, named: false, troubled: false, declared: false } as const;

const authority = await rootAuthority('Client Root');
const stranger = await rootAuthority('Strange Client Root');
const issue = (options: LeafOptions = {}, by = authority): Promise<Issued> =>
  by.issue({ subject: 'prober', names: [], purposes: [CLIENT_AUTH], ...options });
const mine = await issue();

interface Files {
  certFile: string;
  keyFile: string;
}

function written({ cert, key }: Issued, folder = temporaryFolder()): Files {
  const files = { certFile: path.join(folder, 'me.pem'), keyFile: path.join(folder, 'me.key') };
  writeFileSync(files.certFile, cert);
  writeFileSync(files.keyFile, key, { mode: 0o600 });
  return files;
}

/** Says whom it met, by HTTP/2 and by HTTP/1.1. `rejectUnauthorized`: serves nobody else. */
function askingServer(rejectUnauthorized = false): Promise<LocalServer> {
  const asking = { ...SERVER, ca: authority.cert, requestCert: true, rejectUnauthorized, allowHTTP1: true };
  const server = nodeHttp2.createSecureServer(asking, ({ stream, socket }, response) => {
    const connection = stream?.session?.socket ?? socket;
    const shown = connection instanceof tls.TLSSocket ? connection.getPeerCertificate() : undefined;
    response.end(`hello ${shown?.subject?.CN ?? 'nobody'}`);
  });
  server.on('sessionError', () => undefined);
  server.on('tlsClientError', (_, socket) => socket.destroy());
  return started(server);
}

/** OpenSSL's own, which serves only whom its authority vouches for. */
async function demandingServer(version: 'tls1_2' | 'tls1_3'): Promise<number> {
  const folder = temporaryFolder();
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const own = [
    '-cert',
    file('cert', good.cert),
    '-key',
    file('key', good.key),
    '-cert_chain',
    file('above', middle.cert),
  ];
  const port = await freePort();
  const demand = ['-CAfile', file('ca', authority.cert), '-Verify', '2', '-verify_return_error'];
  const server = spawn('openssl', [
    's_server',
    '-accept',
    `127.0.0.1:${port}`,
    `-${version}`,
    '-www',
    ...own,
    ...demand,
  ]);
  onTestFinished(() => void server.kill('SIGKILL'));
  server.stderr.resume();
  let told = '';
  server.stdout.on('data', (chunk) => {
    told += chunk;
  });
  await expect.poll(() => told, { timeout: 5_000 }).toContain('ACCEPT');
  return port;
}

const at = (port: number, clientCertificate?: object, more: object = {}) => ({
  url: `https://127.0.0.1:${port}/`,
  host: LEAF_NAME,
  ...(clientCertificate && { clientCertificate }),
  ...more,
});

/** The same settings again and again, as the scheduler does. */
function measuring(settings: object, overrides: Partial<ProbeContext> = {}) {
  const measure = http.prepare('service/blog', settings);
  return () => measure(contextOf(AbortSignal.timeout(5_000), { trust, ...overrides }));
}

describe('a server that asks for a certificate', () => {
  it.each(['auto', 'http/1.1'])('is shown ours (%s), and the renewed one as soon as it is there', async (protocol) => {
    const { port } = await askingServer();
    const files = written(mine);
    const measure = measuring(at(port, files, { protocol, expect: { body: 'hello prober' } }));
    expect(await measure()).toMatchObject({ reason: 'ok' });
    written(await issue({ subject: 'renewed' }), path.dirname(files.certFile));
    expect(await measure()).toMatchObject({ reason: 'http_body' });
  });

  it('is shown one whose key needs a passphrase', async () => {
    const { port } = await askingServer();
    const files = written(mine);
    const passphrase = path.join(temporaryFolder(), 'passphrase');
    writeFileSync(passphrase, 'open sesame\n');
    execFileSync('openssl', [
      'pkcs8',
      '-topk8',
      '-in',
      files.keyFile,
      '-out',
      `${files.keyFile}.p8`,
      '-passout',
      `file:${passphrase}`,
    ]);
    const locked = { ...files, keyFile: `${files.keyFile}.p8` };
    const body = { expect: { body: 'hello prober' } };
    expect(await measuring(at(port, { ...locked, passphrase: { file: passphrase } }, body))()).toMatchObject({
      reason: 'ok',
    });
    const wrong = await measuring(at(port, { ...locked, passphrase: { file: files.certFile } }, body))();
    expect(wrong).toMatchObject({ reason: 'local', flaw: expect.stringContaining('single line') });
    writeFileSync(passphrase, 'open barley');
    const barley = await measuring(at(port, { ...locked, passphrase: { file: passphrase } }, body))();
    expect(barley).toMatchObject({ reason: 'local', flaw: expect.stringContaining('does not open') });
  });

  it.each(['auto', 'http/1.1'])(
    'and serves nobody without one (%s) is told as that, and judged by nobody',
    async (protocol) => {
      const { port } = await askingServer(true);
      const observed = await measuring(at(port, undefined, { protocol }))();
      expect(observed).toMatchObject({ reason: 'tls_client_certificate', phase: 'tls', facts: { status: null } });
      expect(classify(observed, CONTEXT, false)).toEqual({});
      expect(tell(observed)).toContain('tls client certificate during tls');
    },
  );
});

describe.each(['tls1_2', 'tls1_3'] as const)('a server of others that demands one over %s', (version) => {
  it('serves who shows one, refuses who shows another or none, and shows its own certificate to all', async () => {
    const port = await demandingServer(version);
    const shown = written(mine);
    expect(await measuring(at(port, shown))()).toMatchObject({ reason: 'ok', facts: { status: 200 } });
    const strange = written(await issue({}, stranger));
    for (const refused of [undefined, strange]) {
      const observed = await measuring(at(port, refused))();
      expect(observed).toMatchObject({ reason: 'tls_client_certificate', phase: 'tls', facts: { status: null } });
      expect(
        await measureCertificate(port, { serverName: LEAF_NAME, ...(refused && { clientCertificate: refused }) }),
      ).toMatchObject({ ok: true });
    }
    const call = { url: `https://127.0.0.1:${port}/`, clientCertificate: shown };
    const called = api.prepare('custom/shop/key', call)(contextOf(AbortSignal.timeout(5_000), { trust }));
    expect(await called).toMatchObject({ reason: 'tls_hostname' });
  });
});

describe('a certificate of ours', () => {
  it.each<[string, () => Promise<Files>, string]>([
    [
      'that is nowhere',
      async () => ({ ...written(mine), certFile: '/nowhere/me.pem' }),
      'the client certificate cannot be read (ENOENT): /nowhere/me.pem',
    ],
    [
      'without its key',
      async () => ({ ...written(mine), keyFile: '/nowhere/me.key' }),
      'the key of the client certificate cannot be read (ENOENT)',
    ],
    ['that is none', async () => written({ ...mine, cert: 'roses are red' }), 'there is no certificate'],
    ['whose key is none', async () => written({ ...mine, key: 'violets are blue' }), 'is no PEM key'],
    ['with the key of another', async () => written({ ...mine, key: good.key }), 'the key does not fit'],
    ['that has expired', async () => written(await issue({ toDays: -1 })), 'has expired'],
    ['that is not valid yet', async () => written(await issue({ fromDays: 1 })), 'is not valid yet'],
  ])('%s is a failure of ours, and nobody is bothered with it', async (_, files, flaw) => {
    const server = await askingServer();
    const clientCertificate = await files();
    const observed = await measuring(at(server.port, clientCertificate))();
    expect(observed).toMatchObject({ reason: 'local', phase: 'tls', flaw: expect.stringContaining(flaw) });
    expect(classify(observed, CONTEXT, false)).toEqual({});
    expect(tell(observed)).toContain(flaw);
    const looked = await measureCertificate(server.port, { serverName: LEAF_NAME, clientCertificate });
    expect(looked).toMatchObject({ reason: 'local', phase: 'tls', flaw: expect.stringContaining(flaw) });
    expect(server.accepted()).toBe(0);
  });

  it('is shown to nobody that the server it is for sends us to', async () => {
    const elsewhere = await askingServer();
    const location = `https://127.0.0.1:${elsewhere.port}/`;
    const moving = nodeHttp2.createSecureServer({ ...SERVER, allowHTTP1: true }, (_, response) => {
      response.writeHead(302, { location }).end();
    });
    const { port } = await started(moving);
    const settings = at(port, written(mine), { follow: {}, tlsVerify: false, expect: { body: 'hello nobody' } });
    expect(await measuring(settings)()).toMatchObject({ reason: 'ok', facts: { redirects: 1 } });
  });

  it('is told to whoever watches, and its key to nobody', async () => {
    const { port } = await askingServer();
    const files = written(mine);
    const told: string[] = [];
    const trace = {
      step: (...step: unknown[]) => told.push(JSON.stringify(step)),
      check: () => undefined,
      hide: () => undefined,
    };
    await measuring(at(port, files), { trace })();
    const whole = told.join('\n');
    expect(whole).toContain('subject CN=prober');
    expect(whole).toContain('ends ');
    for (const line of mine.key.split('\n').filter((one) => one.length > 20)) expect(whole).not.toContain(line);
  });
});
