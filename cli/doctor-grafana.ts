// Does Grafana run, reach Prometheus, and have the dashboards?
import { z } from 'zod';
import { ask } from './doctor-ask.ts';
import { type Finding, findingsIn, plural, some } from './doctor-finding.ts';

const { ok, warning, problem, skipped } = findingsIn('grafana');

const Health = z.object({ database: z.string(), version: z.string().default('of unknown version') });
/** What the pages of Grafana themselves load: the only list of data sources that a viewer may see. */
const Settings = z.object({
  datasources: z.record(z.string(), z.looseObject({ type: z.string(), uid: z.string().default('') })).default({}),
});
const SourceHealth = z.object({ status: z.string(), message: z.string().default('') });
const Dashboards = z.array(z.object({ title: z.string() }));

const LOGIN = 'it wants a login, which the doctor has not';

export async function checkGrafana(url: string): Promise<Finding[]> {
  const health = await ask(url, 'api/health', Health);
  if (!('value' in health)) {
    const fix = 'start it (docker compose up -d), name it with --grafana, or leave it out with --grafana none';
    return [problem('reachable', `${url} ${health.why}`, fix)];
  }
  const { database, version } = health.value;
  const running =
    database === 'ok'
      ? ok('reachable', `Grafana ${version} at ${url}`)
      : problem(
          'reachable',
          `Grafana ${version} at ${url} has trouble with its database: ${database}`,
          'look at its log',
        );
  return [running, await checkSource(url), await checkDashboards(url)];
}

async function checkSource(url: string): Promise<Finding> {
  const settings = await ask(url, 'api/frontend/settings', Settings);
  if (!('value' in settings)) return skipped('data source', isLogin(settings.status) ? LOGIN : settings.why);
  const sources = Object.entries(settings.value.datasources).filter(([, { type }]) => type === 'prometheus');
  const [first] = sources;
  if (first === undefined) {
    return problem(
      'data source',
      'there is no data source of the kind Prometheus',
      'add one, or use compose/grafana/provisioning',
    );
  }
  const [name, { uid }] = first;
  const health = await ask(url, `api/datasources/uid/${encodeURIComponent(uid)}/health`, SourceHealth);
  if (!('value' in health)) {
    if (isLogin(health.status)) return ok('data source', `${name} is there`);
    return problem('data source', `${name} does not work: ${health.why}`, 'correct its address in Grafana');
  }
  const { status, message } = health.value;
  if (status === 'OK') return ok('data source', `${name} works`);
  return problem('data source', `${name} does not work: ${message}`, 'correct its address in Grafana');
}

async function checkDashboards(url: string): Promise<Finding> {
  const found = await ask(url, 'api/search?tag=demarc', Dashboards);
  if (!('value' in found)) return skipped('dashboards', isLogin(found.status) ? LOGIN : found.why);
  const titles = found.value.map(({ title }) => title);
  if (titles.length > 0) return ok('dashboards', `${plural(titles.length, 'dashboard')} of demarc: ${some(titles)}`);
  return warning(
    'dashboards',
    'no dashboard of demarc is there',
    'import dashboards/json, or let compose/grafana/provisioning do it',
  );
}

const isLogin = (status: number | null): boolean => status === 401 || status === 403;
