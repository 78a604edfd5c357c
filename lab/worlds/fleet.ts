// A firm with a fleet: desks and servers of two systems on three switches, which take the updates of one agent ring after ring,
// or not at all. Few of them carry what the map watches: a portal on Windows and a wiki on Linux, each behind an edge, and the
// server that hands the updates out. Addresses as in the other worlds, the fleet from 120.
import { NO_TUNNEL, type World, type WorldHost } from '../world.ts';
import {
  anchorsOf,
  CLOUDFLARE_DNS_CONTROLS,
  COMMONS,
  COMMONS_SERVERS,
  COMMONS_ZONES,
  cloudflareAt,
  fastlyAt,
  HOUSE_SERVERS,
  REGISTRIES,
  statusPagesOf,
  TIME_SERVERS,
  TWO_SITES,
} from './commons.ts';

const HERE = { pop: 'VIE', city: 'Vienna' };
const CLOUDFLARE = cloudflareAt(HERE, TWO_SITES);

/** A pilot goes first, the broad ring follows, and what is held back takes none, as Linux does here. */
const RINGS = ['pilot', 'broad', 'broad', 'held'] as const;

const HOSTS: readonly WorldHost[] = [...Array(18).keys()].map((index) => {
  const isWindows = index < 12;
  return {
    name: `${isWindows ? 'desk' : 'node'}-${index}`,
    at: 120 + index,
    kind: isWindows ? 'windows' : 'linux',
    switch: `sw-${index % 3}`,
    updates: (isWindows ? RINGS[index % RINGS.length] : null) ?? 'held',
  };
});

export const FLEET_OF_TWO: World = {
  name: 'fleet',
  ...COMMONS,
  anchors: anchorsOf('quad9', 'google', 'opendns', 'ripe', 'cloudflare'),
  publicResolvers: [
    { operator: 'quad9', at: 8 },
    { operator: 'google', at: 9 },
  ],
  nameServers: [COMMONS_SERVERS, { set: 'cloudflare', at: [20, 21] }, HOUSE_SERVERS],
  registries: REGISTRIES,
  timeServers: TIME_SERVERS,
  fleet: HOSTS,
  zones: [
    ...COMMONS_ZONES,
    { ...CLOUDFLARE.zone, set: 'cloudflare' },
    {
      zone: 'depot.test',
      set: 'cloudflare',
      hosts: { 'portal.depot.test': CLOUDFLARE.edge.at, 'wiki.depot.test': fastlyAt(HERE).at },
    },
    { zone: 'depot-house.test', set: 'house', hosts: { 'updates.depot-house.test': [105] } },
  ],
  dnsControls: CLOUDFLARE_DNS_CONTROLS,
  edges: [CLOUDFLARE.edge, fastlyAt(HERE)],
  tunnel: NO_TUNNEL,
  endpoints: [],
  statusPages: statusPagesOf('cloudflare', 'fastly'),
  services: [
    {
      name: 'portal',
      host: 'portal.depot.test',
      path: '/',
      zone: 'depot.test',
      edge: 'cloudflare',
      tunneled: false,
      needs: null,
      origin: { at: 103, tls: true, software: 'Microsoft-IIS/10.0' },
    },
    {
      name: 'wiki',
      host: 'wiki.depot.test',
      path: '/',
      zone: 'depot.test',
      edge: 'fastly',
      tunneled: false,
      needs: null,
      origin: { at: 104, tls: true, software: 'nginx' },
    },
    {
      name: 'updates',
      host: 'updates.depot-house.test',
      path: '/',
      zone: 'depot-house.test',
      edge: null,
      tunneled: false,
      needs: null,
      origin: { at: 105, tls: false, software: 'Microsoft-IIS/10.0' },
    },
  ],
};
