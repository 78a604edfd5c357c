// The JSON this server gives away: verdicts and signals, field by field, so that nothing leaves unlisted.
import type { Signal } from '../signals/signal.ts';
import type { VendorVerdict } from '../verdict/vendor-verdict.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { MaintenanceWindow } from './maintenance.ts';

type Upkeep = ReadonlyMap<string, MaintenanceWindow>;

/** A window of maintenance as the API documents it. */
export function windowView({ service, from, to, reason, origin }: MaintenanceWindow): Record<string, unknown> {
  return { service, from: timeView(from), to: timeView(to), reason, origin };
}

/** A verdict that is marked while its service is in maintenance. */
export type MarkedVerdict = Verdict & { maintenance?: { until: string; reason: string } };

/** A verdict as the API documents it. */
export function verdictView(verdict: Verdict, upkeep: Upkeep = new Map()): MarkedVerdict {
  const window = upkeep.get(verdict.service);
  return {
    site: verdict.site,
    service: verdict.service,
    party: verdict.party,
    cause: verdict.cause,
    vendor: verdict.vendor,
    component: verdict.component,
    row: verdict.row,
    code: verdict.code,
    confidence: verdict.confidence,
    headline: verdict.headline,
    because: verdict.because,
    since: verdict.since,
    evidence: verdict.evidence.map(({ signal, state, text }) => ({ signal, state, text })),
    action: verdict.action,
    concurrent: verdict.concurrent.map(({ row, party, cause, sentence }) => ({ row, party, cause, sentence })),
    failover: verdict.failover,
    masked: [...verdict.masked],
    ...(window === undefined
      ? {}
      : { maintenance: { until: new Date(window.to).toISOString(), reason: window.reason } }),
  };
}

export function verdictsView(verdicts: readonly Verdict[], upkeep?: Upkeep): { verdicts: MarkedVerdict[] } {
  return { verdicts: verdicts.map((verdict) => verdictView(verdict, upkeep)) };
}

/** What is said of a component of a vendor, as the API documents it. */
export function vendorView(verdict: VendorVerdict): VendorVerdict {
  return {
    site: verdict.site,
    vendor: verdict.vendor,
    component: verdict.component,
    vendorTitle: verdict.vendorTitle,
    componentTitle: verdict.componentTitle,
    status: verdict.status,
    party: verdict.party,
    cause: verdict.cause,
    row: verdict.row,
    code: verdict.code,
    confidence: verdict.confidence,
    headline: verdict.headline,
    because: verdict.because,
    since: verdict.since,
    evidence: verdict.evidence.map(({ signal, state, text }) => ({ signal, state, text })),
    action: verdict.action,
    usedBy: [...verdict.usedBy],
    hits: [...verdict.hits],
    suspectedBy: [...verdict.suspectedBy],
    statusPage: verdict.statusPage,
    says: verdict.says && { ...verdict.says },
  };
}

export function vendorsView(verdicts: readonly VendorVerdict[]): { vendors: VendorVerdict[] } {
  return { vendors: verdicts.map(vendorView) };
}

function timeView(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** States are 1, 0 and -1 as in the metrics; times are RFC 3339. */
export function signalsView(signals: readonly Signal[]): { signals: Record<string, unknown>[] } {
  return {
    signals: signals.map(({ name, service, state, since, lastOk, lastBad, evidence }) => ({
      name,
      service,
      state,
      since: timeView(since),
      lastOk: timeView(lastOk),
      lastBad: timeView(lastBad),
      evidence,
    })),
  };
}
