// How long the services were down and by whose fault, counted from the recorded verdicts: from those of each evaluation
// for the graphs, from the kept minutes for a day or more.
import { MINUTES } from '../alerts/minutes.ts';
import { RECORDS } from '../alerts/records.ts';
import { ruleGroup } from '../alerts/rules.ts';
import { UNMEASURED_ROWS } from '../verdict/unmeasured.ts';
import { HERE, ON_SITE } from './scope.ts';

/** A verdict is recorded once per evaluation of the rules, so this is what one sample stands for. */
export const EVERY_S = Number.parseInt(ruleGroup().interval, 10);

/** Matchers for verdicts that do judge the chosen services. */
export const JUDGED = `${HERE}, row!~"${UNMEASURED_ROWS.join('|')}"`;

/** Matchers for verdicts of the chosen services by which they are down. */
export const DOWN = `${JUDGED}, party!="none"`;

/** How often such verdicts were recorded, one series per row. */
function samples(matchers: string, window: string): string {
  if (/^\d+d$/.test(window)) return `sum_over_time(${MINUTES.verdict}{${matchers}}[${window}])`;
  return `count_over_time(${RECORDS.info}{${matchers}}[${window}])`;
}

/** Samples by these labels. */
export function samplesBy(labels: string, matchers: string, window: string): string {
  return `sum by (${labels}) (${samples(matchers, window)})`;
}

/** Samples of each chosen service; 0 where it was judged and none is of this kind. */
export function samplesOfEach(matchers: string, window: string): string {
  return [
    '(',
    `  ${samplesBy('site, service', matchers, window)}`,
    `  or on (site, service) 0 * ${samplesBy('site, service', JUDGED, window)}`,
    ')',
  ].join('\n');
}

/** Share of the judged time that the chosen services spent so, each. */
export function shareOfEach(matchers: string, window: string): string {
  return `${samplesOfEach(matchers, window)}\n/ ${samplesBy('site, service', JUDGED, window)}`;
}

/** Samples of downtime by the vendor of the layer the verdict accuses, with these labels besides `vendor`. */
export function samplesByVendor(labels: string, scope: string, window: string): string {
  return [
    `sum by (${labels}, vendor) (`,
    `  ${samplesBy('site, service, layer', `${scope}, party="vendor"`, window)}`,
    '  * on (site, service, layer) group_left (vendor)',
    `  max by (site, service, layer, vendor) (demarc_dependency_info{${ON_SITE}})`,
    ')',
  ].join('\n');
}
