// The links of a service's path, in the order a user's request meets them: the label `layer`.

export const LAYERS = [
  'lan',
  'uplink',
  'resolver',
  'dns',
  'endpoint',
  'edge',
  'certificate',
  'tunnel',
  'host',
  'origin',
] as const;

export type Layer = (typeof LAYERS)[number];

/** Layers somebody else may run for you, hence the layers a vendor verdict can be about. Each has the three guard signals. */
export const VENDOR_LAYERS = ['dns', 'endpoint', 'edge', 'tunnel'] as const satisfies readonly Layer[];

export type VendorLayer = (typeof VENDOR_LAYERS)[number];
