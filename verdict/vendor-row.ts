// The shape of the table about vendors. A row that accuses one cannot be written without saying on whose word.
import type { Confidence, Party } from '../catalog/parties.ts';
import type { State } from '../catalog/signals.ts';
import { VENDOR_GUARDS, type VendorSignalName, type VendorStatus } from '../catalog/vendor-signals.ts';
import type { Demand } from './row.ts';

/** `uplink` is the site's. `convicted`: OK while the verdict about a service of yours names the component. */
export type VendorCondition = VendorSignalName | 'uplink' | 'convicted';

/** What the table reads about one component. */
export type VendorStates = Readonly<Partial<Record<VendorCondition, State>>>;

interface VendorRowText {
  /** Stable for ever: label value. [a-z_]+ */
  id: string;
  /** Stable for ever, never reused, unique among the codes of all rows. */
  code: number;
  status: VendorStatus;
  /** Short noun phrase. */
  cause: string;
  confidence: Confidence;
  /** May use {vendor} and {component}, as the others may. */
  headline: string;
  /** Measured facts only. */
  because: string;
  action: string;
  /** The incident that taught this row. */
  seen: string;
}

type Proof = Extract<Demand, 'ok' | 'bad'>;

/** The compiler appends what the proof demands, so a row may read it only to tell its absence. */
type Readable = Exclude<VendorCondition, (typeof VENDOR_GUARDS)[number] | 'convicted'>;

/** A row that accuses: by the vendor's own controls, behind the guard, or by a verdict about a service, which had its own. */
export interface AccusingRow extends VendorRowText {
  party: 'vendor';
  proof: 'controls' | 'service';
  when: Partial<Record<Readable, Proof>>;
}

export interface InnocentRow extends VendorRowText {
  party: Extract<Party, 'none' | 'unknown'>;
  when: Partial<Record<VendorCondition, Demand>>;
}

export type VendorRow = AccusingRow | InnocentRow;

export interface VendorConjunct {
  condition: VendorCondition;
  demand: Demand;
}

/** All conjuncts of a row in the table's order, followed by its proof. The only door through which rows reach an engine. */
export function vendorConjunctsOf(row: VendorRow): VendorConjunct[] {
  const written = Object.entries(row.when).map(
    ([condition, demand]): VendorConjunct => ({ condition: condition as VendorCondition, demand }),
  );
  if (row.party !== 'vendor') return written;
  const proof: readonly VendorCondition[] = row.proof === 'controls' ? VENDOR_GUARDS : ['convicted'];
  return [...written, ...proof.map((condition): VendorConjunct => ({ condition, demand: 'ok' }))];
}
