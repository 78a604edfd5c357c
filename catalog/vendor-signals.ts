// The three-valued signals about a component of a vendor, whether or not a service of yours uses it: 1 OK, 0 BAD, -1 UNKNOWN.
// Exported as demarc_signal_vendor_<name>, one series per component.

/** By name, what each means. The three guards mean what they mean for a service, with the components' symptom for its own. */
export const VENDOR_SIGNALS = {
  controls:
    'OK: controls of the component answer and none fails. BAD: at least one fails. Controls never seen to work, or broken for a day while others work, do not count.',
  any_control: 'OK: a control of the component answers, since the trouble began. BAD: every one that is known fails.',
  settled: 'BAD: the newest answer of a control is not what was known of it, and is being confirmed.',
  path: 'OK: what the controls run through on the way works, since the trouble began. BAD: it fails too.',
  foundation:
    'OK: what the vendor runs the component on, at another vendor, answers. BAD: every control of that fails, over a way that is proven.',
  elsewhere:
    'OK: while it cannot be connected to from here, somebody elsewhere has been served through it, since the trouble began.',
  guard_uplink: 'Since the trouble began the uplink was clean, judged by anchors the accused does not run.',
  guard_others: 'Since the trouble began another vendor answered over the same uplink.',
  guard_witness:
    'OK: two controls in different places worked before and broke within a day of each other, in the same manner. BAD: only one fails, and two others answer.',
} as const satisfies Record<string, string>;

export type VendorSignalName = keyof typeof VENDOR_SIGNALS;

export const VENDOR_SIGNAL_NAMES = Object.keys(VENDOR_SIGNALS) as readonly VendorSignalName[];

/** What a row that accuses a vendor on the word of its controls needs besides its symptom. */
export const VENDOR_GUARDS = [
  'guard_uplink',
  'guard_others',
  'guard_witness',
] as const satisfies readonly VendorSignalName[];

/** What is said of a component: `partial` stands for some of its hosts, or some of the places they are asked from. */
export const VENDOR_STATUSES = ['ok', 'failing', 'partial', 'suspected', 'unknown'] as const;

export type VendorStatus = (typeof VENDOR_STATUSES)[number];
