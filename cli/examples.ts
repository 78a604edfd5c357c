// What `--help` says below the options of each command: examples that work, and what is left to know. In 80 columns.
import type { Command } from 'commander';
import { listOfParts } from './generate-parts.ts';
import { wrap } from './wrap.ts';

interface More {
  /** Said before the examples. */
  notes?: readonly string[];
  /** A command line, and what it does. */
  examples: readonly (readonly [line: string, does: string])[];
  /** What 0, 1 and 2 mean here, where the table of all commands is not plain enough. */
  exits?: string;
}

export const MORE: Readonly<Record<string, More>> = {
  serve: {
    examples: [
      ['demarc serve', 'watch demarc.yaml, or show the demo where there is none'],
      ['demarc serve -m home.yaml -l 127.0.0.1:9900', 'another map, another port'],
    ],
  },
  check: {
    examples: [
      ['demarc check', 'demarc.yaml in this folder'],
      ['demarc check home.yaml --svg depends.svg', 'draw what depends on what'],
      ['demarc check --json | jq .elements[0]', 'what takes down most'],
    ],
    exits: '0 usable, 1 a warning with --strict, 2 the map is wrong',
  },
  init: {
    examples: [
      ['demarc init example.com blog.example.com', 'look, ask where the origins are, write demarc.yaml'],
      ['demarc init --yes -o - https://example.com/up', 'ask nothing, print the draft'],
      ['demarc init example.com --docker-socket', 'recognise origins among the containers that run here'],
    ],
  },
  discover: {
    examples: [
      ['demarc discover', 'ask what runs here, print what could be watched'],
      ['demarc discover --docker none --traefik http://127.0.0.1:8081 --json', 'only some, for programs'],
      ['demarc discover --cloudflared-config /etc/cloudflared/config.yml', 'ingress rules kept in a file'],
    ],
  },
  why: {
    examples: [
      ['demarc why blog', 'ask the demarc running here, or probe now where none runs'],
      ['demarc why', 'everything that is not fine'],
      ['demarc why cloudflare', 'a vendor, whether or not a service uses it'],
      ['demarc why blog --now -m home.yaml', 'probe now, whoever runs'],
      ['demarc why blog --json | jq .ruledOut', 'what was excluded, and by what'],
    ],
  },
  doctor: {
    notes: ['Without --live, no packet leaves this machine but to the demarc named with --from.'],
    examples: [
      ['demarc doctor', 'ask what stands where it usually does'],
      ['demarc doctor --grafana none --prometheus http://127.0.0.1:9091', 'no Grafana, Prometheus elsewhere'],
      ['demarc doctor --live --json > findings.json', 'the outside too, for a program'],
    ],
    exits: '0 nothing worse than a warning, 1 a problem, 2 the question was wrong',
  },
  report: {
    examples: [
      ['demarc report', 'the last 24 hours'],
      ['demarc report --from 7d --format html > week.html', 'a week, for a browser'],
      ['demarc report --from 2026-03-01 --to 2026-04-01', 'a month, for the vendor scorecard'],
    ],
  },
  maintenance: {
    notes: ['Windows that come again stand in the map, under maintenance.'],
    examples: [
      ['demarc maintenance start blog --for 2h --reason "new disk"', 'from now on, and no longer than that'],
      ['demarc maintenance list', 'what is open, and what the map plans'],
      ['demarc maintenance end blog', 'earlier than announced'],
    ],
  },
  probe: {
    examples: [
      ['demarc probe', 'what can be measured'],
      ['demarc probe http', 'the settings of one kind'],
      ['demarc probe http url=https://blog.example.org expect.status=200,204', 'one request, and all it saw'],
      ['demarc probe dns server=192.0.2.1 name=example.org type=SOA recursion=false', 'one question to one server'],
    ],
    exits: '0 as wished, 1 not as wished, 2 the question was wrong',
  },
  preview: {
    examples: [
      ['demarc preview service --last 24h --prometheus http://127.0.0.1:9090', 'one dashboard of yours'],
      ['demarc preview --lab --theme both --pictures', 'all of them, without any installation'],
    ],
  },
  replay: {
    examples: [
      ['demarc replay cloudflare-2025-11-18 --speed 3', 'one outage, three times as fast'],
      ['demarc replay --engine sim', 'all of them, in virtual time'],
      ['demarc replay --engine sim fastly-2021-06-08 --json > results.json', 'one of them, for a program'],
      ['demarc replay --map demarc.yaml "vendor cloudflare edge down"', 'what that would do to your services'],
      ['demarc replay --map demarc.yaml', 'the phrases there are'],
    ],
    exits: '0 every expectation held, 1 one did not, 2 the question was wrong',
  },
  generate: {
    notes: [`Parts:\n${listOfParts()}`],
    examples: [
      ['demarc generate rules --out rules', 'the rule file, into a folder'],
      [
        'demarc generate deployment service-monitor prometheus-rule --map demarc.yaml --label release=kube-prometheus-stack',
        'for Kubernetes with the Prometheus operator, on stdout',
      ],
      ['demarc generate --map demarc.yaml --out alerting', 'alertmanager.yml and demarc.tmpl for the map'],
      ['demarc generate', 'refresh the files that are committed'],
    ],
    exits: '0 fine, 1 --check found a file that is not current, 2 the question was wrong',
  },
  completion: {
    examples: [
      ['source <(demarc completion bash)', 'in ~/.bashrc'],
      ['source <(demarc completion zsh)', 'in ~/.zshrc'],
      ['demarc completion fish | source', 'in ~/.config/fish/config.fish'],
    ],
  },
};

/** A command line too long for the terminal goes on in the next one, as a shell reads it. */
function folded(line: string): string[] {
  const lines = wrap('  ', line, 78);
  return lines.map((part, index) =>
    index < lines.length - 1 ? `${index > 0 ? '    ' : ''}${part} \\` : `${index > 0 ? '    ' : ''}${part}`,
  );
}

/** The text below the options. */
function moreHelp(name: string): string {
  const more = MORE[name];
  if (more === undefined) return '';
  const { notes = [], examples, exits } = more;
  return [
    ...notes.flatMap((note) => ['', ...(note.includes('\n') ? [note] : wrap('', note))]),
    '',
    'Examples:',
    ...examples.flatMap(([line, does]) => [...wrap('  # ', does), ...folded(line)]),
    ...(exits === undefined ? [] : ['', ...wrap('Exit codes: ', `${exits}.`)]),
  ].join('\n');
}

/** Adds it to every command of `demarc`. */
export function addMoreHelp({ commands }: Command): void {
  for (const command of commands) command.addHelpText('after', moreHelp(command.name()));
}
