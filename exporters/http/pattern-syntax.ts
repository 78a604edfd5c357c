// Reads a regular expression into a tree. What needs backtracking (back references, looking around) is refused here, so that
// linear-pattern.ts can match it in linear time.

/** Thrown for what is no pattern, or one that the matcher refuses. */
export class PatternError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'PatternError';
  }
}

const MAX_REPEAT = 64;

/** Of one UTF-16 code unit. */
export type Test = (code: number) => boolean;

export type Node =
  | { is: 'take'; test: Test }
  | { is: 'start' | 'end' | 'nothing' }
  | { is: 'all' | 'any'; of: readonly Node[] }
  /** The first group that captures; what the others capture is asked for by nobody. */
  | { is: 'group'; of: Node }
  | { is: 'repeat'; of: Node; least: number; most: number; lazy: boolean };

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

/** Throws {@link PatternError}. */
export function parsed(pattern: string): Node {
  let at = 0;
  let captured = false;
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
      case '(':
        return group(depth);
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

  function group(depth: number): Node {
    const captures = peek() !== '?';
    if (!captures && pattern.slice(at, at + 2) !== '?:') throw new PatternError('looking around is refused');
    if (!captures) at += 2;
    const first = captures && !captured;
    captured ||= captures;
    const inside = alternatives(depth + 1);
    if (take() !== ')') throw new PatternError('( without )');
    return first ? { is: 'group', of: inside } : inside;
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
    for (let times = repetition(); times !== null; times = repetition()) {
      const lazy = peek() === '?';
      if (lazy) take();
      node = { is: 'repeat', of: node, ...times, lazy };
    }
    return node;
  }

  /** How often what stands before it may come; null where no sign says so. */
  function repetition(): { least: number; most: number } | null {
    const counted = /^\{(\d{1,3})(,(\d{0,3}))?\}/.exec(pattern.slice(at, at + 10));
    if (counted !== null) {
      at += counted[0].length;
      const least = Number(counted[1]);
      const most = counted[2] === undefined ? least : counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3]);
      if (least > MAX_REPEAT || (most > MAX_REPEAT && most !== Number.POSITIVE_INFINITY) || most < least) {
        throw new PatternError(`repeats at most ${MAX_REPEAT} times`);
      }
      return { least, most };
    }
    if (peek() !== '*' && peek() !== '+' && peek() !== '?') return null;
    const sign = take();
    return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
  }

  const node = alternatives(0);
  if (at < pattern.length) throw new PatternError(') without (');
  return node;
}
