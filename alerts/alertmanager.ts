// Who is told, how soon and how often. Whose fault it is has been decided before: routes only read the label `owner`.

import type { Notify } from '../map/notify.ts';
import { OFFLINE_ROWS } from './alerts.ts';
import type { Owner } from './annotations.ts';
import { STATUS_PAGE } from './links.ts';
import { failoverOf, heartbeatOf, type Integrations, integrationsOf } from './receivers.ts';

export interface Route {
  receiver: string;
  matchers?: string[];
  group_by?: string[];
  group_wait?: string;
  group_interval?: string;
  repeat_interval?: string;
  routes?: Route[];
}

type Receiver = { name: string } & Integrations;

interface InhibitRule {
  source_matchers: string[];
  target_matchers: string[];
  equal: string[];
}

export interface AlertmanagerConfig {
  templates: string[];
  route: Route;
  receivers: Receiver[];
  inhibit_rules: InhibitRule[];
}

/** Where the committed configuration sends everything until it is told otherwise. */
export const LOG_URL = `${STATUS_PAGE}/api/v1/alerts`;

/** Receivers by who should read them. `log` takes whatever no route wants: an unmatched alert must not vanish. */
export const RECEIVERS = ['log', 'own', 'isp', 'vendor', 'unknown', 'over', 'heartbeat', 'failover'] as const;

function routes(): Route[] {
  return [
    {
      receiver: 'heartbeat',
      matchers: ['alertname="Watchdog"', 'owner="none"'],
      group_by: ['alertname'],
      group_wait: '1s',
      // With the two equal, every second beat is left out.
      group_interval: '1m',
      repeat_interval: '50s',
    },
    {
      // For a program: one message for a service, said again in case it was not there to hear it.
      receiver: 'failover',
      matchers: ['alertname="DemarcFailoverAdvised"'],
      group_by: ['site', 'service'],
      group_wait: '1s',
      group_interval: '1m',
      repeat_interval: '5m',
    },
    {
      receiver: 'over',
      matchers: ['alertname="DemarcOutageOver"'],
      group_by: ['site'],
      group_wait: '5s',
      group_interval: '1m',
      repeat_interval: '4h',
    },
    {
      receiver: 'own',
      matchers: ['owner="self"'],
      group_by: ['alertname', 'site'],
      group_wait: '1s',
      group_interval: '1m',
      repeat_interval: '4h',
    },
    {
      receiver: 'isp',
      matchers: ['owner="isp"'],
      group_by: ['alertname', 'site'],
      group_wait: '1s',
      group_interval: '1m',
      repeat_interval: '4h',
    },
    {
      receiver: 'vendor',
      matchers: ['owner="vendor"'],
      group_by: ['vendor', 'site'],
      group_wait: '5s',
      group_interval: '5m',
      repeat_interval: '24h',
    },
    {
      receiver: 'unknown',
      matchers: ['owner="unknown"'],
      group_by: ['alertname', 'site'],
      group_wait: '5s',
      group_interval: '5m',
      repeat_interval: '12h',
    },
  ];
}

/** Whose failures a receiver is about. What is about demarc itself goes to whoever runs it. */
export const OWNERS_OF_RECEIVER: Record<(typeof RECEIVERS)[number], readonly Owner[]> = {
  log: ['self'],
  own: ['self'],
  isp: ['isp'],
  vendor: ['vendor'],
  unknown: ['unknown'],
  over: ['self', 'isp', 'unknown'],
  heartbeat: [],
  failover: [],
};

const SILENT: Notify = { receivers: {} };

/** What is read by a program and by no person. */
function programOf(name: (typeof RECEIVERS)[number], notify: Notify): Integrations | null {
  if (name === 'heartbeat') return heartbeatOf(notify);
  return name === 'failover' ? failoverOf(notify) : null;
}

/** Every receiver also posts to `url`, where all can be seen. The end of an end is no news. */
function receivers(url: string, notify: Notify): Receiver[] {
  return RECEIVERS.map((name) => {
    const entries = Object.values(notify.receivers).filter(({ owners }) =>
      owners.some((owner) => OWNERS_OF_RECEIVER[name].includes(owner)),
    );
    const ends = name !== 'over' && name !== 'heartbeat';
    const { webhook_configs = [], ...others } = programOf(name, notify) ?? integrationsOf(entries, ends);
    return { name, webhook_configs: [...webhook_configs, { url, send_resolved: ends }], ...others };
  });
}

/** Blast radius only: behind a dead line all else fails. `equal` also holds for two missing labels, hence the guard. */
function inhibitRules(): InhibitRule[] {
  const offline = OFFLINE_ROWS.join('|');
  return [
    {
      source_matchers: ['alertname=~"Demarc.*"', `row=~"${offline}"`, 'site!=""'],
      target_matchers: ['alertname="DemarcUnknownFailure"', `row!~"${offline}"`, 'site!=""'],
      equal: ['site'],
    },
    {
      // What a service's verdict tells of a component needs no second message.
      source_matchers: ['alertname="DemarcVendorFailure"', 'vendor!=""', 'component!=""', 'site!=""'],
      target_matchers: ['alertname="DemarcVendorIncident"'],
      equal: ['site', 'vendor', 'component'],
    },
    {
      // Nor does what one tells of a host that was lost with many others.
      source_matchers: ['alertname="DemarcOwnFailure"', 'layer="host"', 'site!=""'],
      target_matchers: ['alertname="DemarcHostsLost"'],
      equal: ['site'],
    },
  ];
}

/** A whole configuration. `url` is the webhook all receivers post to, besides what the map names. */
export function alertmanagerConfig(url: string = LOG_URL, notify: Notify = SILENT): AlertmanagerConfig {
  return {
    templates: ['demarc.tmpl'],
    route: {
      receiver: 'log',
      group_by: ['alertname', 'site', 'service'],
      group_wait: '5s',
      group_interval: '5m',
      repeat_interval: '4h',
      routes: routes(),
    },
    receivers: receivers(url, notify),
    inhibit_rules: inhibitRules(),
  };
}

/** The same as one route to be added to a configuration of somebody's own; all names begin with `demarc-`. */
export function alertmanagerFragment(url: string = LOG_URL, notify: Notify = SILENT): AlertmanagerConfig {
  const own = alertmanagerConfig(url, notify);
  const renamed = (route: Route): Route => ({ ...route, receiver: `demarc-${route.receiver}` });
  const [heartbeat, ...others] = routes().map(renamed);
  const { receiver, ...settings } = renamed(own.route);
  const demarc: Route = { receiver, matchers: ['alertname=~"Demarc.*"'], ...settings, routes: others };
  return {
    templates: own.templates,
    // The outer route stands for the reader's own; only what is in `routes` is to be copied.
    route: { receiver: 'demarc-log', routes: [...(heartbeat === undefined ? [] : [heartbeat]), demarc] },
    receivers: own.receivers.map((receiver) => ({ ...receiver, name: `demarc-${receiver.name}` })),
    inhibit_rules: own.inhibit_rules,
  };
}
