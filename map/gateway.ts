// Finds the default gateway of this machine on Linux. Inside a container's own network it would be the engine's bridge, which
// is always up: better none than that one, or a broken cable would be called the ISP's.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the machine tells about itself; a test brings its own. */
export interface RouteFiles {
  proc: string;
  sys: string;
  /** Exist in containers of Docker and Podman. */
  containerMarkers: readonly string[];
  /** Kubernetes marks its containers by a variable. */
  environment: Readonly<Record<string, string | undefined>>;
}

export const ROUTE_FILES: RouteFiles = {
  proc: '/proc',
  sys: '/sys',
  containerMarkers: ['/.dockerenv', '/run/.containerenv'],
  environment: process.env,
};

export interface Route {
  gateway: string;
  device: string;
}

/** The IPv4 default route from the text of /proc/net/route; null when there is none. */
export function parseRoutes(text: string): Route | null {
  for (const line of text.split('\n').slice(1)) {
    const [device = '', destination, gateway, , , , , mask] = line.split('\t');
    if (destination !== '00000000' || mask !== '00000000' || gateway === undefined || gateway === '00000000') continue;
    const bytes = gateway.match(/../g) ?? [];
    const address = bytes.reverse().map((byte) => Number.parseInt(byte, 16));
    return { gateway: address.join('.'), device: device.trim() };
  }
  return null;
}

/** What an interface has when it leads out of the machine, or lies upon one that does; a container's end of a cable has none. */
const GROUND = /^(?:device|bridge|bonding|wireless|phy80211|tun_flags|lower_.*)$/;

/** Where the system tells nothing of its interfaces, nothing speaks against one. */
function isGrounded(device: string, sys: string): boolean {
  const folder = path.join(sys, 'class', 'net', device);
  return !existsSync(folder) || readdirSync(folder).some((name) => GROUND.test(name));
}

/** The default route, and whether it ends at the bridge of a container engine; null when there is none to be read. */
export function defaultRoute(files: RouteFiles = ROUTE_FILES): (Route & { behindBridge: boolean }) | null {
  const routes = path.join(files.proc, 'net', 'route');
  const route = existsSync(routes) ? parseRoutes(readFileSync(routes, 'utf8')) : null;
  if (route === null) return null;
  const inContainer =
    files.containerMarkers.some((marker) => existsSync(marker)) ||
    files.environment.KUBERNETES_SERVICE_HOST !== undefined;
  return { ...route, behindBridge: inContainer && !isGrounded(route.device, files.sys) };
}

/** The gateway to watch when the map says `auto`; null when it cannot be known from here. */
export function findGateway(files: RouteFiles = ROUTE_FILES): string | null {
  const route = defaultRoute(files);
  return route === null || route.behindBridge ? null : route.gateway;
}
