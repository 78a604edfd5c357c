// A small company: three services at three CDNs, names at two DNS vendors, an API that needs a cloud's storage, and an
// intranet that never leaves the house. Addresses: below 20 the commons of the internet, from 20 vendors, from 100 the house.
import { NO_TUNNEL, type World } from '../world.ts';
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
  HOUSE_SERVERS,
  REGISTRIES,
  statusPagesOf,
  TIME_SERVERS,
} from './commons.ts';

const HERE = { pop: 'AMS', city: 'Amsterdam' };
const CLOUDFLARE = cloudflareAt(HERE, ['api', 'forum', 'wiki']);

export const COMPANY: World = {
  name: 'company',
  ...COMMONS,
  anchors: anchorsOf('quad9', 'google', 'opendns', 'ripe', 'cloudflare', 'cloudflare'),
  publicResolvers: [
    { operator: 'cloudflare', at: 8 },
    { operator: 'quad9', at: 9 },
  ],
  nameServers: [
    COMMONS_SERVERS,
    { set: 'cloudflare', at: [20, 21] },
    { set: 'azure', at: [30, 31, 32, 33] },
    { set: 'google-cloud', at: [50, 51] },
    HOUSE_SERVERS,
  ],
  registries: REGISTRIES,
  egress: EGRESS,
  timeServers: TIME_SERVERS,
  fleet: FLEET,
  zones: [
    ...COMMONS_ZONES,
    { ...CLOUDFLARE.zone, set: 'cloudflare' },
    {
      zone: 'azure-edge.test',
      set: 'azure',
      hosts: { 'portal.azure-edge.test': [38], 'office.azure-edge.test': [39] },
    },
    {
      zone: 'google-api.test',
      set: 'google-cloud',
      hosts: {
        'storage.google-api.test': [52],
        'oauth2.google-api.test': [52],
        'pubsub.google-api.test': [52],
      },
    },
    {
      zone: 'harbour.test',
      set: 'azure',
      hosts: { 'www.harbour.test': [34, 35, 36, 37], 'docs.harbour.test': [40, 41] },
    },
    {
      zone: 'harbour-app.test',
      set: 'cloudflare',
      hosts: { 'app.harbour-app.test': [22, 23], 'api.harbour-app.test': [105] },
    },
    { zone: 'harbour-house.test', set: 'house', hosts: { 'intranet.harbour-house.test': [107] } },
  ],
  dnsControls: [...dnsControlsOf('azure', 'canal.test', 'lighthouse.test'), ...CLOUDFLARE_DNS_CONTROLS],
  edges: [
    {
      vendor: 'azure',
      at: [34, 35, 36, 37],
      ...HERE,
      controls: [
        { host: 'portal.azure-edge.test', at: 38 },
        { host: 'office.azure-edge.test', at: 39 },
      ],
    },
    CLOUDFLARE.edge,
    fastlyAt(HERE),
  ],
  tunnel: NO_TUNNEL,
  endpoints: [
    {
      vendor: 'google-cloud',
      component: 'storage',
      title: 'storage API',
      name: 'storage.google-api.test',
      zone: 'google-api.test',
      at: 52,
      siblings: ['oauth2.google-api.test'],
    },
  ],
  statusPages: statusPagesOf('azure', 'cloudflare', 'fastly', 'google-cloud'),
  services: [
    {
      name: 'www',
      host: 'www.harbour.test',
      path: '/',
      zone: 'harbour.test',
      edge: 'azure',
      tunneled: false,
      needs: null,
      origin: { at: 103, tls: true, software: 'Microsoft-IIS/10.0' },
    },
    {
      name: 'app',
      host: 'app.harbour-app.test',
      path: '/',
      zone: 'harbour-app.test',
      edge: 'cloudflare',
      tunneled: false,
      stamped: true,
      needs: null,
      origin: { at: 104, tls: true, software: 'Microsoft-IIS/10.0' },
    },
    {
      name: 'api',
      host: 'api.harbour-app.test',
      path: '/health',
      zone: 'harbour-app.test',
      edge: null,
      tunneled: false,
      needs: 'storage',
      origin: { at: 105, tls: true, software: 'api' },
    },
    {
      name: 'docs',
      host: 'docs.harbour.test',
      path: '/',
      zone: 'harbour.test',
      edge: 'fastly',
      certificate: 'self',
      tunneled: false,
      needs: null,
      origin: { at: 106, tls: true, software: 'nginx' },
    },
    {
      name: 'intranet',
      host: 'intranet.harbour-house.test',
      path: '/',
      zone: 'harbour-house.test',
      edge: null,
      tunneled: false,
      needs: null,
      origin: { at: 107, tls: false, software: 'nginx' },
    },
  ],
};
