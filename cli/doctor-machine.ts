// What demarc needs of the machine it runs on, and whether the machine sees the network as a person at it would.
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { defaultRoute, ROUTE_FILES, type RouteFiles } from '../map/gateway.ts';
import type { DemarcMap } from '../map/load.ts';
import { type Finding, findingsIn } from './doctor-finding.ts';
import { listeningSockets } from './doctor-sockets.ts';

const { ok, warning, problem, skipped } = findingsIn('machine');

/** Where the machine tells about itself; a test brings its own. */
export interface MachineFiles extends RouteFiles {
  /** Exists while systemd keeps the clock right. */
  synchronized: string;
}

export const THIS_MACHINE: MachineFiles = { ...ROUTE_FILES, synchronized: '/run/systemd/timesync/synchronized' };

const LEAST_FREE_BYTES = 64 * 1_048_576;
/** No clock that is right shows less: this was written later. */
const EARLIEST = Date.UTC(2026, 0, 1);

/** Bytes a user may still write on the disk of this folder. */
function freeBytesAt(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

export function checkState(folder: string, freeBytes = freeBytesAt): Finding {
  const full = path.resolve(folder);
  const there = nearestThere(full);
  const fix = 'name another with --state, or let the user demarc runs as write there';
  if (!statSync(there).isDirectory()) return problem('state', `${there} is not a folder`, fix);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return problem(
      'state',
      `${there} cannot be written (${code}): witnesses must be seen OK anew after every start`,
      fix,
    );
  }
  if (freeBytes(there) < LEAST_FREE_BYTES) return warning('state', `the disk of ${full} is nearly full`, 'make room');
  if (existsSync(path.join(full, 'state.json.broken'))) {
    const text = `${full} holds a state.json.broken: a state that could not be read was set aside`;
    return warning('state', text, 'delete it once demarc has been running for a while');
  }
  return ok('state', `${full} can be written`);
}

function nearestThere(folder: string): string {
  return existsSync(folder) ? folder : nearestThere(path.dirname(folder));
}

/** Free, or ours; `ours` is whether a demarc answers there. */
export async function checkPort(listen: { host: string; port: number }, ours: boolean): Promise<Finding> {
  const where = `${listen.host}:${listen.port}`;
  if (ours) return ok('port', `${where} is demarc's`);
  const code = await tryListening(listen);
  if (code === null) return ok('port', `${where} is free`);
  const what = code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be listened on (${code})`;
  return problem('port', `${where} ${what}`, 'end that program, or set listen in the map');
}

function tryListening({ host, port }: { host: string; port: number }): Promise<string | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

/** What is known without asking anybody; null when that is not enough. */
export function checkClockHere(now: number, { synchronized }: MachineFiles): Finding | null {
  if (now < EARLIEST) {
    const text = `the clock says ${new Date(now).toISOString()}: certificates will look not yet valid`;
    return problem('clock', text, 'set the clock, and keep it right with NTP');
  }
  return existsSync(synchronized) ? ok('clock', 'kept right by systemd-timesyncd') : null;
}

export function checkGateway({ file }: DemarcMap, files: MachineFiles): Finding {
  if (file.gateway === 'none') {
    const text = 'the map says there is none: a dead router cannot be told from a dead line';
    return warning('gateway', text, 'name your router under gateway');
  }
  if (file.gateway !== 'auto') return ok('gateway', `${file.gateway.address}, as the map says`);
  const route = defaultRoute(files);
  if (route === null) {
    const text = 'no default gateway was found, so your LAN cannot be told from your ISP';
    return warning('gateway', text, 'name it under gateway');
  }
  if (!route.behindBridge) return ok('gateway', `${route.gateway}, found by itself`);
  const text = `the exporter does not see what this machine sees: ${route.gateway} is the bridge of the containers, which is always up`;
  return problem(
    'gateway',
    text,
    'give the container the network of the host (network_mode: host, in Kubernetes hostNetwork), as compose.yaml does',
  );
}

export function checkIpv6(interfaces = os.networkInterfaces()): Finding {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const global = all.some(({ family, internal, address }) => family === 'IPv6' && !internal && /^[23]/.test(address));
  return ok(
    'ipv6',
    global ? 'this machine has a global address' : 'no global address: anchors over IPv6 are left out by themselves',
  );
}

/** Ports that should be reachable from this machine only, by what is behind them. */
export function checkExposure(ports: ReadonlyMap<number, string>, { proc }: MachineFiles): Finding[] {
  const sockets = listeningSockets(proc);
  if (sockets === null) return [skipped('exposure', 'this system does not tell which addresses its ports are open at')];
  const open = sockets.filter(({ port, loopback }) => !loopback && ports.has(port));
  if (open.length === 0) return [ok('exposure', 'no page is open to anything but this machine')];
  return open.map(({ address, port }) => {
    const text = `${ports.get(port)} listens at ${address}, port ${port}: whoever reaches this machine reaches it`;
    return warning('exposure', text, 'bind it to 127.0.0.1; let others in through ssh -L or a proxy with a login');
  });
}
