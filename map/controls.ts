// Who could testify against a vendor's component: its controls, as far as they stand on hosts of their own.
import { dependenciesOf } from './bind-service.ts';
import type { DemarcMap } from './load.ts';
import { hostOf } from './url-parts.ts';
import type { Control } from './vendor.ts';

/** on: two witnesses or more. thin: one, whose decay would end it. off: the vendor can be suspected, never named. */
export type VerdictsOn = 'on' | 'thin' | 'off';

export interface Controls {
  /** Different places that are asked. */
  count: number;
  verdicts: VerdictsOn;
  /** Why they are off or thin; empty when they are on. */
  because: string;
}

/** What two controls must not share to be two witnesses. */
export function placeOf(control: Control): string {
  switch (control.kind) {
    case 'http':
      return hostOf(control.url).toLowerCase();
    case 'dns':
      return control.name.toLowerCase();
    case 'tcp':
      return control.host.toLowerCase();
  }
}

/** Vendors a service leans on. */
export function usedVendors({ file }: Pick<DemarcMap, 'file'>): string[] {
  const used = Object.values(file.services).flatMap((service) => dependenciesOf(service).map(({ vendor }) => vendor));
  return [...new Set(used)];
}

/** Vendors whose controls are asked: those watched, and those a service leans on. */
export function watchedVendors(map: Pick<DemarcMap, 'file' | 'vendors'>): string[] {
  return [...new Set([...watchedUnused(map), ...usedVendors(map)])];
}

/** Vendors whose controls are asked even if no service leans on them. */
export function watchedUnused({ file, vendors }: Pick<DemarcMap, 'file' | 'vendors'>): readonly string[] {
  if (file.watch !== undefined) return file.watch;
  const wanted = [...vendors].filter(([id, { watch }]) => watch !== 'if_used' || id in file.vendors);
  return wanted.map(([id]) => id);
}

export function controlsOf(map: DemarcMap, vendor: string, component: string): Controls {
  const known = map.vendors.get(vendor)?.components[component]?.controls ?? [];
  const own = new Set(Object.values(map.file.services).map(({ url }) => hostOf(url).toLowerCase()));
  const places = new Set(known.map(placeOf).filter((place) => !own.has(place)));
  const count = places.size;
  const others = watchedVendors(map).some((id) => hasControls(map, id) && !sharesOperator(map, vendor, id));
  if (count === 0) return { count, verdicts: 'off', because: 'it has no control' };
  if (!others) return { count, verdicts: 'off', because: 'no other vendor is watched that shares nothing with it' };
  if (count === 1) return { count, verdicts: 'thin', because: 'one control only' };
  return { count, verdicts: 'on', because: '' };
}

const hasControls = ({ vendors }: DemarcMap, id: string): boolean =>
  Object.values(vendors.get(id)?.components ?? {}).some(({ controls }) => controls.length > 0);

/** Nobody testifies about themselves: two vendors of one operator are one here. */
export function sharesOperator({ vendors }: Pick<DemarcMap, 'vendors'>, one: string, other: string): boolean {
  const operators = vendors.get(one)?.operators ?? [one];
  return one === other || (vendors.get(other)?.operators ?? [other]).some((name) => operators.includes(name));
}
