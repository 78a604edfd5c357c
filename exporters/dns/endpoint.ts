// Where a name server listens, as people write it: `192.0.2.1:53`, `[2001:db8::1]:53`, `ns1.example.org`, `::1`.
import net from 'node:net';

export interface Endpoint {
  /** A name or an address literal, without brackets. */
  host: string;
  port: number;
}

const DNS_PORT = 53;
const BRACKETED = /^\[([^\]]+)\](?::(\d{1,5}))?$/;
const PLAIN = /^([^:[\]\s]+)(?::(\d{1,5}))?$/;

/** null when the text is neither an address nor a name, each with or without a port. */
export function parseEndpoint(text: string): Endpoint | null {
  if (net.isIPv6(text)) return { host: text, port: DNS_PORT };
  const bracketed = BRACKETED.exec(text);
  if (bracketed !== null && !net.isIPv6(bracketed[1] ?? '')) return null;
  const [, host, digits] = bracketed ?? PLAIN.exec(text) ?? [];
  if (host === undefined) return null;
  const port = digits === undefined ? DNS_PORT : Number(digits);
  return port >= 1 && port <= 65_535 ? { host, port } : null;
}

export function formatEndpoint({ host, port }: Endpoint): string {
  return net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
