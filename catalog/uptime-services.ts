// How uptime services tell of one monitor: where, in which words, and since when. All of them take an API key as a bearer token.

export interface UptimeService {
  /** Followed by the number or name of a monitor. */
  base: string;
  /** Where in the document its state is, and when they looked, where they tell. */
  pointer: string;
  checked?: string;
  up: readonly string[];
  /** Every other state means that nobody knows: paused, or not confirmed by a second look. */
  down: readonly string[];
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
