// What bounds a running demarc, exceeded: a loop that stands still, one that is only stopped, and memory. Each is a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { STANDSTILL_MS } from '../../catalog/limits.ts';
import { projectFile } from '../../catalog/root.ts';
import { answers, freePort, until } from '../../replay/process.ts';
import { MAIN } from './run-demarc.ts';

/** Leads nowhere but to this machine. */
const MAP = `version: 1
interval: 1s
timeout: 500ms
gateway: none
resolver: { address: '127.0.0.1:9' }
anchors: []
publicResolvers: []
watch: []
bursts: none
services:
  blog:
    url: http://127.0.0.1:9/
`;

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

interface Served {
  child: ChildProcess;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
  /** Does that once, as a bug would: stand still, or hold so many MiB for ever. */
  turnBad(turn: 'busy' | 'asleep' | number): void;
  metric(name: string): Promise<number>;
  healthy(): Promise<boolean>;
  /** Lines of stderr that are no log. */
  lines(): string[];
  log(): string;
  hasState(): boolean;
  state(): string;
}

async function serve({ onTestFinished }: TestContext, ...more: string[]): Promise<Served> {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-bounds-'));
  const [turn, state] = [path.join(folder, 'turn'), path.join(folder, 'state/state.json')];
  writeFileSync(path.join(folder, 'demarc.yaml'), MAP);
  const listen = `127.0.0.1:${await freePort()}`;
  const argv = ['--import', projectFile('test/cli/bad-turn.mjs'), MAIN, 'serve', '--listen', listen, ...more];
  const env = { ...process.env, BAD_TURN: turn };
  const child = spawn(process.execPath, argv, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  });
  const healthy = (): Promise<boolean> => answers(`http://${listen}/-/healthy`);
  await until('demarc to answer', healthy, 120_000, 50);
  return {
    child,
    ended,
    healthy,
    turnBad(bad) {
      writeFileSync(turn, String(bad));
      child.kill('SIGUSR2');
    },
    async metric(name) {
      const page = await (await fetch(`http://${listen}/metrics`, { headers: { connection: 'close' } })).text();
      return Number(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'm').exec(page)?.[1]);
    },
    lines: () => text.split('\n').filter((line) => line !== '' && !line.startsWith('{')),
    log: () => text,
    hasState: () => existsSync(state),
    state: () => readFileSync(state, 'utf8'),
  };
}

describe.concurrent('a running demarc', () => {
  it.for(['busy', 'asleep'] as const)(
    'whose event loop is %s for good ends with 71, one line, and the state as it was',
    async (turn, context) => {
      const demarc = await serve(context);
      await until('the state to be written', demarc.hasState, 60_000);
      const state = demarc.state();
      const start = performance.now();
      demarc.turnBad(turn);
      expect(await demarc.ended).toBe(71);
      expect(performance.now() - start).toBeGreaterThan(STANDSTILL_MS - 500);
      expect(demarc.lines()).toEqual([expect.stringContaining('the event loop stood still for 5 s')]);
      expect(demarc.state()).toBe(state);
    },
  );

  it('that was stopped for longer goes on', async (context) => {
    const demarc = await serve(context);
    demarc.child.kill('SIGSTOP');
    await pause(STANDSTILL_MS + 1_000);
    demarc.child.kill('SIGCONT');
    // Long enough for every tick that is left to the watchdog.
    await pause(1_000);
    expect(await demarc.healthy()).toBe(true);
    demarc.child.kill('SIGTERM');
    expect(await demarc.ended).toBe(0);
    expect(demarc.lines()).toEqual([]);
  });

  it('forgets what it can when memory runs short, and ends with 70 and one line when that does not help', async (context) => {
    const limitMiB = 600;
    const demarc = await serve(context, '--memory-limit', String(limitMiB));
    expect(await demarc.metric('demarc_memory_shed_total')).toBe(0);
    demarc.turnBad((limitMiB * 2) / 3);
    const hasShed = async (): Promise<boolean> => (await demarc.metric('demarc_memory_shed_total')) === 1;
    await until('it to forget', hasShed, 60_000);
    expect(demarc.log()).toContain('memory runs short');
    expect(await demarc.metric('process_resident_memory_bytes')).toBeLessThan(limitMiB * 1_048_576);
    demarc.turnBad(limitMiB / 3);
    expect(await demarc.ended).toBe(70);
    expect(demarc.lines()).toEqual([expect.stringMatching(/ MiB of memory, more than the 600 MiB it may take\. /)]);
    expect(JSON.parse(demarc.state())).toMatchObject({ version: 1 });
  });
});
