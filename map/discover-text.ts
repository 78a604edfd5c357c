// Proposals as a fragment of demarc.yaml for a person to read, cut and paste: every reason beside what it is for.
import { stringify } from 'yaml';
import { type Proposal, plain, type Refusal } from './discover.ts';

const indented = (text: string, by: string): string => text.trimEnd().replaceAll(/^(?=.)/gm, by);

function block({ name, service, reasons }: Proposal): string {
  const comments = reasons.map((reason) => `  # ${plain(reason)}`);
  const body = stringify({ [name]: service }, { lineWidth: 0, aliasDuplicateObjects: false });
  return [...comments, indented(body, '  ')].join('\n');
}

/** `known` are those the map has already. */
export function fragment(proposals: readonly Proposal[], refusals: readonly Refusal[], known: number): string {
  const count = `${proposals.length} proposed, ${known} in the map already, ${refusals.length} left out`;
  const head = [
    '# Seen beside demarc; nothing was changed. Read it, then copy what is right into demarc.yaml.',
    `# ${count}.`,
  ];
  const left = refusals.map(({ what, why }) => `# left out: ${plain(what)}: ${plain(why)}`);
  const services = proposals.length === 0 ? ['services: {}'] : ['services:', proposals.map(block).join('\n\n')];
  return `${[...head, ...left, ...services].join('\n')}\n`;
}
