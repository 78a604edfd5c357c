// The uid of every dashboard: part of each link to it, so never changed. Lower-case letters and dashes, at most 40.

export const UIDS = {
  overview: 'demarc-is-it-me-or-them',
  service: 'demarc-service',
  vendor: 'demarc-vendor',
  dns: 'demarc-dns',
  certificates: 'demarc-certificates',
  tunnels: 'demarc-tunnels',
  uplink: 'demarc-uplink-and-lan',
  endpoints: 'demarc-endpoints',
  budget: 'demarc-error-budget',
  prober: 'demarc-prober-health',
} as const;

/** Keeps time, data source and site. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own placeholders.
const KEPT = '${__url_time_range}&${datasource:queryparam}&${site:queryparam}';

/** The service dashboard, narrowed to the one `service` stands for: a placeholder of Grafana's. */
export function serviceUrl(service: string): string {
  return `/d/${UIDS.service}?${KEPT}&var-service=${service}`;
}

/** The overview, narrowed to one service. */
export function overviewUrl(service: string): string {
  return `/d/${UIDS.overview}?${KEPT}&var-service=${service}`;
}

/** The vendor dashboard, narrowed to one vendor. */
export function vendorUrl(vendor: string): string {
  return `/d/${UIDS.vendor}?${KEPT}&var-vendor=${vendor}`;
}
