// `demarc generate`: writes every committed artifact from its source, or tells which of them are not current; with names of
// parts, or a map, what is made for a stack somebody runs.
import path from 'node:path';
import type { Command } from 'commander';
import { renderArtifacts as docs } from '../alerts/docs.ts';
import { renderArtifacts as alerts } from '../alerts/generate.ts';
import { ROOT } from '../catalog/root.ts';
import { FAULTS } from '../lab/faults.ts';
import { SCENARIO_TEXTS } from '../lab/scenario-texts.ts';
import { UserError } from '../map/user-error.ts';
import { addMoreHelp } from './examples.ts';
import { generateParts, type PartOptions } from './generate-parts.ts';
import { probeTexts } from './probe-settings.ts';
import { EXIT, print } from './terminal.ts';
import { checkFiles, writeFiles } from './written-files.ts';

/** `demarc` is the whole command line, for the page about it. */
export async function generate(parts: readonly string[], options: PartOptions, demarc: Command): Promise<number> {
  if (parts.length > 0) return generateParts(parts, options);
  const { check = false, map, out } = options;
  if (map !== undefined && out !== undefined) return generateParts(['alertmanager'], options);
  if (map !== undefined || out !== undefined) {
    const hint = 'write it like demarc generate --map demarc.yaml --out alertmanager, or name a part';
    throw new UserError([{ place: '--map', what: 'goes with --out or with the name of a part', hint }]);
  }
  // Dashboards are built with a development dependency, which an installed demarc does not have.
  const { renderArtifacts: dashboards } = await import('../dashboards/generate.ts');
  addMoreHelp(demarc);
  const artifacts = new Map([
    ...alerts(),
    ...dashboards(),
    ...docs({ faults: FAULTS, probes: probeTexts(), scenarios: SCENARIO_TEXTS, demarc }),
  ]);
  if (check) return checkFiles(ROOT, artifacts, 'differs from its source, run npm run generate');
  const written = writeFiles(ROOT, artifacts);
  for (const name of written) print(`wrote ${path.join(name)}`);
  print(`${artifacts.size - written.length} of ${artifacts.size} files were current`);
  return EXIT.fine;
}
