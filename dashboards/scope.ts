// What every query is limited to: the site and the services chosen at the top.
import { signalMetric } from '../catalog/metrics.ts';

/** Matchers for series of the site. */
export const ON_SITE = 'site="$site"';

/** Matchers for series of the chosen services. */
export const HERE = `${ON_SITE}, service=~"$service"`;

/** Matchers for series of the chosen services and of the site itself, which have no service. */
export const HERE_OR_SITE = `${ON_SITE}, service=~"$service|"`;

/** Matchers for series of the chosen vendors. */
export const OF_VENDOR = `${ON_SITE}, vendor=~"$vendor"`;

/** What the controls of vendor components say while the uplink is clean; -1 while it is not, which blames nobody. */
export function componentStates(scope: string): string {
  const states = `max by (site, vendor, component) (demarc_vendor_component_state{${scope}})`;
  return [
    '(',
    `  ${states} and on (site) ${signalMetric('uplink')}{${ON_SITE}} == 1`,
    `  or on (site, vendor, component) 0 * ${states} - 1`,
    ')',
  ].join('\n');
}

/** How people call a vendor's component, to be joined on (site, vendor, component). */
export const TITLES = [
  'max by (site, vendor, component, vendor_title, component_title) (',
  `  demarc_vendor_info{${ON_SITE}}`,
  ')',
].join('\n');
