// What must hold of any verdict whatever the rows say, and why: a second statement of the axioms, checked on states that just
// miss a row. Independent of the table on purpose; it knows the catalogue only.
import { LAYERS, type Layer } from '../../catalog/layers.ts';
import { SIGNALS, type SignalName } from '../../catalog/signals.ts';
import { VENDOR_GUARDS } from '../../catalog/vendor-signals.ts';
import type { Row } from '../../verdict/row.ts';
import type { VendorRow } from '../../verdict/vendor-row.ts';
import type { NamedStates } from './mutants.ts';

interface Maxim<R> {
  why: string;
  /** Whether saying this row in these states is against it. */
  offends(row: R, states: NamedStates): boolean;
}

const BLAMES_OTHERS: ReadonlySet<string> = new Set(['vendor', 'registrar', 'registry', 'ca']);

/** Rows that say that nothing is known of the service. */
const KNOW_NOTHING: ReadonlySet<string> = new Set([
  'data_missing',
  'prober_starved',
  'prober_turned_away',
  'forward_proxy_down',
  'no_result',
]);

/** Signals that are the symptom of a layer: what guards it, or whose job it is, shows nothing broken. */
const symptomsOf = (layer: Layer): SignalName[] =>
  [...SIGNALS]
    .filter(([name, fact]) => fact.layer === layer && fact.via !== 'self' && !name.includes('_guard_'))
    .map(([name]) => name);

/** A vendor's certificate fails at its edge, what an origin needs in its answers, and what a tunnel carries at its edge. */
const SHOWN_ELSEWHERE: Partial<Record<Layer, SignalName[]>> = {
  edge: ['edge_certificate'],
  endpoint: ['origin_answer'],
  tunnel: ['edge_delivers'],
};

const SYMPTOMS = new Map(
  LAYERS.map((layer): [Layer, SignalName[]] => [layer, [...symptomsOf(layer), ...(SHOWN_ELSEWHERE[layer] ?? [])]]),
);

/** Beyond these the line must carry the evidence. */
const BEHIND_THE_LINE: ReadonlySet<Layer> = new Set<Layer>(['resolver', 'dns', 'endpoint', 'edge', 'tunnel']);

/** At home, and so seen whatever the line does. */
const SEEN_AT_HOME: ReadonlySet<string> = new Set(
  [...SIGNALS].filter(([, { via }]) => via === 'lan').map(([name]) => name),
);

export const MAXIMS: readonly Maxim<Row>[] = [
  {
    why: 'nobody else is accused without the guard of the layer',
    offends: ({ party, layer }, states) =>
      BLAMES_OTHERS.has(party) &&
      ['uplink', 'others', 'witness'].some((guard) => states[`${layer}_guard_${guard}`] !== 1),
  },
  {
    why: 'what is not seen to fail is not called broken',
    offends: ({ id, party }, states) => states.service !== 0 && party !== 'none' && !KNOW_NOTHING.has(id),
  },
  {
    why: 'what is not seen to work is not called fine',
    offends: ({ party }, states) => states.service !== 1 && party === 'none',
  },
  {
    why: 'what works for a user is not a mystery',
    offends: ({ party }, states) => states.service === 1 && party !== 'none',
  },
  {
    why: 'where something is seen to fail, it is not said that nothing is known',
    offends: ({ id }, states) =>
      (id === 'no_result' && states.service === 0) ||
      (id === 'data_missing' && states.data !== 0) ||
      (id === 'prober_turned_away' && states.prober_welcome !== 0) ||
      (id === 'forward_proxy_down' && (states.forward_proxy !== 0 || states.forward_proxy_own !== 1)) ||
      (id === 'prober_starved' && states.prober !== 0),
  },
  {
    why: 'a layer is not spoken of unless something of it is seen to fail',
    offends: ({ layer, party, id }, states) =>
      layer !== null &&
      party !== 'none' &&
      id !== 'uplink_unproven' &&
      // A wrong clock is seen by what it explains.
      !(id === 'clock_wrong' && states.clock_explains === 1) &&
      !(SYMPTOMS.get(layer) ?? []).some((name) => states[name] === 0),
  },
  {
    why: 'beyond a line that is not proven nobody is spoken of',
    offends: ({ id, layer, party }, states) =>
      layer !== null &&
      BEHIND_THE_LINE.has(layer) &&
      states.uplink !== 1 &&
      // Name servers that answer have proven it, as has a challenge; and one's own may stand at home.
      states.nameservers !== 1 &&
      id !== 'prober_turned_away' &&
      !(party === 'own' && states.zone_own === 1) &&
      states[`${layer}_guard_uplink`] !== 1 &&
      !(party === 'own' && (SYMPTOMS.get(layer) ?? []).some((name) => SEEN_AT_HOME.has(name) && states[name] === 0)),
  },
  {
    why: 'a line that answers is not called down, and one that is down is not called in doubt',
    offends: ({ layer, id }, states) =>
      layer === 'uplink' &&
      (id === 'uplink_unproven'
        ? states.uplink === 1 || states.uplink === 0
        : (id === 'line_family_down' ? states.second_family : states.uplink) !== 0),
  },
  {
    why: 'an application is not called broken while what it needs may be missing, nor a process that was never reached',
    offends: ({ id }, states) =>
      id === 'origin_error' && (states.needs_met !== 1 || states.origin_connect !== 1 || states.uplink !== 1),
  },
  {
    why: 'the wait is over once everything was asked, and recovery begins with a good answer',
    offends: ({ id }, states) =>
      (id === 'confirming' && states.settled !== 0) || (id === 'recovering' && states.recovering !== 1),
  },
];

export const VENDOR_MAXIMS: readonly Maxim<VendorRow>[] = [
  {
    why: 'a vendor is accused by its controls behind the guard, or by a verdict about a service, and by nothing less',
    offends: ({ party }, states) =>
      party === 'vendor' && states.convicted !== 1 && VENDOR_GUARDS.some((guard) => states[guard] !== 1),
  },
  {
    why: 'the verdict about a service is never contradicted',
    offends: ({ party }, states) => states.convicted === 1 && party !== 'vendor',
  },
  {
    why: 'failing is what fails altogether, partial what also answers',
    offends: ({ status }, states) =>
      (status === 'failing' && states.any_control !== 0) ||
      (status === 'partial' && states.any_control === 0) ||
      (status === 'partial' && states.convicted !== 1 && (states.any_control !== 1 || states.controls !== 0)),
  },
  {
    why: 'behind another component that is not proven, its own controls accuse nobody',
    offends: ({ party }, states) => party === 'vendor' && states.convicted !== 1 && states.path !== 1,
  },
  {
    why: 'fine is what answers: all of it, or all but one of several',
    offends: ({ status }, states) =>
      status === 'ok' &&
      states.controls !== 1 &&
      !(states.controls === 0 && states.any_control === 1 && states.guard_witness === 0),
  },
  {
    why: 'a suspicion needs a control that fails, on a line that is proven, and a way that does not fail itself',
    offends: ({ status }, states) =>
      status === 'suspected' && (states.controls !== 0 || states.uplink !== 1 || states.path === 0),
  },
  {
    why: 'what answers whole, and is named by no service, is fine',
    offends: ({ status }, states) =>
      states.controls === 1 && states.any_control === 1 && states.convicted !== 1 && status !== 'ok',
  },
  {
    why: 'what is called behind another is, what is called being confirmed is, and the line is blamed only when in doubt',
    offends: ({ id }, states) =>
      (id === 'vendor_behind_another' && (states.path !== 0 || states.controls !== 0)) ||
      (id === 'vendor_confirming' && (states.settled !== 0 || states.controls === 0 || states.controls === 1)) ||
      (id === 'vendor_out_of_sight' && states.uplink === 1) ||
      (id === 'vendor_unknown' && (states.controls === 0 || states.controls === 1)),
  },
  {
    why: 'one host that fails while others answer is told apart from a vendor in doubt',
    offends: ({ status }, states) =>
      states.controls === 0 &&
      states.any_control === 1 &&
      states.guard_witness === 0 &&
      states.convicted !== 1 &&
      status !== 'ok',
  },
  {
    why: 'with all the proof there is, nobody is spared who is not seen to serve others elsewhere',
    offends: ({ party }, states) =>
      states.controls === 0 &&
      (states.any_control === 0 || states.any_control === 1) &&
      states.path === 1 &&
      states.elsewhere !== 1 &&
      VENDOR_GUARDS.every((guard) => states[guard] === 1) &&
      party !== 'vendor',
  },
  {
    why: 'a newest answer that is not yet confirmed is waited for, and a way that fails is named',
    offends: ({ id }, states) =>
      states.convicted !== 1 &&
      ((states.controls === -1 && states.any_control !== 0 && states.settled === 0 && id !== 'vendor_confirming') ||
        (states.controls === 0 &&
          states.path === 0 &&
          states.uplink === 1 &&
          states.guard_witness !== 0 &&
          id !== 'vendor_behind_another')),
  },
];
