// Somebody in the lab with nothing but Node's own clients: what they see is what a fault really looks like.
import { Resolver } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { parse } from 'yaml';
import type { Lab } from '../../lab/lab.ts';
import { MapFile, type ServiceEntry } from '../../map/schema.ts';

export interface Seen {
  status: number;
  reason: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface Visitor {
  map: MapFile;
  service(name: string): ServiceEntry;
  /** `address:port` of name servers and the like. */
  servers(vendor: string): string[];
  /** GET by name through the LAN's resolver, or an error code such as ECONNREFUSED, ESERVFAIL, CERT_HAS_EXPIRED, SILENCE. */
  visit(url: string): Promise<Seen | string>;
  control(vendor: string, component: string, index?: number): string;
}

const PATIENCE_MS = 3_000;

export function visitorOf(lab: Lab): Visitor {
  const map = MapFile.parse(parse(lab.map));
  const service = (name: string): ServiceEntry => {
    const found = map.services[name];
    if (found === undefined) throw new Error(`no service ${name}`);
    return found;
  };
  return {
    map,
    service,
    servers(vendor) {
      const control = map.vendors[vendor]?.components?.dns?.controls?.[0];
      return control?.kind === 'dns' ? control.servers : [];
    },
    visit: (url) => visit(url, lab.ca, resolverAddress(map)),
    control(vendor, component, index = 0) {
      const urls = (map.vendors[vendor]?.components?.[component]?.controls ?? []).flatMap((control) =>
        control.kind === 'http' ? [control.url] : [],
      );
      return urls[index] ?? '';
    },
  };
}

export function resolverAddress({ resolver }: MapFile): string {
  return resolver === 'auto' ? '' : resolver.address;
}

/** Addresses, or the code Node's resolver gives: ESERVFAIL, EREFUSED, ENODATA, ENOTFOUND, ETIMEOUT. */
export async function resolve(server: string, name: string, patienceMs = 1_500): Promise<string[] | string> {
  const resolver = new Resolver({ timeout: patienceMs, tries: 1 });
  resolver.setServers([server]);
  try {
    return (await resolver.resolve4(name)).sort();
  } catch (error) {
    return codeOf(error);
  }
}

/** The serial of a zone, or the code Node's resolver gives. */
export async function serialOf(server: string, zone: string): Promise<number | string> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([server]);
  try {
    return (await resolver.resolveSoa(zone)).serial;
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}

/** What a connection attempt meets within the patience. */
export function knock(address: string, port: number, patienceMs = 400): Promise<'accepted' | 'refused' | 'silent'> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: address, port });
    const finish = (answer: 'accepted' | 'refused' | 'silent'): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve(answer);
    };
    const limit = setTimeout(() => finish('silent'), patienceMs);
    socket.once('connect', () => finish('accepted'));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') finish('refused');
      else reject(error);
    });
  });
}

export function knockAt(url: string, patienceMs?: number): Promise<'accepted' | 'refused' | 'silent'> {
  const { hostname, port } = new URL(url);
  return knock(hostname, Number(port), patienceMs);
}

/** When the certificate shown at an address ends, Unix milliseconds. */
export function certificateEnd(url: string, serverName: string): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { host: hostname, port: Number(port), servername: serverName, rejectUnauthorized: false };
    const socket = tls.connect(options, () => {
      const { valid_to } = socket.getPeerCertificate();
      socket.destroy();
      resolve(Date.parse(valid_to));
    });
    socket.once('error', reject);
  });
}

/** `trusted`, `no list`, or what Node says of a certificate that is held against the list of revoked ones at `listUrl`. */
export async function trustWithList(url: string, serverName: string, ca: string, listUrl: string): Promise<string> {
  const list = await fetch(listUrl, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  if (list === null) return 'no list';
  const lines = Buffer.from(await list.arrayBuffer())
    .toString('base64')
    .match(/.{1,64}/g);
  const crl = `-----BEGIN X509 CRL-----\n${lines?.join('\n')}\n-----END X509 CRL-----\n`;
  const { hostname: host, port } = new URL(url);
  const options = { host, port: Number(port), servername: serverName, ca, crl, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const socket = tls.connect(options, () => {
      resolve(socket.authorized ? 'trusted' : String(socket.authorizationError));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

function visit(url: string, ca: string, resolver: string): Promise<Seen | string> {
  const lookup: net.LookupFunction = async (host, options, callback) => {
    const found = await resolve(resolver, host, 2_000);
    if (typeof found === 'string') {
      callback(Object.assign(new Error(found), { code: found }), '', 4);
      return;
    }
    if (options.all === true)
      callback(
        null,
        found.map((address) => ({ address, family: 4 })),
      );
    else callback(null, found[0] ?? '', 4);
  };
  const settings = { agent: false, lookup, ca, headers: { connection: 'close' } } as const;
  return new Promise((settle) => {
    const request = url.startsWith('https:') ? https.get(url, settings) : http.get(url, settings);
    const limit = setTimeout(() => {
      settle('SILENCE');
      request.destroy();
    }, PATIENCE_MS);
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      settle(error.code ?? error.message);
    });
    request.on('response', async (response) => {
      const chunks: Buffer[] = await response.toArray();
      clearTimeout(limit);
      const { statusCode: status = 0, statusMessage: reason = '', headers } = response;
      settle({ status, reason, headers, body: Buffer.concat(chunks).toString('utf8') });
    });
  });
}
