// What a replay says of itself, for people and for `--json`.
import type { Party } from '../catalog/parties.ts';
import { SIGNALS } from '../catalog/signals.ts';
import type { VendorStatus } from '../catalog/vendor-signals.ts';
import type { Fault } from '../lab/lab.ts';
import type { Link } from '../lab/scenario-file.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Told } from './notifications.ts';

export const ENGINES = ['sim', 'embedded', 'prometheus'] as const;

export type Engine = (typeof ENGINES)[number];

/** The part of a verdict that a scenario can make claims about. */
export interface Said {
  party: Party;
  vendor: string | null;
  component: string | null;
  cause: string;
  row: string;
}

/** Nothing is said any more of a service of which something was: whoever spoke is gone, or cannot be heard. */
export const SILENT: Said = {
  party: 'unknown',
  vendor: null,
  component: null,
  cause: 'nothing is said',
  row: 'silent',
};

export const isSpoken = ({ verdict }: Moment): boolean => verdict.row !== SILENT.row;

/** e.g. `vendor cloudflare, edge failing`. */
export function saidText({ party, vendor, cause, row }: Said): string {
  if (row === 'fine') return row;
  return party === 'none' ? `fine, ${cause}` : `${party}${vendor === null ? '' : ` ${vendor}`}, ${cause}`;
}

/** e.g. `--- broken: edge_unreachable cloudflare ip6`. */
export const brokenText = ({ kind, target, scope }: Fault): string =>
  ['--- broken:', kind, target, scope].filter((part) => part !== undefined).join(' ');

const LINK_OF: ReadonlyMap<string, Link[]> = new Map(
  [...SIGNALS].map(([name, { layer }]) => [name, name === 'service' ? ['service'] : layer === null ? [] : [layer]]),
);

/** The links of the chain which the printed evidence of a verdict shows broken. */
export function brokenIn({ evidence }: Pick<Verdict, 'evidence'>): Link[] {
  const bad = evidence.filter(({ state }) => state === 'bad').map(({ signal }) => signal);
  return [...new Set(bad.flatMap((signal): Link[] => LINK_OF.get(signal) ?? []))];
}

/** From `at` on, until the next moment of the same service, this was said. Scenario milliseconds. */
export interface Moment {
  at: number;
  service: string;
  verdict: Said;
  /** Links which the evidence showed broken then; absent where nobody asked for the evidence. */
  broken?: readonly Link[];
}

/** The part of a verdict about a vendor's component that a scenario can make claims about. */
export interface VendorSaid {
  status: VendorStatus;
  row: string;
  /** Services whose verdict names it, in the map's order. */
  hits: readonly string[];
}

/** From `at` on, until the next moment of the same component, this was said. Scenario milliseconds. */
export interface VendorMoment {
  at: number;
  /** `fastly/edge`. */
  component: string;
  said: VendorSaid;
}

export interface ExpectationResult {
  /** Service, or `fastly/edge` for what is expected of a vendor itself. */
  service: string;
  from: number;
  to: number;
  want: string;
  /** What was said instead, or the same when it was right throughout. */
  got: string;
  /** First moment from which on it was right until `to`; null when it was not. */
  firstRightAt: number | null;
  met: boolean;
}

export interface ReplayResult {
  scenario: string;
  title: string;
  engine: Engine;
  passed: boolean;
  expectations: ExpectationResult[];
  /** Claims that must never be said, and were. */
  broken: string[];
  /** Verdicts that named a vendor the scenario does not accuse. */
  falseVendorBlame: number;
  /** From the first fault to the first expectation about it being right for good; null when it never was. */
  timeToVerdictMs: number | null;
  /** What people were told, where anybody was. */
  told?: Told;
  timeline: Moment[];
  /** What was said of vendors themselves. */
  vendors: VendorMoment[];
}
