// Whose failure it is: the closed list behind the labels `party` and `owner`.

export const PARTIES = ['none', 'own', 'isp', 'vendor', 'registrar', 'registry', 'ca', 'unknown'] as const;

export type Party = (typeof PARTIES)[number];

/** Parties that may be named only behind the guard: anyone you would otherwise blame for your own broken cable. */
export const GUARDED_PARTIES = ['vendor', 'registrar', 'registry', 'ca'] as const satisfies readonly Party[];

/** Alertmanager's label `owner`: who has to act. */
export const OWNER_OF_PARTY = {
  none: 'none',
  own: 'self',
  isp: 'isp',
  vendor: 'vendor',
  registrar: 'vendor',
  registry: 'vendor',
  ca: 'vendor',
  unknown: 'unknown',
} as const satisfies Record<Party, string>;

export const CONFIDENCES = ['high', 'medium', 'low'] as const;

export type Confidence = (typeof CONFIDENCES)[number];
