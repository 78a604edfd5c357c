// Where Prometheus and Alertmanager are on this machine. The finder is plain JavaScript, since it also runs before any build;
// it is loaded from the project's root, whether this file runs from the sources or from dist/.
import { pathToFileURL } from 'node:url';
import { projectFile } from '../catalog/root.ts';
import { UserError } from '../map/user-error.ts';

type Finder = typeof import('../scripts/tools.mjs');

/** Paths of the two programs, fetched if need be. Throws {@link UserError} with what would help when they cannot be had. */
export async function prometheusTools(
  log: (line: string) => void,
): Promise<{ prometheus: string; alertmanager: string }> {
  const finder: Finder = await import(pathToFileURL(projectFile('scripts/tools.mjs')).href);
  const { paths, hint } = await finder.findTools(['prometheus', 'alertmanager'], { log });
  const { prometheus, alertmanager } = paths;
  if (prometheus !== undefined && alertmanager !== undefined) return { prometheus, alertmanager };
  throw new UserError([
    { place: 'prometheus, alertmanager', what: 'are not on this machine', hint: hint ?? 'install them' },
  ]);
}
