// One colour language for every dashboard: whose it is, as a colour and always as a word too.
import { MappingType, SpecialValueMatch, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Party } from '../catalog/parties.ts';
import type { VendorStatus } from '../catalog/vendor-signals.ts';
import { type RowId, TABLE } from '../verdict/table.ts';
import { VENDOR_TABLE } from '../verdict/vendor-table.ts';

export interface Shown {
  text: string;
  colour: string;
}

/** Grey of the theme: there is nothing to say. */
export const NO_DATA: Shown = { text: 'NO DATA', colour: 'text' };

export const OK: Shown = { text: 'OK', colour: 'green' };

export const UNKNOWN: Shown = { text: 'UNKNOWN', colour: 'orange' };

/** A link or a probe that fails, before anybody is blamed for it. */
export const BAD: Shown = { text: 'BAD', colour: 'dark-yellow' };

export const PARTY: Readonly<Record<Party, Shown>> = {
  none: OK,
  own: { text: 'YOU', colour: 'red' },
  isp: { text: 'ISP', colour: 'blue' },
  vendor: { text: 'VENDOR', colour: 'purple' },
  registrar: { text: 'REGISTRAR', colour: 'purple' },
  registry: { text: 'REGISTRY', colour: 'purple' },
  ca: { text: 'CA', colour: 'purple' },
  unknown: UNKNOWN,
};

/** Rows that say nothing was measured, which is no finding. */
const WITHOUT_DATA: readonly RowId[] = ['data_missing', 'no_result'];

/** Shows text and colour in place of values; a missing value is no data, never zero. */
export function valueMappings(shown: Readonly<Record<string, Shown>>): ValueMapping[] {
  const entries = Object.entries(shown).map(
    ([value, { text, colour }], index) => [value, { text, color: colour, index }] as const,
  );
  const missing = { text: NO_DATA.text, color: NO_DATA.colour, index: entries.length };
  return [
    { type: MappingType.ValueToText, options: Object.fromEntries(entries) },
    { type: MappingType.SpecialValue, options: { match: SpecialValueMatch.NullAndNan, result: missing } },
  ];
}

/** A verdict's code as whose it is and what: `VENDOR: edge failing`. */
export function verdictMappings(): ValueMapping[] {
  const entries = TABLE.map(({ id, code, party, cause }): [string, Shown] => {
    if (id === 'fine') return [String(code), OK];
    const { text, colour } = WITHOUT_DATA.includes(id) ? NO_DATA : PARTY[party];
    return [String(code), { text: `${text}: ${cause}`, colour }];
  });
  return valueMappings(Object.fromEntries(entries));
}

const STATUS: Readonly<Record<VendorStatus, Shown>> = {
  ok: OK,
  failing: { ...PARTY.vendor, text: 'FAILING' },
  partial: { ...PARTY.vendor, text: 'FAILING IN PART' },
  suspected: { ...UNKNOWN, text: 'SUSPECTED' },
  unknown: UNKNOWN,
};

/** The code of a verdict about a vendor's component. */
export function vendorMappings(): ValueMapping[] {
  return valueMappings(Object.fromEntries(VENDOR_TABLE.map(({ code, status }) => [String(code), STATUS[status]])));
}

/** The parties themselves, where a query gives them as text. */
export function partyMappings(): ValueMapping[] {
  return valueMappings(PARTY);
}

/** A three-valued signal; `bad` says whose link is broken, or what BAD means here. */
export function signalMappings(bad: Shown): ValueMapping[] {
  return valueMappings({ 1: OK, 0: bad, [-1]: UNKNOWN });
}
