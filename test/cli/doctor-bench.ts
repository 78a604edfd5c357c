// What the doctor's tests stand on: programs that answer as told, and a machine made of a few files.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { examine } from '../../cli/doctor.ts';
import type { Finding } from '../../cli/doctor-finding.ts';
import type { MachineFiles } from '../../cli/doctor-machine.ts';
import type { DoctorOptions } from '../../cli/doctor-options.ts';

/** A status to refuse with, or a body: text as it is, anything else as JSON. */
export type Reply = number | string | object;

/** Answers by the path of the request, without its query; 404 for all else. */
export async function program(replies: Readonly<Record<string, Reply>>): Promise<string> {
  const server = http.createServer((request, response) => {
    const reply = replies[new URL(request.url ?? '/', 'http://localhost').pathname] ?? 404;
    if (typeof reply === 'number') response.writeHead(reply).end();
    else response.end(typeof reply === 'string' ? reply : JSON.stringify(reply));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function folder(): string {
  return mkdtempSync(path.join(tmpdir(), 'demarc-doctor-'));
}

/** The second line of /proc/net/route, with the gateway 192.0.2.1. */
const ROUTE = 'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0';

export interface Machine {
  route?: string;
  tcp?: readonly string[];
  tcp6?: readonly string[];
  container?: boolean;
  synchronized?: boolean;
}

export function machine({
  route = ROUTE,
  tcp = [],
  tcp6 = [],
  container = false,
  synchronized = true,
}: Machine = {}): MachineFiles {
  const root = folder();
  const net = path.join(root, 'net');
  mkdirSync(net);
  const sockets = (local: readonly string[]): string =>
    ['  sl  local_address rem_address   st', ...local.map((one, index) => `   ${index}: ${one} 00000000:0000 0A`)].join(
      '\n',
    );
  writeFileSync(path.join(net, 'route'), `Iface\tDestination\tGateway\n${route}\n`);
  writeFileSync(path.join(net, 'tcp'), sockets(tcp));
  writeFileSync(path.join(net, 'tcp6'), sockets(tcp6));
  writeFileSync(path.join(root, 'there'), '');
  // Of a container: the end of a cable. Of a machine: a card.
  mkdirSync(path.join(root, 'class', 'net', 'eth0', container ? 'statistics' : 'device'), { recursive: true });
  const mark = (there: boolean): string => path.join(root, there ? 'there' : 'not-there');
  const containerMarkers = [mark(container)];
  return { proc: root, sys: root, containerMarkers, environment: {}, synchronized: mark(synchronized) };
}

/** One file with this text. */
export function mapFile(text: string): string {
  const file = path.join(folder(), 'demarc.yaml');
  writeFileSync(file, text);
  return file;
}

/** A port nobody uses, and that fetch does not refuse by itself. */
export const NOBODY = 'http://127.0.0.1:2';

export function diagnose(options: Partial<DoctorOptions>): Promise<Finding[]> {
  const nothing = { prometheus: 'none', alertmanager: 'none', grafana: 'none' };
  const defaults = { from: NOBODY, state: folder(), timeServer: '127.0.0.1:9', files: machine() };
  return examine({ ...nothing, ...defaults, ...options }, () => undefined);
}

/** `area check: outcome text -> fix`, of one check. */
export function said(findings: readonly Finding[], area: string, check: string): string[] {
  return findings
    .filter((finding) => finding.area === area && finding.check === check)
    .map(({ outcome, text, fix }) => `${outcome}: ${text}${fix === '' ? '' : ` -> ${fix}`}`);
}
