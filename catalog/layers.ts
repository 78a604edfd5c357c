// The links of a service's path, in the order a user's request meets them: the label `layer`.

export const LAYERS = [
  'lan',
  'uplink',
  'resolver',
  'registry',
  'registration',
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
export const VENDOR_LAYERS = [
  'registry',
  'registration',
  'dns',
  'endpoint',
  'edge',
  'tunnel',
] as const satisfies readonly Layer[];

/** Those of them a vendor of the catalogue may have components for; registries and registrars follow from the names. */
export const COMPONENT_LAYERS = ['dns', 'endpoint', 'edge', 'tunnel'] as const satisfies readonly VendorLayer[];

export type VendorLayer = (typeof VENDOR_LAYERS)[number];
