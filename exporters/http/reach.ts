// Which addresses lie outside: whoever is met there must not send us to those that do not (RFC 6890).
import net from 'node:net';

const INSIDE = new net.BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  INSIDE.addSubnet(network, bits, 'ipv4');
  // Somebody on the way turns these into the ones above: NAT64 (RFC 6052) and 6to4 (RFC 3056).
  const [a = 0, b = 0, c = 0, d = 0] = network.split('.').map(Number);
  const words = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  INSIDE.addSubnet(`64:ff9b::${words}`, 96 + bits, 'ipv6');
  INSIDE.addSubnet(`2002:${words}::`, 16 + bits, 'ipv6');
}
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['fc00::', 7],
  ['100::', 64],
  ['fe80::', 10],
  // Once what fc00::/7 is now (RFC 3879), and still in use within machines.
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  INSIDE.addSubnet(network, bits, 'ipv6');
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Of a literal address; anything else is not public. */
export function isPublic(address: string): boolean {
  const plain = MAPPED.exec(address)?.[1] ?? address.split('%')[0] ?? '';
  const family = net.isIP(plain);
  return family !== 0 && !INSIDE.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}
