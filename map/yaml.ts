// YAML from outside, read with care: bounded, no aliases or tags, every problem with its line, and a way back from path to place.
import { type Document, isAlias, isCollection, isNode, LineCounter, parseDocument, visit } from 'yaml';
import type { Problem } from './user-error.ts';

const LARGEST_FILE = 1_048_576;
const DEEPEST = 32;

export interface YamlText {
  value: unknown;
  problems: Problem[];
  /** `file:line:column path` of a path inside the document; the nearest parent when the path itself is missing. */
  place(path: readonly PropertyKey[]): string;
}

/** Parses one YAML 1.2 document. Never throws for the text's sake: what is wrong with it stands in `problems`. */
export function readYaml(file: string, text: string): YamlText {
  const broken = (what: string, hint: string): YamlText => ({
    value: null,
    problems: [{ place: file, what, hint }],
    place: () => file,
  });
  if (text.length > LARGEST_FILE) return broken('is larger than 1 MiB', 'split it or remove what it does not need');
  if (text.includes('\0')) return broken('holds a NUL byte', 'save it as UTF-8 text');
  const lines = new LineCounter();
  const document = parseSafely(text, lines);
  if (document === null) return broken(`is nested deeper than ${DEEPEST} levels`, 'a map is never that deep');
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const problems = [
    ...document.errors.map(
      ({ code, message, pos }): Problem => ({
        place: at(pos[0]),
        ...(code === 'MULTIPLE_DOCS'
          ? SECOND_DOCUMENT
          : { what: firstLine(message), hint: 'fix the YAML syntax there' }),
      }),
    ),
    ...forbidden(document, at),
  ];
  const place = (path: readonly PropertyKey[]): string =>
    `${at(offsetOf(document, path))} ${path.map(String).join('.')}`.trim();
  return { value: problems.length === 0 ? document.toJS({ maxAliasCount: 0 }) : null, problems, place };
}

const SECOND_DOCUMENT = { what: 'a second document begins', hint: 'give each a file of its own' } as const;

/** null: nested so deeply that the parser ran out of stack, which it reports as a RangeError (CVE-2026-33532). */
function parseSafely(text: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    return parseDocument(text.replace(/^\uFEFF/, ''), {
      lineCounter,
      version: '1.2',
      uniqueKeys: true,
      // At `silent` a second document in the file would be dropped without a word.
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}

function forbidden(document: Document.Parsed, at: (offset: number) => string): Problem[] {
  const problems: Problem[] = [];
  visit(document, (_, node, parents) => {
    if (!isNode(node)) return undefined;
    const offset = node.range?.[0] ?? 0;
    if (isAlias(node) || node.anchor !== undefined) {
      problems.push({ place: at(offset), what: 'anchors and aliases are not allowed', hint: 'write the value out' });
      return visit.BREAK;
    }
    if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) {
      problems.push({ place: at(offset), what: `the tag ${node.tag} is not allowed`, hint: 'write a plain value' });
    }
    if (parents.length > DEEPEST * 2 && isCollection(node)) {
      problems.push({
        place: at(offset),
        what: `is nested deeper than ${DEEPEST} levels`,
        hint: 'a map is never that deep',
      });
      return visit.BREAK;
    }
    return undefined;
  });
  return problems;
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
