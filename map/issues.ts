// Turns what zod found wrong into what an operator can act on: place, what, hint.
import { z } from 'zod';
import type { Problem } from './user-error.ts';

/** Keys of a schema, for "did you mean". */
interface Keys {
  anywhere: readonly string[];
  at(path: readonly PropertyKey[]): readonly string[];
}

function keysOf(schema: z.ZodType): Keys {
  const root: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const keys = new Set<string>();
  const walk = (node: unknown): void => {
    for (const key of Object.keys(partOf(node, 'properties'))) keys.add(key);
    for (const child of Object.values(asRecord(node))) walk(child);
  };
  walk(root);
  const at = (path: readonly PropertyKey[]): string[] => {
    const nodes = path.reduce<unknown[]>((within, key) => within.flatMap((node) => childrenOf(node, key)), [root]);
    return nodes.flatMap(formsOf).flatMap((node) => Object.keys(partOf(node, 'properties')));
  };
  return { anywhere: [...keys], at };
}

const asRecord = (node: unknown): Record<string, unknown> =>
  typeof node === 'object' && node !== null ? { ...node } : {};

const partOf = (node: unknown, key: string): Record<string, unknown> => asRecord(asRecord(node)[key]);

/** A union is any of its members. */
function formsOf(node: unknown): unknown[] {
  const { anyOf, oneOf, allOf } = asRecord(node);
  return [
    node,
    ...[anyOf, oneOf, allOf].flatMap((members) => (Array.isArray(members) ? members.flatMap(formsOf) : [])),
  ];
}

/** What a JSON Schema says of a key, or of an entry of a list, in each of the forms it allows. */
function childrenOf(node: unknown, key: PropertyKey): unknown[] {
  return formsOf(node).flatMap((form) => {
    const { items, additionalProperties } = asRecord(form);
    const found = typeof key === 'number' ? items : (partOf(form, 'properties')[String(key)] ?? additionalProperties);
    return typeof found === 'object' ? [found] : [];
  });
}

/** Edits to get from one word to another; two neighbours that changed places are one edit (optimal string alignment). */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const swapped = row > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swap = swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(replaced, swap, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    before = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** The known word nearest to a mistyped one; undefined when none is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const ranked = [...known]
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

type Issue = z.core.$ZodIssue;

/** All problems of a failed parse, each with its place. */
export function problemsOf(
  error: z.ZodError,
  schema: z.ZodType,
  place: (path: readonly PropertyKey[]) => string,
): Problem[] {
  const known = keysOf(schema);
  return error.issues.flatMap((issue) => problemsOfIssue(issue, [], known, place));
}

function problemsOfIssue(
  issue: Issue,
  above: PropertyKey[],
  known: Keys,
  place: (path: readonly PropertyKey[]) => string,
): Problem[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        place: place([...path, key]),
        what: `unknown key ${key}`,
        hint: hintFor(key, known.at(path), known.anywhere),
      }));
    case 'invalid_union': {
      // The branch that got furthest is the one that was meant.
      const branches = issue.errors.filter((branch) => branch.length > 0);
      const deepest = branches.sort((a, b) => depth(b) - depth(a))[0];
      if (deepest === undefined || depth(deepest) === 0) {
        // Whoever wrote a message for the whole knows better than the parts.
        const hint = issue.message === 'Invalid input' ? forms(issue.errors) || issue.message : issue.message;
        return [{ place: place(path), what: 'has none of the accepted forms', hint }];
      }
      return deepest.flatMap((inner) => problemsOfIssue(inner, path, known, place));
    }
    case 'invalid_key':
      return [
        {
          place: place(path),
          what: `the name ${String(path.at(-1))} is not allowed`,
          hint: issue.issues[0]?.message ?? '',
        },
      ];
    case 'invalid_type': {
      const { message, expected } = issue;
      const what = message.endsWith('undefined')
        ? 'is missing'
        : message.endsWith('null')
          ? 'is empty'
          : 'has the wrong type';
      const hint = message.startsWith('Invalid input') ? `expected ${expected}` : message;
      return [{ place: place(path), what, hint }];
    }
    default:
      return [{ place: place(path), what: 'is not valid', hint: issue.message }];
  }
}

/** `here`: the keys there are at its place. A word that is right elsewhere is no slip of the finger. */
function hintFor(key: string, here: readonly string[], anywhere: readonly string[]): string {
  if (anywhere.includes(`${key}File`)) return `write the secret to a file and name that file as ${key}File`;
  const guess = nearest(key, here) ?? nearest(key, anywhere);
  if (guess === undefined) return 'remove it';
  return guess === key ? `it belongs elsewhere; known here are ${here.join(', ')}` : `did you mean ${guess}?`;
}

const depth = (issues: readonly Issue[]): number => Math.max(...issues.map(({ path }) => path.length));

function forms(errors: readonly (readonly Issue[])[]): string {
  return errors
    .map((branch) => branch[0]?.message ?? '')
    .filter((text) => text !== '')
    .join('; or ');
}
