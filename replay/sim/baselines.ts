// How others tell, on the same observations: what uptime monitors do today, with names filled in where they name nobody.

import type { Party } from '../../catalog/parties.ts';
import type { Observation } from '../../exporters/observation.ts';
import type { Plan, ServiceBinding } from '../../map/plan-types.ts';

export const BASELINES = ['parent chain', 'one connectivity check', 'service fails, origin fine'] as const;

export type Baseline = (typeof BASELINES)[number];

export interface Blame {
  party: Party;
  vendor: string | null;
}

export interface BaselineJudge {
  note(observation: Observation): void;
  judge(baseline: Baseline, service: ServiceBinding): Blame;
}

const FINE: Blame = { party: 'none', vendor: null };
const OWN: Blame = { party: 'own', vendor: null };
const ISP: Blame = { party: 'isp', vendor: null };
const UNKNOWN: Blame = { party: 'unknown', vendor: null };

/** A failure counts when it was repeated once, as all of these tools can be told to. */
export function createBaselines(plan: Plan): BaselineJudge {
  const failures = new Map<string, number>();
  const down = (target: string | null | undefined): boolean =>
    target !== null && target !== undefined && (failures.get(target) ?? 0) >= 2;
  const anchor = plan.anchors.find(({ operator }) => operator === 'google')?.target ?? plan.anchors[0]?.target;

  const by = (service: ServiceBinding, layer: string): Blame => {
    const vendor = service.dependencies.find((one) => one.layer === layer)?.vendor;
    return vendor === undefined ? UNKNOWN : { party: 'vendor', vendor };
  };
  /** Whoever stands in front. */
  const front = (service: ServiceBinding): Blame => {
    const order = ['edge', 'tunnel', 'endpoint', 'dns'];
    const layer = order.find((name) => service.dependencies.some((one) => one.layer === name));
    return layer === undefined ? UNKNOWN : by(service, layer);
  };

  function chain(service: ServiceBinding): Blame {
    if (down(plan.gateway)) return OWN;
    if (down(anchor)) return ISP;
    if (down(plan.resolver?.target)) return OWN;
    if (service.nameservers.length > 0 && service.nameservers.every(down)) return by(service, 'dns');
    if (service.endpoint.length > 0 && service.endpoint.every(down)) return by(service, 'endpoint');
    if (down(service.edge)) return by(service, 'edge');
    if (down(service.tunnel)) return by(service, 'tunnel');
    return down(service.host) || down(service.origin) ? OWN : UNKNOWN;
  }

  return {
    note({ target, ok }) {
      failures.set(target, ok ? 0 : (failures.get(target) ?? 0) + 1);
    },
    judge(baseline, service) {
      if (service.kind === 'uplink') return down(anchor) ? ISP : FINE;
      if (!down(service.user)) return FINE;
      switch (baseline) {
        case 'parent chain':
          return chain(service);
        case 'one connectivity check':
          return down(anchor) ? ISP : front(service);
        case 'service fails, origin fine':
          return down(service.origin) ? OWN : front(service);
      }
    },
  };
}
