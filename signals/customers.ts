// What of yours leans on the component a control speaks for: asked when that control first fails.
import type { VendorLayer } from '../catalog/layers.ts';
import type { Plan, ServiceBinding } from '../map/plan-types.ts';

/** A large map must not be asked all at once because of one control. */
const MOST_ASKED = 40;

const inLayer = (service: ServiceBinding, layer: VendorLayer): readonly (string | null)[] => {
  switch (layer) {
    case 'registry':
    case 'registration':
      return [service.user];
    case 'dns':
      return service.nameservers;
    case 'endpoint':
      return [...service.endpoint, service.origin, ...service.customVendor];
    case 'edge':
      return [service.user, service.edge];
    case 'tunnel':
      return [service.user, service.tunnel];
  }
};

/** For a control's target: the targets of the services in that layer of its component, a bounded number of them. */
export function customersOf({ controls, services }: Plan): (control: string) => readonly string[] {
  const componentOf = new Map(controls.map(({ target, vendor, component }) => [target, `${vendor}/${component}`]));
  const asked = new Map<string, Set<string>>();
  for (const service of services) {
    for (const { vendor, component, layer } of service.dependencies) {
      const key = `${vendor}/${component}`;
      const known = asked.get(key) ?? new Set();
      for (const target of inLayer(service, layer)) if (target !== null) known.add(target);
      asked.set(key, known);
    }
  }
  return (control) => [...(asked.get(componentOf.get(control) ?? '') ?? [])].slice(0, MOST_ASKED);
}
