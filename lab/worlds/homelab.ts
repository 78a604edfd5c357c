// A homelab with three services: a blog through a tunnel, a shop behind a second CDN, and an API that needs a cloud's database.
// Addresses: below 20 the commons of the internet, from 20 vendors, from 100 the house.
import type { World } from '../world.ts';
import {
  anchorsOf,
  CLOUDFLARE_DNS_CONTROLS,
  COMMONS,
  COMMONS_SERVERS,
  COMMONS_ZONES,
  cloudflareAt,
  dnsControlsOf,
  EGRESS,
  FLEET,
  fastlyAt,
  REGISTRIES,
  statusPagesOf,
  TIME_SERVERS,
} from './commons.ts';

const HERE = { pop: 'FRA', city: 'Frankfurt' };
const CLOUDFLARE = cloudflareAt(HERE, ['forum', 'wiki']);

export const HOMELAB: World = {
  name: 'homelab',
  ...COMMONS,
  ups: 106,
  portalTests: [
    { operator: 'google', at: 17 },
    { operator: 'mozilla', at: 18 },
  ],
  anchors: anchorsOf('quad9', 'quad9', 'google', 'opendns', 'ripe', 'cloudflare'),
  publicResolvers: [
    { operator: 'quad9', at: 8 },
    { operator: 'google', at: 9 },
    { operator: 'opendns', at: 17, over: 'tls' },
    { operator: 'quad9', at: 8, over: 'https' },
  ],
  nameServers: [COMMONS_SERVERS, { set: 'cloudflare', at: [20, 21] }, { set: 'aws', at: [50, 51] }],
  registries: REGISTRIES,
  egress: EGRESS,
  timeServers: TIME_SERVERS,
  fleet: FLEET,
  zones: [
    ...COMMONS_ZONES,
    {
      ...CLOUDFLARE.zone,
      set: 'cloudflare',
      hosts: { ...CLOUDFLARE.zone.hosts, 'region1.cloudflare-edge.test': [26], 'region2.cloudflare-edge.test': [27] },
    },
    { zone: 'neighbour.test', set: 'cloudflare', hosts: { 'canary.neighbour.test': [22, 23] } },
    { zone: 'cousin.test', set: 'cloudflare', hosts: { 'canary.cousin.test': [22, 23] } },
    { zone: 'home.test', set: 'cloudflare', signed: 'vendor', hosts: { 'blog.home.test': [22, 23] } },
    {
      zone: 'us-east-1.amazon-api.test',
      set: 'aws',
      hosts: {
        'dynamodb.us-east-1.amazon-api.test': [52],
        'streams.dynamodb.us-east-1.amazon-api.test': [52],
        's3.us-east-1.amazon-api.test': [52],
      },
    },
    {
      zone: 'market.test',
      set: 'aws',
      signed: 'self',
      hosts: { 'shop.market.test': [40, 41], 'orders.market.test': [105] },
    },
  ],
  dnsControls: [...CLOUDFLARE_DNS_CONTROLS, ...dnsControlsOf('aws', 'ferry.test', 'museum.test')],
  edges: [CLOUDFLARE.edge, fastlyAt(HERE)],
  tunnel: {
    vendor: 'cloudflare',
    daemon: 102,
    regions: [
      { host: 'region1.cloudflare-edge.test', at: 26 },
      { host: 'region2.cloudflare-edge.test', at: 27 },
    ],
    canaries: ['canary.neighbour.test', 'canary.cousin.test'],
  },
  endpoints: [
    {
      vendor: 'aws',
      component: 'dynamodb',
      title: 'DynamoDB in us-east-1',
      name: 'dynamodb.us-east-1.amazon-api.test',
      zone: 'us-east-1.amazon-api.test',
      at: 52,
      siblings: ['streams.dynamodb.us-east-1.amazon-api.test'],
    },
  ],
  statusPages: statusPagesOf('cloudflare', 'fastly', 'aws'),
  services: [
    {
      name: 'blog',
      host: 'blog.home.test',
      path: '/',
      zone: 'home.test',
      edge: 'cloudflare',
      tunneled: true,
      needs: null,
      origin: { at: 103, tls: false, software: 'nginx' },
    },
    {
      name: 'shop',
      host: 'shop.market.test',
      path: '/',
      zone: 'market.test',
      edge: 'fastly',
      tunneled: false,
      stamped: true,
      needs: null,
      tells: true,
      origin: { at: 104, tls: true, software: 'Apache' },
    },
    {
      name: 'orders',
      host: 'orders.market.test',
      path: '/health',
      zone: 'market.test',
      edge: null,
      tunneled: false,
      needs: 'dynamodb',
      origin: { at: 105, tls: true, software: 'orders' },
    },
  ],
};
