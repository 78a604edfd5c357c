// What a UPS says of itself, as its NUT server passes it on. What it does not report is null, never a made-up number.

export interface PowerFacts {
  address: string | null;
  /** Where the power it gives comes from. `off`: it gives none. null: it does not say, or is not heard by its server. */
  source: 'line' | 'battery' | 'off' | null;
  /** The battery is nearly empty, or whatever hangs on it was told to shut down. */
  low: boolean | null;
  /** The battery needs to be replaced. */
  replace: boolean | null;
  /** It is on battery because it tests itself, not because the line failed. */
  calibrating: boolean | null;
  /** Share of the battery's charge, 0 to 1. */
  charge: number | null;
  /** How long the battery will last, as the UPS reckons. */
  runtimeMs: number | null;
  inputVolts: number | null;
  /** Share of what the UPS can carry. A little above 1 when it is overloaded. */
  load: number | null;
}

/** Before anything was heard. */
export const NOTHING_SEEN: PowerFacts = {
  address: null,
  source: null,
  low: null,
  replace: null,
  calibrating: null,
  charge: null,
  runtimeMs: null,
  inputVolts: null,
  load: null,
};
