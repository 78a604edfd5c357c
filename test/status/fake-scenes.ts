// Realistic sights for the page: a homelab with three services behind two vendors, well and in trouble.
import { LAYERS, type Layer } from '../../catalog/layers.ts';
import type { SignalName, State } from '../../catalog/signals.ts';
import type { Plan, ServiceBinding } from '../../map/plan-types.ts';
import type { Signal } from '../../signals/signal.ts';
import type { Row } from '../../verdict/row.ts';
import { type RowId, TABLE } from '../../verdict/table.ts';
import type { Verdict } from '../../verdict/verdict.ts';

export const NOW = Date.parse('2026-03-05T02:14:30Z');
export const BROKE_AT = NOW - 4 * 60_000;

export interface Scene {
  verdicts: Verdict[];
  signals: Signal[];
  ready: boolean;
  /** Ids of targets whose newest result is a failure; the others' is fine. */
  failing: ReadonlySet<string>;
}

const BLOG: ServiceBinding = {
  name: 'blog',
  kind: 'map',
  url: 'https://blog.example.org/',
  user: 'blog/user',
  proxy: null,
  nameservers: ['blog/ns/ada', 'blog/ns/rob'],
  signed: [],
  signerOwn: false,
  endpoint: [],
  edge: 'blog/edge',
  edgeCertificate: 'blog/edge-certificate',
  beyondUplink: true,
  hostNear: true,
  edgeCertificateOwn: false,
  tunnel: 'blog/tunnel',
  tunnelEdge: ['blog/tunnel-edge'],
  host: 'blog/host',
  origin: 'blog/origin',
  originCertificate: null,
  customOwn: [],
  customVendor: [],
  credentials: [],
  outside: [],
  routes: [],
  behindUplink: true,
  failover: null,
  domain: null,
  dependencies: [
    { layer: 'dns', vendor: 'cloudflare', component: 'dns' },
    { layer: 'edge', vendor: 'cloudflare', component: 'edge' },
    { layer: 'tunnel', vendor: 'cloudflare', component: 'tunnel' },
  ],
};

const WIKI: ServiceBinding = { ...BLOG, name: 'wiki', url: 'https://wiki.example.org/', user: 'wiki/user' };

const PHOTOS: ServiceBinding = {
  ...BLOG,
  name: 'photos',
  url: 'https://photos.example.net/',
  user: 'photos/user',
  edge: null,
  edgeCertificate: 'photos/certificate',
  edgeCertificateOwn: true,
  tunnel: null,
  tunnelEdge: [],
  endpoint: ['photos/storage'],
  dependencies: [
    { layer: 'dns', vendor: 'desec', component: 'dns' },
    { layer: 'endpoint', vendor: 'aws', component: 's3-us-east-1' },
  ],
};

const UPLINK: ServiceBinding = {
  ...BLOG,
  name: 'uplink',
  kind: 'uplink',
  url: '',
  user: null,
  nameservers: [],
  edge: null,
  edgeCertificate: null,
  tunnel: null,
  tunnelEdge: [],
  host: null,
  origin: null,
  dependencies: [],
};

const CONTROLS = [
  { target: 'cloudflare/edge/1', vendor: 'cloudflare', component: 'edge' },
  { target: 'cloudflare/edge/2', vendor: 'cloudflare', component: 'edge' },
  { target: 'cloudflare/dns/1', vendor: 'cloudflare', component: 'dns' },
  { target: 'fastly/edge/1', vendor: 'fastly', component: 'edge' },
  { target: 'desec/dns/1', vendor: 'desec', component: 'dns' },
  { target: 'aws/s3/1', vendor: 'aws', component: 's3-us-east-1' },
];

export const PLAN: Plan = {
  site: 'home',
  targets: CONTROLS.map(({ target, vendor, component }) => ({
    id: target,
    kind: 'tcp',
    settings: {},
    intervalMs: 15_000,
    timeoutMs: 5_000,
    labels: { role: 'control', service: '', vendor, component },
  })),
  anchors: [],
  gateway: 'gateway',
  resolver: { target: 'resolver', unchecked: 'resolver/unchecked', own: true },
  publicResolvers: [],
  controls: CONTROLS,
  signedControls: [],
  services: [BLOG, WIKI, PHOTOS, UPLINK],
  proxied: new Map(),
  domains: [],
  timeServers: [],
  fleet: [],
  portals: [],
  power: [],
  feeds: [],
  vendors: new Map([
    [
      'cloudflare',
      {
        title: 'Cloudflare',
        operators: ['cloudflare'],
        components: {
          edge: { title: 'edge', layer: 'edge' },
          dns: { title: 'DNS', layer: 'dns' },
          tunnel: { title: 'Tunnel', layer: 'tunnel' },
        },
        statusPage: 'https://www.cloudflarestatus.com/',
      },
    ],
    [
      'fastly',
      {
        title: 'Fastly',
        operators: ['fastly'],
        components: { edge: { title: 'edge', layer: 'edge' } },
        statusPage: null,
      },
    ],
    [
      'desec',
      { title: 'deSEC', operators: ['desec'], components: { dns: { title: 'DNS', layer: 'dns' } }, statusPage: null },
    ],
    [
      'aws',
      {
        title: 'AWS',
        operators: ['amazon'],
        components: { 's3-us-east-1': { title: 'S3 us-east-1', layer: 'endpoint' } },
        statusPage: 'https://health.aws.amazon.com/',
      },
    ],
  ]),
};

const FINE_TEXT: Partial<Record<SignalName, string>> = {
  prober: 'The prober is on time: no probe started more than 40 ms late.',
  gateway: 'The gateway 192.168.1.1 refused port 80 after 2 ms, so it is alive.',
  uplink: '4 of 4 anchors of 4 operators answered, the newest 3 s ago.',
  resolver: 'The resolver 192.168.1.2 answered for example.com in 9 ms.',
  service: 'Answered 200 in 128 ms.',
  nameservers: '2 of 2 name servers answered with authority.',
  record: '2 of 2 name servers have addresses for the name.',
  endpoint_record: '2 of 2 authoritative servers have addresses for s3.us-east-1.amazonaws.com.',
  edge_connect: 'TCP and TLS 1.3 to the edge took 31 ms.',
  edge_answer: 'The edge answered 200; the answer carries the stamp of the origin.',
  edge_certificate: 'The certificate names the host and ends in 61 days.',
  tunnel_daemon: 'The daemon answers on 127.0.0.1:20241.',
  tunnel_ready: 'The daemon has 4 connections to the edge.',
  host: '192.168.1.20 refused port 22 after 1 ms, so it is alive.',
  origin_connect: '192.168.1.20:8080 accepted the connection after 1 ms.',
  origin_answer: 'The origin answered 200 in 14 ms when asked directly.',
};

const SITE_SIGNALS: readonly SignalName[] = ['prober', 'gateway', 'uplink', 'resolver'];

export type Change = [service: string, name: SignalName, state: State, evidence: string];

function fineSignals(binding: ServiceBinding): SignalName[] {
  const all = (Object.keys(FINE_TEXT) as SignalName[]).filter((name) => !SITE_SIGNALS.includes(name));
  return all.filter((name) => {
    if (binding.kind === 'uplink') return name === 'service';
    if (name.startsWith('edge_c') || name === 'edge_answer')
      return binding.edge !== null || name === 'edge_certificate';
    if (name.startsWith('tunnel')) return binding.tunnel !== null;
    return name !== 'endpoint_record' || binding.endpoint.length > 0;
  });
}

/** All is well, but for the changes. An empty service means the site. */
export function signalsWith(changes: readonly Change[]): Signal[] {
  const fine: [string, SignalName][] = [
    ...SITE_SIGNALS.map((name): [string, SignalName] => ['', name]),
    ...PLAN.services.flatMap((binding) =>
      fineSignals(binding).map((name): [string, SignalName] => [binding.name, name]),
    ),
  ];
  return fine.map(([service, name]): Signal => {
    const [, , state, evidence] = changes.find((change) => change[0] === service && change[1] === name) ?? [];
    if (state === undefined) {
      const text = FINE_TEXT[name] ?? '';
      return { name, service, state: 1, since: NOW - 86_400_000, lastOk: NOW - 3_000, lastBad: null, evidence: text };
    }
    const lastOk = state === -1 ? BROKE_AT : BROKE_AT - 15_000;
    return { name, service, state, since: BROKE_AT, lastOk, lastBad: NOW - 2_000, evidence: evidence ?? '' };
  });
}

const EVIDENCE_STATES = { '1': 'ok', '0': 'bad', '-1': 'unknown' } as const;

/** A verdict as the table would word it, with the service's signals as its evidence. */
export function verdictOf(service: string, row: RowId, signals: Signal[], more: Partial<Verdict> = {}): Verdict {
  const found: Row | undefined = TABLE.find((candidate) => candidate.id === row);
  if (found === undefined) throw new Error(`no row ${row}`);
  const words = { service, vendor: more.vendor ?? 'the vendor', component: more.component ?? '' };
  const about = signals.filter((signal) => signal.service === service || signal.service === '');
  return {
    site: 'home',
    service,
    party: found.party,
    cause: found.cause,
    vendor: null,
    component: null,
    row,
    code: found.code,
    confidence: found.confidence,
    headline: `${service} answers.`,
    because: found.because.replace(/\{(service|vendor|component)\}/g, (_, name: keyof typeof words) => words[name]),
    since: new Date(found.party === 'none' ? NOW - 86_400_000 * 3.2 : BROKE_AT).toISOString(),
    evidence: about
      .map(({ name, state, evidence }) => ({ signal: name, state: EVIDENCE_STATES[`${state}`], text: evidence }))
      .sort((a, b) => Number(a.state !== 'bad') - Number(b.state !== 'bad')),
    action: found.action,
    concurrent: [],
    failover: null,
    masked: [],
    ...more,
  };
}

/** Every service fine but those given. */
export function sceneOf(
  changes: readonly Change[],
  troubled: Readonly<Record<string, { row: RowId } & Partial<Verdict>>>,
  more: Partial<Scene> = {},
): Scene {
  const signals = signalsWith(changes);
  const verdicts = PLAN.services.map(({ name }) => {
    const { row = 'fine', ...rest } = troubled[name] ?? {};
    return verdictOf(name, row, signals, rest);
  });
  return { verdicts, signals, ready: true, failing: new Set(), ...more };
}

export function layersAfter(layer: Layer): Layer[] {
  return LAYERS.slice(LAYERS.indexOf(layer) + 1);
}
