// `demarc completion SHELL`: a completion script made of the command definitions, so that it can never lag behind them.
import type { Command, Option } from 'commander';
import { PROBES } from '../exporters/registry.ts';
import { nearest } from '../map/issues.ts';
import { UserError } from '../map/user-error.ts';
import { PARTS } from '../parts/registry.ts';
import { EXIT } from './terminal.ts';

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export type Shell = keyof typeof SHELLS;

export const SHELL_NAMES = Object.keys(SHELLS) as Shell[];

/** Words a command takes that its definition does not list, since it explains a wrong one better than a list could. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  probe: Object.keys(PROBES),
  generate: Object.keys(PARTS),
  completion: SHELL_NAMES,
};

interface Flag {
  /** With their dashes. */
  names: string[];
  about: string;
  takesValue: boolean;
  choices: readonly string[];
}

interface Spec {
  name: string;
  about: string;
  flags: Flag[];
  /** What may stand without a dash; files where there are none. */
  words: readonly string[];
}

function flagOf({ short, long, description, required, optional, argChoices }: Option): Flag {
  const names = [short, long].flatMap((name) => name ?? []);
  return { names, about: description, takesValue: required || optional, choices: argChoices ?? [] };
}

/** Those of its parts too, once each: which part is meant is not known while they are looked for. */
function optionsOf({ options, commands }: Command): Option[] {
  const all = [...options, ...commands.flatMap((part) => part.options)];
  return [...new Map(all.map((option) => [option.flags, option])).values()];
}

const HELP: Flag = { names: ['-h', '--help'], about: 'display help for command', takesValue: false, choices: [] };

function specsOf(demarc: Command): { root: Spec; commands: Spec[] } {
  const specOf = (command: Command): Spec => ({
    name: command.name(),
    about: command.description(),
    flags: [...optionsOf(command).map(flagOf), HELP],
    words: WORDS[command.name()] ?? [
      ...command.commands.map((part) => part.name()),
      ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    ],
  });
  const commands = demarc.commands.map(specOf);
  const names = commands.map(({ name }) => name);
  const help = { name: 'help', about: 'display help for command', flags: [], words: names };
  // Before a command is named, only what needs none: all of them together would be a wall of words.
  const flags = [...demarc.options.map(flagOf), HELP];
  return { root: { ...specOf(demarc), flags, words: [...names, 'help'] }, commands: [...commands, help] };
}

/** For single quotes, in all three shells alike. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function bashScript(demarc: Command): string {
  const { root, commands } = specsOf(demarc);
  const values = commands.flatMap(({ name, flags }) =>
    flags.flatMap(({ names, takesValue, choices }) => {
      if (!takesValue) return [];
      const found =
        choices.length === 0 ? 'COMPREPLY=()' : `COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$word"))`;
      return [`    ${names.map((flag) => `${name}/${flag}`).join('|')}) ${found}; return ;;`];
    }),
  );
  const assigned = ({ flags, words }: Spec): string =>
    `words=${quoted(words.join(' '))} flags=${quoted(flags.flatMap(({ names }) => names).join(' '))}`;
  return `# Completion of demarc for bash. Load it with: source <(demarc completion bash)
_demarc() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= words= flags= index
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ \${COMP_WORDS[index]} != -* ]]; then command=\${COMP_WORDS[index]}; break; fi
  done
  case $command/$before in
${values.join('\n')}
  esac
  case $command in
    '') ${assigned(root)} ;;
${commands.map((spec) => `    ${spec.name}) ${assigned(spec)} ;;`).join('\n')}
  esac
  [[ $word == -* ]] && words=$flags
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
# Where nothing of ours fits, file names do.
complete -o default -F _demarc demarc
`;
}

function zshScript(demarc: Command): string {
  const { root, commands } = specsOf(demarc);
  const plain = (text: string): string => text.replace(/[[\]:\\]/g, (char) => `\\${char}`);
  const argument = ({ names, about, takesValue, choices }: Flag): string => {
    const value = !takesValue ? '' : choices.length === 0 ? ':value:_files' : `:value:(${choices.join(' ')})`;
    const spelt = names.length > 1 ? `${quoted(`(${names.join(' ')})`)}{${names.join(',')}}` : (names[0] ?? '');
    return `${spelt}${quoted(`[${plain(about)}]${value}`)}`;
  };
  const rest = ({ words }: Spec): string =>
    quoted(words.length === 0 ? '*:file:_files' : `*:word:(${words.join(' ')})`);
  const lines = commands.map(
    (spec) => `    ${spec.name}) _arguments ${[...spec.flags.map(argument), rest(spec)].join(' ')} ;;`,
  );
  return `#compdef demarc
# Completion of demarc for zsh. Load it with: source <(demarc completion zsh)
_demarc() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    ${quoted(`${name}:${plain(about)}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments ${root.flags.map(argument).join(' ')}
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${lines.join('\n')}
  esac
}
compdef _demarc demarc
`;
}

function fishScript(demarc: Command): string {
  const { root, commands } = specsOf(demarc);
  const line = (when: string, ...rest: string[]): string => `complete -c demarc -n ${quoted(when)} ${rest.join(' ')}`;
  const flagLine = (when: string, { names, about, takesValue, choices }: Flag): string => {
    const spelt = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
    const value = !takesValue ? [] : choices.length === 0 ? ['-r'] : [`-xa ${quoted(choices.join(' '))}`];
    return line(when, ...spelt, ...value, `-d ${quoted(about)}`);
  };
  return `${[
    '# Completion of demarc for fish. Load it with: demarc completion fish | source',
    ...root.flags.map((flag) => flagLine('__fish_use_subcommand', flag)),
    ...commands.flatMap(({ name, about, flags, words }) => {
      const within = `__fish_seen_subcommand_from ${name}`;
      return [
        line('__fish_use_subcommand', `-fa ${name}`, `-d ${quoted(about)}`),
        ...flags.map((flag) => flagLine(within, flag)),
        ...(words.length === 0 ? [] : [line(within, `-fa ${quoted(words.join(' '))}`)]),
      ];
    }),
  ].join('\n')}\n`;
}

const isShell = (name: string): name is Shell => name in SHELLS;

/** The script for a shell. */
export function completionScript(shell: Shell, demarc: Command): string {
  return SHELLS[shell](demarc);
}

export function completion(shell: string, demarc: Command): number {
  if (!isShell(shell)) {
    const guess = nearest(shell, SHELL_NAMES);
    const hint = guess === undefined ? `there are ${SHELL_NAMES.join(', ')}` : `did you mean ${guess}?`;
    throw new UserError([{ place: shell, what: 'is no shell that demarc knows', hint }]);
  }
  process.stdout.write(completionScript(shell, demarc));
  return EXIT.fine;
}
