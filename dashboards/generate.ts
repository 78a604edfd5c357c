// Renders what is committed in this folder: every dashboard for provisioning, for import, and for grafana.com.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { certificates } from './certificates.ts';
import { dns } from './dns.ts';
import { endpoints } from './endpoints.ts';
import { errorBudget } from './error-budget.ts';
import { finalize, importable } from './finalize.ts';
import { isItMeOrThem } from './is-it-me-or-them.ts';
import { proberHealth } from './prober-health.ts';
import { presentation, publishable } from './publish.ts';
import { service } from './service.ts';
import { tunnels } from './tunnels.ts';
import { uplinkAndLan } from './uplink-and-lan.ts';
import { vendor } from './vendor.ts';

/** By file name, in the order they are read: from general to specific. */
const DASHBOARDS: Readonly<Record<string, () => DashboardBuilder>> = {
  'is-it-me-or-them': isItMeOrThem,
  service,
  vendor,
  dns,
  certificates,
  tunnels,
  'uplink-and-lan': uplinkAndLan,
  endpoints,
  'error-budget': errorBudget,
  'prober-health': proberHealth,
};

function toText(value: unknown): string {
  return JSON.stringify(value, null, 2) + '\n';
}

/** Text of every generated file of this folder, by its path from the root of the project. */
export function renderArtifacts(): Map<string, string> {
  const artifacts = Object.entries(DASHBOARDS).flatMap(([name, build]): [string, string][] => {
    const dashboard = finalize(build());
    return [
      [`dashboards/json/${name}.json`, toText(dashboard)],
      [`dashboards/import/${name}.json`, toText(importable(dashboard))],
      [`dashboards/grafana-com/${name}.json`, toText(publishable(dashboard))],
      [`dashboards/grafana-com/${name}.md`, presentation(dashboard, name)],
    ];
  });
  return new Map(artifacts);
}
