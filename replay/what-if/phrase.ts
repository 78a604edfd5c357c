// Reads what people ask about: one sentence or several, in the words of sentences.ts or in others that mean the same. A word
// that is wrong is answered with those that would have been right.
import { type FaultKind, shareOf } from '../../lab/faults.ts';
import type { Fault } from '../../lab/lab.ts';
import { parseFault, publicFault } from '../../lab/parse-fault.ts';
import type { World } from '../../lab/world.ts';
import { nearest } from '../../map/issues.ts';
import type { DemarcMap } from '../../map/load.ts';
import { UserError } from '../../map/user-error.ts';
import { type Sentence, sentencesFor } from './sentences.ts';
import { isFiller, meanings, UNSAID, wordsOf } from './wording.ts';

/** Of a line that only loses or flaps, when the phrase gives no share. */
const USUAL_RATE: Partial<Record<FaultKind, number>> = { uplink_loss: 0.3, uplink_flapping: 0.5 };

const SHARE = /^(\d{1,3})%$/;

/**
 * The faults a phrase asks about; several phrases may be joined by `and`. Throws {@link UserError} with the word that is
 * wrong, and what would have been right.
 */
export function faultsOf(phrase: string, map: DemarcMap, world: World): Fault[] {
  const sentences = sentencesFor(map, world);
  const parts = phrase.trim().split(/\s+and\s+|\s*,\s*/i);
  return parts.flatMap((part) => faultsOfPart(part, wordsOf(part, map), sentences, world));
}

function faultsOfPart(part: string, all: readonly string[], sentences: readonly Sentence[], world: World): Fault[] {
  const share = SHARE.exec(all.at(-1) ?? '')?.[1];
  const words = share === undefined ? all : all.slice(0, -1);
  const { faults } = asSaid(words, sentences);
  return faults.map((fault) => publicFault(parseFault(rated(fault, share, part), world, quoted(part))));
}

/** The sentence of these words in their order; or the only one they make in any order. */
function asSaid(words: readonly string[], sentences: readonly Sentence[]): Sentence {
  let fitting = sentences;
  const understood: string[] = [];
  for (const word of words) {
    const index = understood.length;
    const meant = meanings(word).find((one) => fitting.some((sentence) => sentence.words[index] === one));
    if (meant === undefined && isFiller(word)) continue;
    if (meant === undefined) return inAnyOrder(words, sentences) ?? throwing(wrongWord(understood, word, fitting));
    fitting = fitting.filter((sentence) => sentence.words[index] === meant);
    understood.push(meant);
  }
  const exact = fitting.find((sentence) => sentence.words.length === understood.length);
  return exact ?? inAnyOrder(words, sentences) ?? throwing(unfinished(words, choices(fitting, understood.length)));
}

function throwing(error: UserError): never {
  throw error;
}

/** The nearest one; several that are equally near are a question, not an answer. */
function inAnyOrder(words: readonly string[], sentences: readonly Sentence[]): Sentence | null {
  const distances = sentences.map((sentence) => ({ sentence, distance: distanceTo(sentence, words) }));
  const least = Math.min(...distances.map(({ distance }) => distance));
  const [first, ...others] = distances.filter(({ distance }) => distance === least);
  return first === undefined || others.length > 0 || least === Number.POSITIVE_INFINITY ? null : first.sentence;
}

/** How far from the sentence what was said is: by words left unsaid, then by how else it is worded. Infinity: it is another one. */
function distanceTo({ words: meant }: Sentence, said: readonly string[]): number {
  const unsaid = new Set(meant);
  let otherwise = 0;
  for (const word of said) {
    const nearness = meanings(word).findIndex((one) => meant.includes(one));
    if (nearness === -1 && !isFiller(word)) return Number.POSITIVE_INFINITY;
    unsaid.delete(meanings(word)[nearness] ?? '');
    otherwise += Math.max(0, nearness);
  }
  if ([...unsaid].some((word) => !UNSAID.has(word))) return Number.POSITIVE_INFINITY;
  return unsaid.size * FARTHER + otherwise;
}

/** More than any wording can differ. */
const FARTHER = 1_000;

function rated(fault: Fault, share: string | undefined, part: string): Fault {
  const kind = fault.kind as FaultKind;
  const usual = USUAL_RATE[kind];
  if (share === undefined) return usual === undefined ? fault : { ...fault, rate: usual };
  const rate = Number(share) / 100;
  const isShared = shareOf(kind) !== undefined;
  if (isShared && rate > 0 && rate <= 1) return { ...fault, rate };
  const hint = isShared ? 'give a share from 1% to 100%' : 'leave the share out: it happens or it does not';
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
