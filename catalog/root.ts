// Where the project's own data files are, both from the sources and from the build in dist/.
import { existsSync } from 'node:fs';
import path from 'node:path';

function findRoot(from: string): string {
  const manifest = path.join(from, 'package.json');
  const parent = path.dirname(from);
  if (existsSync(manifest)) return from;
  if (parent === from) throw new Error('no package.json above ' + import.meta.dirname);
  return findRoot(parent);
}

/** Absolute path of the project, the folder of package.json. */
export const ROOT = findRoot(import.meta.dirname);

/** Absolute path of a file of the project, given from its root with forward slashes. */
export function projectFile(relative: string): string {
  return path.join(ROOT, ...relative.split('/'));
}
