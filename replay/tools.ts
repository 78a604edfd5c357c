// Where Prometheus, Alertmanager and their checkers are on this machine. The finder is plain JavaScript, since it also runs before
// any build; it is loaded from the project's root, whether this file runs from the sources or from dist/.
import { pathToFileURL } from 'node:url';
import { projectFile } from '../catalog/root.ts';
import { UserError } from '../map/user-error.ts';

type Finder = typeof import('../scripts/tools.mjs');
export type ToolName = import('../scripts/tools.mjs').ToolName;

/** Paths of these programs, fetched if need be. Throws {@link UserError} with what would help when one cannot be had. */
export async function toolPaths<Name extends ToolName>(
  names: readonly Name[],
  log: (line: string) => void,
): Promise<Record<Name, string>> {
  const finder: Finder = await import(pathToFileURL(projectFile('scripts/tools.mjs')).href);
  const { paths, missing, hint } = await finder.findTools(names, { log });
  if (missing.length === 0) return paths as Record<Name, string>;
  throw new UserError([{ place: names.join(', '), what: 'are not on this machine', hint: hint ?? 'install them' }]);
}

/** The two that `replay` runs. Throws as {@link toolPaths}. */
export const prometheusTools = (log: (line: string) => void): Promise<Record<'prometheus' | 'alertmanager', string>> =>
  toolPaths(['prometheus', 'alertmanager'], log);
