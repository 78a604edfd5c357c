// Things that look like two and fall as one: names at one provider, anchors of one operator, controls on one host.
// By the map alone; nothing is asked.
import net from 'node:net';
import { dependenciesOf } from './bind-service.ts';
import { placeOf, sharesOperator } from './controls.ts';
import { componentTitle } from './dependencies.ts';
import { nameMatches } from './draft-recognise.ts';
import type { DemarcMap } from './load.ts';
import { hostOf } from './url-parts.ts';

export interface SharedFate {
  kind: 'zones' | 'name_servers' | 'anchors' | 'public_resolvers' | 'controls' | 'machine' | 'vendors' | 'receivers';
  /** What looks like several. */
  things: string[];
  /** What they share. */
  share: string;
  /** A sentence of it. */
  text: string;
}

export function sharedFateOf(map: DemarcMap): SharedFate[] {
  return [
    ...zonesAtOneProvider(map),
    ...nameServersTogether(map),
    ...edgesBeforeOneMachine(map),
    ...relatedVendors(map),
    ...controlsOnOneHost(map),
    ...receiversTogether(map),
    ...ofOneOperator(map.anchors, 'anchors'),
    ...ofOneOperator(map.publicResolvers, 'public_resolvers'),
  ];
}

/** Things by what they share, where that is more than one. */
function together<T>(things: readonly T[], keyOf: (thing: T) => string | null): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), thing]);
  }
  return [...groups].filter(([, group]) => group.length > 1);
}

const list = (things: readonly string[]): string =>
  things.length < 2 ? things.join('') : `${things.slice(0, -1).join(', ')} and ${things.at(-1)}`;

const zonesOf = ({ file }: DemarcMap) => [
  ...new Map(
    Object.values(file.services).flatMap(({ dns }) =>
      dns === undefined ? [] : [[dns.zone.toLowerCase(), dns] as const],
    ),
  ),
];

/** Vendors whose name servers these are, by their names. */
function providersOf(servers: readonly string[], { vendors }: DemarcMap): string[] {
  const runs = (patterns: readonly string[]): boolean =>
    servers.some((name) => patterns.some((pattern) => nameMatches(name.replace(/:\d+$/, ''), pattern)));
  return [...vendors].filter(([, { fingerprint }]) => runs(fingerprint.nameServers)).map(([id]) => id);
}

function zonesAtOneProvider(map: DemarcMap): SharedFate[] {
  const alone = zonesOf(map).filter(([, { servers = [] }]) => providersOf(servers, map).length < 2);
  return together(alone, ([, { vendor }]) => vendor ?? null).map(([vendor, zones]) => {
    const things = zones.map(([zone]) => zone);
    const share = componentTitle(map, vendor, 'dns');
    return {
      kind: 'zones',
      things,
      share,
      text: `${list(things)}: ${things.length} domains, but one DNS provider, ${share}.`,
    };
  });
}

const networkOf = (server: string): string | null => {
  const host = server.replace(/:\d+$/, '');
  return net.isIPv4(host) ? `${host.split('.').slice(0, 3).join('.')}.0/24` : null;
};

function nameServersTogether(map: DemarcMap): SharedFate[] {
  return zonesOf(map).flatMap(([zone, { servers = [], vendor }]): SharedFate[] => {
    if (servers.length === 1)
      return [
        {
          kind: 'name_servers',
          things: servers,
          share: servers[0] ?? '',
          text: `${zone} has one name server only, ${servers[0]}.`,
        },
      ];
    const [provider, ...others] = providersOf(servers, map);
    if (provider !== undefined && others.length === 0 && provider === (vendor ?? provider)) {
      const share = componentTitle(map, provider, 'dns');
      return [
        {
          kind: 'name_servers',
          things: servers,
          share,
          text: `${list(servers)}: ${servers.length} name servers of ${zone}, but one provider, ${share}.`,
        },
      ];
    }
    const networks = new Set(servers.map(networkOf));
    const [network] = networks;
    if (networks.size !== 1 || network === null || network === undefined) return [];
    return [
      {
        kind: 'name_servers',
        things: servers,
        share: network,
        text: `${list(servers)}: ${servers.length} name servers of ${zone}, but one network, ${network}.`,
      },
    ];
  });
}

/** Different edges in front promise independence that one machine behind them does not keep. */
function edgesBeforeOneMachine(map: DemarcMap): SharedFate[] {
  const behind = Object.entries(map.file.services).flatMap(([name, { origin, edge }]) =>
    origin === undefined ? [] : [{ name, host: hostOf(origin.url), edge: edge?.vendor ?? '' }],
  );
  return together(behind, ({ host }) => host).flatMap(([host, services]): SharedFate[] => {
    if (new Set(services.map(({ edge }) => edge)).size < 2) return [];
    const things = services.map(({ name }) => name);
    return [
      { kind: 'machine', things, share: host, text: `${list(things)} have different edges, but one machine, ${host}.` },
    ];
  });
}

/** Two vendors that are one company, of which each might be taken for the other's stand-in. */
function relatedVendors(map: DemarcMap): SharedFate[] {
  const used = [
    ...new Set(Object.values(map.file.services).flatMap((one) => dependenciesOf(one).map(({ vendor }) => vendor))),
  ];
  const pairs = used.flatMap((one, index) => used.slice(index + 1).map((other) => [one, other] as const));
  return pairs
    .filter(([one, other]) => sharesOperator(map, one, other))
    .map(([one, other]): SharedFate => {
      const things = [one, other].map((id) => map.vendors.get(id)?.title ?? id);
      const share =
        map.vendors.get(one)?.operators.find((name) => map.vendors.get(other)?.operators.includes(name)) ?? one;
      return {
        kind: 'vendors',
        things,
        share,
        text: `${list(things)} are one operator, ${share}: neither is a witness for the other.`,
      };
    });
}

function controlsOnOneHost(map: DemarcMap): SharedFate[] {
  const uses = Object.values(map.file.services).flatMap(dependenciesOf);
  const used = new Map(uses.map((use) => [`${use.vendor}/${use.component}`, use]));
  return [...used.values()].flatMap(({ vendor, component }) => {
    const controls = map.vendors.get(vendor)?.components[component]?.controls ?? [];
    return together(controls, placeOf).map(([host, same]): SharedFate => {
      const title = componentTitle(map, vendor, component);
      return {
        kind: 'controls',
        things: same.map(() => host),
        share: host,
        text: `${same.length} controls of ${title} ask about one host, ${host}: they are one witness.`,
      };
    });
  });
}

function receiversTogether({ file }: DemarcMap): SharedFate[] {
  const receivers = Object.entries(file.notify?.receivers ?? {}).flatMap(([name, entry]) => {
    const url = 'url' in entry ? entry.url : undefined;
    return url === undefined ? [] : [{ name, host: hostOf(url) }];
  });
  return together(receivers, ({ host }) => host).map(([host, same]) => {
    const things = same.map(({ name }) => name);
    return {
      kind: 'receivers',
      things,
      share: host,
      text: `the receivers ${list(things)} hear of it through one host, ${host}.`,
    };
  });
}

/** All of them at once: which addresses are whose is in the things. */
function ofOneOperator(
  asked: readonly { address: string; operator: string }[],
  kind: 'anchors' | 'public_resolvers',
): SharedFate[] {
  const groups = together(asked, ({ operator }) => operator);
  if (groups.length === 0) return [];
  const operators = new Set(asked.map(({ operator }) => operator)).size;
  const what = kind === 'anchors' ? 'anchors' : 'public resolvers';
  const shared = list(groups.map(([operator, { length }]) => `${operator} (${length})`));
  return [
    {
      kind,
      things: groups.flatMap(([, same]) => same.map(({ address }) => address)),
      share: groups.map(([operator]) => operator).join(', '),
      text: `${asked.length} ${what}, but ${operators} operators: those of ${shared} count as one each.`,
    },
  ];
}
