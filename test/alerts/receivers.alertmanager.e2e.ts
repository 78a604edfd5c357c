// A real Alertmanager with the configuration of a map, and at the other end what each receiver documents: path, login,
// fields. Text that is hostile to one of them arrives as text.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../replay/process.ts';
import { hurry, type RunningAlertmanager, type SentAlert, startAlertmanager } from './alertmanager-run.ts';
import { type FakeServer, fakeBehindProxy, fakeHttp, fakeSmtp, type Received } from './fake-receivers.ts';

const HOSTILE = 'note: {a: 1}\n- <b>&amp;</b> @everyone <!channel> [x](http://evil) "q" {{ .Status }} \\ 😀';

const ALERT: SentAlert = {
  labels: {
    alertname: 'DemarcOwnFailure',
    owner: 'self',
    severity: 'critical',
    site: 'home',
    service: 'blog',
    row: 'origin_refused',
  },
  annotations: {
    summary: 'Something of your own has failed.',
    title: 'yours: origin process down',
    description: 'blog is down, and it is yours: origin process down.',
    since: '2026-11-21 10:00:05 UTC',
    symptom: HOSTILE,
    lasted: '7m 5s',
    evidence: 'BAD origin_connect: asked directly, the origin accepts no connection',
    action: 'Restart the origin process and read its log.',
    runbook_url: 'http://127.0.0.1:9815/runbooks/origin_refused',
  },
};

const TITLE = '[blog] yours: origin process down';
const LINK = 'http://nas.lan:9815/runbooks/origin_refused';
const TEXT = [
  'blog is down, and it is yours: origin process down.',
  `Since 2026-11-21 10:00:05 UTC at home: ${HOSTILE}`,
  'BAD origin_connect: asked directly, the origin accepts no connection',
  'Do: Restart the origin process and read its log.',
].join('\n');

const mapFor = (http: string, smtp: number): string => `
version: 1
notify:
  statusPage: http://nas.lan:9815/
  receivers:
    ntfy: { kind: ntfy, url: '${http}/', topic: home-alerts, tokenFile: FOLDER/secrets/ntfy }
    gotify: { kind: gotify, url: '${http}', tokenFile: FOLDER/secrets/gotify }
    pushover: { kind: pushover, userKeyFile: FOLDER/secrets/pushover-user, tokenFile: FOLDER/secrets/pushover }
    telegram: { kind: telegram, botTokenFile: FOLDER/secrets/telegram, chat: -100123, url: '${http}' }
    discord: { kind: discord, webhookUrlFile: FOLDER/secrets/discord }
    slack: { kind: slack, webhookUrlFile: FOLDER/secrets/slack }
    pagerduty: { kind: pagerduty, routingKeyFile: FOLDER/secrets/pagerduty, url: '${http}/v2/enqueue' }
    hook: { kind: webhook, url: '${http}/hook', tokenFile: FOLDER/secrets/hook }
    secret-hook: { kind: webhook, urlFile: FOLDER/secrets/hook-url, owners: [self] }
    vendor-only: { kind: webhook, url: '${http}/vendor-only', owners: [vendor] }
    mail:
      { kind: email, to: me@example.org, from: demarc@example.org, server: '127.0.0.1:${smtp}', username: me,
        passwordFile: FOLDER/secrets/mail, tls: false }
  heartbeat: { urlFile: FOLDER/secrets/heartbeat }
`;

let http: FakeServer;
let proxied: Awaited<ReturnType<typeof fakeBehindProxy>>;
let smtp: Awaited<ReturnType<typeof fakeSmtp>>;
let alertmanager: RunningAlertmanager;

beforeAll(async () => {
  [http, proxied, smtp] = await Promise.all([fakeHttp(), fakeBehindProxy('api.pushover.net'), fakeSmtp()]);
  alertmanager = await startAlertmanager({
    map: mapFor(http.url, smtp.port),
    // With the newline an editor leaves, except for Pushover, which would be sent it.
    secrets: {
      'secrets/ntfy': 'tk_ntfy\n',
      'secrets/gotify': 'gotify-token\n',
      'secrets/pushover-user': 'pushover-user',
      'secrets/pushover': 'pushover-token',
      'secrets/telegram': '123:telegram\n',
      'secrets/discord': `${http.url}/api/webhooks/1/discord\n`,
      'secrets/slack': `${http.url}/services/slack\n`,
      'secrets/pagerduty': 'routing-key\n',
      'secrets/hook': 'hook-token\n',
      'secrets/hook-url': `${http.url}/secret-hook\n`,
      'secrets/mail': 'mail-password\n',
      'secrets/heartbeat': `${http.url}/heartbeat\n`,
    },
    async change(config, folder) {
      hurry(config, 3);
      await writeFile(path.join(folder, 'ca.pem'), proxied.ca);
      // Pushover's address is fixed in Alertmanager, so a proxy has to lead it astray.
      const settings = { proxy_url: proxied.url, tls_config: { ca_file: 'ca.pem' } };
      for (const { pushover_configs = [] } of config.receivers)
        for (const pushover of pushover_configs) pushover.http_config = settings;
    },
  });
  const watchdog = { labels: { alertname: 'Watchdog', owner: 'none', severity: 'none' }, annotations: {} };
  await alertmanager.send([ALERT, watchdog]);
  await until('every receiver', () => at('/heartbeat').length > 0 && arrived(), 30_000).catch((error: unknown) => {
    const came = [...http.received, ...proxied.received].map((request) => request.path);
    throw new Error(`only these came: ${came.join(' ')}; mails: ${smtp.mails.length}\n${alertmanager.tail()}`, {
      cause: error,
    });
  });
});

afterAll(async () => {
  await alertmanager.stop();
  await Promise.all([http.stop(), proxied.stop(), smtp.stop()]);
});

const PATHS = ['/', '/message', '/bot123:telegram/sendMessage', '/api/webhooks/1/discord', '/services/slack'];

const arrived = (): boolean =>
  [...PATHS, '/v2/enqueue', '/hook', '/secret-hook'].every((each) => at(each).length > 0) &&
  proxied.received.length > 0 &&
  smtp.mails.length > 0;

const at = (where: string): Received[] => http.received.filter((request) => request.path.split('?')[0] === where);

function first(where: string): Received {
  const [request] = at(where);
  if (request === undefined) throw new Error(`nothing at ${where}`);
  expect(request.method).toBe('POST');
  return request;
}

/** What keeps Alertmanager from reading a value as YAML. */
const TAB = '\t';

describe('a failure of your own reaches', () => {
  it('ntfy, as JSON at its root', () => {
    const { headers, body } = first('/');
    expect(headers.authorization).toBe('Bearer tk_ntfy');
    expect(JSON.parse(body)).toEqual({
      topic: 'home-alerts',
      title: TAB + TITLE,
      message: TAB + TEXT,
      priority: 5,
      tags: ['rotating_light'],
      click: LINK,
    });
  });

  it('Gotify, with its token in a header', () => {
    const { headers, body } = first('/message');
    expect(headers['x-gotify-key']).toBe('gotify-token');
    expect(JSON.parse(body)).toEqual({
      title: TAB + TITLE,
      message: TAB + TEXT,
      priority: 8,
      extras: { 'client::notification': { click: { url: LINK } } },
    });
  });

  it('Pushover, over TLS at its own name', () => {
    expect(proxied.asked).toContain('api.pushover.net:443');
    const [request] = proxied.received;
    expect(`${request?.method} ${request?.path.split('?')[0]}`).toBe('POST /1/messages.json');
    const form = new URLSearchParams(`${request?.path.split('?')[1] ?? ''}&${request?.body}`);
    const told = Object.fromEntries(form);
    expect(told).toMatchObject({
      token: 'pushover-token',
      user: 'pushover-user',
      title: TITLE,
      priority: '1',
      url: LINK,
    });
    expect(told.message).toContain('blog is down, and it is yours');
  });

  it('Telegram, with everything escaped that is HTML', () => {
    const told = JSON.parse(first('/bot123:telegram/sendMessage').body) as Record<string, string>;
    expect(told).toMatchObject({ chat_id: '-100123', parse_mode: 'HTML' });
    expect(told.text).toMatch(/^<b>\[blog\] yours: origin process down<\/b>\nblog is down/);
    expect(told.text).toContain('&lt;b&gt;&amp;amp;&lt;/b&gt;');
    expect(told.text?.replace(/^<b>.*<\/b>/, '')).not.toContain('<');
  });

  it('Discord, with nobody mentioned and no link but ours', () => {
    const told = JSON.parse(first('/api/webhooks/1/discord').body) as { embeds: Record<string, string>[] };
    expect(told).not.toHaveProperty('content', expect.stringContaining('@'));
    const [embed] = told.embeds;
    expect(embed?.title).toBe('\\[blog\\] yours: origin process down');
    expect(embed?.description).toContain('\\@everyone \\<!channel\\> \\[x\\](http://evil)');
    expect(embed?.description).toMatch(/\nhttp:\/\/nas\.lan:9815\/runbooks\/origin_refused$/);
  });

  it('Slack, with nobody mentioned', () => {
    const told = JSON.parse(first('/services/slack').body) as { attachments: Record<string, string>[] };
    expect(told.attachments[0]).toMatchObject({ title: TITLE, title_link: LINK, color: 'danger' });
    expect(told.attachments[0]?.text).toContain('&lt;!channel&gt;');
    expect(told.attachments[0]?.text).not.toMatch(/[<>]/);
  });

  it('PagerDuty, as an event of version 2', () => {
    const told = JSON.parse(first('/v2/enqueue').body) as Record<string, unknown>;
    expect(told).toMatchObject({
      routing_key: 'routing-key',
      event_action: 'trigger',
      client: 'demarc',
      links: [{ href: LINK, text: 'Runbook' }],
      payload: { summary: TITLE, severity: 'critical', class: 'origin_refused', group: 'home' },
    });
    expect(told.dedup_key).toMatch(/^[0-9a-f]{64}$/);
    expect((told.payload as { custom_details: { report: string } }).custom_details.report).toBe(TAB + TEXT);
  });

  it('webhooks, with all there is', () => {
    const { headers, body } = first('/hook');
    expect(headers.authorization).toBe('Bearer hook-token');
    expect(JSON.parse(body)).toMatchObject({ version: '4', status: 'firing', receiver: 'own', alerts: [ALERT] });
    expect(first('/secret-hook').headers.authorization).toBeUndefined();
  });

  it('a mailbox, as text and HTML', () => {
    const [mail] = smtp.mails;
    expect(mail).toMatchObject({ login: '\0me\0mail-password', from: expect.stringContaining('<demarc@example.org>') });
    expect(mail?.to).toContain('<me@example.org>');
    expect(mail?.data).toMatch(/^Subject: \[blog\] yours: origin process down$/m);
    expect(mail?.data).toContain('Content-Type: text/plain');
    expect(mail?.data).toContain('Content-Type: text/html');
    expect(mail?.data.slice(mail.data.indexOf('text/html'))).not.toContain('<!channel>');
  });

  it('nobody who only asked for vendors', () => expect(at('/vendor-only')).toEqual([]));
});

describe('the heartbeat', () => {
  it('goes to its own place, and nothing else does', () => {
    const told = JSON.parse(first('/heartbeat').body) as { receiver: string; alerts: { labels: object }[] };
    expect(told.receiver).toBe('heartbeat');
    for (const { body } of at('/heartbeat')) expect(body).not.toContain('DemarcOwnFailure');
  });
});

describe('the end', () => {
  it('is told everywhere, with how long it lasted', async () => {
    const endsAt = new Date(Date.now() - 100).toISOString();
    const startsAt = new Date(Date.now() - 600_000).toISOString();
    await alertmanager.send([{ ...ALERT, startsAt, endsAt }]);
    const ended = (where: string): boolean => at(where).some(({ body }) => body.includes('It lasted 7m 5s.'));
    await until('the end', () => [...PATHS].every(ended) && smtp.mails.length > 1, 30_000);
    const told = at('/').map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(told.at(-1)).toMatchObject({ title: `${TAB}Over: ${TITLE}`, priority: 3, tags: ['white_check_mark'] });
    expect(JSON.parse(at('/v2/enqueue').at(-1)?.body ?? '{}')).toMatchObject({ event_action: 'resolve' });
  });
});
