// The exporter in Kubernetes: its map, its memory, its pod, its address, and who may talk to it.
// In a network of its own a pod sees neither the router nor the line of the machine as a person there would: the exporter
// then finds no gateway and says so. With the network of the node it sees both, and no NetworkPolicy can bind it.

import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import type { IService } from 'kubernetes-models/v1/Service';
import { MEMORY } from '../catalog/limits.ts';
import { UserError } from '../map/user-error.ts';
import { metadata, NAME, PORT, PORT_NAME, SELECTOR, toManifest } from './kubernetes.ts';
import type { MapSource, Part, Setting } from './part.ts';

const MAP_FILE = 'demarc.yaml';
/** Of the user in compose/Dockerfile. */
const UID = 65_532;
/** Kubernetes refuses an object of more than 1 MiB. */
const MAX_MAP_BYTES = 900_000;

function sourceOf({ source }: Setting): MapSource {
  if (source === null) {
    const hint = 'the ConfigMap holds it: demarc generate deployment --map demarc.yaml';
    throw new UserError([{ place: '--map', what: 'is missing', hint }]);
  }
  const outside = [...source.files.keys()].filter((file) => file.startsWith('/') || file.split('/').includes('..'));
  const bytes = [...source.files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const problems = outside.map((file) => ({
    place: file,
    what: 'is not beside the map, so a ConfigMap cannot hold both',
    hint: 'move it into the folder of the map and name it from there',
  }));
  if (bytes > MAX_MAP_BYTES)
    problems.push({ place: '--map', what: `holds ${bytes} bytes, too many for a ConfigMap`, hint: 'split the map' });
  if (problems.length > 0) throw new UserError(problems);
  return source;
}

/** A key of a ConfigMap may hold no slash; the volume puts the file where the map says it is. */
const keyOf = (file: string): string => file.replaceAll('/', '.');

function configMap(setting: Setting, files: MapSource['files']) {
  const data = Object.fromEntries([...files].map(([file, text]) => [keyOf(file), text]));
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(setting), data } as const satisfies IConfigMap;
}

function memory(setting: Setting) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadata(setting),
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '256Mi' } } },
  } as const satisfies IPersistentVolumeClaim;
}

function container({ image }: Setting) {
  const probe = (path: string) => ({
    httpGet: { path, port: PORT_NAME },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 3,
  });
  return {
    name: 'exporter',
    image,
    args: ['serve', '--map', `/config/${MAP_FILE}`, '--listen', `0.0.0.0:${PORT}`, '--state', '/state'],
    ports: [{ name: PORT_NAME, containerPort: PORT }],
    // No limit of CPU: a throttled probe looks like a slow answer.
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: `${MEMORY.baseBytes / 1_048_576}Mi` } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    startupProbe: probe('/-/healthy'),
    livenessProbe: probe('/-/healthy'),
    readinessProbe: probe('/-/ready'),
    volumeMounts: [
      { name: 'map', mountPath: '/config', readOnly: true },
      { name: 'state', mountPath: '/state' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

function deployment(setting: Setting, files: MapSource['files']) {
  const items = [...files.keys()].map((file) => ({ key: keyOf(file), path: file }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(setting),
    spec: {
      // A second one would ask everything twice, and two would report under one site.
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: SELECTOR },
      template: {
        metadata: { labels: { ...metadata(setting).labels } },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // Default is the resolver of the node; of a node's network it is also what the node's own programs use.
          ...(setting.hostNetwork ? { hostNetwork: true, dnsPolicy: 'Default' } : {}),
          securityContext: {
            runAsNonRoot: true,
            runAsUser: UID,
            runAsGroup: UID,
            fsGroup: UID,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [container(setting)],
          volumes: [
            { name: 'map', configMap: { name: NAME, items } },
            { name: 'state', persistentVolumeClaim: { claimName: NAME } },
            { name: 'tmp', emptyDir: { sizeLimit: '16Mi' } },
          ],
        },
      },
    },
  } as const satisfies IDeployment;
}

function service(setting: Setting) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(setting),
    spec: {
      selector: SELECTOR,
      ports: [{ name: PORT_NAME, port: PORT, targetPort: PORT_NAME }],
      // It must be scraped above all while it is not ready.
      publishNotReadyAddresses: true,
    },
  } as const satisfies IService;
}

/** Out to everywhere but the metadata of clouds, where credentials lie; in from the own namespace only. */
function networkPolicy(setting: Setting) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(setting),
    spec: {
      podSelector: { matchLabels: SELECTOR },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': setting.namespace } } }],
          ports: [{ port: PORT_NAME, protocol: 'TCP' }],
        },
      ],
      egress: [
        {
          to: [
            { namespaceSelector: {} },
            { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } },
            { ipBlock: { cidr: '::/0', except: ['fd00:ec2::254/128'] } },
          ],
        },
      ],
    },
  } as const satisfies INetworkPolicy;
}

const WITNESSES_LESS = [
  'In a network of its own the pod sees no router and no line as a person at the machine would: no gateway is watched, and a',
  "dead LAN cannot be told from a dead line. `--host-network` gives it the node's, and then no NetworkPolicy binds it.",
];

export const deploymentPart: Part = {
  about: 'the exporter in Kubernetes: ConfigMap of the map, PersistentVolumeClaim, Deployment, Service, NetworkPolicy',
  files(setting) {
    const { files } = sourceOf(setting);
    const policy = setting.hostNetwork ? [] : [networkPolicy(setting)];
    const objects = [
      configMap(setting, files),
      memory(setting),
      deployment(setting, files),
      service(setting),
      ...policy,
    ];
    const comments = setting.hostNetwork ? ['On the network of its node: no NetworkPolicy binds it.'] : WITNESSES_LESS;
    return new Map([['deployment.yaml', toManifest(objects, ...comments)]]);
  },
};
