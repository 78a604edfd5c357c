// Turns what zod found wrong into what an operator can act on: place, what, hint.
import { z } from 'zod';
import type { Problem } from './user-error.ts';

/** Every key the schema knows anywhere, for "did you mean". */
function keysOf(schema: z.ZodType): string[] {
  const keys = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node && typeof node.properties === 'object' && node.properties !== null) {
      for (const key of Object.keys(node.properties)) keys.add(key);
    }
    for (const child of Object.values(node)) walk(child);
  };
  walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return [...keys];
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
  known: string[],
  place: (path: readonly PropertyKey[]) => string,
): Problem[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const guess = nearest(key, known);
        const hint = known.includes(`${key}File`)
          ? `write the secret to a file and name that file as ${key}File`
          : guess === undefined
            ? 'remove it'
            : `did you mean ${guess}?`;
        return { place: place([...path, key]), what: `unknown key ${key}`, hint };
      });
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
      const missing = issue.message.includes('undefined');
      return [
        { place: place(path), what: missing ? 'is missing' : `has the wrong type`, hint: `expected ${issue.expected}` },
      ];
    }
    default:
      return [{ place: place(path), what: 'is not valid', hint: issue.message }];
  }
}

const depth = (issues: readonly Issue[]): number => Math.max(...issues.map(({ path }) => path.length));

function forms(errors: readonly (readonly Issue[])[]): string {
  return errors
    .map((branch) => branch[0]?.message ?? '')
    .filter((text) => text !== '')
    .join('; or ');
}
