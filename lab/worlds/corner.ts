// A house whose line speaks both families, with a corner that speaks IPv6 only: an archive whose name has no other address, and
// a camera that is reached directly. What IPv6 reaches listens on ::1, the one address it has on a machine, each on a port of
// its own; a line without any IPv4, behind NAT64, cannot be had on loopback. Other addresses as in the other worlds.
import { LOOPBACK_V6, NO_TUNNEL, type World, type WorldEdge } from '../world.ts';
import {
  anchorsOf,
  COMMONS,
  COMMONS_SERVERS,
  COMMONS_ZONES,
  dnsControlsOf,
  edgeAt,
  edgeZoneOf,
  REGISTRIES,
  statusPagesOf,
  TIME_SERVERS,
  TWO_SITES,
} from './commons.ts';

const HERE = { pop: 'ARN', city: 'Stockholm' };

/** On two addresses of IPv4 and one of IPv6, as are the sites of others behind it. */
function dualEdgeAt(vendor: string, first: number): WorldEdge {
  const edge = edgeAt(vendor, first, HERE, TWO_SITES);
  return { ...edge, at: [...edge.at, LOOPBACK_V6], dual: true };
}

const CLOUDFLARE = dualEdgeAt('cloudflare', 22);
const FASTLY = dualEdgeAt('fastly', 40);

export const CORNER: World = {
  name: 'corner',
  ...COMMONS,
  resolver: LOOPBACK_V6,
  anchors: [
    ...anchorsOf('quad9', 'google', 'opendns', 'ripe'),
    ...['quad9', 'google', 'ripe'].map((operator) => ({ operator, at: LOOPBACK_V6 }) as const),
  ],
  publicResolvers: [
    { operator: 'quad9', at: 8 },
    { operator: 'google', at: LOOPBACK_V6 },
  ],
  nameServers: [COMMONS_SERVERS, { set: 'cloudflare', at: [20, LOOPBACK_V6] }, { set: 'aws', at: [50, LOOPBACK_V6] }],
  registries: REGISTRIES,
  timeServers: TIME_SERVERS,
  zones: [
    ...COMMONS_ZONES.filter(({ zone }) => zone !== 'fastly-edge.test'),
    { ...edgeZoneOf(CLOUDFLARE), set: 'cloudflare' },
    { ...edgeZoneOf(FASTLY), set: 'commons' },
    {
      zone: 'corner.test',
      set: 'cloudflare',
      hosts: {
        'blog.corner.test': CLOUDFLARE.at,
        'archive.corner.test': [LOOPBACK_V6],
        'camera.corner.test': [LOOPBACK_V6],
      },
    },
    { zone: 'stall.test', set: 'aws', hosts: { 'www.stall.test': FASTLY.at } },
  ],
  dnsControls: [...dnsControlsOf('cloudflare', 'bakery.test', 'choir.test'), ...dnsControlsOf('aws', 'ferry.test')],
  edges: [CLOUDFLARE, FASTLY],
  tunnel: NO_TUNNEL,
  endpoints: [],
  statusPages: statusPagesOf('cloudflare', 'fastly', 'aws'),
  services: [
    {
      name: 'blog',
      host: 'blog.corner.test',
      path: '/',
      zone: 'corner.test',
      edge: 'cloudflare',
      tunneled: false,
      needs: null,
      origin: { at: 103, tls: true, software: 'nginx' },
    },
    {
      name: 'archive',
      host: 'archive.corner.test',
      path: '/',
      zone: 'corner.test',
      edge: 'cloudflare',
      tunneled: false,
      needs: null,
      origin: { at: LOOPBACK_V6, tls: true, software: 'caddy' },
    },
    {
      name: 'camera',
      host: 'camera.corner.test',
      path: '/',
      zone: 'corner.test',
      edge: null,
      tunneled: false,
      needs: null,
      origin: { at: LOOPBACK_V6, tls: true, software: 'lighttpd' },
    },
    {
      name: 'shop',
      host: 'www.stall.test',
      path: '/',
      zone: 'stall.test',
      edge: 'fastly',
      tunneled: false,
      needs: null,
      origin: { at: 104, tls: true, software: 'Apache' },
    },
  ],
};
