// The marks on every graph: verdicts that changed, vendors that failed, maps that were loaded, and what you deployed.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { RECORDS } from '../alerts/records.ts';
import { VENDOR_RECORDS } from '../alerts/vendor-records.ts';
import type { RowId } from '../verdict/table.ts';
import { PARTY } from './colours.ts';
import { DATASOURCE } from './panels.ts';
import { ON_SITE } from './scope.ts';

/** Grafana's own store of annotations. */
const GRAFANA = { type: 'grafana', uid: '-- Grafana --' };

/** The tag by which your deploys are found there. */
const DEPLOY_TAG = 'deploy';

const DEPLOYS_SHOWN = 100;

/** Rows that last seconds on the way to another. */
const PASSING: readonly RowId[] = ['confirming', 'recovering'];

const GREY = '#77808c';

function mark(name: string, colour: string): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder().name(name).datasource(DATASOURCE).enable(true).iconColor(colour);
}

/** Wherever a service's verdict was another one a minute before. The first verdict after a gap is no change. */
function verdictChanges(scope: string): dashboard.AnnotationQueryBuilder {
  const verdicts = `${RECORDS.info}{${scope}, row!~"${PASSING.join('|')}"}`;
  return mark('Verdict changes', GREY)
    .expr(`${verdicts} unless ${verdicts} offset 1m and on (site, service) ${RECORDS.code}{${scope}} offset 1m`)
    .step('60s')
    .titleFormat('{{service}}: {{cause}}')
    .textFormat('party {{party}}, confidence {{confidence}}')
    .tagKeys('service,party,row');
}

/** Wherever a vendor's component began to fail, whether a service of yours was hit or not. */
function vendorIncidents(): dashboard.AnnotationQueryBuilder {
  const failing = `${VENDOR_RECORDS.info}{${ON_SITE}, owner="vendor"}`;
  return mark('Vendor incidents', PARTY.vendor.colour)
    .expr(`max by (vendor, component, cause) (${failing} unless ${failing} offset 1m)`)
    .step('60s')
    .titleFormat('{{vendor}} {{component}}: {{cause}}')
    .textFormat('as measured from here')
    .tagKeys('vendor,component');
}

/** When demarc took over a map: what changed then may be the map. */
function loads(): dashboard.AnnotationQueryBuilder {
  return mark('Maps loaded', GREY)
    .expr(`max by (site) (demarc_config_last_reload_success_timestamp_seconds{${ON_SITE}}) * 1000`)
    .step('60s')
    .useValueForTime(true)
    .titleFormat('demarc loaded a map')
    .textFormat('{{site}}');
}

/** What you, or your pipeline, told Grafana of: `POST /api/annotations` with the tag. */
function deploys(): dashboard.AnnotationQueryBuilder {
  // The SDK's own builder of such targets does not fit its type of a target; JSON drops the function.
  const target = {
    type: 'tags',
    tags: [DEPLOY_TAG],
    limit: DEPLOYS_SHOWN,
    _implementsDataqueryVariant: () => undefined,
  };
  return mark('Deploys', GREY)
    .datasource(GRAFANA)
    .target({ build: () => target });
}

/** `scope`: matchers for the services whose verdicts are marked. */
export function marks(scope: string): dashboard.AnnotationQueryBuilder[] {
  return [verdictChanges(scope), vendorIncidents(), loads(), deploys()];
}
