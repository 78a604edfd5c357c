// The generated pages as `demarc generate` makes them, from the command line as it really is.
import { Command } from 'commander';
import { vi } from 'vitest';
import { renderArtifacts } from '../../alerts/docs.ts';
import { addMoreHelp } from '../../cli/examples.ts';
import { probeTexts } from '../../cli/probe-settings.ts';
import { FAULTS } from '../../lab/faults.ts';
import { SCENARIO_TEXTS } from '../../lab/scenario-texts.ts';

let command: Promise<Command> | undefined;

/** The command of cli/main.ts. Its module runs once in a process, whichever test asks first. */
export function cliCommand(): Promise<Command> {
  command ??= catchCommand();
  return command;
}

/** Caught when it is about to read its arguments. */
async function catchCommand(): Promise<Command> {
  const built: Command[] = [];
  const parse = vi.spyOn(Command.prototype, 'parseAsync').mockImplementation(async function (this: Command) {
    built.push(this);
    return this;
  });
  await import('../../cli/main.ts');
  parse.mockRestore();
  const [demarc] = built;
  if (demarc === undefined) throw new Error('cli/main.ts read no arguments');
  addMoreHelp(demarc);
  return demarc;
}

export async function artifacts(): Promise<Map<string, string>> {
  return renderArtifacts({
    faults: FAULTS,
    probes: probeTexts(),
    scenarios: SCENARIO_TEXTS,
    demarc: await cliCommand(),
  });
}
