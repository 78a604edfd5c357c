// Reads what people ask about: one sentence or several, in the words of sentences.ts or in others that mean the same. A word
// that is wrong is answered with those that would have been right.
import { FAULTS, type FaultKind } from '../../lab/faults.ts';
import type { Fault } from '../../lab/lab.ts';
import { parseFault, publicFault } from '../../lab/parse-fault.ts';
import type { World } from '../../lab/world.ts';
import { nearest } from '../../map/issues.ts';
import type { DemarcMap } from '../../map/load.ts';
import { UserError } from '../../map/user-error.ts';
import { type Sentence, sentencesFor } from './sentences.ts';

/** Of a line that only loses or flaps, when the phrase gives no share. */
const USUAL_RATE: Partial<Record<FaultKind, number>> = { uplink_loss: 0.3, uplink_flapping: 0.5 };

const FAILED = ['down', 'out', 'expired', 'erroring'] as const;

/** Other words people say; the first that fits counts. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    line: ['uplink'],
    internet: ['uplink'],
    isp: ['uplink'],
    router: ['gateway'],
    machine: ['host'],
    server: ['host'],
    process: ['origin'],
    app: ['origin'],
    application: ['origin'],
    electricity: ['power'],
    mains: ['power'],
    cert: ['certificate'],
    daemon: ['tunnel'],
    tld: ['registry'],
    failed: FAILED,
    failing: ['erroring', ...FAILED],
    broken: ['erroring', ...FAILED],
    dead: FAILED,
    gone: ['missing', ...FAILED],
    off: FAILED,
    offline: FAILED,
    unreachable: FAILED,
    cut: FAILED,
    out: FAILED,
    down: FAILED,
    expires: ['expired'],
    lapsed: ['expired'],
    deleted: ['missing'],
    late: ['slow'],
    suspended: ['held'],
  }),
);

const FILLERS: ReadonlySet<string> = new Set(['the', 'my', 'our', 'is', 'goes', 'gets', 'has', 'daemon']);

const SHARE = /^(\d{1,3})%$/;

/**
 * The faults a phrase asks about; several phrases may be joined by `and`. Throws {@link UserError} with the word that is
 * wrong, and what would have been right.
 */
export function faultsOf(phrase: string, map: DemarcMap, world: World): Fault[] {
  const sentences = sentencesFor(map, world);
  const parts = phrase.trim().split(/\s+and\s+|\s*,\s*/i);
  return parts.flatMap((part) => faultsOfPart(part, sentences, world));
}

function faultsOfPart(part: string, sentences: readonly Sentence[], world: World): Fault[] {
  const all = part
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const share = SHARE.exec(all.at(-1) ?? '')?.[1];
  const words = share === undefined ? all : all.slice(0, -1);
  let fitting = sentences;
  const understood: string[] = [];
  for (const word of words) {
    const index = understood.length;
    const meant = [word, ...(SYNONYMS.get(word) ?? [])].find((one) =>
      fitting.some((sentence) => sentence.words[index] === one),
    );
    if (meant === undefined && FILLERS.has(word)) continue;
    if (meant === undefined) throw wrongWord(understood, word, fitting);
    fitting = fitting.filter((sentence) => sentence.words[index] === meant);
    understood.push(meant);
  }
  const exact = fitting.find((sentence) => sentence.words.length === understood.length);
  if (exact === undefined) throw unfinished(words, choices(fitting, understood.length));
  return exact.faults.map((fault) => publicFault(parseFault(rated(fault, share, part), world, quoted(part))));
}

function rated(fault: Fault, share: string | undefined, part: string): Fault {
  const kind = fault.kind as FaultKind;
  const usual = USUAL_RATE[kind];
  if (share === undefined) return usual === undefined ? fault : { ...fault, rate: usual };
  const rate = Number(share) / 100;
  if (FAULTS[kind].rated && rate > 0 && rate <= 1) return { ...fault, rate };
  const hint = FAULTS[kind].rated ? 'give a share from 1% to 100%' : 'leave the share out: it happens or it does not';
  throw new UserError([{ place: quoted(part), what: `cannot happen to ${share}%`, hint }]);
}

const quoted = (text: string): string => `"${text.trim()}"`;

const choices = (sentences: readonly Sentence[], index: number): string[] => [
  ...new Set(sentences.flatMap(({ words }) => words[index] ?? [])),
];

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function wrongWord(before: readonly string[], word: string, fitting: readonly Sentence[]): UserError {
  const right = choices(fitting, before.length);
  if (right.length === 0)
    return new UserError([{ place: quoted(word), what: 'the phrase is over before it', hint: 'leave it out' }]);
  const what = before.length === 0 ? 'a phrase cannot begin with it' : `cannot follow ${quoted(before.join(' '))}`;
  const guess = nearest(word, right);
  // Somebody named, without saying as what.
  const named = before.length === 0 ? fitting.filter(({ words }) => words[1] === word) : [];
  const whole = [...new Set(named.map(({ words }) => words.slice(0, 2).join(' ')))];
  const hint =
    whole.length > 0
      ? `say ${listed(whole)}`
      : guess === undefined
        ? `say ${listed(right)}`
        : `did you mean ${guess}? One may say ${listed(right)}`;
  return new UserError([{ place: quoted(word), what, hint }]);
}

function unfinished(words: readonly string[], right: readonly string[]): UserError {
  const what = words.length === 0 ? 'is empty' : 'is not finished';
  return new UserError([{ place: quoted(words.join(' ')), what, hint: `go on with ${listed(right)}` }]);
}
