// How the CLI speaks: results on stdout, everything else on stderr, colour only where it is wanted.
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { UserError } from '../map/user-error.ts';

export const EXIT = { fine: 0, failed: 1, userError: 2, tooLarge: 70, stoodStill: 71 } as const;

/** What each exit code says, for `--help` and the page made of it. */
export const EXIT_HELP = `
Exit codes, of every command:
  0  fine: done, or nothing found that speaks against it
  1  no: a check, probe, replay or diagnosis found what it looks for,
     a file is not current, or demarc has a bug (then it says so)
  2  the question was wrong: unknown command or option, a map that does not
     hold, a file or a program that is not there; one line per problem
  70 only \`serve\`: it took more memory than it may (--memory-limit)
  71 only \`serve\`: its event loop stood still for 5 s. Start it again after
     both, as systemd, Docker and Kubernetes do by what demarc generates

Results go to stdout, everything else to stderr. NO_COLOR turns colours off,
and so does a pipe. DEMARC_DEBUG=1 shows where a bug of demarc happened.`;

/** How `--help` looks: commands by name alone, so that what they do has room; titles in bold where there is colour. */
export const HELP = {
  subcommandTerm: (command: Command): string => command.name(),
  styleTitle: (title: string): string => styleText('bold', title, { validateStream: false }),
};

type Style = Parameters<typeof styleText>[0];

/** Coloured text for a terminal that wants it; plain elsewhere (NO_COLOR, pipes). */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  const wanted = stream.isTTY === true && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';
  // Judged here alone: Node's own check also asks CI and others, and a terminal is one wherever it stands.
  return wanted ? styleText(style, text, { validateStream: false }) : text;
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function tell(line = ''): void {
  process.stderr.write(`${line}\n`);
}

/** Prints what went wrong and gives the exit code: 2 with one line per problem for the user's input, 1 for a bug of ours. */
export function report(error: unknown): number {
  if (error instanceof UserError) {
    for (const { place, what, hint } of error.problems)
      tell(`${paint('red', place, process.stderr)}: ${what}${hint === '' ? '' : `, ${hint}`}`);
    return EXIT.userError;
  }
  tell(`demarc: this is a bug of demarc: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.DEMARC_DEBUG !== undefined && error instanceof Error) tell(error.stack);
  else tell('Set DEMARC_DEBUG=1 to see where it happened.');
  return EXIT.failed;
}
