// What the person said to the doctor, made sense of: whom to ask, and where.
import net from 'node:net';
import { parseEndpoint } from '../exporters/dns/endpoint.ts';
import type { DemarcMap } from '../map/load.ts';
import { UserError } from '../map/user-error.ts';
import type { Program } from './doctor-ask.ts';
import type { MachineFiles } from './doctor-machine.ts';

export interface DoctorOptions {
  map?: string;
  from?: string;
  /** URLs, or `none` for what is not there; the usual ports when left out. */
  prometheus?: string;
  alertmanager?: string;
  grafana?: string;
  state: string;
  live?: boolean;
  timeServer: string;
  json?: boolean;
  /** Of another machine, in tests. */
  files?: MachineFiles;
}

const USUAL = {
  prometheus: 'http://127.0.0.1:9090',
  alertmanager: 'http://127.0.0.1:9093',
  grafana: 'http://127.0.0.1:3000',
} as const;

export type Beside = keyof typeof USUAL;

export interface Place {
  host: string;
  port: number;
}

const EXPORTER: Place = { host: '127.0.0.1', port: 9815 };

/** Programs beside demarc; null for those the person has not. */
export function programsOf(options: DoctorOptions): Record<Beside, Program | null> {
  const programOf = (name: Beside): Program | null => {
    const said = options[name];
    if (said === 'none') return null;
    return said === undefined
      ? { url: USUAL[name], given: false }
      : { url: checkedUrl(`--${name}`, said), given: true };
  };
  return {
    prometheus: programOf('prometheus'),
    alertmanager: programOf('alertmanager'),
    grafana: programOf('grafana'),
  };
}

function checkedUrl(place: string, url: string): string {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new UserError([{ place, what: `${url} is not a URL`, hint: 'write it like http://127.0.0.1:9090' }]);
}

export function timeServerOf({ timeServer }: DoctorOptions): Place {
  const place = /:\d+$/.test(timeServer) ? parseEndpoint(timeServer) : null;
  if (place !== null) return place;
  const what = `${timeServer} is not host:port`;
  throw new UserError([{ place: '--time-server', what, hint: 'write it like pool.ntp.org:123' }]);
}

/** Where demarc answers: as said, else where the map lets it listen. */
export function exporterOf({ from }: DoctorOptions, map: DemarcMap | null): { url: string; place: Place } {
  if (from !== undefined) {
    const { hostname, port, protocol } = new URL(checkedUrl('--from', from));
    const usual = protocol === 'https:' ? 443 : 80;
    return { url: from, place: { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) } };
  }
  const place = parseEndpoint(map?.file.listen ?? '') ?? EXPORTER;
  return { url: `http://${reachable(place.host)}:${place.port}`, place };
}

/** An address to ask at, for one to listen at. */
function reachable(host: string): string {
  const address = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return net.isIPv6(address) ? `[${address}]` : address;
}
