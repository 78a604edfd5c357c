// A network of addresses as people write it: `192.0.2.0/24`, `2001:db8::/32`.
import net from 'node:net';

export interface Network {
  address: string;
  bits: number;
  family: 'ipv4' | 'ipv6';
}

/** Null for anything else, a single address included. */
export function networkOf(text: string): Network | null {
  const [, address = '', digits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text) ?? [];
  const version = net.isIP(address);
  const bits = Number(digits);
  if (version === 0 || bits > (version === 4 ? 32 : 128)) return null;
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' };
}
