// How uptime services tell of one monitor: where, in which words, and since when.

export interface UptimeService {
  /** Followed by the number or name of a monitor, and asked with the API key as a bearer token. */
  base: string;
  /** Instead: asked as it is, by a form, with the key and the number of the monitor in these fields. */
  form?: { key: string; monitor: string; more: Readonly<Record<string, string>> };
  /** Where in the document its state is, and when they looked, where they tell. */
  pointer: string;
  checked?: string;
  up: readonly (string | number)[];
  /** Every other state means that nobody knows: paused, or not confirmed by a second look. */
  down: readonly (string | number)[];
  source: string;
  checkedOn: string;
}

export const UPTIME_SERVICES = {
  uptimerobot: {
    base: 'https://api.uptimerobot.com/v3/monitors/',
    pointer: '/status',
    up: ['UP'],
    down: ['DOWN'],
    source: 'https://uptimerobot.com/api/v3',
    checkedOn: 'never',
  },
  /** For keys of the version before; 8 is a failure that no second look has confirmed. */
  'uptimerobot-v2': {
    base: 'https://api.uptimerobot.com/v2/getMonitors',
    form: { key: 'api_key', monitor: 'monitors', more: { format: 'json' } },
    pointer: '/monitors/0/status',
    up: [2],
    down: [9],
    source: 'https://uptimerobot.com/api/',
    checkedOn: 'never',
  },
  betterstack: {
    base: 'https://uptime.betterstack.com/api/v2/monitors/',
    pointer: '/data/attributes/status',
    checked: '/data/attributes/last_checked_at',
    up: ['up'],
    down: ['down'],
    source: 'https://betterstack.com/docs/uptime/api/get-a-single-monitor',
    checkedOn: 'never',
  },
} as const satisfies Record<string, UptimeService>;

export type UptimeServiceId = keyof typeof UPTIME_SERVICES;
