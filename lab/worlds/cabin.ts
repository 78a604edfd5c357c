// A cabin that serves its own notes and leans on no vendor, but watches two of them: what breaks there hits nobody here. It asks
// whether its certificate was taken back.
// Addresses as in the other worlds.
import { NO_TUNNEL, type World } from '../world.ts';
import {
  anchorsOf,
  CLOUDFLARE_DNS_CONTROLS,
  COMMONS,
  COMMONS_SERVERS,
  COMMONS_ZONES,
  cloudflareAt,
  fastlyAt,
  HOUSE_SERVERS,
  statusPagesOf,
} from './commons.ts';

const HERE = { pop: 'OSL', city: 'Oslo' };
const CLOUDFLARE = cloudflareAt(HERE, ['api', 'forum', 'wiki']);

export const CABIN: World = {
  name: 'cabin',
  ...COMMONS,
  asksForList: true,
  anchors: anchorsOf('quad9', 'google', 'opendns', 'ripe', 'cloudflare'),
  publicResolvers: [{ operator: 'quad9', at: 8 }],
  nameServers: [COMMONS_SERVERS, { set: 'cloudflare', at: [20, 21] }, HOUSE_SERVERS],
  // Nobody is asked about a name that never leaves the house.
  registries: [],
  timeServers: [],
  zones: [
    ...COMMONS_ZONES,
    { ...CLOUDFLARE.zone, set: 'commons' },
    { zone: 'cabin.test', set: 'house', hosts: { 'notes.cabin.test': [103] } },
  ],
  dnsControls: CLOUDFLARE_DNS_CONTROLS,
  edges: [CLOUDFLARE.edge, fastlyAt(HERE)],
  tunnel: NO_TUNNEL,
  endpoints: [],
  statusPages: statusPagesOf('cloudflare', 'fastly'),
  services: [
    {
      name: 'notes',
      host: 'notes.cabin.test',
      path: '/',
      zone: 'cabin.test',
      edge: null,
      tunneled: false,
      needs: null,
      origin: { at: 103, tls: true, software: 'nginx' },
    },
  ],
};
