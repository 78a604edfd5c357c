// What the exporter itself would say about a service whose signals are in these states.
import { VENDOR_LAYERS } from '../../catalog/layers.ts';
import { SIGNAL_NAMES, signalFact } from '../../catalog/signals.ts';
import { bareBinding, type Plan, type ServiceBinding } from '../../map/plan-types.ts';
import { SERVICE } from '../../replay/agreement/states.ts';
import type { Signal, States } from '../../signals/signal.ts';
import { judge } from '../../verdict/explain.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { VENDOR } from './timeline.ts';

export const VENDOR_TITLE = 'Acme';

/** As people call the part of the vendor that runs a layer. */
export const componentTitle = (layer: string): string => `${layer} thing`;

function binding(name: string, hasVendors: boolean): ServiceBinding {
  const dependencies = VENDOR_LAYERS.map((layer) => ({ layer, vendor: VENDOR, component: `${layer}-part` }));
  return {
    ...bareBinding(name, name === 'uplink' ? 'uplink' : 'map'),
    dependencies: hasVendors ? dependencies : [],
  };
}

/** With a second path that works. `hasVendors`: whether the map says who runs the layers. */
export function verdictOf(states: States, name = SERVICE, hasVendors = true): Verdict {
  const signals = SIGNAL_NAMES.map((signal): Signal => {
    const service = signalFact(signal).subject === 'site' ? '' : name;
    const state = states[signal] ?? -1;
    return { name: signal, service, state, since: null, lastOk: null, lastBad: null, evidence: 'seen' };
  });
  const components = Object.fromEntries(
    VENDOR_LAYERS.map((layer) => [`${layer}-part`, { title: componentTitle(layer), layer }]),
  );
  const vendor = { title: VENDOR_TITLE, operators: [VENDOR], components, statusPage: null };
  const service = binding(name, hasVendors);
  const plan: Plan = {
    site: 'home',
    targets: [],
    anchors: [],
    gateway: null,
    resolver: null,
    publicResolvers: [],
    controls: [],
    signedControls: [],
    services: [service],
    proxied: new Map(),
    vendors: new Map([[VENDOR, vendor]]),
    domains: [],
    timeServers: [],
    fleet: [],
    portals: [],
    power: [],
    feeds: [],
  };
  return judge(service, new Map(signals.map((signal) => [signal.name, signal])), plan, 1);
}
