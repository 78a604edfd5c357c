// From the map's receivers to Alertmanager's integrations. ntfy and Gotify have none, but the webhook of 0.33 may say
// what is posted, and both take JSON: nothing has to stand in between.
import type { Notify, ReceiverEntry } from '../map/notify.ts';

type Settings = Record<string, unknown>;

/** The kinds of integrations we write, as a receiver of Alertmanager names them. */
export const INTEGRATIONS = ['webhook', 'slack', 'discord', 'telegram', 'pushover', 'email', 'pagerduty'] as const;

export type IntegrationKey = `${(typeof INTEGRATIONS)[number]}_configs`;

export type Integrations = Partial<Record<IntegrationKey, Settings[]>>;

const template = (name: string): string => `{{ template "demarc.${name}" . }}`;

/** Without the keys the map leaves out. */
const given = (settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));

const bearer = (file: string | undefined): Settings | undefined =>
  file === undefined ? undefined : { authorization: { type: 'Bearer', credentials_file: file } };

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

type Entry<K extends ReceiverEntry['kind']> = Extract<ReceiverEntry, { kind: K }>;

// https://docs.ntfy.sh/publish/#publish-as-json
function ntfy({ url, topic, tokenFile }: Entry<'ntfy'>): Settings {
  const payload = {
    topic,
    title: template('payload.title'),
    message: template('payload.text'),
    priority: template('ntfy.priority'),
    tags: [template('ntfy.tag')],
    click: template('link'),
  };
  return { url: withoutSlash(url), payload, http_config: bearer(tokenFile) };
}

// https://gotify.net/docs/pushmsg
function gotify({ url, tokenFile }: Entry<'gotify'>): Settings {
  const payload = {
    title: template('payload.title'),
    message: template('payload.text'),
    priority: template('gotify.priority'),
    extras: { 'client::notification': { click: { url: template('link') } } },
  };
  const http_config = { http_headers: { 'X-Gotify-Key': { files: [tokenFile] } } };
  return { url: `${withoutSlash(url)}/message`, payload, http_config };
}

function email({ to, from, server, username, passwordFile, tls }: Entry<'email'>): Settings {
  return {
    to,
    from,
    smarthost: server,
    auth_username: username,
    auth_password_file: passwordFile,
    require_tls: tls,
    headers: { Subject: template('title') },
    text: template('text'),
    html: template('email.html'),
  };
}

function pagerduty({ routingKeyFile, url }: Entry<'pagerduty'>): Settings {
  return {
    routing_key_file: routingKeyFile,
    url,
    client: 'demarc',
    client_url: template('link'),
    description: template('title'),
    severity: template('severity'),
    class: '{{ .CommonLabels.row }}',
    group: '{{ .CommonLabels.site }}',
    details: { report: template('payload.text') },
    links: [{ href: template('link'), text: 'Runbook' }],
  };
}

function integrationOf(entry: ReceiverEntry): [IntegrationKey, Settings] {
  const title = template('title');
  const link = template('link');
  switch (entry.kind) {
    case 'ntfy':
      return ['webhook_configs', ntfy(entry)];
    case 'gotify':
      return ['webhook_configs', gotify(entry)];
    case 'webhook': {
      const { url, urlFile, tokenFile } = entry;
      return ['webhook_configs', { url, url_file: urlFile, http_config: bearer(tokenFile) }];
    }
    case 'slack': {
      const text = { title: template('slack.title'), fallback: template('slack.title'), text: template('slack.text') };
      const color = template('colour');
      return ['slack_configs', { api_url_file: entry.webhookUrlFile, title_link: link, color, ...text }];
    }
    case 'discord': {
      const text = { title: template('discord.title'), message: template('discord.text') };
      return ['discord_configs', { webhook_url_file: entry.webhookUrlFile, ...text }];
    }
    case 'telegram': {
      const where = { bot_token_file: entry.botTokenFile, chat_id: entry.chat, api_url: withoutSlash(entry.url) };
      return ['telegram_configs', { ...where, parse_mode: 'HTML', message: template('telegram.text') }];
    }
    case 'pushover': {
      const keys = { user_key_file: entry.userKeyFile, token_file: entry.tokenFile };
      const priority = template('pushover.priority');
      return ['pushover_configs', { ...keys, title, message: template('text'), url: link, priority }];
    }
    case 'email':
      return ['email_configs', email(entry)];
    case 'pagerduty':
      return ['pagerduty_configs', pagerduty(entry)];
  }
}

/** The integrations of all these receivers together. `ends`: whether they are told of the end as well. */
export function integrationsOf(entries: readonly ReceiverEntry[], ends: boolean): Integrations {
  const all: Integrations = {};
  for (const entry of entries) {
    const [key, settings] = integrationOf(entry);
    const list = all[key] ?? [];
    list.push(given({ send_resolved: ends, ...settings }));
    all[key] = list;
  }
  return all;
}

const firstAlert = (of: string): string => `{{ (index .Alerts 0).${of} }}`;

/**
 * What a program is told of a service that could be moved; docs/failover.md documents every key. Alertmanager reads every value once
 * more as YAML, which makes `true`, `null` and numbers of what looks so: that is made use of here.
 */
const FAILOVER_PAYLOAD = {
  version: 1,
  event: '{{ if eq .Status "firing" }}failover{{ else }}over{{ end }}',
  site: '{{ .GroupLabels.site }}',
  service: '{{ .GroupLabels.service }}',
  ready: `{{ $ready := (index .Alerts 0).Annotations.failover }}{{ if eq $ready "yes" }}true{{ else if eq $ready "no" }}false{{ else }}null{{ end }}`,
  vendor: firstAlert('Labels.vendor'),
  component: firstAlert('Labels.component'),
  layer: firstAlert('Labels.layer'),
  since: firstAlert('Annotations.since'),
};

/** Where a program is told that a service could be moved. It is told of the end, too. */
export function failoverOf({ failover }: Notify): Integrations {
  if (failover === undefined) return {};
  const { url, urlFile, tokenFile } = failover;
  const where = { url, url_file: urlFile, http_config: bearer(tokenFile), timeout: '10s' };
  return { webhook_configs: [given({ ...where, payload: FAILOVER_PAYLOAD, send_resolved: true })] };
}

/** Where the heartbeat goes. It never ends, so nobody is told of its end. */
export function heartbeatOf({ heartbeat }: Notify): Integrations {
  if (heartbeat === undefined) return {};
  return { webhook_configs: [given({ url: heartbeat.url, url_file: heartbeat.urlFile, send_resolved: false })] };
}
