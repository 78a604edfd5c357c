// The shape of the decision table. A row about anyone but you cannot be written without naming the layer whose guard it needs.
import type { Layer, VendorLayer } from '../catalog/layers.ts';
import type { Confidence, GUARDED_PARTIES, Party } from '../catalog/parties.ts';
import type { GuardSignal, SignalName } from '../catalog/signals.ts';

/**
 * What a conjunct demands. `ok` and `bad` need proof; the others also accept its absence, so only rows that name nobody may use them.
 * unknown: state -1 or no series at all. not_ok: anything but 1. not_bad: anything but 0.
 */
export type Demand = 'ok' | 'bad' | 'unknown' | 'not_ok' | 'not_bad';

type Proof = Extract<Demand, 'ok' | 'bad'>;

/** Guards are appended by the compiler; a row may only read one to tell its absence. */
type Condition<D> = Partial<Record<Exclude<SignalName, GuardSignal>, D>>;

interface RowText {
  /** Stable for ever: label value, runbook name. [a-z_]+ */
  id: string;
  /** Stable for ever, never reused, independent of order. 1 to 999. */
  code: number;
  /** Short noun phrase. */
  cause: string;
  confidence: Confidence;
  /** Measured facts only. May use {service}, {vendor}, {component}. */
  because: string;
  action: string;
  /** The incident that taught this row. */
  seen: string;
}

export type GuardedParty = (typeof GUARDED_PARTIES)[number];

/** A row that names somebody else: needs proof for every conjunct, and the guard of its layer, which the compiler appends. */
export interface GuardedRow extends RowText {
  party: GuardedParty;
  layer: VendorLayer;
  when: Condition<Proof>;
}

/** A row that names you, your ISP, nobody, or refuses to say. */
export interface PlainRow extends RowText {
  party: Exclude<Party, GuardedParty>;
  layer: Layer | null;
  when: Condition<Demand> & Partial<Record<GuardSignal, Demand>>;
}

export type Row = GuardedRow | PlainRow;
