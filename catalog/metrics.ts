// Every metric demarc exports: name, type, help, labels. Nothing else registers a name; docs and dashboards read this list.
// `site` is a constant label on all of them. Label values come from the map and from closed lists, never from a peer.
import { DNS_METRICS } from './dns-metrics.ts';
import { DOMAIN_METRICS } from './domain-metrics.ts';
import { type MetricFact, perTarget } from './metric-fact.ts';
import { SELF_METRICS } from './self-metrics.ts';
import { SIGNALS, type SignalName } from './signals.ts';
import { VENDOR_SIGNALS, type VendorSignalName } from './vendor-signals.ts';

const NAMED = {
  // Same meaning as blackbox_exporter's.
  probe_success: perTarget('1 if the newest measurement was as expected, 0 if not. Absent before the first.', []),
  probe_duration_seconds: perTarget('How long the newest measurement took.', []),
  probe_dns_lookup_time_seconds: perTarget('How long it took to resolve the name of whom was asked.', []),
  probe_ip_protocol: perTarget('Family of the address that was reached: 4 or 6. Absent before one was known.', []),
  probe_http_duration_seconds: perTarget('Duration of the newest HTTP exchange by phase.', ['phase']),
  probe_http_status_code: perTarget('Status code of the newest answer. Absent without an answer.', []),
  probe_http_version: perTarget('HTTP version of the newest answer.', []),
  probe_http_redirects: perTarget('Redirects followed. Absent where none may be.', []),
  probe_http_ssl: perTarget('1 if the newest exchange used TLS.', []),
  probe_http_content_length: perTarget('What Content-Length says. Absent when it says nothing.', []),
  probe_http_last_modified_timestamp_seconds: perTarget('What Last-Modified says. Absent when it says nothing.', []),
  probe_http_uncompressed_body_length: perTarget('Bytes of body read.', []),
  probe_ssl_earliest_cert_expiry: perTarget('When the first certificate of the served chain ends, Unix seconds.', []),
  probe_tls_version_info: perTarget('1 for the version of TLS the newest handshake agreed on.', ['version']),
  ...DNS_METRICS,
  // Ours.
  demarc_probe_failure_info: perTarget(
    '1 while the newest measurement failed, with the reason and the phase it ended in.',
    ['reason', 'phase'],
  ),
  demarc_probe_last_run_timestamp_seconds: perTarget('When the newest measurement was started.', []),
  demarc_http_error_generator_info: perTarget(
    '1 for whoever wrote the newest error answer. The writer is not necessarily the culprit.',
    ['generator'],
  ),
  demarc_http_hop_duration_seconds: perTarget(
    'Duration of each exchange on the way of the redirects that were followed, the URL asked as hop 0. Absent where none may be.',
    ['hop'],
  ),
  demarc_http_cache_info: perTarget(
    '1 for what the nearest cache on the way says of the newest answer. Absent when none says anything.',
    ['cache'],
  ),
  demarc_certificate_not_before_timestamp_seconds: perTarget('When the served certificate begins.', []),
  demarc_certificate_not_after_timestamp_seconds: perTarget('When the served certificate ends.', []),
  demarc_certificate_check: perTarget(
    '1 if this check of the served certificate passed, 0 if not. Absent when it could not be made.',
    ['check'],
  ),
  demarc_certificate_chain_length: perTarget('Certificates that were served.', []),
  demarc_certificate_chain_oddity_info: perTarget(
    '1 for what is odd about the served chain: `root` (everybody has it, or does not trust it), `extra` (leads nowhere), `unordered`. No fault.',
    ['oddity'],
  ),
  demarc_certificate_fingerprints_distinct: perTarget(
    'How many different certificates the addresses of the name show, when each was looked at.',
    [],
  ),
  demarc_addresses: perTarget('Addresses of the name by outcome, when each was asked.', ['outcome']),
  demarc_tunnel_ready_connections: perTarget('Connections to the edge the tunnel daemon reports as established.', []),
  demarc_tunnel_register_failures: perTarget('Failed registrations at the edge since the tunnel daemon started.', []),
  demarc_tunnel_ailment_info: perTarget('1 for what the tunnel daemon says is wrong with it.', ['ailment']),
  demarc_tunnel_last_handshake_timestamp_seconds: perTarget(
    'Newest handshake with the far end of the tunnel. Absent when there never was one.',
    [],
  ),
  demarc_tunnel_key_expiry_timestamp_seconds: perTarget(
    "When the tunnel daemon's own key ends. Absent when it does not.",
    [],
  ),
  demarc_tunnel_warnings: perTarget('How many things the tunnel daemon warns of.', []),
  ...DOMAIN_METRICS,
  demarc_vendor_feed_last_success_timestamp_seconds: perTarget('When the status feed was last read with success.', []),
  demarc_vendor_status: perTarget(
    'What the status page says of all of it, or of a component: 0 operational, 1 maintenance, 2 degraded, 3 partial outage, ' +
      '4 major outage. Absent when it says nothing known. Advisory: no verdict uses it.',
    [],
  ),
  demarc_vendor_feed_ok: perTarget('1 if the newest reading of the status feed succeeded, 0 if not.', []),
  demarc_vendor_incidents_open: perTarget(
    'Open incidents on the status page. Absent when the feed does not say which are open.',
    [],
  ),
  demarc_vendor_incident_publication_lag_seconds: perTarget(
    'How long after its begin the newest open incident was published. Absent when the feed does not give both times.',
    [],
  ),
  demarc_clock_offset_seconds: perTarget(
    'How far the time server is ahead of our clock; negative when it is behind.',
    [],
  ),
  demarc_custom_value: perTarget(
    'Value of a signal of your own, where it is a number or a truth (1, 0). Of several samples the first that is not good.',
    [],
  ),
  demarc_outside_up: perTarget(
    '1 if somebody elsewhere says that the service works, 0 if not. Absent without a word.',
    [],
  ),
  demarc_outside_checked_timestamp_seconds: perTarget('When they looked, at the latest.', []),
  demarc_route_visibility_ratio: perTarget("Share of the route collectors' peers that saw the prefix.", []),
  demarc_route_origins: perTarget('Autonomous systems the prefix is announced from.', []),
  demarc_route_seen_timestamp_seconds: perTarget('When the route collectors heard that.', []),
  demarc_identity_keys: perTarget('Keys the identity provider shows for checking its tokens.', []),
  demarc_identity_keys_expiry_timestamp_seconds: perTarget(
    "When the first certificate of the identity provider's keys ends. Absent when they have none.",
    [],
  ),
  demarc_api_call_success: perTarget('1 if it was served, 0 if not; elsewhere: in the other region.', ['call']),
  demarc_acme_directory_ok: perTarget('1 if the ACME directory of the authority could be read, 0 if not.', []),
  demarc_clock_delay_seconds: perTarget('Round trip to the time server; half of it is the uncertainty.', []),
  demarc_burst_loss_ratio: perTarget('Share of the newest burst that did not come back, 0 to 1.', []),
  demarc_burst_rtt_seconds: perTarget('Round trips of the newest burst. Absent when nothing came back.', ['stat']),
  demarc_burst_jitter_seconds: perTarget('Mean difference between one round trip of the burst and the next.', []),
  demarc_quic_v1_offered: perTarget(
    '1 if the server offers version 1 of QUIC, 0 if it offers others only. Absent without an answer.',
    [],
  ),
  demarc_path_mtu_bytes: perTarget(
    'Largest packet known to pass whole, as one did or as somebody on the way said. No more is known than was tried.',
    [],
  ),
  demarc_host_attribute_info: {
    type: 'gauge',
    help: 'Always 1: what the map says of a host under `hosts`, one series for each attribute.',
    labels: ['host', 'attribute', 'value'],
  },
  demarc_captive_portal: perTarget(
    '1 if somebody else answered in place of a page whose answer is known, 0 if not. Absent without an answer.',
    [],
  ),
  demarc_power_on_line: perTarget('1 if the UPS gives power of the line, 0 if of its battery or none.', []),
  demarc_power_battery_low: perTarget(
    '1 if the battery of the UPS is nearly empty, or all on it was told to stop.',
    [],
  ),
  demarc_power_battery_replace: perTarget('1 if the UPS wants its battery replaced.', []),
  demarc_power_battery_charge_ratio: perTarget('Charge of the battery of the UPS, 0 to 1.', []),
  demarc_power_battery_runtime_seconds: perTarget('How long the battery will last, as the UPS reckons.', []),
  demarc_power_input_volts: perTarget('Voltage of the line at the UPS.', []),
  demarc_power_load_ratio: perTarget('Share of what the UPS can carry that hangs on it.', []),
  demarc_probe_results_total: { type: 'counter', help: 'Measurements by kind and reason.', labels: ['kind', 'reason'] },
  demarc_probe_crashes_total: {
    type: 'counter',
    help: 'Bugs of ours that ended a measurement without a result.',
    labels: ['kind'],
  },
  ...SELF_METRICS,
  demarc_service_info: { type: 'gauge', help: 'Always 1, for every service of the map.', labels: ['service'] },
  demarc_maintenance: {
    type: 'gauge',
    help: '1 while the service is in maintenance, by the map or by hand, else 0. No failure of it is told then.',
    labels: ['service'],
  },
  demarc_dependency_info: {
    type: 'gauge',
    help: 'Always 1: who runs this layer of this service. One per service and layer.',
    labels: ['service', 'layer', 'vendor', 'component'],
  },
  demarc_vendor_info: {
    type: 'gauge',
    help: 'Always 1: how the vendor and its component are called by people.',
    labels: ['vendor', 'component', 'vendor_title', 'component_title'],
  },
  demarc_vendor_sla_ratio: {
    type: 'gauge',
    help: 'Share of a month the vendor publishes as its service level for the component. Absent where none is known.',
    labels: ['vendor', 'component'],
  },
  demarc_vendor_component_state: {
    type: 'gauge',
    help: 'What the controls of a vendor component say: 1 all answer, 0 at least one fails hard, -1 unknown. Advisory.',
    labels: ['vendor', 'component'],
  },
  demarc_failover_ready: {
    type: 'gauge',
    help: 'The second path the map names for the service: 1 it works, 0 it fails over a line that works, -1 unknown. Absent without one.',
    labels: ['service'],
  },
  demarc_row_info: {
    type: 'gauge',
    help: 'Always 1: what each verdict code stands for.',
    labels: ['code', 'row', 'party', 'owner', 'cause', 'layer', 'confidence'],
  },
  demarc_verdict_code: {
    type: 'gauge',
    help: "The exporter's own verdict, as the code of the table's row.",
    labels: ['service'],
  },
  demarc_verdict_since_timestamp_seconds: {
    type: 'gauge',
    help: "When the service's present state began.",
    labels: ['service'],
  },
  demarc_vendor_verdict_code: {
    type: 'gauge',
    help: "The exporter's own verdict about a vendor's component, as the code of a row of the table about vendors.",
    labels: ['vendor', 'component'],
  },
  demarc_vendor_verdict_since_timestamp_seconds: {
    type: 'gauge',
    help: "When the present state of the vendor's component began. Absent while it is unknown.",
    labels: ['vendor', 'component'],
  },
  demarc_vendor_admission_delay_seconds: {
    type: 'gauge',
    help:
      "From the first failure here of the newest proven trouble of a vendor's component to the vendor's status page telling of any, " +
      'true to how often the page is read; below 0 when the page was first. Absent before it has, and a day after.',
    labels: ['vendor', 'component'],
  },
  demarc_vendor_row_info: {
    type: 'gauge',
    help: 'Always 1: what each code of a verdict about a vendor stands for.',
    labels: ['code', 'row', 'status', 'owner', 'cause', 'confidence'],
  },
} as const satisfies Record<string, MetricFact>;

export type MetricName =
  | keyof typeof NAMED
  | `demarc_signal_${SignalName}`
  | `demarc_signal_vendor_${VendorSignalName}`;

/** Name of a signal's gauge. */
export function signalMetric(name: SignalName): `demarc_signal_${SignalName}` {
  return `demarc_signal_${name}`;
}

/** Name of the gauge of a signal about a vendor's component. */
export function vendorSignalMetric(name: VendorSignalName): `demarc_signal_vendor_${VendorSignalName}` {
  return `demarc_signal_vendor_${name}`;
}

const SIGNAL_METRICS = [...SIGNALS].map(([name, fact]): [MetricName, MetricFact] => [
  signalMetric(name),
  { type: 'gauge', help: `${fact.help} 1 OK, 0 BAD, -1 UNKNOWN.`, labels: fact.subject === 'site' ? [] : ['service'] },
]);

const VENDOR_SIGNAL_METRICS = Object.entries(VENDOR_SIGNALS).map(([name, help]): [MetricName, MetricFact] => [
  vendorSignalMetric(name as VendorSignalName),
  { type: 'gauge', help: `${help} 1 OK, 0 BAD, -1 UNKNOWN.`, labels: ['vendor', 'component'] },
]);

/** Every metric by name. */
export const METRICS: ReadonlyMap<MetricName, MetricFact> = new Map<MetricName, MetricFact>([
  ...(Object.entries(NAMED) as [keyof typeof NAMED, MetricFact][]),
  ...SIGNAL_METRICS,
  ...VENDOR_SIGNAL_METRICS,
]);

/** One value of one series, without the labels of its target. */
export interface Sample {
  metric: MetricName;
  value: number;
  labels?: Readonly<Record<string, string>>;
}
