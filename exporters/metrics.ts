// The page Prometheus reads. Every name comes from the catalogue; `site` is on every series.
import net from 'node:net';
import { Counter, Registry } from 'prom-client';
import { METRICS, type MetricName, type Sample } from '../catalog/metrics.ts';
import { parseEndpoint } from './dns/endpoint.ts';
import { createGauges, type LabelValues } from './gauges.ts';
import type { Observation, ObservationOf, ProbeKind } from './observation.ts';
import { PROBES } from './registry.ts';
import type { Target } from './target.ts';

type Labelled = Pick<Target, 'id' | 'kind' | 'labels'>;

export interface Metrics {
  set(metric: MetricName, value: number, labels?: LabelValues): void;
  /** Series of a target of the plan. */
  tell(target: Labelled, samples: readonly Sample[]): void;
  increase(metric: MetricName, labels?: LabelValues, by?: number): void;
  /** Names the site of every series, those already counted included. */
  nameSite(site: string): void;
  /** Forgets all series of gauges, before they are told anew. Counters stay. */
  clear(): void;
  /** The page for Prometheus: text exposition format, in UTF-8. */
  render(): Promise<Buffer>;
}

export function createMetrics(site: string): Metrics {
  let named = site;
  const registry = new Registry();
  registry.setDefaultLabels({ site });
  const gauges = createGauges(METRICS);
  const counters = new Map<MetricName, Counter>();
  for (const [name, { type, help, labels }] of METRICS) {
    if (type === 'gauge') continue;
    counters.set(name, new Counter({ name, help, labelNames: [...labels], registers: [registry] }));
  }
  return {
    set: (metric, value, labels = {}) => gauges.set(metric, value, labels),
    tell: ({ id, kind, labels }, samples) => gauges.tell({ target: id, kind, ...labels }, samples),
    increase(metric, labels = {}, by = 1) {
      counters.get(metric)?.inc(labels, by);
    },
    nameSite(name) {
      named = name;
      registry.setDefaultLabels({ site: name });
    },
    clear: () => gauges.clear(),
    async render() {
      const counted = registry.metrics();
      const [page] = await Promise.all([gauges.render(named, counted), counted]);
      return page;
    },
  };
}

const seconds = (ms: number): number => ms / 1000;

/** Where it went, for kinds that reach one address: what the dashboards of blackbox_exporter show of every probe. */
function samplesOfWay({ phases, facts }: Pick<Observation, 'phases' | 'facts'>): Sample[] {
  const address = 'address' in facts ? facts.address : 'server' in facts ? hostOf(facts.server) : null;
  const family = address === null ? 0 : net.isIP(address);
  return [
    ...(phases.resolve === undefined
      ? []
      : [{ metric: 'probe_dns_lookup_time_seconds', value: seconds(phases.resolve) } as const]),
    ...(family === 0 ? [] : [{ metric: 'probe_ip_protocol', value: family } as const]),
  ];
}

const hostOf = (server: string): string | null => parseEndpoint(server)?.host ?? null;

/** What one observation exports, its kind's own samples included. */
export function samplesOf<K extends ProbeKind>(observation: ObservationOf<K>): Sample[] {
  const { ok, durationMs, startedAt, reason, phase } = observation;
  const failure: Sample[] = ok
    ? []
    : [{ metric: 'demarc_probe_failure_info', value: 1, labels: { reason, phase: phase ?? '' } }];
  return [
    { metric: 'probe_success', value: ok ? 1 : 0 },
    { metric: 'probe_duration_seconds', value: seconds(durationMs) },
    { metric: 'demarc_probe_last_run_timestamp_seconds', value: seconds(startedAt) },
    ...failure,
    ...samplesOfWay(observation),
    ...PROBES[observation.kind].samples(observation),
  ];
}
