// Regular expressions that never take longer than their text: no backtracking, so no pattern and no stranger's page can hold
// the loop. Thompson 1968, with what the first group captured carried along, as RE2 has it.
import { z } from 'zod';
import { type Node, PatternError, parsed, type Test } from './pattern-syntax.ts';

export interface LinearPattern {
  /** Whether it matches anywhere in the text. Takes time proportional to the text and to the size of the pattern. */
  isIn(text: string): boolean;
  /** What the first group holds, or all of the match where no group took part; of the first match. null: there is none. */
  firstIn(text: string): string | null;
}

const MAX_STEPS = 256;

type Fork = { does: 'fork'; to: number; or: number };

type Step = { does: 'take'; test: Test } | Fork | { does: 'start' | 'end' | 'open' | 'close' | 'done' };

/** Throws {@link PatternError}. */
export function linearPattern(pattern: string): LinearPattern {
  const steps = compiled(parsed(pattern));
  return {
    isIn: (text) => match(steps, text, 'any') !== null,
    firstIn(text) {
      const found = match(steps, text, 'first');
      if (found === null) return null;
      return found.to === -1 ? text.slice(found.start, found.end) : text.slice(found.from, found.to);
    },
  };
}

/** A pattern as settings hold it. */
export const Pattern = z
  .string()
  .min(1)
  .max(512)
  .superRefine((pattern, context) => {
    try {
      linearPattern(pattern);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      context.addIssue({ code: 'custom', message: `no regular expression that this matcher takes: ${error.message}` });
    }
  });

function compiled(node: Node): Step[] {
  const steps: Step[] = [];
  const add = <S extends Step>(step: S): S => {
    if (steps.length === MAX_STEPS) throw new PatternError('too long for the matcher');
    steps.push(step);
    return step;
  };
  /** Goes on behind itself; where else to is said when it is known. */
  const fork = (): Fork => add({ does: 'fork', to: steps.length + 1, or: 0 });
  /** Whether to go on behind the fork first, or only after all else. */
  const choose = (choice: Fork, or: number, lazy: boolean): void => {
    choice.or = or;
    if (lazy) [choice.to, choice.or] = [choice.or, choice.to];
  };
  const jump = (from: Fork, to: number): void => {
    from.to = to;
    from.or = to;
  };
  const emitRepeat = ({ of, least, most, lazy }: Extract<Node, { is: 'repeat' }>): void => {
    for (let done = 0; done < least; done += 1) emit(of);
    if (most === Number.POSITIVE_INFINITY) {
      const again = steps.length;
      const choice = fork();
      emit(of);
      jump(fork(), again);
      choose(choice, steps.length, lazy);
      return;
    }
    const choices: Fork[] = [];
    for (let done = least; done < most; done += 1) {
      choices.push(fork());
      emit(of);
    }
    for (const choice of choices) choose(choice, steps.length, lazy);
  };
  const emitAny = ([first = { is: 'nothing' }, ...others]: readonly Node[]): void => {
    const choice = others.length > 0 ? fork() : null;
    emit(first);
    if (choice === null) return;
    const past = fork();
    choice.or = steps.length;
    emitAny(others);
    jump(past, steps.length);
  };
  const emit = (one: Node): void => {
    switch (one.is) {
      case 'take':
        add({ does: 'take', test: one.test });
        break;
      case 'start':
      case 'end':
        add({ does: one.is });
        break;
      case 'nothing':
        break;
      case 'all':
        for (const part of one.of) emit(part);
        break;
      case 'any':
        emitAny(one.of);
        break;
      case 'group':
        add({ does: 'open' });
        emit(one.of);
        add({ does: 'close' });
        break;
      case 'repeat':
        emitRepeat(one);
    }
  };
  emit(node);
  add({ does: 'done' });
  return steps;
}

/** Where a match began, and what the group holds; -1 where that is not known yet. Shared by the ways that agree on it. */
interface Span {
  start: number;
  from: number;
  to: number;
}

/** Ways through the pattern, the most wished for first: the steps they stand at, and their spans. */
interface Ways {
  at: number[];
  spans: Span[];
}

/**
 * All ways at once, one character after the other. `any` is content with whatever match ends first, `first` gives the one that
 * other engines give.
 */
function match(steps: readonly Step[], text: string, wanted: 'any' | 'first'): (Span & { end: number }) | null {
  const seenAt = new Int32Array(steps.length).fill(-1);
  /** Follows what takes no character; the span of the way that came to the end of the pattern, those behind it are dropped. */
  const follow = (from: number, begun: Span, at: number, into: Ways): Span | null => {
    const open: Ways = { at: [from], spans: [begun] };
    for (;;) {
      const next = open.at.pop();
      const span = open.spans.pop();
      if (next === undefined || span === undefined) return null;
      if (seenAt[next] === at) continue;
      seenAt[next] = at;
      const step = steps[next];
      switch (step?.does) {
        case 'done':
          return span;
        case 'take':
          add(into, next, span);
          break;
        case 'fork':
          add(open, step.or, span);
          add(open, step.to, span);
          break;
        case 'open':
          add(open, next + 1, { ...span, from: at, to: -1 });
          break;
        case 'close':
          add(open, next + 1, { ...span, to: at });
          break;
        case 'start':
          if (at === 0) add(open, next + 1, span);
          break;
        case 'end':
          if (at === text.length) add(open, next + 1, span);
      }
    }
  };
  /** What the ways of one position become by the character there; the span of a match that ends behind it. */
  const advance = (present: Ways, at: number, coming: Ways): Span | null => {
    const code = text.charCodeAt(at);
    for (const [index, from] of present.at.entries()) {
      const step = steps[from];
      const span = present.spans[index];
      const ended =
        span !== undefined && step?.does === 'take' && step.test(code) && follow(from + 1, span, at + 1, coming);
      if (ended) return ended;
    }
    return null;
  };
  let present: Ways = { at: [], spans: [] };
  let found: (Span & { end: number }) | null = null;
  for (let at = 0; at <= text.length; at += 1) {
    const coming: Ways = { at: [], spans: [] };
    let ended = at === 0 ? null : advance(present, at - 1, coming);
    // It may begin anywhere, as long as no match was found that began before.
    if (ended === null && found === null) ended = follow(0, { start: at, from: -1, to: -1 }, at, coming);
    if (ended !== null) found = { ...ended, end: at };
    if (found !== null && (wanted === 'any' || coming.at.length === 0)) break;
    present = coming;
  }
  return found;
}

function add(ways: Ways, at: number, span: Span): void {
  ways.at.push(at);
  ways.spans.push(span);
}
