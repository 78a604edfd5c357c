// What falls with what, by the map alone: the elements services stand on, and which services each of them takes down.
// Nothing is asked and nothing is judged here; verdicts are the table's.
import type { Party } from '../catalog/parties.ts';
import { parseServer } from '../exporters/dns/endpoint.ts';
import { isNear } from './alert-path.ts';
import { dependenciesOf } from './bind-service.ts';
import { controlsOf } from './controls.ts';
import type { DemarcMap } from './load.ts';
import type { ServiceEntry } from './schema.ts';
import { daemonPlace } from './tunnel.ts';
import { hostOf, portOf } from './url-parts.ts';
import type { Component } from './vendor.ts';

export const ELEMENT_KINDS = ['router', 'line', 'vendor', 'component', 'zone', 'machine', 'daemon'] as const;

export type ElementKind = (typeof ELEMENT_KINDS)[number];

/** Something whose failure no second thing of the map makes up for. */
export interface Element {
  /** `component cloudflare/edge`; unique within a map. */
  id: string;
  kind: ElementKind;
  /** As in a sentence: "Cloudflare's edge". */
  title: string;
  vendor: string | null;
  /** Names of the services it takes down, in the map's order. */
  services: string[];
  /** Those of them that have a second path past it; somebody still has to take it. */
  secondPaths: string[];
  /** What people notice when it goes. */
  happens: string;
  /** Whom demarc would name; `unknown` when it could prove nothing. */
  blames: Party;
  /** Why it could not, or what it rests on. */
  because: string;
}

/** Every element any service stands on, the one that takes down most first. */
export function elementsOf(map: DemarcMap): Element[] {
  const found: Found[] = [
    ...house(map),
    ...components(map),
    ...wholeVendors(map),
    ...zones(map),
    ...machines(map),
    ...daemons(map),
  ];
  const rank = ({ kind }: Element): number => ELEMENT_KINDS.indexOf(kind);
  return found
    .filter(({ services }) => services.length > 0)
    .map((element) => ({ ...element, secondPaths: secondPathsPast(element, map) }))
    .sort((a, b) => b.services.length - a.services.length || rank(a) - rank(b) || a.id.localeCompare(b.id));
}

type Found = Omit<Element, 'secondPaths'>;

/** A second path leads past an edge, a tunnel or its daemon, unless it needs the same vendor. Names are found by DNS all the same. */
function secondPathsPast({ id, kind, vendor, services }: Found, map: DemarcMap): string[] {
  return services.filter((name) => {
    const service = map.file.services[name];
    if (service?.failover === undefined) return false;
    if (kind === 'daemon') return true;
    const carried = dependenciesOf(service).filter(({ layer }) => layer === 'edge' || layer === 'tunnel');
    const onTheWay = carried.some((use) => id === `component ${use.vendor}/${use.component}`);
    return kind === 'component' && onTheWay && service.failover.vendor !== vendor;
  });
}

type Entries = readonly (readonly [name: string, service: ServiceEntry])[];

const entriesOf = ({ file }: DemarcMap): Entries => Object.entries(file.services);

const namesWhere = (map: DemarcMap, holds: (service: ServiceEntry) => boolean): string[] =>
  entriesOf(map).flatMap(([name, service]) => (holds(service) ? [name] : []));

/** Whether it is reached over your own line, as far as the map tells: it stands at home, and not for the house alone. */
function needsYourLine({ url, edge, dns, origin, tunnel, hosted }: ServiceEntry): boolean {
  if (hosted !== undefined) return hosted === 'here';
  if (tunnel !== undefined) return true;
  const ownNames = dns?.vendor === undefined && (dns?.servers ?? []).some(isNearServer);
  const forTheHouse = edge === undefined && (isNear(hostOf(url)) || ownNames);
  return !forTheHouse && isNear(hostOf(origin?.url ?? url));
}

const isNearServer = (server: string): boolean => isNear(parseServer(server)?.host ?? server);

function house(map: DemarcMap): Found[] {
  const services = namesWhere(map, needsYourLine);
  const gone = 'Nobody outside reaches what stands in your house; seen from inside, everything outside looks dead.';
  const blind = map.file.gateway === 'none';
  const line: Found = {
    id: 'line',
    kind: 'line',
    title: 'your line',
    vendor: null,
    services,
    happens: gone,
    blames: blind ? 'unknown' : 'isp',
    because: blind
      ? 'without a gateway, your LAN cannot be told from your ISP'
      : 'your router answers, nothing beyond it',
  };
  const router: Found = {
    ...line,
    id: 'router',
    kind: 'router',
    title: 'your router',
    blames: 'own',
    because: 'nothing answers, the router neither',
  };
  return blind ? [line] : [router, line];
}

const HAPPENS: Readonly<Record<string, string>> = {
  dns: 'The names are found no more once caches run out. The machines behind them go on, unseen.',
  endpoint: 'The services fail by themselves, with errors of their own.',
  edge: "Visitors get the edge's error page, or nothing. Your origins go on, unseen.",
  tunnel: 'The edge has no way home: visitors get its error page while your origins work.',
} satisfies Record<Component['layer'], string>;

function groupBy<T>(entries: Entries, keysOf: (service: ServiceEntry) => readonly (readonly [string, T])[]) {
  const groups = new Map<string, { of: T; services: string[] }>();
  for (const [name, service] of entries) {
    for (const [key, of] of keysOf(service)) {
      const group = groups.get(key) ?? { of, services: [] };
      if (!group.services.includes(name)) group.services.push(name);
      groups.set(key, group);
    }
  }
  return groups;
}

function components(map: DemarcMap): Found[] {
  const used = groupBy(entriesOf(map), (service) =>
    dependenciesOf(service).map((use) => [`${use.vendor}/${use.component}`, use] as const),
  );
  return [...used].map(
    ([
      key,
      {
        of: { vendor, component, layer },
        services,
      },
    ]): Found => {
      const { count, verdicts } = controlsOf(map, vendor, component);
      return {
        id: `component ${key}`,
        kind: 'component',
        title: componentTitle(map, vendor, component),
        vendor,
        services,
        happens: HAPPENS[layer] ?? 'What the services get from it is missing.',
        blames: verdicts === 'off' ? 'unknown' : 'vendor',
        because:
          verdicts === 'off'
            ? 'vendor verdicts are off for it, so it is suspected at most'
            : `${count} ${count === 1 ? 'control is its only witness' : 'controls are its witnesses'}`,
      };
    },
  );
}

export function componentTitle({ vendors }: DemarcMap, vendor: string, component: string): string {
  const known = vendors.get(vendor);
  return `${known?.title ?? vendor}'s ${known?.components[component]?.title ?? component}`;
}

/** A vendor as a whole, where that takes down more than any one part of it: the account, the bill, the control plane. */
function wholeVendors(map: DemarcMap): Found[] {
  const parts = components(map);
  const used = groupBy(entriesOf(map), (service) => dependenciesOf(service).map(({ vendor }) => [vendor, vendor]));
  return [...used].flatMap(([vendor, { services }]): Found[] => {
    const own = parts.filter((part) => part.vendor === vendor);
    if (own.some((part) => part.services.length >= services.length)) return [];
    const titles = own.map(({ id }) => map.vendors.get(vendor)?.components[id.split('/')[1] ?? '']?.title ?? id);
    return [
      {
        id: `vendor ${vendor}`,
        kind: 'vendor',
        title: `${map.vendors.get(vendor)?.title ?? vendor} as a whole`,
        vendor,
        services,
        happens: `One account, one bill, one control plane for ${titles.join(', ')}: they can go together.`,
        blames: own.every(({ blames }) => blames === 'vendor') ? 'vendor' : 'unknown',
        because: 'each part is judged on its own',
      },
    ];
  });
}

function zones(map: DemarcMap): Found[] {
  const used = groupBy(entriesOf(map), ({ dns }) => (dns === undefined ? [] : [[dns.zone.toLowerCase(), dns.vendor]]));
  return [...used].map(
    ([zone, { services }]): Found => ({
      id: `zone ${zone}`,
      kind: 'zone',
      title: `the zone ${zone}`,
      vendor: null,
      services,
      happens: 'When it lapses or its records are lost, every name in it is gone, mail too.',
      blames: 'own',
      because: 'records and renewal are your job',
    }),
  );
}

function machines(map: DemarcMap): Found[] {
  const used = groupBy(entriesOf(map), ({ origin }) =>
    origin === undefined ? [] : [[hostOf(origin.url).toLowerCase(), origin]],
  );
  return [...used].map(([host, { services }]): Found => {
    const ports = new Set(services.map((name) => map.file.services[name]?.origin?.url ?? '').map((url) => portOf(url)));
    const one = services.length > 1 && ports.size === 1;
    return {
      id: `machine ${host}`,
      kind: 'machine',
      title: `the machine ${host}`,
      vendor: null,
      services,
      happens: `${one ? `One process on port ${[...ports][0]} serves them all. ` : ''}Visitors get an error page that may bear a vendor's name.`,
      blames: 'own',
      because: 'it is asked directly, past every vendor',
    };
  });
}

function daemons(map: DemarcMap): Found[] {
  const used = groupBy(entriesOf(map), ({ tunnel }) =>
    tunnel === undefined ? [] : [[daemonPlace(tunnel), tunnel.kind]],
  );
  return [...used].map(
    ([place, { of: kind, services }]): Found => ({
      id: `daemon ${place}`,
      kind: 'daemon',
      title: `${kind} at ${place}`,
      vendor: null,
      services,
      happens: "Visitors get the edge's error page while your origins work.",
      blames: 'own',
      because: 'the daemon itself is asked',
    }),
  );
}
