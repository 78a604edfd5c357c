// Why a measurement failed: a closed list, because every entry is a label value and a page in the docs.
// Who is to blame is not said here; that is the verdict's business.

/**
 * Every reason a probe may give, `ok` first.
 * Explicit answers (a reset, an rcode, a status) cannot be produced by our own overload; the silent ones can, so a starved
 * prober drops only those (see {@link SILENT_REASONS}).
 */
export const REASONS = [
  'ok',
  'timeout',
  'connect_refused',
  'connect_reset',
  'unreachable',
  'tls_handshake',
  'tls_expired',
  'tls_not_yet_valid',
  'tls_hostname',
  'tls_untrusted',
  'tls_incomplete_chain',
  'tls_self_signed',
  'tls_weak',
  'tls_revoked',
  'tls_not_stapled',
  'tls_client_certificate',
  'starttls_refused',
  'dns_timeout',
  'dns_servfail',
  'dns_bogus',
  'dns_refused',
  'dns_nxdomain',
  'dns_nodata',
  'dns_mismatch',
  'dns_intercepted',
  'dns_malformed',
  'dns_error',
  'no_address',
  'http_status',
  'http_protocol',
  'http_body',
  'http_header',
  'http_json',
  'http_decode',
  'http_too_large',
  'http_redirect',
  'proxy_unreachable',
  'proxy_timeout',
  'proxy_tls',
  'proxy_denied',
  'proxy_gateway',
  'proxy_protocol',
  'token_unreachable',
  'token_denied',
  'token_error',
  'tunnel_not_ready',
  'answer_malformed',
  'rdap_not_found',
  'rdap_rate_limited',
  'rdap_unsupported',
  'ntp_refused',
  'ntp_unsynchronized',
  'nut_denied',
  'nut_unknown_ups',
  'nut_stale',
  'nut_no_tls',
  'nut_error',
  'captive_portal',
  'ping_too_big',
  'power_on_battery',
  'power_low_battery',
  'power_off',
  'value_missing',
  'value_bad',
  'route_unseen',
  'route_origin',
  'target_denied',
  'local',
] as const;

export type Reason = (typeof REASONS)[number];

/** Reasons that are the absence of an answer: the only ones our own starvation can fake. */
export const SILENT_REASONS: ReadonlySet<Reason> = new Set<Reason>([
  'timeout',
  'dns_timeout',
  'proxy_timeout',
  'local',
]);

/** What fails at a forward proxy, whoever was asked for through it. */
export const OF_THE_PROXY: ReadonlySet<Reason> = new Set<Reason>([
  'proxy_unreachable',
  'proxy_timeout',
  'proxy_tls',
  'proxy_denied',
  'proxy_gateway',
  'proxy_protocol',
]);

/**
 * Reasons that say nothing of whoever was asked for: it was never reached, since we, a proxy or a token endpoint stood in the way; or
 * it is there, and lets nobody in who shows no certificate, or one like ours.
 */
export const NOT_OF_THE_TARGET: ReadonlySet<Reason> = new Set<Reason>([
  ...OF_THE_PROXY,
  'token_unreachable',
  'token_denied',
  'token_error',
  'tls_client_certificate',
  'target_denied',
  'local',
]);

/** What a probe was doing when it ended; the label `phase`. */
export const PHASES = [
  'token',
  'resolve',
  'connect',
  'proxy',
  'starttls',
  'tls',
  'request',
  'processing',
  'transfer',
  'check',
] as const;

export type Phase = (typeof PHASES)[number];
