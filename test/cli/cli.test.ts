// The command line as a person meets it: exit codes, one line per problem, never a stack trace. Runs the built program.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

const MAIN = projectFile('dist/cli/main.js');

function run(argv: readonly string[], cwd = tmpdir()): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...argv],
      { cwd, timeout: 60_000, env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
      },
    );
  });
}

function folderWith(name: string, text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-cli-'));
  writeFileSync(path.join(folder, name), text);
  return folder;
}

describe('demarc', () => {
  it('lists its commands', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of ['serve', 'check', 'replay', 'generate']) expect(stdout).toContain(command);
  });

  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+$/m],
    [['chekc'], 2, /unknown command 'chekc'/],
    [['check', '--jsn'], 2, /unknown option '--jsn'/],
    [['serve', '--without-map', 'luck'], 2, /Allowed choices are demo, vendors/],
    [['serve', '--map', 'nowhere.yaml'], 2, /^nowhere\.yaml: does not exist, give the path of a readable file$/m],
    [
      ['serve', '--without-map', 'vendors', '--listen', 'here'],
      2,
      /^--listen: here is not host:port, write it like 127\.0\.0\.1:9815$/m,
    ],
    [['replay', '--speed', '100'], 2, /^--speed: 100 is out of range, give a number from 1 to 10$/m],
    [['replay', 'nowhere.yml'], 2, /^nowhere\.yml: does not exist/m],
    [['replay', '--engine', 'sim', 'origin-refused'], 0, /^1 of 1 scenarios as expected$/m],
  ])('%j ends with %i', async (argv, expected, said) => {
    const { code, stdout, stderr } = await run(argv);
    expect(`${stdout}${stderr}`).toMatch(said);
    expect(code).toBe(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('demarc check', () => {
  it('accepts the example and counts what it would probe', async () => {
    const { code, stdout } = await run(['check', projectFile('demarc.example.yaml')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok .*demarc\.example\.yaml: 3 services, \d+ probes/);
  });

  it('speaks JSON', async () => {
    const { code, stdout } = await run(['check', '--json', projectFile('demarc.example.yaml')]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ services: 3 });
  });

  it('lists every problem of a bad map and ends with 2', async () => {
    const folder = folderWith('demarc.yaml', 'version: 1\nintervall: 15s\nsite: HOME\n');
    const { code, stdout, stderr } = await run(['check'], folder);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toEqual([
      'demarc.yaml:3:7 site: is not valid, must be 1 to 64 of a-z, 0-9 and -, not starting with -',
      'demarc.yaml:2:12 intervall: unknown key intervall, did you mean interval?',
    ]);
    expect(code).toBe(2);
  });
});

describe('demarc generate', () => {
  it('finds every committed artifact current', async () => {
    const { code, stdout, stderr } = await run(['generate', '--check']);
    expect(`${stdout}${stderr}`).toMatch(/generated files are current/);
    expect(code).toBe(0);
  });
});

describe('demarc serve', () => {
  it('says who has the port, without a stack trace', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const folder = folderWith('none', '');
    const { code, stderr } = await run(['serve', '--listen', `127.0.0.1:${port}`], folder);
    other.close();
    expect(stderr).toContain(`127.0.0.1:${port}: is taken by another program, choose another with --listen host:port`);
    expect(code).toBe(2);
  });

  it('does not mind a reader that leaves early', async () => {
    const child = spawn(process.execPath, [MAIN, 'check', '--json', projectFile('demarc.example.yaml')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child, 'exit');
    expect(stderr).not.toMatch(/EPIPE|\bat /);
  });
});
