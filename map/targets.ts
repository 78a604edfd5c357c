// Collects the targets of a plan: each once, under a stable id.
import type { ProbeKind } from '../exporters/observation.ts';
import type { Target, TargetLabels } from '../exporters/target.ts';
import { withWayOut } from './forward-proxy.ts';
import type { DemarcMap } from './load.ts';
import type { Role } from './plan-types.ts';

/** Of what is asked gently, instead of the map's interval. */
export type Pace = Pick<Target, 'intervalMs' | 'gapMs'>;

export interface Targets {
  /** Plans a target once, and gives its id. */
  add(
    role: Role,
    name: string,
    kind: ProbeKind,
    settings: Record<string, unknown>,
    labels?: Partial<TargetLabels>,
    pace?: Pace,
  ): string;
  all(): Target[];
}

export function collectTargets({ file: { interval: intervalMs, timeout: timeoutMs, proxy } }: DemarcMap): Targets {
  const byId = new Map<string, Target>();
  return {
    add(role, name, kind, settings, labels = {}, pace = { intervalMs }) {
      const id = `${role}/${name}`.toLowerCase().replace(/[^a-z0-9_.:/@-]/g, '-');
      const full: TargetLabels = { role, service: '', vendor: '', component: '', ...labels };
      if (byId.has(id)) return id;
      byId.set(id, { id, kind, settings: dense(withWayOut(kind, settings, proxy)), timeoutMs, labels: full, ...pace });
      return id;
    },
    all: () => [...byId.values()],
  };
}

/** Without the keys whose value is undefined, which strict schemas refuse. */
function dense(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
