// The Kubernetes objects: accepted by the schemas of Kubernetes and of the Prometheus operator, and fitting each other.

import { readdirSync, readFileSync } from 'node:fs';
import { Probe } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Probe';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { ScrapeConfig } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/ScrapeConfig';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Service } from 'kubernetes-models/v1/Service';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ruleGroups } from '../../alerts/rules.ts';
import { projectFile } from '../../catalog/root.ts';
import { UserError } from '../../map/user-error.ts';
import type { KubernetesObject } from '../../parts/kubernetes.ts';
import type { Setting } from '../../parts/part.ts';
import { PARTS, type PartName } from '../../parts/registry.ts';
import { knownHosts } from '../../status/gate.ts';
import { cliCommand } from '../docs/artifacts.ts';
import { MAP, setting } from './setting.ts';

const MODELS = {
  'apps/v1 Deployment': Deployment,
  'v1 ConfigMap': ConfigMap,
  'v1 PersistentVolumeClaim': PersistentVolumeClaim,
  'v1 Service': Service,
  'networking.k8s.io/v1 NetworkPolicy': NetworkPolicy,
  'monitoring.coreos.com/v1 PrometheusRule': PrometheusRule,
  'monitoring.coreos.com/v1 ServiceMonitor': ServiceMonitor,
  'monitoring.coreos.com/v1 Probe': Probe,
  'monitoring.coreos.com/v1alpha1 ScrapeConfig': ScrapeConfig,
} as const;

const KUBERNETES = [
  'deployment',
  'prometheus-rule',
  'service-monitor',
  'scrape-config',
  'probe',
  'dashboard-configmaps',
] as const satisfies readonly PartName[];

function textOf(name: PartName, changes: Partial<Setting> = {}): string {
  const texts = [...PARTS[name].files(setting(changes)).values()];
  expect(texts).toHaveLength(1);
  return texts[0] ?? '';
}

function objectsOf(name: PartName, changes: Partial<Setting> = {}) {
  return parseAllDocuments(textOf(name, changes), { version: '1.2', strict: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as KubernetesObject & { data?: Record<string, string> };
  });
}

/** Throws with the place of what the schema refuses. */
function validate(object: KubernetesObject): void {
  const Model = MODELS[`${object.apiVersion} ${object.kind}` as keyof typeof MODELS];
  expect(Model, object.kind).toBeDefined();
  new Model(structuredClone(object) as never).validate();
}

/** The only object of a kind, as the type of its model: it was validated against it. */
function ofKind<K extends keyof typeof MODELS>(name: PartName, kind: K, changes: Partial<Setting> = {}) {
  const found = objectsOf(name, changes).filter((one) => `${one.apiVersion} ${one.kind}` === kind);
  expect(found).toHaveLength(1);
  return found[0] as unknown as InstanceType<(typeof MODELS)[K]>;
}

describe.each(KUBERNETES)('%s', (name) => {
  it('is accepted by the schemas', () => {
    for (const object of objectsOf(name)) validate(object);
  });

  it('has the namespace and the labels that were asked for', () => {
    for (const { metadata } of objectsOf(name)) {
      expect(metadata.namespace).toBe('observability');
      expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'demarc', release: 'stack' });
    }
  });

  it('is the same text every time', () => {
    expect(textOf(name)).toBe(textOf(name));
  });
});

describe('the schemas', () => {
  it('would notice a wrong object', () => {
    const [wrong] = objectsOf('service-monitor');
    if (wrong === undefined) throw new Error('no object');
    Object.assign((wrong as unknown as { spec: { endpoints: object[] } }).spec.endpoints[0] ?? {}, { interval: 5 });
    expect(() => validate(wrong)).toThrow(/interval/);
  });
});

describe('the deployment', () => {
  const podOf = (changes: Partial<Setting> = {}) =>
    ofKind('deployment', 'apps/v1 Deployment', changes).spec?.template.spec;
  const service = () => ofKind('deployment', 'v1 Service').spec;

  it('carries the map as it was written, and what it trusts', () => {
    const { source } = setting();
    if (source === null) throw new Error('no source');
    const files = new Map([...source.files, ['ca/home.pem', 'PEM']]);
    const { data } = ofKind('deployment', 'v1 ConfigMap', { source: { ...source, files } });
    const volume = podOf({ source: { ...source, files } })?.volumes?.find(({ configMap }) => configMap !== undefined);
    const mounted = volume?.configMap?.items?.map(({ key, path }) => [path, data?.[key]]);
    expect(mounted).toEqual([
      ['demarc.yaml', MAP],
      ['ca/home.pem', 'PEM'],
    ]);
  });

  it('refuses what cannot be: no map, a file elsewhere, a map too large', () => {
    const { source } = setting();
    if (source === null) throw new Error('no source');
    const withFile = (name: string, text: string) => ({ ...source, files: new Map([[name, text]]) });
    for (const bad of [
      null,
      withFile('../ca.pem', 'PEM'),
      withFile('/etc/ca.pem', 'PEM'),
      withFile('a', 'x'.repeat(1e6)),
    ])
      expect(() => PARTS.deployment.files(setting({ source: bad }))).toThrow(UserError);
  });

  it('locks the pod in', () => {
    const pod = podOf();
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(pod?.containers).toHaveLength(1);
    expect(pod?.containers[0]).toMatchObject({
      image: 'registry.lan/demarc:1.2.3',
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      resources: { limits: { memory: expect.any(String) } },
    });
  });

  it('fits itself: the Service and the policy find the pod, ports and volumes have the names they are asked by', () => {
    const pod = podOf();
    const labels = ofKind('deployment', 'apps/v1 Deployment').spec?.template.metadata?.labels;
    const selectors = [
      ofKind('deployment', 'apps/v1 Deployment').spec?.selector.matchLabels,
      service()?.selector,
      ofKind('deployment', 'networking.k8s.io/v1 NetworkPolicy').spec?.podSelector?.matchLabels,
    ];
    for (const selector of selectors) expect(labels).toMatchObject(selector ?? { none: 'no selector' });
    const [container] = pod?.containers ?? [];
    const ports = container?.ports?.map(({ name }) => name);
    expect(ports).toContain(service()?.ports?.[0]?.targetPort);
    expect(ports).toContain(container?.livenessProbe?.httpGet?.port);
    expect(container?.volumeMounts?.map(({ name }) => name)).toEqual(pod?.volumes?.map(({ name }) => name));
    const claim = pod?.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined);
    expect(claim?.persistentVolumeClaim?.claimName).toBe(
      ofKind('deployment', 'v1 PersistentVolumeClaim').metadata?.name,
    );
  });

  it('runs a command line that there is', async () => {
    const { args = [] } = podOf()?.containers[0] ?? {};
    const serve = (await cliCommand()).commands.find((one) => one.name() === args[0]);
    const flags = args.filter((word) => word.startsWith('-'));
    expect(flags.length).toBeGreaterThan(2);
    for (const flag of flags) expect(serve?.options.map(({ long }) => long)).toContain(flag);
  });

  it('lets in the own namespace, and out to all but the credentials of clouds', () => {
    const policy = ofKind('deployment', 'networking.k8s.io/v1 NetworkPolicy').spec;
    expect(policy?.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(policy?.ingress?.[0]?.from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } } },
    ]);
    const blocks = policy?.egress?.[0]?.to?.flatMap(({ ipBlock }) => ipBlock?.except ?? []);
    expect(blocks).toContain('169.254.169.254/32');
  });

  it('pretends no policy on the network of the node', () => {
    expect(podOf({ hostNetwork: true })).toMatchObject({ hostNetwork: true, dnsPolicy: 'Default' });
    const kinds = objectsOf('deployment', { hostNetwork: true }).map(({ kind }) => kind);
    expect(kinds).not.toContain('NetworkPolicy');
    expect(textOf('deployment', { hostNetwork: true })).toContain('no NetworkPolicy binds it');
  });
});

describe('what scrapes', () => {
  it("keeps the exporter's own label `service`, which the operator would overwrite", () => {
    const [endpoint] = ofKind('service-monitor', 'monitoring.coreos.com/v1 ServiceMonitor').spec.endpoints;
    expect(endpoint).toMatchObject({ honorLabels: true, path: '/metrics' });
    expect(ofKind('scrape-config', 'monitoring.coreos.com/v1alpha1 ScrapeConfig').spec.honorLabels).toBe(true);
  });

  it('finds the Service and its port', () => {
    const service = ofKind('deployment', 'v1 Service');
    const { selector, endpoints } = ofKind('service-monitor', 'monitoring.coreos.com/v1 ServiceMonitor').spec;
    expect(service.metadata?.labels).toMatchObject(selector.matchLabels ?? { none: 'no selector' });
    expect(endpoints[0]?.port).toBe(service.spec?.ports?.[0]?.name);
    // The job is the name of the Service; DemarcProberDown looks for jobs by its beginning.
    expect(service.metadata?.name).toMatch(/^demarc/);
  });

  it('asks an address that the exporter answers by name', () => {
    const text = textOf('probe', { target: null });
    const host = /http:\/\/(demarc\.[\w.]+:\d+)/.exec(text)?.[1];
    expect(host).toBe('demarc.observability.svc.cluster.local:9815');
    let passed = false;
    knownHosts([])({ headers: { host } } as never, {} as never, () => {
      passed = true;
    });
    expect(passed).toBe(true);
  });

  it('is as often as the stack scrapes, and has a job the rules know', () => {
    const ours = parse(readFileSync(projectFile('compose/prometheus/prometheus.yml'), 'utf8'));
    const [job] = ours.scrape_configs;
    const { scrapeInterval, scrapeTimeout, jobName, staticConfigs } = ofKind(
      'scrape-config',
      'monitoring.coreos.com/v1alpha1 ScrapeConfig',
    ).spec;
    expect([scrapeInterval, scrapeTimeout]).toEqual([job.scrape_interval, job.scrape_timeout]);
    expect(jobName).toBe('demarc');
    expect(staticConfigs).toEqual([{ targets: ['nas.lan:9900'] }]);
  });

  it('is not told an address that only the exporter itself can reach', () => {
    expect(() => PARTS['scrape-config'].files(setting({ target: null, source: null }))).toThrow(/another machine/);
    expect(() => PARTS['scrape-config'].files(setting({ target: null }))).toThrow(/another machine/);
  });

  it('has the blackbox_exporter ask every service, under a job that no rule takes for demarc', () => {
    const { jobName, targets } = ofKind('probe', 'monitoring.coreos.com/v1 Probe').spec;
    expect(jobName).not.toMatch(/^demarc/);
    expect(targets?.staticConfig?.static).toEqual([
      'https://blog.example.org/',
      'https://shop.example.org/healthz',
      'http://nas.lan:9900/-/ready',
    ]);
  });
});

describe('the rules and the dashboards', () => {
  it('are those of the rule file', () => {
    const rule = ofKind('prometheus-rule', 'monitoring.coreos.com/v1 PrometheusRule');
    expect(rule.spec.groups).toEqual(JSON.parse(JSON.stringify(ruleGroups())));
  });

  it('are all of the committed ones, each as it is', () => {
    const maps = objectsOf('dashboard-configmaps');
    const folder = projectFile('dashboards/json');
    expect(maps.map(({ data }) => Object.entries(data ?? {}))).toEqual(
      readdirSync(folder)
        .sort()
        .map((file) => [[file, readFileSync(`${folder}/${file}`, 'utf8')]]),
    );
    for (const { metadata } of maps) expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    for (const object of maps) expect(Buffer.byteLength(JSON.stringify(object))).toBeLessThan(1_000_000);
  });
});
