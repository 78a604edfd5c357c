#!/usr/bin/env node
// The command line: argv to command. The only place that ends the process.
import { Command, CommanderError, Option } from 'commander';
import { generate } from './generate.ts';
import { listOfParts } from './generate-parts.ts';
import { EXIT, report } from './terminal.ts';
import { version } from './version.ts';

type Run = (command: Promise<number> | number) => void;

const stateOption = (): Option =>
  new Option('-s, --state <folder>', 'where `demarc serve` keeps what must outlive a restart')
    .default('state')
    .env('DEMARC_STATE_DIR');

function addWhy(demarc: Command, run: Run): void {
  demarc
    .command('why')
    .description('explain a verdict: what was seen, what that rules out, what remains, what would settle it')
    .argument(
      '[name]',
      'a service, uplink, or a vendor such as cloudflare or cloudflare/edge (default: all that is not fine)',
    )
    .option('-f, --from <url>', 'the running demarc to ask', 'http://127.0.0.1:9815')
    .option('-n, --now', 'ask nobody: probe the map right now, at most 30 s')
    .option('-m, --map <file>', 'the map for --now (default: demarc.yaml here)')
    .addOption(stateOption())
    .option('--json', 'print the diagnosis as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  demarc why blog                         ask the demarc running here\n  demarc why                              everything that is not fine\n  demarc why blog --now -m home.yaml      probe now, without a running demarc\n  demarc why blog --json | jq .ruledOut\n  demarc why cloudflare                   a vendor, whether or not a service uses it',
    )
    .action(async (service, options) => run((await import('./why.ts')).why(service, options)));
}

function addProbe(demarc: Command, run: Run): void {
  demarc
    .command('probe')
    .description('measure one thing once, and tell everything that was seen')
    .argument('[kind]', 'what to do (default: list the kinds)')
    .argument('[key=value...]', 'its settings, nested ones with dots (default: list them)')
    .option('-t, --timeout <duration>', 'how long to wait, 10ms to 60s', '4s')
    .option('-r, --resolver <host:port>', "the name server to ask (default: the system's)")
    .option('--trust <pem...>', 'certificates to trust besides the usual ones')
    .option('--debug', 'also tell settings, names, the address, every check, and the series as exported')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  demarc probe http                                           tell the settings of http\n  demarc probe http url=https://blog.example.org expect.status=200,204\n  demarc probe dns server=192.0.2.1 name=example.org type=SOA recursion=false --debug\n\nExit codes: 0 as wished, 1 not as wished, 2 the question was wrong.',
    )
    .action(async (kind, pairs, options) => run((await import('./probe.ts')).probe(kind, pairs, options)));
}

function addReport(demarc: Command, run: Run): void {
  demarc
    .command('report')
    .description('draft a post-mortem and a vendor scorecard from the journal that `demarc serve` keeps')
    .option('--from <moment>', 'an RFC 3339 time, a date, or how long ago: 24h, 7d', '24h')
    .option('--to <moment>', 'the same, or now', 'now')
    .addOption(
      new Option('--format <format>', 'how to print it').choices(['markdown', 'html', 'json']).default('markdown'),
    )
    .addOption(stateOption())
    .addHelpText(
      'after',
      '\nExamples:\n  demarc report                                    the last 24 hours\n  demarc report --from 7d --format html > week.html\n  demarc report --from 2026-03-01 --to 2026-04-01  a month, for the vendor scorecard',
    )
    .action(async (options) => run((await import('./report.ts')).report(options)));
}

/** An option that may be given again. One that takes several values at once would swallow the names after it. */
function collected(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function addInit(demarc: Command, run: Run): void {
  demarc
    .command('init')
    .description(
      'draft demarc.yaml by looking at your names: who serves, carries and fronts them, and how sure that is',
    )
    .argument('<names...>', 'names or URLs of what you run, e.g. example.com or https://example.com:8443/health')
    .option('-o, --output <file>', 'where to write it, never over a file that exists; - prints it', 'demarc.yaml')
    .option('-y, --yes', 'ask nothing')
    .option('-r, --resolver <host:port>', "the resolver to ask (default: this machine's)")
    .option('--trust <file>', 'a PEM file of further certificate authorities; may be given again', collected)
    .option('-p, --port <port>', 'the port of names given without one')
    .option(
      '--daemon <url>',
      'where a cloudflared serves its metrics; may be given again (default: http://127.0.0.1:20241 to 20245)',
      collected,
    )
    .option('--vendors <map>', 'another map, whose vendors are recognised too and come along')
    .addHelpText(
      'after',
      '\nExamples:\n  demarc init example.com blog.example.com        look, ask where the origins are, write demarc.yaml\n  demarc init --yes -o - https://example.com/up   ask nothing, print the draft',
    )
    .action(async (names, options) => run((await import('./init.ts')).init(names, options)));
}

function addDoctor(demarc: Command, run: Run): void {
  demarc
    .command('doctor')
    .description('find what keeps verdicts from being right or from reaching you, and what would mend it')
    .option('-m, --map <file>', 'the map (default: demarc.yaml here, if there is one)')
    .option('-f, --from <url>', 'the running demarc (default: where the map says it listens)')
    .option('--prometheus <url>', 'Prometheus, or none (default: http://127.0.0.1:9090)')
    .option('--alertmanager <url>', 'Alertmanager, or none (default: http://127.0.0.1:9093)')
    .option('--grafana <url>', 'Grafana, or none (default: http://127.0.0.1:3000)')
    .addOption(stateOption())
    .option('--live', 'ask the outside too: resolver, anchors, a time server, and every control of the vendors, once')
    .option('--time-server <host:port>', 'whom --live asks for the time', 'pool.ntp.org:123')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nWithout --live, no packet leaves this machine but to the demarc named with --from.\n\nExamples:\n  demarc doctor\n  demarc doctor --grafana none --prometheus http://127.0.0.1:9091\n  demarc doctor --live --json > findings.json\n\nExit codes: 0 nothing worse than a warning, 1 a problem, 2 the question was wrong.',
    )
    .action(async (options) => run((await import('./doctor.ts')).doctor(options)));
}

function addPreview(demarc: Command, run: Run): void {
  demarc
    .command('preview')
    .description('draw the dashboards as plain pages with the data of a Prometheus, where no Grafana is at hand')
    .argument('[dashboards...]', 'their names, e.g. service (default: all)')
    .option('-p, --prometheus <url>', 'whose data to show', 'http://127.0.0.1:9090')
    .option('--lab', 'show a lab instead: its own Prometheus, seven failures in a row, about six minutes')
    .option('-o, --out <folder>', 'where to write the pages', 'preview')
    .option('--site <name>', 'the site to show (default: the only one)')
    .option('--service <pattern>', 'the services to show, a regular expression', '.+')
    .option('--vendor <pattern>', 'the vendors to show, a regular expression', '.+')
    .option('--slo <percent>', "the objective of the error budget's dashboard", '99.9')
    .option('--last <duration>', 'the time shown: 30m, 6h, 7d', '6h')
    .addOption(
      new Option('--theme <name>', 'colours on light or dark').choices(['light', 'dark', 'both']).default('light'),
    )
    .option('--width <pixels>', 'how wide the pages are', '1400')
    .option('--pictures', 'also take a PNG of each page, with the Chromium of this machine')
    .addHelpText(
      'after',
      '\nExamples:\n  demarc preview service --last 24h --prometheus http://127.0.0.1:9090\n  demarc preview --lab --theme both --pictures   all dashboards, without any installation',
    )
    .action(async (names, options) => run((await import('./preview.ts')).preview(names, options)));
}

function addGenerate(demarc: Command, run: Run): void {
  demarc
    .command('generate')
    .description(
      'write the parts of the stack you name, for a stack of your own; or refresh the files that are committed',
    )
    .argument('[part...]', 'which parts (default: every committed file, from its source)')
    .option('--check', 'write nothing; fail if any file is not current')
    .option('-m, --map <file>', "the map, for parts made of it; without a part: Alertmanager's configuration for it")
    .option('-o, --out <folder>', 'where to write (default: stdout)')
    .option('--target <host:port>', 'where others reach the exporter (default: what the map says, 127.0.0.1:9815)')
    .option('--namespace <name>', 'the namespace of Kubernetes objects', 'monitoring')
    .option('--label <key=value>', 'a label for Kubernetes objects; may be given again', collected)
    .option('--image <name>', 'the image of the exporter, where your cluster finds it (default: demarc:VERSION)')
    .option('--host-network', "put the pod on its node's network, so that it sees the node's router and line")
    .addHelpText(
      'after',
      `\nParts:\n${listOfParts()}\n\nExamples:\n  demarc generate rules --out /etc/prometheus/rules\n  demarc generate deployment service-monitor prometheus-rule --map demarc.yaml --label release=kube-prometheus-stack\n  demarc generate --map demarc.yaml --out alerting  write alertmanager.yml and demarc.tmpl for the map\n  demarc generate                                  refresh the files that are committed\n\nExit codes: 0 fine, 1 --check found a file that is not current, 2 the question was wrong.`,
    )
    .action((parts, options) => run(generate(parts, options, demarc)));
}

function addCheck(demarc: Command, run: Run): void {
  demarc
    .command('check')
    .description(
      'check a map: what is wrong, what could work better, what takes down most when it goes, and what only looks redundant',
    )
    .argument('[file]', 'the map', 'demarc.yaml')
    .option('--svg <file>', 'draw what depends on what, as SVG; - prints it')
    .option('--mermaid <file>', 'the same as Mermaid text')
    .option('--strict', 'end with 1 if there is any warning')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  demarc check\n  demarc check demarc.yaml --svg depends.svg\n  demarc check --json | jq .elements[0]\n\nExit codes: 0 usable, 1 a warning with --strict, 2 the map is wrong.',
    )
    .action(async (file, options) => run((await import('./check.ts')).check(file, options)));
}

function addReplay(demarc: Command, run: Run): void {
  demarc
    .command('replay')
    .description(
      'play scenarios in the lab and compare what demarc says with what it should say; with --map, tell what a failure would do to you',
    )
    .argument('[what...]', 'scenario files or folders (default: all of lab/scenarios); with --map, what breaks')
    .addOption(
      new Option(
        '--engine <name>',
        'who judges: the verdict in process, a real Prometheus with the committed rules (at speed 1), or a model in virtual time',
      )
        .choices(['embedded', 'prometheus', 'sim'])
        .default('embedded'),
    )
    .option('--speed <n>', 'run time faster by this factor, 1 to 10', '1')
    .option('--parallel <n>', 'play so many side by side, each a world of its own', '6')
    .option('-m, --map <file>', 'ask what would happen to the services of this map; nothing is asked, nothing is sent')
    .option('--for <duration>', 'with --map: how long it stays broken', '15m')
    .option('--json', 'print the results as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  demarc replay lab/scenarios/cloudflare-2025-11-18.yml --speed 3\n  demarc replay --json > results.json\n  demarc replay --map demarc.yaml "vendor cloudflare edge down"\n  demarc replay --map demarc.yaml                          the phrases there are',
    )
    .action(async (what, options) =>
      options.map === undefined
        ? run((await import('./replay.ts')).replay(what, options))
        : run((await import('./replay-what-if.ts')).replayWhatIf(what, options)),
    );
}

function program(run: Run): Command {
  const demarc = new Command('demarc')
    .description(
      'Is it me or is it them? Watches every link of the path to your services and says whose the broken one is.',
    )
    .version(version(), '-V, --version')
    .exitOverride()
    .showHelpAfterError('(demarc --help shows what there is)');

  demarc
    .command('serve')
    .description('run the exporter, the verdict and the status page (http://127.0.0.1:9815)')
    .option('-m, --map <file>', 'the map to watch (default: demarc.yaml here, if there is one)')
    .addOption(
      new Option(
        '--without-map <what>',
        'what to do when there is no map: the demo, or the uplink and the catalogue of vendors',
      )
        .choices(['demo', 'vendors'])
        .default('demo')
        .env('DEMARC_WITHOUT_MAP'),
    )
    .option('-l, --listen <host:port>', 'where to listen (default: what the map says, 127.0.0.1:9815)')
    .addOption(
      new Option('-s, --state <folder>', 'where to keep what must outlive a restart')
        .default('state')
        .env('DEMARC_STATE_DIR'),
    )
    .option('--web-reload', 'let a POST to /-/reload load the map anew, as SIGHUP and a change of the file do')
    .addHelpText(
      'after',
      '\nExamples:\n  demarc serve                     watch demarc.yaml, or show the demo\n  demarc serve -m home.yaml -l 127.0.0.1:9900',
    )
    .action(async (options) => run((await import('./serve.ts')).serve(options)));

  addCheck(demarc, run);
  addInit(demarc, run);
  addWhy(demarc, run);
  addDoctor(demarc, run);
  addReport(demarc, run);
  addProbe(demarc, run);
  addPreview(demarc, run);

  addReplay(demarc, run);

  addGenerate(demarc, run);

  return demarc;
}

async function main(argv: string[]): Promise<number> {
  let result: Promise<number> | number = EXIT.fine;
  try {
    await program((command) => {
      result = command;
    }).parseAsync(argv);
    return await result;
  } catch (error) {
    // Commander has said what was wrong; only its verdict on the input is left to tell.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.userError;
    return report(error);
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.fine);
  throw error;
});

process.exitCode = await main(process.argv);
