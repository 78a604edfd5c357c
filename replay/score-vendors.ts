// Compares what was said of vendors themselves with what a scenario demands. Pure.
import { GUARDED_PARTIES } from '../catalog/parties.ts';
import type { Scenario, VendorExpectation } from '../lab/scenario.ts';
import type { VendorVerdict } from '../verdict/vendor-verdict.ts';
import type { ExpectationResult, VendorMoment, VendorSaid } from './result.ts';
import { within } from './score.ts';

export const keyOf = ({ vendor, component }: { vendor: string; component: string }): string => `${vendor}/${component}`;

export function vendorSaidBy({ status, row, hits }: VendorVerdict): VendorSaid {
  return { status, row, hits };
}

const textOf = ({ status, row, hits }: Partial<Omit<VendorExpectation, 'vendor' | 'component'> | VendorSaid>): string =>
  [
    [status].flat().join(' or ') || undefined,
    row,
    hits === undefined || hits.length === 0 ? undefined : `hits ${hits.join(' ')}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');

function isAs({ status, row, hits }: VendorExpectation, said: VendorSaid): boolean {
  const same = hits === undefined || [...hits].sort().join() === [...said.hits].sort().join();
  return [status].flat().includes(said.status) && (row === undefined || row === said.row) && same;
}

export function scoreVendor(expectation: VendorExpectation, moments: readonly VendorMoment[]): ExpectationResult {
  const { fromMs: from, toMs: to } = expectation;
  const own = moments.filter(({ component }) => component === keyOf(expectation));
  const heard = within(own, from, to);
  const wrong = heard.filter(({ said }) => !isAs(expectation, said));
  const all = within(own, Number.NEGATIVE_INFINITY, to);
  const lastWrong = all.findLastIndex(({ said }) => !isAs(expectation, said));
  const shown = wrong[0] ?? heard[0];
  return {
    service: keyOf(expectation),
    from,
    to,
    want: textOf(expectation),
    got: shown === undefined ? 'nothing' : textOf(shown.said),
    firstRightAt: all[lastWrong + 1]?.at ?? null,
    met: heard.length > 0 && wrong.length === 0,
  };
}

/** Stands for every component of a vendor. */
const ANY = '*';

/** Parties an expectation accuses a component by. */
const ACCUSABLE: ReadonlySet<string | undefined> = new Set(GUARDED_PARTIES);

/**
 * Accusations of components which no expectation of the scenario names, be it for itself or for a service. One that names a
 * vendor alone is met by any of its components.
 */
export function accusedUnexpectedly(scenario: Scenario, moments: readonly VendorMoment[]): string[] {
  const accused = scenario.expect.filter(({ party }) => ACCUSABLE.has(party));
  const named = new Set([
    ...scenario.vendors.map(keyOf),
    ...accused.flatMap(({ vendor, component }) => (vendor === undefined ? [] : [`${vendor}/${component ?? ANY}`])),
  ]);
  const isNamed = (key: string): boolean => named.has(key) || named.has(key.replace(/\/.*/, `/${ANY}`));
  return moments
    .filter(({ component, said: { status } }) => (status === 'failing' || status === 'partial') && !isNamed(component))
    .map(({ at, component, said }) => `${component} at ${at} ms: ${textOf(said)}`);
}
