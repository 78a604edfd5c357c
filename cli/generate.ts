// `demarc generate`: writes every committed artifact from its source, or tells which of them are not current.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { renderArtifacts as docs } from '../alerts/docs.ts';
import { renderArtifacts as alerts, renderForMap } from '../alerts/generate.ts';
import { ROOT } from '../catalog/root.ts';
import { FAULTS } from '../lab/faults.ts';
import { loadMap } from '../map/load.ts';
import { checkSecrets } from '../map/secret-files.ts';
import { UserError } from '../map/user-error.ts';
import { EXIT, paint, print, tell } from './terminal.ts';

function current(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

export interface GenerateOptions {
  check?: boolean;
  /** Together: write what is made for this map into this folder, and nothing else. */
  map?: string;
  out?: string;
}

/** Writes the files made for one map. A folder, not a file, because Alertmanager looks for the others next to the first. */
function generateForMap(file: string, out: string): number {
  const map = loadMap(file);
  mkdirSync(out, { recursive: true });
  for (const [name, text] of renderForMap(map)) {
    writeFileSync(path.join(out, name), text);
    print(`wrote ${path.join(out, name)}`);
  }
  for (const { place, what, hint } of [...map.alertPath, ...checkSecrets(map.file.notify)])
    tell(`${paint('yellow', 'warning', process.stderr)} ${place}: ${what}, ${hint}`);
  return EXIT.fine;
}

/** `demarc` is the whole command line, for the page about it. */
export async function generate({ check = false, map, out }: GenerateOptions, demarc: Command): Promise<number> {
  if (map !== undefined || out !== undefined) {
    if (map !== undefined && out !== undefined && !check) return generateForMap(map, out);
    const hint = 'write it like demarc generate --map demarc.yaml --out alertmanager';
    throw new UserError([{ place: '--map', what: 'goes with --out and without --check', hint }]);
  }
  // Dashboards are built with a development dependency, which an installed demarc does not have.
  const { renderArtifacts: dashboards } = await import('../dashboards/generate.ts');
  const artifacts = [...alerts(), ...dashboards(), ...docs({ faults: FAULTS, demarc })];
  const stale = artifacts.filter(([name, text]) => current(path.join(ROOT, name)) !== text);
  if (check) {
    for (const [name] of stale)
      tell(`${paint('red', 'stale', process.stderr)} ${name}: differs from its source, run npm run generate`);
    if (stale.length === 0) print(`${paint('green', 'ok')} ${artifacts.length} generated files are current`);
    return stale.length === 0 ? EXIT.fine : EXIT.failed;
  }
  for (const [name, text] of stale) {
    const file = path.join(ROOT, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    print(`wrote ${name}`);
  }
  print(`${artifacts.length - stale.length} of ${artifacts.length} files were current`);
  return EXIT.fine;
}
