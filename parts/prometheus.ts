// What a plain Prometheus and Alertmanager take: the rule file, a discovery file, a fragment of routes.
import { alertmanagerFragment } from '../alerts/alertmanager.ts';
import { renderArtifacts, renderForMap, toYaml } from '../alerts/generate.ts';
import { UserError } from '../map/user-error.ts';
import { addressHere } from './exporter-address.ts';
import type { Part } from './part.ts';

/** A file that is committed in alerts/ anyway. */
export function committed(name: string): string {
  const text = renderArtifacts().get(`alerts/${name}`);
  if (text === undefined) throw new Error(`alerts/ has no ${name}`);
  return text;
}

export const rules: Part = {
  about: 'the rule file of Prometheus: records, then alerts',
  files: () => new Map([['demarc.rules.yml', committed('demarc.rules.yml')]]),
};

export const fileSd: Part = {
  about: 'a discovery file (file_sd) with the address of the exporter',
  files(setting) {
    const groups = [{ targets: [addressHere(setting)] }];
    return new Map([['demarc.targets.json', `${JSON.stringify(groups, null, 2)}\n`]]);
  },
};

export const alertmanager: Part = {
  about: 'a whole configuration of Alertmanager for the `notify` of the map',
  files({ source }) {
    if (source !== null) return renderForMap(source.map);
    throw new UserError([{ place: '--map', what: 'is missing', hint: 'its `notify` says who is told' }]);
  },
};

export const alertmanagerFragmentPart: Part = {
  about: 'routes, receivers and inhibition to add to an Alertmanager you run; with --map, for its `notify`',
  files(setting) {
    const url = `http://${addressHere(setting)}/api/v1/alerts`;
    const notify = setting.source?.map.file.notify;
    const fragment = toYaml(
      alertmanagerFragment(url, notify),
      'Put what is in `route.routes` in front of your own routes; add the receivers and the inhibition to yours.',
      'Every name begins with `demarc-`. Keep demarc.tmpl beside your alertmanager.yml.',
    );
    const template =
      setting.source === null ? committed('demarc.tmpl') : renderForMap(setting.source.map).get('demarc.tmpl');
    return new Map([
      ['alertmanager.fragment.yml', fragment],
      ['demarc.tmpl', template ?? ''],
    ]);
  },
};
