// What every Kubernetes object of ours has in common: how it is named, labelled and written.
import { toYaml } from '../alerts/generate.ts';
import type { Setting } from './part.ts';

export const NAME = 'demarc';
export const PORT_NAME = 'http';
export const PORT = 9815;

/** What selects our pods and our Service; nothing of the reader's may be among it, or a change of theirs orphans pods. */
export const SELECTOR = { 'app.kubernetes.io/name': NAME } as const;

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    labels: Record<string, string>;
    annotations?: Record<string, string>;
  };
}

export function metadata({ namespace, labels }: Setting, name: string = NAME): KubernetesObject['metadata'] {
  return { name, namespace, labels: { ...SELECTOR, 'app.kubernetes.io/part-of': NAME, ...labels } };
}

/** Documents of one file, the first with the comments. */
export function toManifest(objects: readonly KubernetesObject[], ...comments: string[]): string {
  return objects.map((object, index) => toYaml(object, ...(index === 0 ? comments : []))).join('---\n');
}

/** How the cluster reaches the exporter; the name ends in a domain the exporter knows for private. */
export function serviceAddress({ namespace }: Setting): string {
  return `${NAME}.${namespace}.svc.cluster.local:${PORT}`;
}
