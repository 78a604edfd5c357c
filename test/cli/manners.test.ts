// How the command line behaves at a terminal and in a pipe: help, examples, exit codes, completion, colours, early readers.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { completionScript, SHELL_NAMES } from '../../cli/completion.ts';
import { MORE } from '../../cli/examples.ts';
import { withProgress } from '../../cli/progress.ts';
import { EXIT_HELP, report } from '../../cli/terminal.ts';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { UserError } from '../../map/user-error.ts';
import { cliCommand } from '../docs/artifacts.ts';
import { SCENES } from '../status/fake-monitor.ts';
import { type Harness, start } from '../status/status-harness.ts';
import { runDemarc } from './run-demarc.ts';
import { openShell, type Shell } from './shell.ts';

let harness: Harness;
let lab: Lab;
let shell: Shell;

beforeAll(async () => {
  [harness, lab] = await Promise.all([start(SCENES.mixed), startLab()]);
  // Beside the map, as a ConfigMap needs it.
  const map = lab.map.replace(/^ {2}- .*ca\.pem$/m, '  - ca.pem');
  const listens = `${map}listen: ${new URL(harness.server.url).host}\n`;
  const journal = `${JSON.stringify({ kind: 'start', at: new Date().toISOString(), site: 'lab', version: '0.1.0' })}\n`;
  const notify = 'notify: { receivers: { phone: { kind: ntfy, url: http://nas.lan, topic: alerts } } }\n';
  shell = openShell({
    'demarc.yaml': listens + notify,
    'home.yaml': map,
    'ca.pem': lab.ca,
    'state/journal.jsonl': journal,
  });
});

afterAll(async () => {
  await Promise.all([harness.server.close(), lab.stop()]);
});

const DEMARC = await cliCommand();
const COMMANDS = DEMARC.commands.map((command) => command.name());

describe('--help', () => {
  it.each([[], ...COMMANDS.map((name) => [name])])('%s fits 80 columns', async (...argv) => {
    const { code, stdout } = await runDemarc([...argv.filter((word) => word !== undefined), '--help']);
    expect(code).toBe(0);
    // A flag with its values may stand on a line of its own.
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('has at least one example for every command, and for no other', () => {
    expect(Object.keys(MORE).sort()).toEqual([...COMMANDS].sort());
    for (const [name, { examples }] of Object.entries(MORE))
      expect(
        examples.some(([line]) => line.includes(`demarc ${name}`)),
        name,
      ).toBe(true);
  });

  it('tells every exit code there is', () => {
    expect([...EXIT_HELP.matchAll(/^ {2}(\d) /gm)].map(([, code]) => Number(code))).toEqual([0, 1, 2]);
  });
});

describe('the examples', () => {
  /** What cannot be run here, and why. Whoever adds one adds a line, and has to have a reason. */
  const NOT_HERE: Readonly<Record<string, string>> = {
    'demarc serve': 'runs until it is told to end; its own tests do that',
    'demarc serve -m home.yaml -l 127.0.0.1:9900': 'the same',
    'demarc init example.com blog.example.com': 'asks the outside; its own tests ask the lab',
    'demarc init --yes -o - https://example.com/up': 'the same',
    'demarc init example.com --docker-socket': 'the same',
    'demarc doctor --live --json > findings.json': 'asks the outside',
    'demarc discover --cloudflared-config /etc/cloudflared/config.yml': 'there is no such file; its own tests have one',
    'demarc probe http url=https://blog.example.org expect.status=200,204': 'asks the outside',
    'demarc probe dns server=192.0.2.1 name=example.org type=SOA recursion=false': 'asks the outside',
    'demarc preview service --last 24h --prometheus http://127.0.0.1:9090':
      'needs a Prometheus; its own tests have one',
    'demarc preview --lab --theme both --pictures': 'takes six minutes',
    'demarc replay cloudflare-2025-11-18 --speed 3': 'takes a minute; the replays play it',
    'demarc replay --engine sim': 'the example with --json is the same',
    'demarc generate': 'would write into this repository; `--check` is tested',
    'source <(demarc completion zsh)': 'needs a zsh; its own tests have one',
    'demarc completion fish | source': 'needs a fish; its own tests have one',
  };
  /** A diagnosis may find something. */
  const MAY_FAIL = /^demarc doctor/;
  const LINES = Object.values(MORE).flatMap(({ examples }) => examples.map(([line]) => line));

  it('are left out for no reason that is not written down', () => {
    expect(Object.keys(NOT_HERE).filter((line) => !LINES.includes(line))).toEqual([]);
    expect(Object.keys(NOT_HERE).length).toBeLessThanOrEqual(16);
  });

  it.each(LINES.filter((line) => !(line in NOT_HERE)))('%s', async (line) => {
    // What a program does with the JSON is that program's; that it is JSON is ours.
    const [command = '', filter] = line.split(' | jq ');
    const { code, stdout, stderr } = await shell.run(command);
    expect(stderr).not.toMatch(/^\s+at |this is a bug/m);
    expect(MAY_FAIL.test(line) ? [0, 1] : [0], stderr).toContain(code);
    if (filter === undefined) return;
    const [, key = '', index] = /^\.(\w+)(?:\[(\d+)\])?$/.exec(filter) ?? [];
    const found = JSON.parse(stdout)[key];
    expect(index === undefined ? found : found[Number(index)]).toBeDefined();
  });

  it('leave the files they speak of', () => {
    for (const file of ['depends.svg', 'week.html', 'results.json', 'rules', 'alerting/alertmanager.yml'])
      expect(existsSync(path.join(shell.folder, file)), file).toBe(true);
  });
});

describe('exit codes', () => {
  it.each([
    ['0 for fine', 'demarc check home.yaml', 0],
    ['0 for help', 'demarc help check', 0],
    ['1 for a probe that fails', 'demarc probe tcp host=127.0.0.1 port=1', 1],
    ['1 for a warning with --strict', 'demarc check --strict home.yaml', 1],
    ['2 for no command at all', 'demarc', 2],
    ['2 for too many words', 'demarc check one.yaml two.yaml', 2],
    ['2 for a map that is not there', 'demarc check nowhere.yaml', 2],
    ['2 for a program that is not there', 'demarc why blog --from http://127.0.0.1:1', 2],
    ['2 for a shell that is none', 'demarc completion basch', 2],
  ])('%s', async (_, line, code) => {
    const got = await shell.run(line);
    expect(got.stderr).not.toMatch(/^\s+at |this is a bug/m);
    expect(got.code).toBe(code);
  });

  it('1 for a bug, told without its stack; 2 for a mistake', () => {
    const said: string[] = [];
    const write = process.stderr.write;
    process.stderr.write = (text: string | Uint8Array) => said.push(String(text)) > 0;
    try {
      expect(report(new Error('boom'))).toBe(1);
      expect(report(new UserError([{ place: 'a', what: 'b', hint: 'c' }]))).toBe(2);
    } finally {
      process.stderr.write = write;
    }
    expect(said.join('')).toBe(
      'demarc: this is a bug of demarc: boom\nSet DEMARC_DEBUG=1 to see where it happened.\na: b, c\n',
    );
  });
});

describe('a mistyped word', () => {
  it.each([
    ['chekc', 'Did you mean check?'],
    ['check --jsno', 'Did you mean --json?'],
    ['why --form x', 'Did you mean --from?'],
    ['probe htp url=x', 'did you mean http?'],
    ['completion bsh', 'did you mean bash?'],
    ['generate ruels', 'did you mean rules?'],
    ['why blgo', 'did you mean blog?'],
  ])('demarc %s', async (words, guess) => {
    const { code, stderr } = await shell.run(`demarc ${words}`);
    expect(stderr).toContain(guess);
    expect(code).toBe(2);
  });
});

describe('completion', () => {
  it.each(SHELL_NAMES)('knows every command and option in %s', (name) => {
    const script = completionScript(name, DEMARC);
    for (const command of DEMARC.commands) {
      expect(script).toContain(command.name());
      for (const { long, argChoices } of command.options) {
        const spelt = name === 'fish' ? `-l ${long?.slice(2)}` : (long ?? '');
        expect(script, spelt).toContain(spelt);
        for (const choice of argChoices ?? []) expect(script).toContain(choice);
      }
    }
  });
});

describe('a reader who leaves early', () => {
  it.each([
    'demarc check --json home.yaml | head -c 1',
    'demarc check home.yaml 2>&1 >/dev/null | head -c 1',
    'demarc report --format json | true',
    'demarc generate rules | head -c 1',
    'demarc completion bash | head -1',
  ])('%s', async (line) => {
    const { code, stderr } = await shell.run(line);
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
    expect(code).toBe(0);
  });
});

describe('colours', () => {
  /** A real terminal of 80 columns. `script` may miss the end of what it runs while its own input stays open. */
  const atTerminal = (line: string, environment: Readonly<Record<string, string>>) =>
    shell.run(`script -qec 'stty cols 80; ${line}' /dev/null </dev/null`, { TERM: 'xterm', ...environment });
  const ESCAPE = '\u001b[';

  it('are for a terminal that wants them', async () => {
    const { stdout } = await atTerminal('env -u NO_COLOR demarc check home.yaml', {});
    expect(stdout).toContain(`${ESCAPE}32mok`);
    const { stdout: inCi } = await atTerminal('env -u NO_COLOR CI=true demarc check home.yaml', {});
    expect(inCi).toContain(`${ESCAPE}32mok`);
    for (const plain of [
      'NO_COLOR=1 demarc check home.yaml',
      'TERM=dumb demarc check home.yaml',
      'demarc check home.yaml 2>&1 | cat',
    ]) {
      const { stdout: without } = await atTerminal(`env -u NO_COLOR ${plain}`, {});
      expect(without, plain).toContain('ok home.yaml');
      expect(without, plain).not.toContain(ESCAPE);
    }
  });
});

describe('progress', () => {
  const streamOf = (isTTY: boolean) => {
    const said: string[] = [];
    const stream = { isTTY, write: (text: string) => said.push(text) > 0 };
    return { said, stream };
  };

  it('is silent about short work, counts seconds at a terminal, and wipes its line away', async () => {
    const { said, stream } = streamOf(true);
    await withProgress('looking', Promise.resolve(1), stream);
    expect(said).toEqual([]);
    const slow = new Promise((resolve) => setTimeout(resolve, 2_500));
    await withProgress('looking', slow, stream);
    expect(said[0]).toBe('\r\u001b[Klooking: 2 s');
    expect(said.at(-1)).toBe('\r\u001b[K');
  });

  it('is told of a measurement that takes its time', async () => {
    const mute = net.createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void mute.close());
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const { code, stderr } = await runDemarc(['probe', 'http', `url=http://127.0.0.1:${port}/`, '--timeout', '3s']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^measuring http: 2 s$/m);
  });

  it('gives the result or the failure of the work', async () => {
    expect(await withProgress('', Promise.resolve(7))).toBe(7);
    await expect(withProgress('', Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
