// A cabin that serves its own notes and leans on no vendor, but watches two of them: what breaks there hits nobody here.
// Addresses as in the other worlds.
import { NO_TUNNEL, type World } from '../world.ts';

export const CABIN: World = {
  name: 'cabin',
  gateway: 100,
  resolver: 101,
  resolverTest: 'resolver-test.commons.test',
  former: 90,
  anchors: [
    { operator: 'quad9', at: 2 },
    { operator: 'google', at: 3 },
    { operator: 'opendns', at: 4 },
    { operator: 'ripe', at: 5 },
    { operator: 'cloudflare', at: 6 },
  ],
  publicResolvers: [{ operator: 'quad9', at: 8 }],
  nameServers: [
    { set: 'commons', at: [10] },
    { set: 'cloudflare', at: [20, 21] },
    { set: 'house', at: [110], side: 'lan' },
  ],
  // Nobody is asked about a name that never leaves the house.
  registries: [],
  timeServers: [],
  zones: [
    { zone: '', set: 'commons', hosts: {} },
    { zone: 'commons.test', set: 'commons', hosts: { 'resolver-test.commons.test': [10] } },
    {
      zone: 'fastly-edge.test',
      set: 'commons',
      hosts: { 'news.fastly-edge.test': [42], 'media.fastly-edge.test': [43] },
    },
    {
      zone: 'cloudflare-edge.test',
      set: 'commons',
      hosts: {
        'api.cloudflare-edge.test': [24],
        'forum.cloudflare-edge.test': [25],
        'wiki.cloudflare-edge.test': [26],
      },
    },
    { zone: 'cabin.test', set: 'house', hosts: { 'notes.cabin.test': [103] } },
  ],
  dnsControls: [
    { vendor: 'cloudflare', zone: 'bakery.test' },
    { vendor: 'cloudflare', zone: 'choir.test' },
  ],
  edges: [
    {
      vendor: 'cloudflare',
      at: [22, 23],
      pop: 'OSL',
      city: 'Oslo',
      controls: [
        { host: 'api.cloudflare-edge.test', at: 24 },
        { host: 'forum.cloudflare-edge.test', at: 25 },
        { host: 'wiki.cloudflare-edge.test', at: 26 },
      ],
    },
    {
      vendor: 'fastly',
      at: [40, 41],
      pop: 'OSL',
      city: 'Oslo',
      controls: [
        { host: 'news.fastly-edge.test', at: 42 },
        { host: 'media.fastly-edge.test', at: 43 },
      ],
    },
  ],
  tunnel: NO_TUNNEL,
  endpoints: [],
  statusPages: [
    { vendor: 'cloudflare', at: 60 },
    { vendor: 'fastly', at: 61 },
  ],
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
