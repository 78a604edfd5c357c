// The way to a service as hops: which signals prove each, told by the role of the probes behind them.
import { signalMetric } from '../catalog/metrics.ts';
import type { SignalName } from '../catalog/signals.ts';
import type { Role } from '../map/plan-types.ts';
import { HERE_OR_SITE } from './scope.ts';

interface Hop {
  /** Of the probes that measure it; a service without one has no such hop in its map. */
  role: Role;
  title: string;
  signals: readonly SignalName[];
}

/** In the order a request meets them: first those all services share; what the origin itself needs comes last. */
export const HOPS: readonly Hop[] = [
  { role: 'gateway', title: 'LAN', signals: ['gateway'] },
  { role: 'anchor', title: 'Uplink', signals: ['uplink'] },
  { role: 'resolver', title: 'Resolver', signals: ['resolver'] },
  { role: 'registration', title: 'Domain', signals: ['delegation', 'registration_current', 'registration_kept'] },
  { role: 'nameserver', title: 'DNS', signals: ['nameservers', 'record'] },
  { role: 'edge', title: 'Edge', signals: ['edge_connect', 'edge_answer'] },
  { role: 'edge_certificate', title: 'Certificate', signals: ['edge_certificate'] },
  { role: 'tunnel', title: 'Tunnel', signals: ['tunnel_daemon', 'tunnel_ready'] },
  { role: 'host', title: 'Host', signals: ['host'] },
  { role: 'origin_certificate', title: "Origin's certificate", signals: ['origin_certificate'] },
  { role: 'origin', title: 'Origin', signals: ['origin_connect', 'origin_answer'] },
  { role: 'endpoint', title: 'Needs', signals: ['endpoint_record'] },
];

/** Sets a label by another one: `to` where `from` matches the pattern. */
export function relabelled(expr: string, label: string, to: string, from: string, pattern: string): string {
  return `label_replace(${expr}, "${label}", "${to}", "${from}", "${pattern}")`;
}

const PREFIX = signalMetric('uplink').slice(0, -'uplink'.length);

/** The signals behind these hops, with the labels `signal` and `role`; values are 1, 0 and -1. */
export function signalsOf(hops: readonly Hop[]): string {
  const names = hops.flatMap(({ signals }) => signals).join('|');
  const all = `{__name__=~"${PREFIX}(${names})", ${HERE_OR_SITE}}`;
  const named = relabelled(all, 'signal', '$1', '__name__', `${PREFIX}(.+)`);
  return hops.reduce((expr, { role, signals }) => relabelled(expr, 'role', role, 'signal', signals.join('|')), named);
}

/** 1 for every hop there is a probe for. */
export const PROBED = `group by (site, service, role) (probe_success{${HERE_OR_SITE}})`;

/** 0 OK, 1 UNKNOWN, 2 BAD: the worst signal of each hop. */
export function hopStates(hops: readonly Hop[]): string {
  return `max by (site, service, role) ((${signalsOf(hops)} + 2) % 3)`;
}

/** Gives each role the name of its hop, as the label `hop`. */
export function titled(expr: string): string {
  return HOPS.reduce((named, { role, title }) => relabelled(named, 'hop', title, 'role', role), expr);
}
