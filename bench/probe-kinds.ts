// The same measurements for both sides: as targets of our scheduler, and as modules of blackbox_exporter.
import type { ProbeKind } from '../exporters/observation.ts';
import type { Target } from '../exporters/target.ts';

export const SERVER_NAME = 'www.bench.test';

/** Where the servers of local-servers.ts listen. */
export interface LocalServers {
  addresses: string[];
  ports: Record<'http' | 'https' | 'dns' | 'silentHttp' | 'silentDns', number>;
  /** PEM of the authority behind https. */
  authority: string;
}

export const MEASURED = ['http', 'https', 'tcp', 'tls', 'dns-udp', 'dns-tcp', 'silent-http', 'silent-dns'] as const;
export type Measured = (typeof MEASURED)[number];

interface Ours {
  kind: ProbeKind;
  settings: Target['settings'];
}

const DNS = { name: SERVER_NAME, type: 'A' };

function oursOf(measured: Measured, host: string, { ports }: LocalServers): Ours {
  switch (measured) {
    case 'http':
      return { kind: 'http', settings: { url: `http://${host}:${ports.http}/` } };
    case 'https':
      return { kind: 'http', settings: { url: `https://${SERVER_NAME}:${ports.https}/`, address: host } };
    case 'tcp':
      return { kind: 'tcp', settings: { host, port: ports.http } };
    case 'tls':
      return { kind: 'certificate', settings: { host, port: ports.https, serverName: SERVER_NAME } };
    case 'dns-udp':
      return { kind: 'dns', settings: { server: `${host}:${ports.dns}`, ...DNS } };
    case 'dns-tcp':
      return { kind: 'dns', settings: { server: `${host}:${ports.dns}`, ...DNS, transport: 'tcp' } };
    case 'silent-http':
      return { kind: 'http', settings: { url: `http://${host}:${ports.silentHttp}/` } };
    case 'silent-dns':
      return { kind: 'dns', settings: { server: `127.0.0.1:${ports.silentDns}`, ...DNS } };
  }
}

export interface Pace {
  intervalMs: number;
  timeoutMs: number;
}

/** `count` targets of one kind, in turn at every address; to the scheduler, each is a host and a vendor of its own. */
export function targetsOf(measured: Measured, count: number, servers: LocalServers, pace: Pace): Target[] {
  return Array.from({ length: count }, (_, index) => {
    const host = servers.addresses[index % servers.addresses.length] ?? '127.0.0.1';
    const id = `${measured}/${index}`;
    const labels = { role: 'anchor', service: `service-${index}`, vendor: `vendor-${index}`, component: 'edge' };
    return { id, ...oursOf(measured, host, servers), host: id, ...pace, labels };
  });
}

const IP4 = { preferred_ip_protocol: 'ip4' };
const TLS = { tls_config: { server_name: SERVER_NAME } };
const QUERY = { query_name: SERVER_NAME, query_type: 'A', ...IP4 };

/** blackbox_exporter's configuration. The authority comes from the environment: as `ca_file` it would be read every time. */
export const BLACKBOX_CONFIG = {
  modules: {
    http: { prober: 'http', timeout: '5s', http: { ...IP4 } },
    https: { prober: 'http', timeout: '5s', http: { ...IP4, ...TLS } },
    tcp: { prober: 'tcp', timeout: '5s', tcp: { ...IP4 } },
    tls: { prober: 'tcp', timeout: '5s', tcp: { ...IP4, tls: true, ...TLS } },
    'dns-udp': { prober: 'dns', timeout: '5s', dns: { ...QUERY, transport_protocol: 'udp' } },
    'dns-tcp': { prober: 'dns', timeout: '5s', dns: { ...QUERY, transport_protocol: 'tcp' } },
  },
};

export type Compared = keyof typeof BLACKBOX_CONFIG.modules;

/** The `target` parameter of a probe request. */
export function blackboxTarget(measured: Compared, host: string, { ports }: LocalServers): string {
  switch (measured) {
    case 'http':
      return `http://${host}:${ports.http}/`;
    case 'https':
      return `https://${host}:${ports.https}/`;
    case 'tcp':
      return `${host}:${ports.http}`;
    case 'tls':
      return `${host}:${ports.https}`;
    case 'dns-udp':
    case 'dns-tcp':
      return `${host}:${ports.dns}`;
  }
}
