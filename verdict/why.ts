// A verdict as a differential diagnosis: what was seen at each hop, what that rules out, what remains, what would settle it.
// Pure, and second to the table: it retells the decision and never makes one.
import { LAYERS, type Layer } from '../catalog/layers.ts';
import type { Party } from '../catalog/parties.ts';
import { SIGNALS, type SignalName, signalFact } from '../catalog/signals.ts';
import type { Signal, States } from '../signals/signal.ts';
import { type Conjunct, conjunctsOf, meets } from './conjuncts.ts';
import type { Row } from './row.ts';
import { type RowId, TABLE } from './table.ts';
import { isUnmeasured } from './unmeasured.ts';
import type { Evidence, Verdict } from './verdict.ts';
import { guardOf, settlingWords, stateWords } from './why-words.ts';

export interface Hop {
  layer: Layer;
  state: 'ok' | 'bad' | 'unknown' | 'masked';
  /** Broken ones first. */
  seen: Evidence[];
}

export interface RuledOut {
  /** Causes excluded by the same observation. */
  rows: string[];
  causes: string[];
  /** The observation in words. */
  by: string;
}

export interface Remaining {
  row: string;
  cause: string;
  party: Party;
  /** matched: the verdict. also: it holds as well. open: nothing excludes it, nothing proves it. */
  standing: 'matched' | 'also' | 'open';
  /** What speaks for it, in words; for an open one, what keeps it from being proven. */
  reasons: string[];
}

export interface Why {
  service: string;
  /** fine: nothing to explain. unknown: no measurement to explain. */
  status: 'fine' | 'failing' | 'unknown';
  verdict: Verdict;
  hops: Hop[];
  ruledOut: RuledOut[];
  /** Causes nothing can be said about until the broken link is repaired. */
  hidden: string[];
  remaining: Remaining[];
  settle: string[];
}

/** Signals that say how a thing is, not which part of it answers or whose job it is. */
const ASIDE: ReadonlySet<SignalName> = new Set<SignalName>([
  'nameservers_reachable',
  'other_resolvers',
  'needs_met',
  'certificates_elsewhere',
  'zone_own',
  'beyond_uplink',
  'second_family_silent',
]);

/** What few maps have: without it, a cause that needs it is none to wonder about. */
const BY_CHOICE: ReadonlySet<SignalName> = new Set<SignalName>([
  'power',
  'no_portal',
  'fleet',
  'second_family',
  'forward_proxy',
]);

/** Everybody has these, whether or not the map says how to ask them. */
const EVERYBODYS: ReadonlySet<Layer> = new Set<Layer>(['lan', 'uplink']);

type Seen = ReadonlyMap<SignalName, Signal>;

/** `signals`: all there are; those of other services are passed over. */
export function whyOf(verdict: Verdict, signals: readonly Signal[]): Why {
  const seen: Seen = new Map(
    signals
      .filter(({ service }) => service === '' || service === verdict.service)
      .map((signal) => [signal.name, signal] as const),
  );
  const status: Why['status'] = verdict.party === 'none' ? 'fine' : isUnmeasured(verdict.row) ? 'unknown' : 'failing';
  const hops = LAYERS.flatMap((layer) => hopOf(layer, seen, verdict));
  if (status !== 'failing')
    return { service: verdict.service, status, verdict, hops, ruledOut: [], hidden: [], remaining: [], settle: [] };
  const matched = (TABLE as readonly Row[]).find(({ id }) => id === verdict.row);
  const all = rivals(verdict, seen).map((row) => judgeRow(row, verdict, matched, seen));
  const judged = all.filter(({ hidden }) => !hidden);
  return {
    service: verdict.service,
    status,
    verdict,
    hops,
    ruledOut: ruledOutBy(judged),
    hidden: all.filter(({ hidden }) => hidden).map(({ row }) => row.cause),
    remaining: remainingOf(verdict, matched, judged, seen),
    settle: settlingOf(verdict, judged),
  };
}

const measured = (signal: Signal | undefined): signal is Signal =>
  signal !== undefined && (signal.state !== -1 || signal.evidence !== '');

function hopOf(layer: Layer, seen: Seen, verdict: Verdict): Hop[] {
  const proofs = [...SIGNALS]
    .filter(([name, { layer: of, via }]) => of === layer && via !== 'self' && !isAside(name))
    .flatMap(([name]) => seen.get(name) ?? [])
    .filter(measured);
  if (proofs.length === 0) return [];
  const bad = proofs.filter(({ state }) => state === 0);
  const state = bad.length > 0 ? 'bad' : proofs.every((signal) => signal.state === 1) ? 'ok' : 'unknown';
  const seenHere = [...bad, ...proofs.filter((signal) => signal.state !== 0)].map(evidenceOf);
  return [{ layer, state: verdict.masked.includes(layer) ? 'masked' : state, seen: seenHere }];
}

function evidenceOf({ name, state, evidence }: Signal): Evidence {
  const text = evidence !== '' || state === -1 ? evidence : stateWords(name, state);
  return { signal: name, state: state === 1 ? 'ok' : state === 0 ? 'bad' : 'unknown', text };
}

const isAside = (name: SignalName): boolean => ASIDE.has(name) || guardOf(name) !== undefined;

/** Causes that could have been named for this service, the matched one left out. */
function rivals({ row: matched }: Verdict, seen: Seen): Row[] {
  return (TABLE as readonly Row[]).filter(
    (row) =>
      row.id !== matched &&
      row.layer !== null &&
      row.party !== 'unknown' &&
      !conjunctsOf(row).some(({ signal }) => BY_CHOICE.has(signal) && !measured(seen.get(signal))) &&
      // A cause whose own signals nobody measures is not part of this map.
      (EVERYBODYS.has(row.layer) ||
        conjunctsOf(row).some(({ signal }) => isAbout(signal, row) && measured(seen.get(signal)))),
  );
}

const isAbout = (signal: SignalName, row: Row): boolean =>
  guardOf(signal) === undefined && signalFact(signal).layer === row.layer && signalFact(signal).via !== 'self';

interface Judged {
  row: Row;
  /** Known to be otherwise; the most telling first. */
  contradicted: Conjunct[];
  /** Not known. */
  unproven: Conjunct[];
  /** Its evidence runs through what is broken. */
  hidden: boolean;
}

function judgeRow(row: Row, { masked }: Verdict, matched: Row | undefined, seen: Seen): Judged {
  const blind = matched?.layer === 'lan' || (matched?.layer === 'uplink' && seen.get('uplink')?.state === 0);
  const states: States = Object.fromEntries([...seen].map(([name, { state }]) => [name, state]));
  const unmet = conjunctsOf(row).filter(({ signal, demand }) => !meets(states[signal], demand));
  const known = ({ signal }: Conjunct): boolean => states[signal] === 0 || states[signal] === 1;
  // A line in doubt excludes nobody: it only keeps the proof away. Behind a line that is cut, only the house can testify.
  const excludes = (conjunct: Conjunct): boolean =>
    known(conjunct) &&
    // That something is known after all says nothing against a cause: what is known does.
    conjunct.demand !== 'unknown' &&
    !['uplink', 'others'].includes(guardOf(conjunct.signal) ?? '') &&
    (!blind || signalFact(conjunct.signal).via === 'lan');
  const contradicted = unmet
    .filter(excludes)
    .sort((a, b) => Number(isAbout(b.signal, row)) - Number(isAbout(a.signal, row)));
  const unproven = unmet.filter((conjunct) => !excludes(conjunct));
  const behind = row.layer !== null && masked.includes(row.layer);
  const hidden =
    behind ||
    (blind && contradicted.length === 0 && unproven.some(({ signal }) => signalFact(signal).via === 'uplink'));
  return { row, contradicted, unproven, hidden };
}

/** What a state other than the demanded one says; for a demand that only a known state can miss. */
function saying({ signal, demand }: Conjunct): string {
  return stateWords(signal, demand === 'ok' || demand === 'not_bad' ? 0 : 1);
}

function ruledOutBy(judged: readonly Judged[]): RuledOut[] {
  const groups = new Map<string, RuledOut>();
  for (const { row, contradicted } of judged) {
    const first = contradicted[0];
    if (first === undefined) continue;
    const by = saying(first);
    const group = groups.get(by) ?? { rows: [], causes: [], by };
    group.rows.push(row.id);
    group.causes.push(row.cause);
    groups.set(by, group);
  }
  return [...groups.values()];
}

function remainingOf(verdict: Verdict, matched: Row | undefined, judged: readonly Judged[], seen: Seen): Remaining[] {
  const { row, cause, party, because } = verdict;
  const witnesses = (matched === undefined ? [] : conjunctsOf(matched))
    .filter(({ signal, demand }) => guardOf(signal) !== undefined && demand === 'ok')
    .flatMap(({ signal }) => seen.get(signal)?.evidence || []);
  const first: Remaining = { row, cause, party, standing: 'matched', reasons: [because, ...witnesses] };
  const others = judged
    .filter(({ contradicted }) => contradicted.length === 0)
    .map(({ row: { id, cause: what, party: whose }, unproven }): Remaining => {
      const said = verdict.concurrent.find((one) => one.row === id)?.sentence;
      const standing = unproven.length === 0 ? 'also' : 'open';
      const reasons =
        standing === 'also'
          ? said === undefined
            ? []
            : [said]
          : [...new Set(unproven.map((conjunct) => missing(conjunct, seen)))];
      return { row: id, cause: what, party: whose, standing, reasons };
    })
    // What also holds without being told as a fault of its own is a consequence of the verdict.
    .filter(({ standing, reasons }) => standing === 'open' || reasons.length > 0);
  return [first, ...others];
}

function missing(conjunct: Conjunct, seen: Seen): string {
  const state = seen.get(conjunct.signal)?.state ?? -1;
  return state === -1 ? `it lacks ${settlingWords(conjunct.signal)}` : `against it: ${saying(conjunct)}`;
}

/** What would prove or exclude what is open; nothing when the verdict names somebody with high confidence. */
function settlingOf({ party, confidence, row, action }: Verdict, judged: readonly Judged[]): string[] {
  if (party !== 'unknown' && confidence === 'high') return [];
  if (row === ('confirming' satisfies RowId) || row === ('recovering' satisfies RowId)) return [action];
  const open = judged.filter(({ contradicted, unproven }) => contradicted.length === 0 && unproven.length > 0);
  // The causes that lack least come first: they are the likeliest to be settled.
  const nearest = [...open].sort((a, b) => a.unproven.length - b.unproven.length);
  return [...new Set(nearest.flatMap(({ unproven }) => unproven.map(({ signal }) => settlingWords(signal))))];
}
