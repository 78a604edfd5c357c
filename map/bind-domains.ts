// From the names of the services to the domains they were registered as, and who is asked about those: the registry by RDAP,
// and the servers of the zone above. All of it gently: registries count their askers.
import { hostsOf, loadBootstrap, rdapBaseOf } from '../exporters/registration/bootstrap.ts';
import { bindValidated } from './bind-signatures.ts';
import type { DemarcMap } from './load.ts';
import type { Surroundings } from './plan.ts';
import type { ControlBinding, Dependency, DomainBinding, VendorBinding } from './plan-types.ts';
import { registrableOf, zoneAbove } from './registrable.ts';
import type { MapFile } from './schema.ts';
import type { Targets } from './targets.ts';
import { hostOf } from './url-parts.ts';

const MINUTE_MS = 60_000;
const REGISTRY_PACE = { intervalMs: 360 * MINUTE_MS, gapMs: MINUTE_MS };
const PARENT_PACE = { intervalMs: 5 * MINUTE_MS, gapMs: 10_000 };
/** Two that agree are proof enough. */
const PARENTS_ASKED = 2;

const BUNDLED = loadBootstrap();

/** Your registrar is known by no name: registries publish it as free text, which is not kept. */
const REGISTRAR = 'registrar';

/** What the registry of a zone is called among the vendors of the plan. */
export const registryId = (zone: string): string => `registry-${zone.replaceAll('.', '-')}`;

type DomainEntry = Exclude<MapFile['domains'][string], 'none'>;

/** The registered domain of a service, as the map or its name says; null when nobody is to be asked about it. */
export function domainOf({ file }: DemarcMap, url: string): string | null {
  const host = hostOf(url);
  const written = Object.keys(file.domains)
    .filter((domain) => host === domain || host.endsWith(`.${domain}`))
    .sort((a, b) => b.length - a.length)[0];
  const domain = written ?? registrableOf(host);
  return domain !== null && file.domains[domain] !== 'none' ? domain : null;
}

const entryOf = ({ file }: DemarcMap, domain: string): DomainEntry => {
  const entry = file.domains[domain];
  return entry === undefined || entry === 'none' ? {} : entry;
};

function domainsOf(map: DemarcMap): string[] {
  const written = Object.entries(map.file.domains).flatMap(([domain, entry]) => (entry === 'none' ? [] : [domain]));
  const served = Object.values(map.file.services).flatMap(({ url }) => domainOf(map, url) ?? []);
  return [...new Set([...written, ...served])];
}

/** Zones above domains whose servers must be found by asking. */
export function zonesAboveToFind(map: DemarcMap): string[] {
  const unknown = domainsOf(map).filter((domain) => entryOf(map, domain).parents === undefined);
  return [...new Set(unknown.map(zoneAbove))];
}

export function bindDomains(map: DemarcMap, around: Surroundings, targets: Targets): DomainBinding[] {
  const known = around.registries ?? BUNDLED;
  const registries = around.registries && hostsOf(around.registries);
  return domainsOf(map).map((name): DomainBinding => {
    const { rdap, expiresOn, parents, nameServers, delegation } = entryOf(map, name);
    const base = rdap ?? rdapBaseOf(name, known);
    const servers = (parents ?? around.nameservers.get(zoneAbove(name)) ?? []).slice(0, PARENTS_ASKED);
    const asked = base === null || base === 'none' ? null : { domain: name, server: base, registries };
    const expect = { shapes: ['answer', 'referral'], nameServers };
    const [first] = servers;
    if (delegation === true && first !== undefined) watchDelegation(name, first, targets);
    return {
      name,
      registry: registryId(zoneAbove(name)),
      registration: asked === null ? null : targets.add('registration', name, 'registration', asked, {}, REGISTRY_PACE),
      expiresOn: expiresOn === undefined ? null : Date.parse(expiresOn),
      parents: servers.map((server) =>
        targets.add(
          'delegation',
          `${name}@${server}`,
          'dns',
          { server, name, type: 'NS', recursion: false, expect: dense(expect) },
          {},
          PARENT_PACE,
        ),
      ),
      declared: nameServers !== undefined,
      keys: bindValidated({ name, type: 'DS' }, map, targets),
      servers,
    };
  });
}

/** Told, and judging nobody. */
function watchDelegation(name: string, server: string, targets: Targets): void {
  const asked = { server, name, type: 'NS', recursion: false, delegation: true };
  const expect = { shapes: ['answer', 'referral'] };
  targets.add('delegated_servers', name, 'dns', { ...asked, expect }, {}, PARENT_PACE);
}

const dense = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>;

/** Whether the registry's servers serve anybody: asked for the SOA of their own zone. */
export function bindRegistries(domains: readonly DomainBinding[], targets: Targets): ControlBinding[] {
  const controls = new Map<string, ControlBinding>();
  for (const { name, registry, servers } of domains) {
    const zone = zoneAbove(name);
    for (const server of servers) {
      const labels = { vendor: registry, component: 'zone' };
      const asked = { server, name: zone, type: 'SOA', recursion: false };
      const target = targets.add('control', `${registry}/${zone}@${server}`, 'dns', asked, labels, PARENT_PACE);
      controls.set(target, { target, ...labels });
    }
  }
  return [...controls.values()];
}

/** Registries and the registrar as those who run a layer, with the words they are called by. */
export function registrars(domains: readonly DomainBinding[]): [string, VendorBinding][] {
  const known = domains.filter(isAsked);
  if (known.length === 0) return [];
  const holds = known.map(({ name }) => [name, { title: `hold on ${name}`, layer: 'registration' as const }] as const);
  const registries = new Map(
    known.map(({ name, registry }): [string, VendorBinding] => [
      registry,
      {
        title: `the .${zoneAbove(name)} registry`,
        operators: [registry],
        components: { zone: { title: 'zone', layer: 'registry' } },
        statusPage: null,
      },
    ]),
  );
  const registrar = { title: 'your registrar', operators: [], statusPage: null, components: Object.fromEntries(holds) };
  return [[REGISTRAR, registrar], ...registries];
}

/** Who runs the registration of a service's domain. */
export function registrationDependencies(domain: DomainBinding | undefined): Dependency[] {
  if (domain === undefined || !isAsked(domain)) return [];
  return [
    { layer: 'registry', vendor: domain.registry, component: 'zone' },
    { layer: 'registration', vendor: REGISTRAR, component: domain.name },
  ];
}

function isAsked({ parents, registration }: DomainBinding): boolean {
  return parents.length > 0 || registration !== null;
}
