// docs/cli.md: what `--help` says, of every command.
import type { Command } from 'commander';
import { fenced, page } from './markdown.ts';

/** What the command prints for `--help`, with what was added to it, for a terminal of 100 columns without colours. */
function helpOf(command: Command): string {
  const before = command.configureOutput();
  const written: string[] = [];
  command.configureOutput({
    ...before,
    writeOut: (text) => void written.push(text),
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  command.configureOutput(before);
  return written.join('');
}

export function cliPage(demarc: Command): string {
  return page(
    `# Command line

\`demarc\` is \`node dist/cli/main.js\` once \`npm start\` or \`npm run build\` has run. Results go to stdout, all else to stderr.
Exit codes: 0 fine; 1 a failed expectation, or a bug of demarc; 2 what you gave it is wrong, one line per problem.
\`NO_COLOR\` turns colours off. \`DEMARC_DEBUG=1\` shows where a bug of demarc happened.`,
    fenced('text', helpOf(demarc)),
    ...demarc.commands.flatMap((command) => [
      `## ${command.name()}\n\n${fenced('text', helpOf(command))}`,
      ...command.commands.map((part) => `### ${command.name()} ${part.name()}\n\n${fenced('text', helpOf(part))}`),
    ]),
  );
}
