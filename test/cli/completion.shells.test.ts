// The completion scripts, each loaded by its own shell: what that shell then offers for a line somebody began to type.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openShell } from './shell.ts';

/** Lines somebody stopped in the middle of, and all that is offered there. */
const OFFERED: Readonly<Record<string, readonly string[]>> = {
  'demarc che': ['check'],
  'demarc --': ['--help', '--version'],
  'demarc check --': ['--help', '--json', '--mermaid', '--strict', '--svg'],
  'demarc check --js': ['--json'],
  'demarc replay --engine ': ['embedded', 'prometheus', 'sim'],
  'demarc probe clo': ['clock', 'cloudflared'],
  'demarc completion ': ['bash', 'fish', 'zsh'],
  'demarc maintenance ': ['end', 'list', 'start'],
  'demarc help gen': ['generate'],
  // Where demarc has nothing to say, files of the folder.
  'demarc check ho': ['home.yaml'],
  'demarc check --svg ho': ['home.yaml'],
};

const LINES = Object.keys(OFFERED);

/** A shell at a terminal, told to write `LINE -> WORDS` for every line into `offered`, and to leave. */
const AT_TERMINAL: Readonly<Record<string, { files: Record<string, string>; command: string }>> = {
  bash: {
    // Readline lists what fits at the second Tab; here it is asked as Readline asks.
    command: 'bash --norc -i rc.bash',
    files: {
      'rc.bash': `source <(demarc completion bash)
while IFS= read -r line; do
  read -ra COMP_WORDS <<<"$line"
  [[ $line != *' ' ]] || COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)) COMPREPLY=()
  [[ $(complete -p demarc) == 'complete -o default -F _demarc demarc' ]] && _demarc
  # -o default: file names where it offers nothing.
  ((\${#COMPREPLY[@]} > 0)) || mapfile -t COMPREPLY < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
  echo "$line -> \${COMPREPLY[*]}" >>offered
done <lines
`,
    },
  },
  zsh: {
    command: 'ZDOTDIR=$PWD zsh -d -i',
    files: {
      '.zshrc': `autoload -Uz compinit && compinit -D -u
source <(demarc completion zsh)
# Notes what is really added; the completion system also asks it what would fit, with -O, -A or -D.
compadd() {
  if (( ! \${argv[(I)-*[OAD]*]} )); then
    local -a fitting; builtin compadd -O fitting "$@"; words_offered+=($fitting)
  fi
  builtin compadd "$@"
}
zle-line-init() {
  local line
  for line in "\${(@f)$(<lines)}"; do
    BUFFER=$line CURSOR=$#line words_offered=()
    zle list-choices
    print -r -- "$line -> $words_offered" >>offered
  done
  BUFFER=exit; zle accept-line
}
zle -N zle-line-init
`,
    },
  },
  fish: {
    command: 'fish --no-config rc.fish',
    files: {
      'rc.fish': `demarc completion fish | source
while read -l line
  echo "$line ->" (complete -C $line | string replace -r '\\t.*' '') >>offered
end <lines
`,
    },
  },
};

describe('what the shell offers', () => {
  it.each(Object.entries(AT_TERMINAL))('%s', async (_, { command, files }) => {
    const shell = openShell({ ...files, 'home.yaml': 'version: 1\n', lines: `${LINES.join('\n')}\n` });
    const { stdout } = await shell.run(`script -qec '${command}' /dev/null </dev/null`, { TERM: 'xterm' });
    const told = readFileSync(path.join(shell.folder, 'offered'), 'utf8').trim().split('\n');
    const offered = told.map((line) => line.split(' ->') as [string, string]);
    expect(
      Object.fromEntries(offered.map(([line, words]) => [line, words.split(' ').filter(Boolean).sort()])),
      stdout,
    ).toEqual(OFFERED);
  });
});
