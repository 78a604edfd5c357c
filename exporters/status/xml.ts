// A small, strict XML reader for feeds: elements, attributes, text. No DOCTYPE, hence no entities of its own; linear time.
import { Malformed } from '../malformed.ts';

export interface XmlElement {
  /** With its prefix, as written. */
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** Its own text, that of its children left out. */
  text: string;
}

const MAX_DEPTH = 32;
const MAX_NODES = 50_000;
const MAX_ATTRIBUTES = 32;

const NAME = /[A-Za-z_][A-Za-z0-9_.:-]{0,63}/y;
const SPACE = /[ \t\r\n]*/y;
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|([a-z]{2,4}));/y;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Where the reader is. */
interface Cursor {
  readonly text: string;
  at: number;
  nodes: number;
}

interface Draft extends XmlElement {
  pieces: string[];
}

/** Throws {@link Malformed}, and nothing else. */
export function readXml(text: string): XmlElement {
  const cursor: Cursor = { text, at: 0, nodes: 0 };
  const open: Draft[] = [];
  let root: XmlElement | null = null;
  while (cursor.at < text.length) {
    const run = readRun(cursor);
    const parent = open.at(-1);
    if (parent !== undefined) parent.pieces.push(run);
    else if (run.trim() !== '') throw new Malformed('text outside the root');
    if (cursor.at >= text.length || skipAside(cursor, parent)) continue;
    if (text.startsWith('</', cursor.at)) {
      close(cursor, open);
      continue;
    }
    const { element, empty } = readStart(cursor);
    if (parent === undefined && root !== null) throw new Malformed('two roots');
    root ??= element;
    parent?.children.push(element);
    if (!empty) open.push(element);
    if (open.length > MAX_DEPTH) throw new Malformed('nested too deep');
  }
  if (open.length > 0 || root === null) throw new Malformed('ends too early');
  return root;
}

/** Text up to the next tag. */
function readRun(cursor: Cursor): string {
  const end = cursor.text.indexOf('<', cursor.at);
  const run = cursor.text.slice(cursor.at, end === -1 ? undefined : end);
  cursor.at = end === -1 ? cursor.text.length : end;
  return resolved(run);
}

/** Passes over a comment or an instruction, and takes in a CDATA section. Every other `<!` is refused, DOCTYPE first. */
function skipAside(cursor: Cursor, parent: Draft | undefined): boolean {
  const { text, at } = cursor;
  if (text.startsWith('<?', at)) return skipTo(cursor, '?>', 2) !== null;
  if (text.startsWith('<!--', at)) return skipTo(cursor, '-->', 4) !== null;
  if (text.startsWith('<![CDATA[', at) && parent !== undefined) {
    parent.pieces.push(skipTo(cursor, ']]>', 9));
    return true;
  }
  if (text.startsWith('<!', at)) throw new Malformed('a declaration');
  return false;
}

/** What lies between an opening of `skip` characters and `end`. */
function skipTo(cursor: Cursor, end: string, skip: number): string {
  countNode(cursor);
  const start = cursor.at + skip;
  const found = cursor.text.indexOf(end, start);
  if (found === -1) throw new Malformed('ends too early');
  cursor.at = found + end.length;
  return cursor.text.slice(start, found);
}

function close(cursor: Cursor, open: Draft[]): void {
  cursor.at += 2;
  const element = open.pop();
  if (element === undefined || readName(cursor) !== element.name) throw new Malformed('an end without its start');
  skipSpace(cursor);
  expect(cursor, '>');
  element.text = element.pieces.join('');
}

function readStart(cursor: Cursor): { element: Draft; empty: boolean } {
  countNode(cursor);
  cursor.at += 1;
  const name = readName(cursor);
  const attributes = new Map<string, string>();
  for (;;) {
    const spaced = skipSpace(cursor);
    const empty = cursor.text[cursor.at] === '/';
    if (empty) cursor.at += 1;
    if (empty || cursor.text[cursor.at] === '>') {
      expect(cursor, '>');
      return { element: { name, attributes, children: [], text: '', pieces: [] }, empty };
    }
    if (!spaced || attributes.size >= MAX_ATTRIBUTES) throw new Malformed('a broken tag');
    readAttribute(cursor, attributes);
  }
}

function readAttribute(cursor: Cursor, attributes: Map<string, string>): void {
  const key = readName(cursor);
  skipSpace(cursor);
  expect(cursor, '=');
  skipSpace(cursor);
  const quote = cursor.text[cursor.at];
  if ((quote !== '"' && quote !== "'") || attributes.has(key)) throw new Malformed('a broken attribute');
  const end = cursor.text.indexOf(quote, cursor.at + 1);
  if (end === -1) throw new Malformed('ends too early');
  const value = cursor.text.slice(cursor.at + 1, end);
  if (value.includes('<')) throw new Malformed('a tag in an attribute');
  attributes.set(key, resolved(value));
  cursor.at = end + 1;
}

function readName(cursor: Cursor): string {
  NAME.lastIndex = cursor.at;
  const name = NAME.exec(cursor.text)?.[0];
  if (name === undefined) throw new Malformed('no name where one must be');
  cursor.at += name.length;
  return name;
}

/** Whether there was any. */
function skipSpace(cursor: Cursor): boolean {
  SPACE.lastIndex = cursor.at;
  const length = SPACE.exec(cursor.text)?.[0].length ?? 0;
  cursor.at += length;
  return length > 0;
}

function expect(cursor: Cursor, char: string): void {
  if (cursor.text[cursor.at] !== char) throw new Malformed(`no ${char} where one must be`);
  cursor.at += 1;
}

function countNode(cursor: Cursor): void {
  cursor.nodes += 1;
  if (cursor.nodes > MAX_NODES) throw new Malformed('too many nodes');
}

/** The five entities of XML itself and numbered characters; any other would have to come from a DOCTYPE. */
function resolved(text: string): string {
  let plain = '';
  let from = 0;
  // One by one: String.replace would find them all before it refuses the first.
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', from)) {
    REFERENCE.lastIndex = at;
    const reference = REFERENCE.exec(text);
    if (reference === null) refuse();
    plain += text.slice(from, at) + meant(reference);
    from = REFERENCE.lastIndex;
  }
  return from === 0 ? text : plain + text.slice(from);
}

function meant([, decimal, hex, name]: RegExpExecArray): string {
  if (name !== undefined) return ENTITIES.get(name) ?? refuse();
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return isCharacter(code) ? String.fromCodePoint(code) : refuse();
}

function refuse(): never {
  throw new Malformed('an entity that is not known');
}

/** The Char production of XML 1.0. */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x1_0000 && code <= 0x10_ffff);
}
