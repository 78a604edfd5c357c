// Objects of the Prometheus operator: the rules, and the ways to have the exporter scraped.

import type { IProbe } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Probe';
import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import type { IServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import type { IScrapeConfig } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/ScrapeConfig';
import { ruleGroups } from '../alerts/rules.ts';
import { addressElsewhere } from './exporter-address.ts';
import { metadata, NAME, PORT_NAME, SELECTOR, serviceAddress, toManifest } from './kubernetes.ts';
import type { Part, Setting } from './part.ts';

const SCRAPE = { interval: '5s', timeout: '4s' } as const;

const HONOR =
  "honorLabels: the exporter's `service` is one of your map; the operator would put the Service's in its place.";

export const prometheusRule: Part = {
  about: 'the rules, as a PrometheusRule of the Prometheus operator',
  files(setting) {
    const rule = {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: metadata(setting),
      spec: { groups: ruleGroups() },
    } as const satisfies IPrometheusRule;
    return new Map([
      ['prometheus-rule.yaml', toManifest([rule], 'The same rules as alerts/demarc.rules.yml. They fit every map.')],
    ]);
  },
};

export const serviceMonitor: Part = {
  about: 'a ServiceMonitor, for an exporter within the cluster',
  files(setting) {
    const monitor = {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: metadata(setting),
      spec: {
        selector: { matchLabels: SELECTOR },
        endpoints: [
          {
            port: PORT_NAME,
            path: '/metrics',
            interval: SCRAPE.interval,
            scrapeTimeout: SCRAPE.timeout,
            honorLabels: true,
          },
        ],
        sampleLimit: 20_000,
      },
    } as const satisfies IServiceMonitor;
    return new Map([['service-monitor.yaml', toManifest([monitor], HONOR)]]);
  },
};

export const scrapeConfig: Part = {
  about: 'a ScrapeConfig, for an exporter outside of the cluster (--target host:port)',
  files(setting) {
    const config = {
      apiVersion: 'monitoring.coreos.com/v1alpha1',
      kind: 'ScrapeConfig',
      metadata: metadata(setting),
      spec: {
        // An alert looks for jobs by the beginning of this name.
        jobName: NAME,
        staticConfigs: [{ targets: [addressElsewhere(setting)] }],
        metricsPath: '/metrics',
        scrapeInterval: SCRAPE.interval,
        scrapeTimeout: SCRAPE.timeout,
        honorLabels: true,
        sampleLimit: 20_000,
      },
    } as const satisfies IScrapeConfig;
    return new Map([['scrape-config.yaml', toManifest([config], HONOR)]]);
  },
};

/** What the blackbox_exporter is to ask: the services of the map, and the exporter itself. */
function probed(setting: Setting): string[] {
  const services = Object.values(setting.source?.map.file.services ?? {}).map(({ url }) => url);
  const exporter = setting.target ?? serviceAddress(setting);
  return [...services, `http://${exporter}/-/ready`];
}

export const probe: Part = {
  about: "a Probe: your blackbox_exporter asks the map's services and the exporter, beside demarc",
  files(setting) {
    const object = {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'Probe',
      metadata: metadata(setting),
      spec: {
        jobName: `blackbox-${NAME}`,
        interval: '30s',
        module: 'http_2xx',
        prober: { url: 'prometheus-blackbox-exporter:9115' },
        targets: { staticConfig: { static: probed(setting) } },
      },
    } as const satisfies IProbe;
    return new Map([
      [
        'probe.yaml',
        toManifest(
          [object],
          'A second pair of eyes. No rule of demarc reads it: it cannot tell whose a failure is.',
          'Its job must not begin with `demarc`, or DemarcProberDown would be about blackbox_exporter.',
          'Set prober.url to the Service of your blackbox_exporter.',
        ),
      ],
    ]);
  },
};
