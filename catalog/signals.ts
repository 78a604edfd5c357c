// Every three-valued signal the table may read: 1 is OK, 0 is BAD, -1 is UNKNOWN. Exported as demarc_signal_<name>.
// Guard signals are derived from VENDOR_LAYERS, so that a layer without its guard cannot exist.
import { VENDOR_LAYERS, type VendorLayer } from './layers.ts';
import { PLAIN_SIGNALS, type SignalFact } from './signal-facts.ts';

export type State = 1 | 0 | -1;

export const GUARDS = ['uplink', 'others', 'witness'] as const;

export type Guard = (typeof GUARDS)[number];

export type GuardSignal = `${VendorLayer}_guard_${Guard}`;

/** Names of the guards of each layer, written once: they are asked for at every reading. */
const GUARD_NAMES: ReadonlyMap<VendorLayer, Record<Guard, GuardSignal>> = new Map(
  VENDOR_LAYERS.map((layer) => [
    layer,
    { uplink: `${layer}_guard_uplink`, others: `${layer}_guard_others`, witness: `${layer}_guard_witness` },
  ]),
);

export function guardSignal(layer: VendorLayer, guard: Guard): GuardSignal {
  return GUARD_NAMES.get(layer)?.[guard] ?? `${layer}_guard_${guard}`;
}

const GUARD_HELP = {
  uplink: 'Since the symptom began the uplink was clean, judged by anchors the accused does not run.',
  others: 'Since the symptom began another vendor answered over the same uplink.',
  witness:
    'A second target of the accused, not yours, worked before and broke with the symptom; of a hold, its own record. BAD: it works.',
} as const satisfies Record<Guard, string>;

export type SignalName = keyof typeof PLAIN_SIGNALS | GuardSignal;

function guardSignals(): [GuardSignal, SignalFact][] {
  return VENDOR_LAYERS.flatMap((layer) =>
    GUARDS.map((guard): [GuardSignal, SignalFact] => [
      guardSignal(layer, guard),
      { subject: 'service', layer, via: 'uplink', help: GUARD_HELP[guard] },
    ]),
  );
}

/** Every signal by name, with its subject and its meaning. */
export const SIGNALS: ReadonlyMap<SignalName, SignalFact> = new Map<SignalName, SignalFact>([
  ...(Object.entries(PLAIN_SIGNALS) as [keyof typeof PLAIN_SIGNALS, SignalFact][]),
  ...guardSignals(),
]);

export const SIGNAL_NAMES: readonly SignalName[] = [...SIGNALS.keys()];

/** The facts of a signal; throws for a name outside the catalogue, which only our own bug can produce. */
export function signalFact(name: SignalName): SignalFact {
  const fact = SIGNALS.get(name);
  if (fact === undefined) throw new Error(`unknown signal ${name}`);
  return fact;
}
