// Which measurements of a service speak of one layer of its way: what of it fails there, and what works.
import type { VendorLayer } from '../catalog/layers.ts';
import type { ServiceBinding } from '../map/plan-types.ts';
import type { Question } from './classify.ts';
import type { GuardSources } from './guard.ts';
import type { Meter } from './meter.ts';
import { refusedOf } from './signatures.ts';

/** Everything of yours in this layer; while the signatures of your zone are refused, those alone. */
export function metersIn(service: ServiceBinding, layer: VendorLayer, sources: GuardSources): Meter[] {
  const { plan, tracks } = sources;
  const meters = (targets: readonly (string | null)[], ...questions: Question[]): Meter[] =>
    targets.flatMap((target) => questions.flatMap((question) => tracks.meter(target, question) ?? []));
  const refused = layer === 'registry' || layer === 'dns' ? refusedOf(service, layer, sources) : [];
  if (refused.length > 0)
    return meters(
      refused.map(({ checked }) => checked),
      'works',
    );
  const parents = plan.domains.find(({ name }) => name === service.domain)?.parents ?? [];
  switch (layer) {
    case 'registry':
      return meters(parents, 'reachable', 'delegated');
    case 'registration':
      return meters(parents, 'delegated');
    case 'dns':
      return meters(service.nameservers, 'serves');
    case 'endpoint':
      return [
        ...meters(service.endpoint, 'record'),
        ...meters([service.origin], 'answer'),
        ...meters(service.customVendor, 'works'),
      ];
    case 'edge':
      return [
        ...meters([service.user, service.edge], 'works', 'connect', 'answer'),
        ...meters([service.edgeCertificate], 'valid'),
      ];
    case 'tunnel':
      return meters([service.tunnel], 'ready');
  }
}

/** What fails of yours in this layer: it, not the service, must have broken with the witness. A name may outlive its servers. */
export function failingMeters(service: ServiceBinding, layer: VendorLayer, sources: GuardSources): Meter[] {
  return metersIn(service, layer, sources).filter(({ state }) => state === 0);
}
