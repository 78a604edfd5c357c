// Collects the targets of a plan: each once, under a stable id.
import { z } from 'zod';
import { parseServer } from '../exporters/dns/endpoint.ts';
import type { ProbeKind } from '../exporters/observation.ts';
import type { Target, TargetLabels } from '../exporters/target.ts';
import { withWayOut } from './forward-proxy.ts';
import type { DemarcMap } from './load.ts';
import type { Role } from './plan-types.ts';
import { hostOf } from './url-parts.ts';

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
      const asked = dense(withWayOut(kind, settings, proxy));
      byId.set(id, { id, kind, settings: asked, ...whomOf(asked), timeoutMs, labels: full, ...pace });
      return id;
    },
    all: () => [...byId.values()],
  };
}

/** Without the keys whose value is undefined, which strict schemas refuse. */
function dense(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** The settings by which kinds say whom they ask, the plainest first. */
const Asking = z.object({ address: z.string(), host: z.string(), server: z.string(), url: z.string() }).partial();

function whomOf(settings: Record<string, unknown>): Pick<Target, 'host'> {
  const { address, url, server, host } = Asking.parse(settings);
  const asked = address ?? (url && hostOf(url)) ?? (server && whoIs(server)) ?? host;
  return asked === undefined ? {} : { host: asked };
}

/** A name server, or a server with an API, each in the form its kind takes. */
const whoIs = (server: string): string => parseServer(server)?.host ?? (URL.canParse(server) ? hostOf(server) : server);
