// Regular expressions that never take longer than their text: no backtracking, so no pattern and no stranger's page can hold
// the loop. What needs backtracking (back references, looking around) is refused. Thompson 1968, as RE2 has it.

/** Thrown for what is no pattern, or one that this matcher refuses. */
export class PatternError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'PatternError';
  }
}

export interface LinearPattern {
  /** Whether it matches anywhere in the text. Takes time proportional to the text and to the size of the pattern. */
  isIn(text: string): boolean;
}

const MAX_STEPS = 256;
const MAX_REPEAT = 64;

type Test = (code: number) => boolean;

type Step =
  | { does: 'take'; test: Test }
  | { does: 'fork'; to: number; or: number }
  | { does: 'start' | 'end' | 'done' };

type Node =
  | { is: 'take'; test: Test }
  | { is: 'start' | 'end' | 'nothing' }
  | { is: 'all' | 'any'; of: readonly Node[] }
  | { is: 'repeat'; of: Node; least: number; most: number };

const between =
  (from: number, to: number): Test =>
  (code) =>
    code >= from && code <= to;
const either =
  (tests: readonly Test[]): Test =>
  (code) =>
    tests.some((test) => test(code));
const not =
  (test: Test): Test =>
  (code) =>
    !test(code);
const exactly = (character: string): Test => {
  const wanted = character.charCodeAt(0);
  return (code) => code === wanted;
};

const DIGIT = between(48, 57);
const WORD = either([DIGIT, between(65, 90), between(97, 122), exactly('_')]);
const SPACE = either([between(9, 13), exactly(' '), exactly('\u00a0')]);
const CLASSES: Readonly<Record<string, Test>> = {
  d: DIGIT,
  w: WORD,
  s: SPACE,
  D: not(DIGIT),
  W: not(WORD),
  S: not(SPACE),
};
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Throws {@link PatternError}. `i` for either case of a to z. */
export function linearPattern(pattern: string, flags: '' | 'i' = ''): LinearPattern {
  const steps = compiled(parsed(flags === 'i' ? pattern.toLowerCase() : pattern));
  return { isIn: (text) => matches(steps, flags === 'i' ? text.toLowerCase() : text) };
}

function parsed(pattern: string): Node {
  let at = 0;
  const peek = (): string => pattern[at] ?? '';
  const take = (): string => {
    const next = pattern[at] ?? '';
    at += 1;
    return next;
  };

  function alternatives(depth: number): Node {
    if (depth > 16) throw new PatternError('nested too deep');
    const found = [sequence(depth)];
    while (peek() === '|') {
      take();
      found.push(sequence(depth));
    }
    return found.length === 1 && found[0] !== undefined ? found[0] : { is: 'any', of: found };
  }

  function sequence(depth: number): Node {
    const found: Node[] = [];
    while (peek() !== '' && peek() !== '|' && peek() !== ')') found.push(repeated(atom(depth)));
    return { is: 'all', of: found };
  }

  function atom(depth: number): Node {
    const character = take();
    switch (character) {
      case '(': {
        if (peek() === '?') {
          if (pattern.slice(at, at + 2) !== '?:') throw new PatternError('looking around is refused');
          at += 2;
        }
        const inside = alternatives(depth + 1);
        if (take() !== ')') throw new PatternError('( without )');
        return inside;
      }
      case '[':
        return { is: 'take', test: set() };
      case '.':
        return { is: 'take', test: not(exactly('\n')) };
      case '^':
        return { is: 'start' };
      case '$':
        return { is: 'end' };
      case '\\':
        return { is: 'take', test: escaped() };
      case '*':
      case '+':
      case '?':
      case '{':
        throw new PatternError(`nothing to repeat before ${character}`);
      default:
        return { is: 'take', test: exactly(character) };
    }
  }

  function escaped(): Test {
    const character = take();
    const known = CLASSES[character] ?? (character in CONTROLS ? exactly(CONTROLS[character] ?? '') : undefined);
    if (known !== undefined) return known;
    if (character === '' || /[A-Za-z0-9]/.test(character)) throw new PatternError(`\\${character} is refused`);
    return exactly(character);
  }

  function set(): Test {
    const inverted = peek() === '^';
    if (inverted) take();
    const tests: Test[] = [];
    while (peek() !== ']' || tests.length === 0) {
      const from = take();
      if (from === '') throw new PatternError('[ without ]');
      if (from === '\\') tests.push(escaped());
      else if (peek() === '-' && pattern[at + 1] !== ']' && pattern[at + 1] !== undefined) {
        take();
        const to = take();
        if (to === '\\' || to < from) throw new PatternError(`${from}-${to} is no range`);
        tests.push(between(from.charCodeAt(0), to.charCodeAt(0)));
      } else tests.push(exactly(from));
    }
    take();
    return inverted ? not(either(tests)) : either(tests);
  }

  function repeated(of: Node): Node {
    let node = of;
    for (;;) {
      const counted = /^\{(\d{1,3})(,(\d{0,3}))?\}/.exec(pattern.slice(at, at + 10));
      if (counted !== null) {
        at += counted[0].length;
        const least = Number(counted[1]);
        const most =
          counted[2] === undefined ? least : counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3]);
        if (least > MAX_REPEAT || (most > MAX_REPEAT && most !== Number.POSITIVE_INFINITY) || most < least) {
          throw new PatternError(`repeats at most ${MAX_REPEAT} times`);
        }
        node = { is: 'repeat', of: node, least, most };
      } else if (peek() === '*' || peek() === '+' || peek() === '?') {
        const sign = take();
        node = {
          is: 'repeat',
          of: node,
          least: sign === '+' ? 1 : 0,
          most: sign === '?' ? 1 : Number.POSITIVE_INFINITY,
        };
        // Lazy or not, the answer whether it matches is the same.
        if (peek() === '?') take();
      } else return node;
    }
  }

  const node = alternatives(0);
  if (at < pattern.length) throw new PatternError(') without (');
  return node;
}

function compiled(node: Node): Step[] {
  const steps: Step[] = [];
  const add = (step: Step): number => {
    if (steps.length === MAX_STEPS) throw new PatternError('too long for the matcher');
    return steps.push(step) - 1;
  };
  const fork = (): { does: 'fork'; to: number; or: number } => {
    const step = { does: 'fork', to: 0, or: 0 } as const;
    const open: { does: 'fork'; to: number; or: number } = { ...step };
    add(open);
    open.to = steps.length;
    return open;
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
      case 'any': {
        const [first = { is: 'nothing' } as const, ...others] = one.of;
        if (others.length === 0) {
          emit(first);
          break;
        }
        const choice = fork();
        emit(first);
        const jump = fork();
        choice.or = steps.length;
        emit({ is: 'any', of: others });
        jump.to = steps.length;
        jump.or = steps.length;
        break;
      }
      case 'repeat': {
        for (let done = 0; done < one.least; done += 1) emit(one.of);
        if (one.most === Number.POSITIVE_INFINITY) {
          const at = steps.length;
          const choice = fork();
          emit(one.of);
          const back = fork();
          back.to = at;
          back.or = at;
          choice.or = steps.length;
        } else {
          const choices = [];
          for (let done = one.least; done < one.most; done += 1) {
            choices.push(fork());
            emit(one.of);
          }
          for (const choice of choices) choice.or = steps.length;
        }
      }
    }
  };
  emit(node);
  add({ does: 'done' });
  return steps;
}

/** All ways at once, one character after the other. */
function matches(steps: readonly Step[], text: string): boolean {
  const seenAt = new Int32Array(steps.length).fill(-1);
  let present: number[] = [];
  /** Follows what takes no character. True when the end of the pattern is reached. */
  const follow = (from: number, at: number, into: number[]): boolean => {
    const open = [from];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seenAt[next] === at) continue;
      seenAt[next] = at;
      const step = steps[next];
      if (step === undefined) continue;
      if (step.does === 'done') return true;
      if (step.does === 'take') into.push(next);
      else if (step.does === 'fork') open.push(step.or, step.to);
      else if (step.does === 'start' ? at === 0 : at === text.length) open.push(next + 1);
    }
    return false;
  };
  if (follow(0, 0, present)) return true;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const coming: number[] = [];
    for (const one of present) {
      const step = steps[one];
      if (step?.does === 'take' && step.test(code) && follow(one + 1, at + 1, coming)) return true;
    }
    // It may begin anywhere.
    if (follow(0, at + 1, coming)) return true;
    present = coming;
  }
  return false;
}
