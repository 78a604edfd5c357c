// What an SRE watches whose services live on other people's APIs, region by region: two shops on one database in two regions, a
// search on a cloud's storage, media at a third edge, and a batch that has no visitors. Addresses as in the other worlds.
import { NO_TUNNEL, type World, type WorldEdge, type WorldEndpoint, type WorldService } from '../world.ts';
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

const HERE = { pop: 'DUB', city: 'Dublin' };

const EDGES: readonly WorldEdge[] = [
  edgeAt('aws', 40, HERE, TWO_SITES),
  edgeAt('google-cloud', 22, HERE, TWO_SITES),
  edgeAt('akamai', 34, HERE, TWO_SITES),
];

/** DynamoDB in one region, with the streams that fail together with it. */
function dynamodbIn(region: string, at: number): WorldEndpoint {
  const zone = `${region}.amazon-api.test`;
  const name = `dynamodb.${zone}`;
  const title = `DynamoDB in ${region}`;
  const siblings = [`streams.${name}`];
  return { vendor: 'aws', component: `dynamodb-${region}`, title, region, name, zone, at, siblings };
}

const ENDPOINTS: readonly WorldEndpoint[] = [
  dynamodbIn('us-east-1', 52),
  dynamodbIn('eu-central-1', 53),
  {
    vendor: 'google-cloud',
    component: 'storage',
    title: 'storage API',
    name: 'storage.google-api.test',
    zone: 'google-api.test',
    at: 54,
    siblings: ['oauth2.google-api.test'],
  },
];

/** A service with a zone of its own name, at machines of one's own. */
function serviceAt(name: string, at: number, { edge, needs }: Pick<WorldService, 'edge' | 'needs'>): WorldService {
  const zone = `${name}.test`;
  const origin = { at, tls: true, software: 'envoy' };
  return { name, host: `www.${zone}`, path: '/health', zone, edge, tunneled: false, needs, origin };
}

const SERVICES: readonly WorldService[] = [
  serviceAt('shop-us', 103, { edge: 'aws', needs: 'dynamodb-us-east-1' }),
  serviceAt('shop-eu', 104, { edge: 'aws', needs: 'dynamodb-eu-central-1' }),
  serviceAt('search', 105, { edge: 'google-cloud', needs: 'storage' }),
  serviceAt('media', 106, { edge: 'akamai', needs: null }),
  serviceAt('batch', 107, { edge: null, needs: 'storage' }),
];

/** Who serves the zone of each. */
const DNS_OF: Readonly<Record<string, string>> = { search: 'google-cloud', media: 'akamai', batch: 'google-cloud' };

export const CONSUMER: World = {
  name: 'consumer',
  ...COMMONS,
  anchors: anchorsOf('quad9', 'cloudflare', 'opendns', 'ripe', 'google'),
  publicResolvers: [
    { operator: 'quad9', at: 8 },
    { operator: 'cloudflare', at: 9 },
  ],
  nameServers: [
    COMMONS_SERVERS,
    { set: 'akamai', at: [20, 21] },
    { set: 'google-cloud', at: [30, 31] },
    { set: 'aws', at: [48, 49, 50, 51] },
  ],
  registries: REGISTRIES,
  timeServers: TIME_SERVERS,
  zones: [
    ...COMMONS_ZONES,
    ...EDGES.map((edge) => ({ ...edgeZoneOf(edge), set: 'commons' })),
    ...ENDPOINTS.map(({ vendor, zone, name, siblings, at }) => ({
      zone,
      set: vendor,
      hosts: Object.fromEntries([name, ...siblings].map((host) => [host, [at]])),
    })),
    ...SERVICES.map(({ name, zone, host, edge, origin }) => ({
      zone,
      set: DNS_OF[name] ?? 'aws',
      hosts: { [host]: EDGES.find(({ vendor }) => vendor === edge)?.at ?? [origin.at] },
    })),
  ],
  dnsControls: [
    ...dnsControlsOf('aws', 'ferry.test', 'museum.test'),
    ...dnsControlsOf('google-cloud', 'canal.test', 'lighthouse.test'),
    ...dnsControlsOf('akamai', 'bakery.test', 'choir.test'),
  ],
  edges: EDGES,
  tunnel: NO_TUNNEL,
  endpoints: ENDPOINTS,
  statusPages: statusPagesOf('aws', 'google-cloud', 'akamai'),
  services: SERVICES,
};
