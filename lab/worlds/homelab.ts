// A homelab with three services: a blog through a tunnel, a shop behind a second CDN, and an API that needs a cloud's database.
// Addresses: below 20 the commons of the internet, from 20 vendors, from 100 the house.
import type { World } from '../world.ts';

export const HOMELAB: World = {
  name: 'homelab',
  gateway: 100,
  resolver: 101,
  resolverTest: 'resolver-test.commons.test',
  former: 90,
  anchors: [
    { operator: 'quad9', at: 2 },
    { operator: 'quad9', at: 3 },
    { operator: 'google', at: 4 },
    { operator: 'opendns', at: 5 },
    { operator: 'ripe', at: 6 },
    { operator: 'cloudflare', at: 7 },
  ],
  publicResolvers: [
    { operator: 'quad9', at: 8 },
    { operator: 'google', at: 9 },
  ],
  nameServers: [
    { set: 'commons', at: [10] },
    { set: 'cloudflare', at: [20, 21] },
    { set: 'aws', at: [50, 51] },
  ],
  registries: [{ suffix: 'test', at: [11, 12], rdap: 13 }],
  timeServers: [
    { operator: 'ptb', at: 14 },
    { operator: 'apple', at: 15 },
    { operator: 'google', at: 16 },
  ],
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
      set: 'cloudflare',
      hosts: {
        'forum.cloudflare-edge.test': [24],
        'wiki.cloudflare-edge.test': [25],
        'region1.cloudflare-edge.test': [26],
        'region2.cloudflare-edge.test': [27],
      },
    },
    { zone: 'neighbour.test', set: 'cloudflare', hosts: { 'canary.neighbour.test': [22, 23] } },
    { zone: 'cousin.test', set: 'cloudflare', hosts: { 'canary.cousin.test': [22, 23] } },
    { zone: 'home.test', set: 'cloudflare', hosts: { 'blog.home.test': [22, 23] } },
    {
      zone: 'us-east-1.amazon-api.test',
      set: 'aws',
      hosts: {
        'dynamodb.us-east-1.amazon-api.test': [52],
        'streams.dynamodb.us-east-1.amazon-api.test': [52],
        's3.us-east-1.amazon-api.test': [52],
      },
    },
    { zone: 'market.test', set: 'aws', hosts: { 'shop.market.test': [40, 41], 'orders.market.test': [105] } },
  ],
  dnsControls: [
    { vendor: 'cloudflare', zone: 'bakery.test' },
    { vendor: 'cloudflare', zone: 'choir.test' },
    { vendor: 'aws', zone: 'ferry.test' },
    { vendor: 'aws', zone: 'museum.test' },
  ],
  edges: [
    {
      vendor: 'cloudflare',
      at: [22, 23],
      pop: 'FRA',
      city: 'Frankfurt',
      controls: [
        { host: 'forum.cloudflare-edge.test', at: 24 },
        { host: 'wiki.cloudflare-edge.test', at: 25 },
      ],
    },
    {
      vendor: 'fastly',
      at: [40, 41],
      pop: 'FRA',
      city: 'Frankfurt',
      controls: [
        { host: 'news.fastly-edge.test', at: 42 },
        { host: 'media.fastly-edge.test', at: 43 },
      ],
    },
  ],
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
  statusPages: [
    { vendor: 'cloudflare', at: 60 },
    { vendor: 'fastly', at: 61 },
    { vendor: 'aws', at: 62 },
  ],
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
