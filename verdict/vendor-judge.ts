// From signals and the verdicts about services to a verdict about every component of every vendor.
import type { State } from '../catalog/signals.ts';
import type { VendorSignalName } from '../catalog/vendor-signals.ts';
import type { Plan } from '../map/plan-types.ts';
import type { Signal } from '../signals/signal.ts';
import type { PageWord } from '../signals/status-pages.ts';
import type { VendorReading } from '../signals/vendor-signals.ts';
import { meets } from './conjuncts.ts';
import { type VendorRow, type VendorStates, vendorConjunctsOf } from './vendor-row.ts';
import { VENDOR_TABLE } from './vendor-table.ts';
import type { PageSaying, VendorVerdict } from './vendor-verdict.ts';
import { type Evidence, STATE_WORD, type Verdict } from './verdict.ts';

/** Whether every conjunct of a row is met, its proof included. */
export function vendorRowHolds(row: VendorRow, states: VendorStates): boolean {
  return vendorConjunctsOf(row).every(({ condition, demand }) => meets(states[condition], demand));
}

/** The verdict about one component whose signals are in these states: the first row that holds. */
export function decideVendor(states: VendorStates): VendorRow {
  const row = VENDOR_TABLE.find((each) => vendorRowHolds(each, states));
  if (row === undefined) throw new Error('the last row of the table about vendors must have no conditions');
  return row;
}

type Uses = Pick<VendorVerdict, 'usedBy' | 'hits' | 'suspectedBy'>;

/** Of a verdict about a service: whom it accuses. */
export type Accusation = Pick<Verdict, 'service' | 'party' | 'vendor' | 'component'>;

/** What it means for you, after the headline. */
function consequence({ status }: VendorRow, { usedBy, hits, suspectedBy }: Uses): string {
  if (status !== 'failing' && status !== 'partial') return '';
  if (hits.length > 0) return ` It hits ${hits.join(', ')}.`;
  if (suspectedBy.length > 0) return ` Down too, but not proven to be down by it: ${suspectedBy.join(', ')}.`;
  return usedBy.length > 0 ? ' None of your services is hit.' : ' None of your services uses it.';
}

function evidenceOf(row: VendorRow, signals: VendorReading['signals']): Evidence[] {
  const telling = vendorConjunctsOf(row).map(({ condition }) => condition as string);
  const order = (name: VendorSignalName): number => (telling.includes(name) ? 0 : 1);
  return [...signals]
    .filter(([, { evidence }]) => evidence !== '')
    .sort(([a], [b]) => order(a) - order(b))
    .map(([name, { state, evidence }]) => ({ signal: `vendor_${name}`, state: STATE_WORD[state], text: evidence }));
}

/** Who leans on a component, and what is said of them. `failing`: services that fail for a user. */
function usesOf(
  { vendor, component }: VendorReading,
  verdicts: readonly Accusation[],
  failing: ReadonlySet<string>,
  { services }: Plan,
): Uses {
  const uses = services.filter(({ dependencies }) =>
    dependencies.some((one) => one.vendor === vendor && one.component === component),
  );
  const usedBy = uses.map(({ name }) => name);
  const open = verdicts.filter(({ service, party }) => party === 'unknown' && failing.has(service));
  return {
    usedBy,
    hits: verdicts
      .filter((one) => one.vendor === vendor && one.component === component && one.party !== 'unknown')
      .map(({ service }) => service),
    suspectedBy: open.map(({ service }) => service).filter((service) => usedBy.includes(service)),
  };
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function sayingOf({ says, readAt, troubleSince, admittedAt }: PageWord): PageSaying {
  const times = { troubleSince: timeOf(troubleSince), admittedAt: timeOf(admittedAt) };
  return { state: says, readAt: new Date(readAt).toISOString(), ...times };
}

function judgeVendor(reading: VendorReading, uplink: State, who: Uses, plan: Plan): VendorVerdict {
  const { vendor, component, signals, since, page } = reading;
  const binding = plan.vendors.get(vendor);
  const titles = {
    vendorTitle: binding?.title ?? vendor,
    componentTitle: binding?.components[component]?.title ?? component,
  };
  const own = Object.fromEntries([...signals].map(([name, { state }]) => [name, state]));
  const row = decideVendor({ ...own, uplink, convicted: who.hits.length > 0 ? 1 : 0 });
  const fill = (text: string): string =>
    text.replaceAll('{vendor}', titles.vendorTitle).replaceAll('{component}', titles.componentTitle);
  const { status, party, cause, code, confidence, because, action } = row;
  return {
    site: plan.site,
    vendor,
    component,
    ...titles,
    status,
    party,
    cause,
    row: row.id,
    code,
    confidence,
    headline: fill(row.headline) + consequence(row, who),
    because: fill(because),
    since: status === 'unknown' ? null : timeOf(since),
    evidence: evidenceOf(row, signals),
    action,
    ...who,
    statusPage: binding?.statusPage ?? null,
    says: page === undefined ? null : sayingOf(page),
  };
}

/** Verdicts about all components, in the plan's order. `verdicts` are those about the services at the same instant. */
export function judgeVendors(
  readings: readonly VendorReading[],
  signals: readonly Signal[],
  verdicts: readonly Accusation[],
  plan: Plan,
): VendorVerdict[] {
  const uplink = signals.find(({ name, service }) => name === 'uplink' && service === '')?.state ?? -1;
  const failing = new Set(
    signals.flatMap(({ name, service, state }) => (name === 'service' && state === 0 ? service : [])),
  );
  return readings.map((reading) => judgeVendor(reading, uplink, usesOf(reading, verdicts, failing, plan), plan));
}
