// The dependency report of a map: single points of failure, shared fate, and which vendors could be proven guilty at all.
import { dependenciesOf } from './bind-service.ts';
import { type Controls, controlsOf } from './controls.ts';
import { componentTitle, type Element, elementsOf } from './dependencies.ts';
import type { DemarcMap } from './load.ts';
import { type SharedFate, sharedFateOf } from './shared-fate.ts';

export interface VendorVerdicts extends Controls {
  vendor: string;
  component: string;
  /** "Cloudflare's edge". */
  title: string;
  services: string[];
}

export interface DependencyReport {
  /** Names, in the map's order. */
  services: string[];
  elements: Element[];
  sharedFate: SharedFate[];
  vendorVerdicts: VendorVerdicts[];
}

export function dependencyReport(map: DemarcMap): DependencyReport {
  return {
    services: Object.keys(map.file.services),
    elements: elementsOf(map),
    sharedFate: sharedFateOf(map),
    vendorVerdicts: vendorVerdicts(map),
  };
}

const WORST_FIRST = ['off', 'thin', 'on'] as const;

function vendorVerdicts(map: DemarcMap): VendorVerdicts[] {
  const found = new Map<string, VendorVerdicts>();
  for (const [name, service] of Object.entries(map.file.services)) {
    for (const { vendor, component } of dependenciesOf(service)) {
      const key = `${vendor}/${component}`;
      const one = found.get(key) ?? {
        vendor,
        component,
        title: componentTitle(map, vendor, component),
        services: [],
        ...controlsOf(map, vendor, component),
      };
      one.services.push(name);
      found.set(key, one);
    }
  }
  return [...found.values()].sort((a, b) => WORST_FIRST.indexOf(a.verdicts) - WORST_FIRST.indexOf(b.verdicts));
}
