// Reads what people ask about: one sentence or several, in the words of sentences.ts or in others that mean the same. A word
// that is wrong is answered with those that would have been right.
import { type FaultKind, shareOf } from '../../lab/faults.ts';
import type { Fault } from '../../lab/lab.ts';
import { parseFault, publicFault } from '../../lab/parse-fault.ts';
import { hasIpv6, scopesOf, UNLIMITED } from '../../lab/scope.ts';
import type { World } from '../../lab/world.ts';
import { nearest } from '../../map/issues.ts';
import type { DemarcMap } from '../../map/load.ts';
import { UserError } from '../../map/user-error.ts';
import { type Sentence, sentencesFor } from './sentences.ts';
import { isFiller, meanings, UNSAID, wordsOf } from './wording.ts';

/** Of a line that only loses or flaps, when the phrase gives no share. */
const USUAL_RATE: Partial<Record<FaultKind, number>> = { uplink_loss: 0.3, uplink_flapping: 0.5 };

const SHARE = /^(\d{1,3})%$/;

const FAMILIES: ReadonlyMap<string, string> = new Map(
  Object.entries({ ip4: 'ip4', ipv4: 'ip4', ip6: 'ip6', ipv6: 'ip6' }),
);

/** What may stand before a family. */
const OVER: ReadonlySet<string> = new Set(['on', 'over', 'by', 'via']);

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
  const { words: plain, family } = withoutFamily(all, sentences);
  const share = SHARE.exec(plain.at(-1) ?? '')?.[1];
  const words = share === undefined ? plain : plain.slice(0, -1);
  const { faults } = asSaid(words, sentences);
  const meant = family === undefined ? faults : limited(faults, family, part, world);
  return meant.map((fault) => publicFault(parseFault(rated(fault, share, part), world, quoted(part))));
}

/** The words but those that name a family of addresses, unless something of the map is called so. */
function withoutFamily(
  words: readonly string[],
  sentences: readonly Sentence[],
): { words: readonly string[]; family: string | undefined } {
  const at = words.findIndex(
    (word) => FAMILIES.has(word) && !sentences.some((sentence) => sentence.words.includes(word)),
  );
  const from = OVER.has(words[at - 1] ?? '') ? at - 1 : at;
  return at === -1
    ? { words, family: undefined }
    : { words: [...words.slice(0, from), ...words.slice(at + 1)], family: FAMILIES.get(words[at] ?? '') };
}

/** Of what breaks together, that which has a family. */
function limited(faults: readonly Fault[], family: string, part: string, world: World): Fault[] {
  const refuse = (what: string, hint: string): never => throwing(new UserError([{ place: quoted(part), what, hint }]));
  if (!hasIpv6(world))
    refuse('nothing of this map is asked over IPv6', 'leave the family out, or add anchors with an IPv6 address');
  const able = faults.filter(({ kind }) => scopesOf(kind as FaultKind, undefined, world)?.includes(family));
  const { scope } = able[0] ?? {};
  if (scope !== undefined) refuse(`is limited to the ${scope} already`, 'leave one of the two out');
  if (able.length === 0) refuse(`cannot be limited to ${family}`, `leave it out: ${UNLIMITED}`);
  return able.map((fault) => ({ ...fault, scope: family }));
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
