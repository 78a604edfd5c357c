// Where a name server listens, as people write it: `192.0.2.1:53`, `[2001:db8::1]:53`, `ns1.example.org`, `::1`;
// over TLS `tls://192.0.2.1#dns.example`, over HTTPS `https://dns.example/dns-query`.
import net from 'node:net';

export interface Endpoint {
  /** A name or an address literal, without brackets. */
  host: string;
  port: number;
}

/** How a server is asked whose answers nobody on the way shall read or write. */
export interface Secured {
  transport: 'tls' | 'https';
  /** What its certificate must carry: for DNS over TLS also the SNI, over HTTPS also the Host. */
  name: string;
  /** Of the URL; for HTTPS only. */
  path: string;
}

export interface Server extends Endpoint {
  /** Left out: in the clear. */
  secured?: Secured;
}

const DNS_PORT = 53;
/** RFC 7858 section 3.1. */
const TLS_PORT = 853;
const HTTPS_PORT = 443;
/** RFC 8484 leaves the path to the server; this is the one everybody has. */
const USUAL_PATH = '/dns-query';
const BRACKETED = /^\[([^\]]+)\](?::(\d{1,5}))?$/;
const PLAIN = /^([^:[\]\s]+)(?::(\d{1,5}))?$/;
const SECURED = /^(tls|https):\/\/([^/#?\s]+)(\/[!-"$-~]*)?(?:#([a-z0-9._-]{1,253}))?$/i;

/** null when the text is neither an address nor a name, each with or without a port. */
export function parseEndpoint(text: string, usualPort = DNS_PORT): Endpoint | null {
  if (net.isIPv6(text)) return { host: text, port: usualPort };
  const bracketed = BRACKETED.exec(text);
  if (bracketed !== null && !net.isIPv6(bracketed[1] ?? '')) return null;
  const [, host, digits] = bracketed ?? PLAIN.exec(text) ?? [];
  if (host === undefined) return null;
  const port = digits === undefined ? usualPort : Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : null;
}

/** A name server, asked in the clear or as the scheme before it says; null when the text is none. */
export function parseServer(text: string): Server | null {
  if (!text.includes('://')) return parseEndpoint(text);
  const [, scheme = '', place = '', path, name] = SECURED.exec(text) ?? [];
  const transport = scheme.toLowerCase() === 'tls' ? 'tls' : 'https';
  const endpoint = parseEndpoint(place, transport === 'tls' ? TLS_PORT : HTTPS_PORT);
  if (endpoint === null || (transport === 'tls' && path !== undefined)) return null;
  return { ...endpoint, secured: { transport, name: name ?? endpoint.host, path: path ?? USUAL_PATH } };
}

export function formatEndpoint({ host, port }: Endpoint): string {
  return net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
