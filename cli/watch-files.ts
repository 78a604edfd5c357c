// Tells when the content of a few files has changed and stayed so for a second. Content, not times or inodes: editors and
// Kubernetes replace files, and a touched file is the same file.
import { createHash } from 'node:crypto';
import { readFileSync, watch } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../exporters/clock.ts';
import type { Logger } from './logger.ts';

export interface FileWatch {
  /** What to watch from now on. A file watched before is still compared with what it was when its change was told. */
  follow(files: readonly string[]): void;
  stop(): void;
}

/** Editors write in several steps. */
const SETTLE_MS = 1_000;
/** For folders whose changes are told to nobody: network drives, and files that are links to elsewhere. */
const LOOK_MS = 30_000;

/** Watches the folder of the first file, which is quick, and looks at all of them now and then, which is sure. */
export function watchFiles(
  files: readonly [string, ...string[]],
  { clock, log }: { clock: Clock; log: Logger },
  onChange: (file: string) => void,
): FileWatch {
  let seen = new Map(files.map((file) => [file, contentOf(file)]));
  let candidate = '';
  let cancelSettling: (() => void) | null = null;
  let cancelLook = (): void => undefined;

  /** What differs from what was told last, as a text to compare. */
  function difference(): { text: string; next: Map<string, string> } {
    const next = new Map([...seen.keys()].map((file) => [file, contentOf(file)]));
    const changed = [...next].filter(([file, content]) => seen.get(file) !== content);
    return { text: changed.flat().join(' '), next };
  }
  function settle(): void {
    cancelSettling = null;
    const { text, next } = difference();
    if (text === '') return;
    if (text !== candidate) {
      wait(text);
      return;
    }
    const file = [...next].find(([name, content]) => seen.get(name) !== content)?.[0] ?? files[0];
    seen = next;
    onChange(path.basename(file));
  }
  function wait(text: string): void {
    candidate = text;
    cancelSettling = clock.after(SETTLE_MS, settle);
  }
  // At most one reading a second, however busy the folder is.
  function stir(): void {
    if (cancelSettling === null) wait(difference().text);
  }
  function look(): void {
    stir();
    cancelLook = clock.after(LOOK_MS, look);
  }

  const end = watchFolder(path.dirname(path.resolve(files[0])), log, stir);
  cancelLook = clock.after(LOOK_MS, look);
  return {
    follow(next) {
      seen = new Map(next.map((file) => [file, seen.get(file) ?? contentOf(file)]));
    },
    stop() {
      end();
      cancelLook();
      cancelSettling?.();
    },
  };
}

/** A hash, or why there is none. */
function contentOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
}

function watchFolder(folder: string, log: Logger, stir: () => void): () => void {
  const slow = (error: unknown): void =>
    log('info', `${folder} cannot be watched; changes are seen within ${LOOK_MS / 1000} s`, { error: String(error) });
  try {
    const watcher = watch(folder, { persistent: false }, stir);
    watcher.on('error', slow);
    return () => watcher.close();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    slow(error);
    return () => undefined;
  }
}
