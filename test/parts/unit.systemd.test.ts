// The unit of systemd: accepted by systemd itself, locked in, and starting what there is. It is not started here.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PARTS } from '../../parts/registry.ts';
import { cliCommand } from '../docs/artifacts.ts';
import { setting } from './setting.ts';

const exec = promisify(execFile);
const TEXT = PARTS.systemd.files(setting()).get('demarc.service') ?? '';

let folder: string;
let unit: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demarc-unit-'));
  unit = path.join(folder, 'demarc.service');
  await writeFile(unit, TEXT);
});
afterAll(() => rm(folder, { recursive: true }));

const analyze = (...args: string[]) => exec('systemd-analyze', [...args, unit], { timeout: 60_000 });

it('is understood, every line of it', async () => {
  const { stdout, stderr } = await analyze('verify');
  expect(stdout + stderr).toBe('');
});

it('is exposed little', async () => {
  const { stdout } = await analyze('security', '--offline=true', '--no-pager');
  const exposure = /Overall exposure level for demarc\.service: ([\d.]+)/.exec(stdout)?.[1];
  expect(Number(exposure)).toBeLessThan(2);
});

it('runs a command line that there is', async () => {
  const words = /^ExecStart=(.*)$/m.exec(TEXT)?.[1]?.split(' ') ?? [];
  const after = words.slice(words.findIndex((word) => word.endsWith('/dist/cli/main.js')) + 1);
  const serve = (await cliCommand()).commands.find((one) => one.name() === after[0]);
  const flags = after.filter((word) => word.startsWith('-'));
  expect(flags.length).toBeGreaterThan(1);
  for (const flag of flags) expect(serve?.options.map(({ long }) => long)).toContain(flag);
});
