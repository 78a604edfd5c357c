// What can happen to the forward proxy of the house: part of the list in faults.ts.

export const PROXY_FAULTS = {
  proxy_down: {
    target: null,
    share: 'seconds',
    label: 'Stop the forward proxy',
    help: 'The forward proxy is gone and its port refuses: nobody gets out to the web, and the line is well.',
  },
  proxy_denies: {
    target: null,
    share: 'requests',
    scopes: ['host'],
    label: 'Let the password for the forward proxy expire',
    help: 'The forward proxy answers 407 to everybody; the line is well.',
  },
  proxy_slow: {
    target: null,
    share: 'requests',
    scopes: ['host'],
    delayMs: 6_000,
    label: 'Slow down the forward proxy',
    help: 'The forward proxy opens a way out late, by 6000 ms unless `delay` says otherwise; the line is well.',
  },
} as const;

/** Kinds a world without a forward proxy cannot have. */
export const NEEDS_PROXY: ReadonlySet<string> = new Set(Object.keys(PROXY_FAULTS));
