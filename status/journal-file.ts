// The journal's two files: lines appended to the present one, which becomes the previous one when it is full.
// A line that was cut off stays as it is; the next one starts on a line of its own.
import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, renameSync } from 'node:fs';
import path from 'node:path';
import { JournalEntry } from './journal-entry.ts';

export const JOURNAL_FILE = 'journal.jsonl';
export const PREVIOUS_FILE = 'journal.previous.jsonl';

const LONGEST_LINE = 65_536;
const LINE_END = 0x0a;

export type Append = (file: string, text: string) => void;

export interface JournalFile {
  /** Throws the system's error when the disk refuses; the line may then have been written in part. */
  write(line: string): void;
}

export interface JournalFileOptions {
  folder: string;
  maxBytes: number;
  append?: Append | undefined;
  /** Lines a fresh file begins with, so that it can be read without the one before. */
  header(): string[];
}

export function openJournalFile({
  folder,
  maxBytes,
  append = appendFileSync,
  header,
}: JournalFileOptions): JournalFile {
  const file = path.join(folder, JOURNAL_FILE);
  let present: { bytes: number; torn: boolean } | null = null;
  /** Bytes of the header: a file that holds no more than that is never full. */
  let floor = 0;

  function put(line: string): void {
    mkdirSync(folder, { recursive: true });
    present ??= inspect(file);
    const { bytes, torn } = present;
    const text = `${torn ? '\n' : ''}${line}\n`;
    // After a refusal nobody knows how much was written, so the file is looked at again.
    present = null;
    append(file, text);
    present = { bytes: bytes + Buffer.byteLength(text), torn: false };
  }

  return {
    write(line) {
      present ??= inspect(file);
      if (present.bytes > floor && present.bytes + Buffer.byteLength(line) + 1 > maxBytes) {
        renameSync(file, path.join(folder, PREVIOUS_FILE));
        present = { bytes: 0, torn: false };
        floor = 0;
        for (const first of header()) put(first);
        floor = present.bytes;
      }
      put(line);
    },
  };
}

/** How long the file is, and whether its last line lacks its end. */
function inspect(file: string): { bytes: number; torn: boolean } {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    if (isMissing(error)) return { bytes: 0, torn: false };
    throw error;
  }
  try {
    const bytes = fstatSync(handle).size;
    const last = Buffer.alloc(1);
    if (bytes > 0) readSync(handle, last, 0, 1, bytes - 1);
    return { bytes, torn: bytes > 0 && last[0] !== LINE_END };
  } finally {
    closeSync(handle);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

export interface ReadJournal {
  /** By time. */
  entries: JournalEntry[];
  /** Lines that say nothing: torn ones, and those of another format. */
  unreadable: number;
  /** Files that were there. */
  files: string[];
}

/** Everything both files say. A missing file is an empty one. */
export function readJournal(folder: string): ReadJournal {
  const read: ReadJournal = { entries: [], unreadable: 0, files: [] };
  for (const name of [PREVIOUS_FILE, JOURNAL_FILE]) {
    const file = path.join(folder, name);
    const text = textOf(file);
    if (text === null) continue;
    read.files.push(file);
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const entry = parseLine(line);
      if (entry === null) read.unreadable += 1;
      else read.entries.push(entry);
    }
  }
  // The clock may have been set back, and waiting entries are written late.
  read.entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return read;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** An object that was cut off is no JSON, so what can be parsed is whole. */
function parseLine(line: string): JournalEntry | null {
  if (line.length > LONGEST_LINE) return null;
  try {
    const parsed = JournalEntry.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
