// Metrics of demarc itself: how it fares, and what it runs with.
import type { MetricFact } from './metric-fact.ts';

export const SELF_METRICS = {
  demarc_probes_in_flight: { type: 'gauge', help: 'Measurements running now.', labels: [] },
  demarc_probe_start_lateness_seconds: {
    type: 'gauge',
    help: 'Largest delay of a start behind its schedule in the last minute.',
    labels: [],
  },
  demarc_event_loop_delay_seconds: {
    type: 'gauge',
    help: '99th percentile of the event loop delay in the last minute.',
    labels: [],
  },
  process_resident_memory_bytes: {
    type: 'gauge',
    help: 'Resident memory of the exporter, as every client library of Prometheus tells it.',
    labels: [],
  },
  demarc_memory_shed_total: {
    type: 'counter',
    help: 'How often old evidence and remembered certificates were forgotten, because memory ran short of its limit.',
    labels: [],
  },
  demarc_build_info: { type: 'gauge', help: 'Always 1.', labels: ['version', 'node'] },
  demarc_config_last_reload_successful: {
    type: 'gauge',
    help: '1 if the newest load of the map succeeded.',
    labels: [],
  },
  demarc_config_last_reload_success_timestamp_seconds: {
    type: 'gauge',
    help: 'When the map was last loaded.',
    labels: [],
  },
  demarc_state_write_errors_total: {
    type: 'counter',
    help: 'Failed writes to the state folder: of the state file, and of the journal.',
    labels: [],
  },
} as const satisfies Record<string, MetricFact>;
