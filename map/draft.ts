// A draft of demarc.yaml from what was seen: per service who runs which link, how sure that is, and what could not be seen.
import type { Daemon } from './draft-daemon.ts';
import type { Container } from './draft-docker.ts';
import type { DomainFacts } from './draft-domain.ts';
import type { Sighting, Subject } from './draft-look.ts';
import { type Certainty, type Found, recogniseDns, recogniseEdge } from './draft-recognise.ts';
import type { Problem } from './user-error.ts';
import type { Vendors } from './vendors.ts';

export interface Guessed<T> {
  value: T;
  certainty: Certainty;
  evidence: string;
}

export interface DraftService {
  name: string;
  sighting: Sighting;
  dns: Found | null;
  edge: Found | null;
  /** Metrics URL of the daemon. */
  tunnel: Guessed<string> | null;
  /** URL that passes no vendor. */
  origin: Guessed<string> | null;
}

export interface Draft {
  services: DraftService[];
  /** Address of the default gateway; null when this machine does not tell. */
  gateway: string | null;
  /** The resolver that was named, `host:port`; null for this machine's own. */
  resolver: string | null;
  /** This machine's own resolvers. */
  systemResolvers: readonly string[];
  /** PEM files. */
  trust: readonly string[];
  /** What was seen of each zone. */
  domains: readonly DomainFacts[];
  /** What runs here in Docker; null when its socket was not offered. */
  containers: readonly Container[] | null;
  /** The `vendors:` of another map, as YAML values. */
  ownVendors: Readonly<Record<string, unknown>>;
}

const RESERVED = new Set(['uplink', 'www', '']);
const LONGEST_NAME = 40;

/** A host, host:port or URL as an operator writes it; a problem when it is none of these. */
export function subjectOf(text: string, port: number | null): Subject | Problem {
  const schemed = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const url = URL.canParse(schemed ? text : `https://${text}`) ? new URL(schemed ? text : `https://${text}`) : null;
  const problem = (what: string, hint: string): Problem => ({ place: text, what, hint });
  if (url === null || !/^https?:$/.test(url.protocol)) return problem('is no name', 'write example.com, or its URL');
  if (url.username !== '' || url.password !== '') return problem('holds credentials', 'leave them out');
  if (!/^[A-Za-z0-9._-]{1,253}$/.test(url.hostname)) return problem('is no host name', 'write it like example.com');
  if (url.port === '' && port !== null) url.port = String(port);
  url.hash = '';
  return { text, host: url.hostname.toLowerCase().replace(/\.$/, ''), url: url.href, schemeGuessed: !schemed };
}

/** The first label that says something, made unique. */
function namesFor(hosts: readonly string[]): string[] {
  const taken = new Set<string>();
  return hosts.map((host) => {
    const labels = host.split('.').map((label) =>
      label
        .toLowerCase()
        .replace(/[^a-z0-9-]/g, '-')
        .replace(/^-+/, ''),
    );
    const base = (labels.find((label) => !RESERVED.has(label)) ?? 'service').slice(0, LONGEST_NAME);
    let name = base;
    for (let count = 2; taken.has(name); count += 1) name = `${base}-${count}`;
    taken.add(name);
    return name;
  });
}

/** The services of a draft, out of what was seen. `vendors` may hold more than the catalogue. */
export function draftServices(
  sightings: readonly Sighting[],
  daemons: readonly Daemon[],
  vendors: Vendors,
  containers: readonly Container[] = [],
): DraftService[] {
  const names = namesFor(sightings.map(({ subject }) => subject.host));
  const bare = sightings.map((sighting, index) => ({
    name: names[index] ?? 'service',
    sighting,
    dns: recogniseDns(sighting, vendors),
    edge: recogniseEdge(sighting, vendors),
  }));
  const candidates = bare.filter(({ edge }) => carriesTunnels(edge, vendors)).length;
  return bare.map((service) => {
    const carried = tunnelFor(
      service.sighting.subject.host,
      carriesTunnels(service.edge, vendors),
      candidates,
      daemons,
    );
    return {
      ...service,
      ...carried,
      origin: carried.origin ?? contained(service.name, service.sighting.subject.host, containers),
    };
  });
}

const carriesTunnels = (edge: Found | null, vendors: Vendors): boolean =>
  Object.values(vendors.get(edge?.vendor ?? '')?.components ?? {}).some(({ layer }) => layer === 'tunnel');

type Carried = Pick<DraftService, 'tunnel' | 'origin'>;

/** A daemon that names the host is certain; one that names nothing may carry the only service it could. */
function tunnelFor(host: string, possible: boolean, candidates: number, daemons: readonly Daemon[]): Carried {
  for (const { url, connections, routes } of daemons) {
    const route = routes.find((one) => one.host === host);
    if (route === undefined) continue;
    const evidence = `the daemon at ${url} says that it carries ${host}`;
    return {
      tunnel: { value: url, certainty: 'certain', evidence: `${evidence}, with ${connections} connections` },
      origin: { value: route.origin, certainty: 'certain', evidence: `${evidence} there` },
    };
  }
  const silent = daemons.find(({ routes }) => routes.length === 0);
  if (silent === undefined || !possible) return { tunnel: null, origin: null };
  const evidence = `a daemon answers at ${silent.url} with ${silent.connections} connections, but not which names it carries`;
  return {
    tunnel: { value: silent.url, certainty: candidates === 1 ? 'likely' : 'guess', evidence },
    origin: null,
  };
}

/** A container whose labels name the host is likely its origin; one that is merely called alike is a guess. */
function contained(name: string, host: string, containers: readonly Container[]): DraftService['origin'] {
  const reachable = containers.filter(({ ports }) => ports.length > 0);
  const labelled = reachable.find(({ hosts }) => hosts.includes(host));
  const found = labelled ?? reachable.find((container) => container.name === name);
  const port = found?.ports[0];
  if (found === undefined || port === undefined) return null;
  const why = labelled === undefined ? 'is called alike' : `says in its labels that it serves ${host}`;
  const evidence = `the container ${found.name} (${found.image}) ${why}, and port ${port} leads to it`;
  return { value: `http://127.0.0.1:${port}/`, certainty: labelled === undefined ? 'guess' : 'likely', evidence };
}
