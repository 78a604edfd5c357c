// What the controls of a sight say about each vendor: those named fail since a moment, the others answer.
import type { State } from '../../catalog/signals.ts';
import type { VendorSignalName } from '../../catalog/vendor-signals.ts';
import type { Plan } from '../../map/plan-types.ts';
import { type VendorReading, vendorComponents } from '../../signals/vendor-signals.ts';

/** As from a house whose line and whose other vendors are proven, whatever else is broken. */
export function fakeReadings(plan: Plan, failing: ReadonlySet<string>, brokeAt: number): VendorReading[] {
  return vendorComponents(plan).map(({ vendor, component }) => {
    const controls = plan.controls.filter((one) => one.vendor === vendor && one.component === component);
    const bad = controls.filter(({ target }) => failing.has(target)).length;
    const good = controls.length - bad;
    const states: [VendorSignalName, State, string][] = [
      ['controls', bad > 0 ? 0 : good > 0 ? 1 : -1, `${good} of ${controls.length} controls answer`],
      ['any_control', good > 0 ? 1 : bad > 0 ? 0 : -1, ''],
      ['settled', 1, ''],
      ['path', 1, ''],
      ['guard_uplink', 1, ''],
      ['guard_others', 1, ''],
      ['guard_witness', bad > 1 ? 1 : good > 1 ? 0 : -1, bad > 1 ? `${bad} of its hosts broke together` : ''],
    ];
    const signals = new Map(states.map(([name, state, evidence]) => [name, { state, evidence }]));
    const since = bad > 0 ? brokeAt : null;
    const page = { says: 'operational', readAt: brokeAt, troubleSince: since, admittedAt: null } as const;
    return { vendor, component, signals, since, ...(plan.vendors.get(vendor)?.statusPage && { page }) };
  });
}
