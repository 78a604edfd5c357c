// What a TLS handshake agreed on.
import type tls from 'node:tls';

export interface TlsSession {
  /** As Node calls it: `TLSv1.3`. */
  protocol: string;
  /** Cipher suite by its IANA name. */
  cipher: string;
}

/** null before a handshake got that far. */
export function sessionOf(secured: tls.TLSSocket): TlsSession | null {
  // Its type hides that there may be none.
  const agreed: ReturnType<tls.TLSSocket['getCipher']> | null | undefined = secured.getCipher();
  const protocol = secured.getProtocol();
  return agreed == null || protocol === null ? null : { protocol, cipher: agreed.standardName };
}

/** As blackbox_exporter and Go write them; the list is closed, since each is a label value. */
const VERSIONS: ReadonlyMap<string, string> = new Map([
  ['TLSv1', 'TLS 1.0'],
  ['TLSv1.1', 'TLS 1.1'],
  ['TLSv1.2', 'TLS 1.2'],
  ['TLSv1.3', 'TLS 1.3'],
]);

export const tlsVersion = (protocol: string | null | undefined): string | undefined => VERSIONS.get(protocol ?? '');
