// The key `notify` of demarc.yaml: who is told, by which way. Secrets are named by file and read by Alertmanager alone;
// the map, what is generated from it, and demarc itself never hold one.
import { z } from 'zod';
import { Name, Url } from './schema-words.ts';

/** Whose failures a receiver may be told of: the label `owner` of alerts. */
export const OWNERS = ['self', 'isp', 'vendor', 'unknown'] as const;

/** Absolute, because Alertmanager looks for some relative files next to its configuration, and for others where it was started. */
const SecretFile = z
  .string()
  .regex(
    /^(\/[\w.@+-]+)+$/,
    'must be the absolute path of a file that holds the secret, such as /etc/demarc/alerts/token; the secret itself does not belong in the map',
  )
  .meta({ title: 'absolute path' });

const Owners = z
  .array(z.enum(OWNERS))
  .min(1)
  .default([...OWNERS])
  .describe('Whose failures it is told of. Alerts about demarc itself go where `self` goes.');

/** Read as YAML once more by Alertmanager, so a topic must not look like anything but a word. */
const Topic = z
  .string()
  .regex(/^(?!(true|false|null)$)[A-Za-z][-_A-Za-z0-9]{3,63}$/i, 'must be 4 to 64 of A-Z, a-z, 0-9, _ and -')
  .meta({ title: 'topic' });

const Ntfy = z.strictObject({
  kind: z.literal('ntfy').describe('An ntfy server, your own or https://ntfy.sh.'),
  url: Url.describe('The server, without the topic.'),
  topic: Topic.describe('On a public server whoever knows it may read along, unless it is reserved.'),
  tokenFile: SecretFile.optional().describe('Holds an access token.'),
  owners: Owners,
});

const Gotify = z.strictObject({
  kind: z.literal('gotify').describe('A Gotify server.'),
  url: Url.describe('The server.'),
  tokenFile: SecretFile.describe("Holds the application's token."),
  owners: Owners,
});

const Pushover = z.strictObject({
  kind: z.literal('pushover').describe('Pushover.'),
  userKeyFile: SecretFile.describe('Holds your user key, or a group key.'),
  tokenFile: SecretFile.describe("Holds the application's token."),
  owners: Owners,
});

const Telegram = z.strictObject({
  kind: z.literal('telegram').describe('A Telegram bot.'),
  botTokenFile: SecretFile.describe("Holds the bot's token."),
  chat: z.int().describe('Id of the chat; negative for groups.'),
  url: Url.default('https://api.telegram.org').describe('A Bot API server of your own.'),
  owners: Owners,
});

const Discord = z.strictObject({
  kind: z.literal('discord').describe('A channel of Discord.'),
  webhookUrlFile: SecretFile.describe("Holds the URL of the channel's webhook."),
  owners: Owners,
});

const Slack = z.strictObject({
  kind: z.literal('slack').describe('A channel of Slack.'),
  webhookUrlFile: SecretFile.describe('Holds the URL of the incoming webhook.'),
  owners: Owners,
});

const Address = z.email('must be an e-mail address');

const Email = z.strictObject({
  kind: z.literal('email').describe('E-mail over SMTP.'),
  to: Address.describe('Who reads it.'),
  from: Address.describe('Who it is from.'),
  server: z
    .string()
    .regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, 'must be host:port')
    .meta({ title: 'host:port' })
    .describe('The SMTP server; port 587 for STARTTLS, 465 for TLS from the start.'),
  username: z.string().min(1).optional().describe('Left out: no login.'),
  passwordFile: SecretFile.optional().describe('Holds the password.'),
  tls: z.boolean().default(true).describe('`false` allows a server without TLS, for one on this machine.'),
  owners: Owners,
});

const Pagerduty = z.strictObject({
  kind: z.literal('pagerduty').describe('PagerDuty, Events API v2.'),
  routingKeyFile: SecretFile.describe('Holds the integration key.'),
  url: Url.default('https://events.pagerduty.com/v2/enqueue').describe('Another region has another one.'),
  owners: Owners,
});

const oneUrl = ({ url, urlFile }: { url?: string | undefined; urlFile?: string | undefined }): boolean =>
  (url === undefined) !== (urlFile === undefined);

const ONE_URL = 'needs either url or urlFile';

const Webhook = z
  .strictObject({
    kind: z.literal('webhook').describe("Alertmanager's own JSON, version 4."),
    url: Url.optional().describe('Where it is posted to.'),
    urlFile: SecretFile.optional().describe('Holds the URL, when that is a secret.'),
    tokenFile: SecretFile.optional().describe('Holds a bearer token.'),
    owners: Owners,
  })
  .refine(oneUrl, ONE_URL);

const KINDS = [Ntfy, Gotify, Pushover, Telegram, Discord, Slack, Email, Pagerduty, Webhook] as const;

const ReceiverEntry = z.discriminatedUnion('kind', KINDS, {
  error: ({ code }) =>
    code === 'invalid_union'
      ? 'kind must be ntfy, gotify, pushover, telegram, discord, slack, email, pagerduty or webhook'
      : undefined,
});

export type ReceiverEntry = z.output<typeof ReceiverEntry>;

const Failover = z
  .strictObject({
    url: Url.optional().describe('Where it is posted to.'),
    urlFile: SecretFile.optional().describe('Holds the URL, when that is a secret.'),
    tokenFile: SecretFile.optional().describe('Holds a bearer token.'),
  })
  .refine(oneUrl, ONE_URL)
  .describe('A program of yours that may move a service to its `failover` while a vendor fails.');

export const Notify = z
  .strictObject({
    statusPage: Url.optional().describe(
      'The status page as the reader of a message reaches it, such as http://nas.lan:9815. Left out: links lead to `listen`.',
    ),
    receivers: z.record(Name, ReceiverEntry).default({}).describe('Who is told of failures, by name.'),
    heartbeat: z
      .strictObject({
        url: Url.optional().describe('Posted to once a minute.'),
        urlFile: SecretFile.optional().describe('Holds the URL, when that is a secret.'),
      })
      .refine(oneUrl, ONE_URL)
      .optional()
      .describe('A dead-man’s switch outside, which tells you when this site has fallen silent.'),
    failover: Failover.optional(),
  })
  .describe('Who is told, by `demarc generate --map`. Paths of files are as Alertmanager sees them.');

export type Notify = z.output<typeof Notify>;

export interface SecretFileUse {
  at: string[];
  file: string;
  /** Sent as it is, where others have spaces and newlines around it cut off. */
  exact: boolean;
}

/** Every file with a secret that a map names, with the key that names it. */
export function secretFiles({ receivers, heartbeat, failover }: Notify): SecretFileUse[] {
  const within = (at: string[], entry: object, exact: boolean): SecretFileUse[] =>
    Object.entries(entry).flatMap(([key, value]) =>
      key.endsWith('File') && typeof value === 'string' ? [{ at: [...at, key], file: value, exact }] : [],
    );
  return [
    ...Object.entries(receivers).flatMap(([name, entry]) =>
      // Alertmanager 0.33.1 posts the newline of a Pushover key along.
      within(['notify', 'receivers', name], entry, entry.kind === 'pushover'),
    ),
    ...within(['notify', 'heartbeat'], heartbeat ?? {}, false),
    ...within(['notify', 'failover'], failover ?? {}, false),
  ];
}
