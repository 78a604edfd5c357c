// `demarc init` at a real terminal, against the lab: it asks where the origin is, is patient with typos, and can be left.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { type DemarcMap, loadMap, parseMap } from '../../map/load.ts';
import { MAIN } from './run-demarc.ts';

const PATIENCE = { timeout: 30_000, interval: 20 };
const [CTRL_C, CTRL_D] = ['\u0003', '\u0004'];

let lab: Lab;
let world: DemarcMap;
let command: readonly string[];

beforeAll(async () => {
  lab = await startLab();
  world = parseMap(lab.map, 'lab map', '/');
  const { resolver, trust, services } = world.file;
  command = [
    process.execPath,
    MAIN,
    ...['init', '--resolver', resolver === 'auto' ? '' : resolver.address, '--trust', trust[0] ?? ''],
    ...['--daemon', 'http://127.0.0.1:1', '--rdap', 'none', services.orders?.url ?? '', services.blog?.url ?? ''],
  ];
});

afterAll(() => lab.stop());

interface Terminal {
  folder: string;
  /** Types once `sign` was shown, anew since the last keys. */
  type(sign: string, keys: string): Promise<void>;
  /** All that was shown, once the program has ended, and its exit code. */
  ended(): Promise<{ shown: string; code: number | null }>;
}

function openTerminal(): Terminal {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-init-'));
  const line = `stty cols 80; exec ${command.map((word) => `'${word}'`).join(' ')}`;
  const child: ChildProcessWithoutNullStreams = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, TERM: 'xterm' },
  });
  const exited = once(child, 'exit');
  let [shown, read] = ['', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  return {
    folder,
    async type(sign, keys) {
      await vi.waitUntil(() => shown.slice(read).includes(sign), PATIENCE);
      read = shown.length;
      child.stdin.write(keys);
    },
    async ended() {
      const [code] = await exited;
      return { shown: stripVTControlCharacters(shown).replaceAll('\r', ''), code };
    },
  };
}

const draftIn = ({ folder }: Terminal) => loadMap(path.join(folder, 'demarc.yaml')).file.services;

describe.concurrent('at a terminal', () => {
  it('asks for every origin it cannot see, again after a typo, and writes what was said', async () => {
    const terminal = openTerminal();
    await terminal.type('URL of orders that passes no vendor', '192.168.1.20\r');
    await terminal.type('Write it like http://192.168.1.20:8080/', '\r');
    await terminal.type('URL of blog that passes no vendor', 'http://192.168.1.20:8080\r');
    const { shown, code } = await terminal.ended();
    expect(code, shown).toBe(0);
    // What was found stands before what is asked, and why it is asked before the first question.
    expect(shown).toMatch(/edge {6}cloudflare[\s\S]*Where is the origin\?[\s\S]*URL of orders/);
    expect(shown).toContain('wrote demarc.yaml; read its comments, then: demarc check demarc.yaml');
    expect(shown.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const { blog, orders } = draftIn(terminal);
    expect(blog?.origin?.url).toBe('http://192.168.1.20:8080/');
    expect(orders?.origin).toBeUndefined();
    const text = readFileSync(path.join(terminal.folder, 'demarc.yaml'), 'utf8');
    expect(text).toContain('you said so');
  });

  it('leaves the rest open on Ctrl+D', async () => {
    const terminal = openTerminal();
    await terminal.type('URL of orders that passes no vendor', 'http://192.168.1.21/\r');
    await terminal.type('URL of blog that passes no vendor', CTRL_D);
    const { shown, code } = await terminal.ended();
    expect(code, shown).toBe(0);
    const { blog, orders } = draftIn(terminal);
    expect([blog?.origin, orders?.origin?.url]).toEqual([undefined, 'http://192.168.1.21/']);
  });

  it('writes nothing on Ctrl+C, and calls that no bug', async () => {
    const terminal = openTerminal();
    await terminal.type('URL of orders that passes no vendor', CTRL_C);
    const { shown, code } = await terminal.ended();
    expect(shown).toMatch(/\ninit: was stopped, nothing is written, --yes asks nothing\n$/);
    expect(code).toBe(2);
    expect(existsSync(path.join(terminal.folder, 'demarc.yaml'))).toBe(false);
  });
});

describe.concurrent('without a terminal', () => {
  it('asks nothing, also when nobody said --yes', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'demarc-init-'));
    const [program = '', ...argv] = command;
    const child = spawn(program, argv, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(said).not.toContain('URL of');
    expect(existsSync(path.join(folder, 'demarc.yaml'))).toBe(true);
  });
});
