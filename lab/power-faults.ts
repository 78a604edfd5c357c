// What can happen to the power in the house: part of the list in faults.ts.

export const POWER_FAULTS = {
  power_cut: {
    target: null,
    whole: 'there is power or there is none',
    label: 'Cut the power of the house',
    help: 'The UPS runs on its battery; the router does not hang on it, so the gateway and all behind it are silent.',
  },
  ups_on_battery: {
    target: null,
    whole: 'there is power or there is none',
    label: 'Let the UPS run on its battery',
    help: 'The UPS says that it has no power of the line. All else goes on.',
  },
  ups_silent: {
    target: null,
    share: 'seconds',
    label: 'Silence the UPS',
    help: 'Whoever tells of the UPS does not answer.',
  },
} as const;

/** Kinds a world without a UPS cannot have. */
export const NEEDS_UPS: ReadonlySet<string> = new Set(Object.keys(POWER_FAULTS));
