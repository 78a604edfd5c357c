// What every query is limited to: the site and the services chosen at the top.
import { VENDOR_RECORDS } from '../alerts/vendor-records.ts';

/** Matchers for series of the site. */
export const ON_SITE = 'site="$site"';

/** Matchers for series of the chosen services. */
export const HERE = `${ON_SITE}, service=~"$service"`;

/** Matchers for series of the chosen services and of the site itself, which have no service. */
export const HERE_OR_SITE = `${ON_SITE}, service=~"$service|"`;

/** Matchers for series of the chosen vendors. */
export const OF_VENDOR = `${ON_SITE}, vendor=~"$vendor"`;

/** How people call a vendor's component, to be joined on (site, vendor, component). */
export const TITLES = [
  'max by (site, vendor, component, vendor_title, component_title) (',
  `  demarc_vendor_info{${ON_SITE}}`,
  ')',
].join('\n');

/**
 * The code of the verdict about each component of the vendors in this scope, with the names people call them by. One without
 * controls, or of a registry, which is judged where a domain of yours fails by it and nowhere else, is left out while nothing
 * is known of it: that is no news.
 */
export function vendorVerdicts(scope: string): string {
  const unknown = `${VENDOR_RECORDS.info}{${scope}, status="unknown"}`;
  const watched = [
    `probe_success{${ON_SITE}, role="control"}`,
    `and on (site, vendor, component) demarc_signal_vendor_controls{${ON_SITE}}`,
  ].join(' ');
  return [
    `(${VENDOR_RECORDS.code}{${scope}} unless on (site, vendor, component)`,
    `  (${unknown} unless on (site, vendor, component) (${watched})))`,
    `* on (site, vendor, component) group_left (vendor_title, component_title) ${TITLES}`,
  ].join('\n');
}
