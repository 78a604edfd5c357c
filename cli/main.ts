#!/usr/bin/env node
// The command line: argv to command. The only place that ends the process.
import { Command, CommanderError, Option } from 'commander';
import { addMaintenance } from './maintenance-command.ts';
import { EXIT, EXIT_HELP, HELP, report } from './terminal.ts';
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
    .option('-f, --from <url>', 'the running demarc to ask (default: where the map says it listens)')
    .option('-n, --now', 'ask nobody: probe the map right now, at most 30 s; happens by itself where none runs')
    .option('-m, --map <file>', 'the map (default: demarc.yaml here, if there is one)')
    .addOption(stateOption())
    .option('--json', 'print the diagnosis as JSON')
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
    .option('--debug', 'also tell settings, names, the address, what happened, every check, and the series as exported')
    .option('--json', 'print the result as JSON')
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
    .option('--prometheus <url>', 'ask it too: when the first alert fired, when a status page admitted it')
    .option('--json', 'the same as --format json')
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
    .option('--docker-socket [path]', 'ask Docker what runs here (default path: /var/run/docker.sock)')
    .option('--rdap <url>', 'the registry to ask about the domains, or none (default: by the top-level domain)')
    .option('--vendors <map>', 'another map, whose vendors are recognised too and come along')
    .option('--json', 'print what was found as JSON, and ask nothing')
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
    .action(async (names, options) => run((await import('./preview.ts')).preview(names, options)));
}

function addDiscover(demarc: Command, run: Run): void {
  demarc
    .command('discover')
    .description(
      'propose services for the map from what runs here: Docker, cloudflared, Traefik, Caddy; writes nothing',
    )
    .option(
      '--docker <socket>',
      'the socket of the Docker engine, whose labels demarc.* are read, or none',
      '/var/run/docker.sock',
    )
    .option(
      '--cloudflared <url>',
      'where cloudflared serves its metrics and its /config, or none',
      'http://127.0.0.1:20241',
    )
    .option('--cloudflared-config <file>', 'its config.yml, for ingress rules that are kept in a file')
    .option('--traefik <url>', "where Traefik's API is, or none", 'http://127.0.0.1:8080')
    .option('--caddy <url>', "where Caddy's admin API is, or none", 'http://127.0.0.1:2019')
    .option('-m, --map <file>', 'the map, whose services are not proposed again (default: demarc.yaml here)')
    .option('--json', 'print proposals, reasons and what was left out as JSON')
    .action(async (options) => run((await import('./discover.ts')).discover(options)));
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
    .action(async (parts, options) => run((await import('./generate.ts')).generate(parts, options, demarc)));
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
    .action(async (file, options) => run((await import('./check.ts')).check(file, options)));
}

function addReplay(demarc: Command, run: Run): void {
  demarc
    .command('replay')
    .description(
      'play scenarios in the lab and compare what demarc says with what it should say; with --map, tell what a failure would do to you',
    )
    .argument(
      '[what...]',
      'scenario files, folders, or ids of built-in ones (default: all of them); with --map, what breaks',
    )
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
    .configureHelp(HELP)
    .addHelpText('after', EXIT_HELP)
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
    .option(
      '--memory-limit <MiB>',
      'resident memory beyond which it ends, with exit code 70, to be started again; 0 sets no limit (default: 256 and 1 for ' +
        "every 32 probes, at most 15/16 of the control group's)",
    )
    .option('--web-reload', 'let a POST to /-/reload load the map anew, as SIGHUP and a change of the file do')
    .action(async (options) => run((await import('./serve.ts')).serve(options)));

  addCheck(demarc, run);
  addInit(demarc, run);
  addWhy(demarc, run);
  addDoctor(demarc, run);
  addReport(demarc, run);
  addMaintenance(demarc, run, stateOption);
  addProbe(demarc, run);
  addPreview(demarc, run);

  addReplay(demarc, run);

  addDiscover(demarc, run);
  addGenerate(demarc, run);

  demarc
    .command('completion')
    .description('print a script that lets your shell complete commands and options: bash, zsh or fish')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell) => run((await import('./completion.ts')).completion(shell, demarc)));

  return demarc;
}

async function main(argv: string[]): Promise<number> {
  let result: Promise<number> | number = EXIT.fine;
  try {
    const demarc = program((command) => {
      result = command;
    });
    // Only who asks for help waits for all that it tells.
    if (argv.some((word) => ['help', '-h', '--help'].includes(word)))
      (await import('./examples.ts')).addMoreHelp(demarc);
    await demarc.parseAsync(argv);
    return await result;
  } catch (error) {
    // Commander has said what was wrong; only its verdict on the input is left to tell.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.userError;
    return report(error);
  }
}

// A reader who leaves early, such as head, has seen enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.fine);
    throw error;
  });
}

process.exitCode = await main(process.argv);
