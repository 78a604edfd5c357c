// What the compose stack runs on, as its one-shot service writes it at every start: rules, discovery, routes, dashboards.
import { alertmanagerConfig } from '../alerts/alertmanager.ts';
import { renderForMap, toYaml } from '../alerts/generate.ts';
import { dashboards } from './dashboards.ts';
import { addressHere } from './exporter-address.ts';
import type { Part, Setting } from './part.ts';
import { committed, fileSd, rules } from './prometheus.ts';

/** Routes for the `notify` of the map; without a map, all of them end on the exporter's page. */
function alertmanagerFiles(setting: Setting): ReadonlyMap<string, string> {
  const address = addressHere(setting);
  if (setting.source !== null) return renderForMap(setting.source.map, address);
  return new Map([
    ['alertmanager.yml', toYaml(alertmanagerConfig(`http://${address}/api/v1/alerts`))],
    ['demarc.tmpl', committed('demarc.tmpl')],
  ]);
}

const within = (folder: string, files: ReadonlyMap<string, string>): [string, string][] =>
  [...files].map(([name, text]) => [`${folder}/${name}`, text]);

export const stack: Part = {
  about: 'all that the compose stack generates for itself',
  files: (setting) =>
    new Map([
      ...within('prometheus/rules', rules.files(setting)),
      ...within('prometheus/targets', fileSd.files(setting)),
      ...within('alertmanager', alertmanagerFiles(setting)),
      ...within('dashboards', dashboards.files(setting)),
    ]),
};
