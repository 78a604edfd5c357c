// Finds the default gateway of this machine on Linux. Inside a container's own network it would be Docker's bridge, which is
// always up: better none than that one, or a broken cable would be called the ISP's.
import { existsSync, readFileSync } from 'node:fs';

/** Address of the IPv4 default gateway from the text of /proc/net/route; null when there is none. */
export function parseRoutes(text: string): string | null {
  for (const line of text.split('\n').slice(1)) {
    const [, destination, gateway, , , , , mask] = line.split('\t');
    if (destination !== '00000000' || mask !== '00000000' || gateway === undefined || gateway === '00000000') continue;
    const bytes = gateway.match(/../g) ?? [];
    return bytes
      .reverse()
      .map((byte) => Number.parseInt(byte, 16))
      .join('.');
  }
  return null;
}

/** Docker hands its bridges 172.16/12 by default; together with /.dockerenv that is where we stand. */
export function behindBridge(gateway: string, inContainer: boolean): boolean {
  return inContainer && /^172\.(1[6-9]|2\d|3[01])\./.test(gateway);
}

/** The gateway to watch when the map says `auto`; null when it cannot be known from here. */
export function findGateway(routes = '/proc/net/route', marker = '/.dockerenv'): string | null {
  if (!existsSync(routes)) return null;
  const gateway = parseRoutes(readFileSync(routes, 'utf8'));
  return gateway === null || behindBridge(gateway, existsSync(marker)) ? null : gateway;
}
