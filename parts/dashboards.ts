// The committed dashboards, as files and as ConfigMaps. They are read, not built: building needs a development dependency.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFile } from '../catalog/root.ts';
import { metadata, NAME, toManifest } from './kubernetes.ts';
import type { Part } from './part.ts';

function committed(): [name: string, text: string][] {
  const folder = projectFile('dashboards/json');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]);
}

export const dashboards: Part = {
  about: "the dashboards, as JSON for Grafana's provisioning from files",
  files: () => new Map(committed()),
};

export const dashboardConfigMaps: Part = {
  about: 'the dashboards, as ConfigMaps that the sidecar of the Grafana chart picks up',
  files(setting) {
    const maps = committed().map(([file, text]) => {
      const { labels, ...rest } = metadata(setting, `${NAME}-dashboard-${path.basename(file, '.json')}`);
      return {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          ...rest,
          labels: { ...labels, grafana_dashboard: '1' },
          annotations: { grafana_folder: NAME },
        },
        data: { [file]: text },
      };
    });
    return new Map([
      [
        'dashboard-configmaps.yaml',
        toManifest(
          maps,
          'The label is what the sidecar of the Grafana chart looks for by default; the folder needs its folderAnnotation.',
        ),
      ],
    ]);
  },
};
