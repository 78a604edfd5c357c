// Does Alertmanager get the alerts, route them by whose fault it is, and pass the heartbeat to somebody outside?
import { z } from 'zod';
import type { DemarcMap } from '../map/load.ts';
import { readYaml } from '../map/yaml.ts';
import { ask, isLoopback } from './doctor-ask.ts';
import { type Finding, findingsIn, some } from './doctor-finding.ts';

const { ok, warning, problem, skipped } = findingsIn('alertmanager');

const Status = z.object({
  versionInfo: z.object({ version: z.string() }),
  config: z.object({ original: z.string() }),
  uptime: z.iso.datetime({ offset: true }).optional(),
});
/** Prometheus tells of an alert once a minute, and drops what it has to tell before it knows Alertmanager. */
const SETTLED_MS = 150_000;
const Alerts = z.array(z.object({ labels: z.record(z.string(), z.string()) }));

const Matchers = z.array(z.string()).default([]);
const Route = z.looseObject({
  receiver: z.string().optional(),
  matchers: Matchers,
  get routes() {
    return z.array(Route).default([]);
  },
});
type Route = z.output<typeof Route>;

const Config = z.looseObject({ route: Route });

export interface AlertmanagerOptions {
  map: DemarcMap | null;
  /** Where Prometheus sends its alerts; null when that is not known. */
  sentTo: readonly string[] | null;
}

export async function checkAlertmanager(url: string, options: AlertmanagerOptions): Promise<Finding[]> {
  const status = await ask(url, 'api/v2/status', Status);
  if (!('value' in status)) {
    const fix =
      'start it (docker compose up -d), name it with --alertmanager, or leave it out with --alertmanager none';
    return [problem('reachable', `${url} ${status.why}`, fix)];
  }
  const { versionInfo, config, uptime } = status.value;
  const young = uptime !== undefined && Date.now() - Date.parse(uptime) < SETTLED_MS;
  return [
    ok('reachable', `Alertmanager ${versionInfo.version} at ${url}`),
    ...checkSender(url, options.sentTo),
    await checkArrival(url, young),
    ...checkRoutes(config.original, options.map),
  ];
}

function checkSender(url: string, sentTo: readonly string[] | null): Finding[] {
  if (sentTo === null || sentTo.length === 0) return [];
  const ours = new URL(url);
  const same = sentTo.some((other) => {
    const { hostname, port } = new URL(other);
    return port === ours.port && (hostname === ours.hostname || (isLoopback(other) && isLoopback(url)));
  });
  if (same) return [ok('sender', 'Prometheus sends its alerts here')];
  const text = `Prometheus sends its alerts to ${some(sentTo.map((other) => new URL(other).host))}, not here`;
  return [
    warning(
      'sender',
      text,
      'correct alerting in the configuration of Prometheus, or name the right one with --alertmanager',
    ),
  ];
}

async function checkArrival(url: string, young: boolean): Promise<Finding> {
  const alerts = await ask(url, `api/v2/alerts?filter=${encodeURIComponent('alertname="Watchdog"')}`, Alerts);
  if (!('value' in alerts)) return skipped('arrival', `it does not tell its alerts: ${alerts.why}`);
  if (alerts.value.length > 0) return ok('arrival', 'the heartbeat of the rules arrives');
  if (young) {
    const text =
      'the alert Watchdog has not arrived yet: Prometheus tells of it once a minute, and Alertmanager is young';
    return warning('arrival', text, 'ask again in two minutes');
  }
  return problem(
    'arrival',
    'the alert Watchdog does not arrive: no other would either',
    'see what Prometheus says about its rules and receivers',
  );
}

/** Every route with the matchers that lead to it. */
function allRoutes(route: Route): Route[] {
  return route.routes.flatMap((child) => [child, ...allRoutes(child)]);
}

function checkRoutes(original: string, map: DemarcMap | null): Finding[] {
  const yaml = readYaml('Alertmanager', original);
  const parsed = Config.safeParse(yaml.value);
  if (!parsed.success) return [skipped('routes', 'its configuration has a form not known here')];
  const routes = allRoutes(parsed.data.route);
  const asks = (word: RegExp): Route | undefined =>
    routes.find(({ matchers }) => matchers.some((one) => word.test(one)));
  const owners = ['self', 'isp', 'vendor', 'unknown'].filter(
    (owner) => asks(new RegExp(`^owner=~?".*\\b${owner}\\b.*"$`)) === undefined,
  );
  const fix = 'use alerts/alertmanager.yml, or put alerts/alertmanager.fragment.yml into yours';
  const byOwner =
    owners.length === 0
      ? ok('routes', 'alerts are routed by whose fault it is')
      : warning('routes', `no route is for alerts whose owner is ${some(owners, 4)}`, fix);
  return [byOwner, checkHeartbeat(asks(/^alertname=~?".*\bWatchdog\b.*"$/)?.receiver, map)];
}

/** Alertmanager hides where its webhooks go, so the map's word is what there is. */
function checkHeartbeat(receiver: string | undefined, map: DemarcMap | null): Finding {
  const fix = "set notify.heartbeat in the map to a dead man's switch outside, and generate with --map";
  if (receiver === undefined)
    return warning('heartbeat', 'no route is for the alert Watchdog: nobody notices when this machine goes dark', fix);
  if (map?.file.notify?.heartbeat !== undefined)
    return ok('heartbeat', `Watchdog goes to ${receiver}, and the map names who listens outside`);
  const text = `Watchdog goes to ${receiver}, and the map names nobody outside who would miss it when this machine goes dark`;
  return warning('heartbeat', text, fix);
}
