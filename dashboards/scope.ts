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

/** The code of the verdict about each component of the vendors in this scope, with the names people call them by. */
export function vendorVerdicts(scope: string): string {
  return `${VENDOR_RECORDS.code}{${scope}}\n* on (site, vendor, component) group_left (vendor_title, component_title) ${TITLES}`;
}
