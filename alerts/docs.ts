// Renders the pages made from tables and schemas: the runbooks' frames, and what is generated in docs/.
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { projectFile } from '../catalog/root.ts';
import { cliPage } from './pages/cli.ts';
import { conformancePage } from './pages/conformance.ts';
import { mapPage } from './pages/map.ts';
import { metricsPage } from './pages/metrics.ts';
import { type ProbeText, probesPage } from './pages/probes.ts';
import { type FaultText, type LabText, scenariosPage } from './pages/scenarios.ts';
import { vendorsPage } from './pages/vendors.ts';
import { verdictsPage } from './pages/verdicts.ts';
import { refreshed, runbookFile, runbooks } from './runbook-frame.ts';

/** What pages speak of and this folder may not import: handed in by whoever may. */
export interface DocsSources {
  /** FAULTS of lab/faults.ts. */
  faults: Readonly<Record<string, FaultText>>;
  /** What `demarc probe` can measure. */
  probes: readonly ProbeText[];
  /** Of scenarios: the JSON Schema, what every world holds, and what is played. */
  scenarios: { schema: string } & LabText;
  /** The command of cli/main.ts. */
  demarc: Command;
}

const EXAMPLE = 'lab/scenarios/origin-refused.yml';

function read(file: string): string | null {
  const full = projectFile(file);
  return existsSync(full) ? readFileSync(full, 'utf8') : null;
}

/** Text of every page, by its path from the root of the project. What people wrote below a runbook's frame is kept. */
export function renderArtifacts({ faults, probes, scenarios, demarc }: DocsSources): Map<string, string> {
  return new Map([
    ...runbooks().map((runbook): [string, string] => {
      const file = runbookFile(runbook.id);
      return [file, refreshed(runbook, read(file))];
    }),
    ['docs/verdicts.md', verdictsPage()],
    ['docs/vendors.md', vendorsPage()],
    ['docs/metrics.md', metricsPage()],
    ['docs/map.md', mapPage()],
    ['docs/probes.md', probesPage(probes)],
    ['docs/scenarios.md', scenariosPage(faults, scenarios, { file: EXAMPLE, text: read(EXAMPLE) ?? '' })],
    ['lab/scenario.schema.json', scenarios.schema],
    ['docs/cli.md', cliPage(demarc)],
    ['docs/conformance.md', conformancePage()],
  ]);
}
