// Every part there is, by the name it is asked for, in the order it is listed in.
import { dashboardConfigMaps, dashboards } from './dashboards.ts';
import { deploymentPart } from './deployment.ts';
import { grafanaAlerts } from './grafana-alerts.ts';
import { probe, prometheusRule, scrapeConfig, serviceMonitor } from './operator.ts';
import type { Part } from './part.ts';
import { alertmanager, alertmanagerFragmentPart, fileSd, rules } from './prometheus.ts';
import { stack } from './stack.ts';
import { systemd } from './systemd.ts';

export const PARTS = {
  rules,
  'file-sd': fileSd,
  alertmanager,
  'alertmanager-fragment': alertmanagerFragmentPart,
  dashboards,
  'grafana-alerts': grafanaAlerts,
  systemd,
  deployment: deploymentPart,
  'prometheus-rule': prometheusRule,
  'service-monitor': serviceMonitor,
  'scrape-config': scrapeConfig,
  probe,
  'dashboard-configmaps': dashboardConfigMaps,
  stack,
} as const satisfies Record<string, Part>;

export type PartName = keyof typeof PARTS;

export const isPart = (name: string): name is PartName => Object.hasOwn(PARTS, name);
