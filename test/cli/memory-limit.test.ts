// How much memory a demarc may take, by its map and by its control group; and what it does when it takes more.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MEMORY } from '../../catalog/limits.ts';
import { projectFile } from '../../catalog/root.ts';
import { defaultMemoryLimit, keepMemoryLimit, MIB, parseMemoryLimit } from '../../cli/memory-limit.ts';
import { manualClock } from '../manual-clock.ts';

describe('the limit', () => {
  it.each([
    ['a small map', 0, 0, 256],
    ['10,000 targets', 10_000, 0, 568.5],
    ['a machine without a control group', 0, 2 ** 64, 256],
    ['a control group that allows less', 10_000, 256 * MIB, 240],
    ['a control group that allows more', 10_000, 1_024 * MIB, 568.5],
  ])('of %s', (_, targets, allowed, mib) => {
    expect(defaultMemoryLimit(targets, allowed) / MIB).toBe(mib);
  });

  it('may be told', () => {
    expect([undefined, '0', '512'].map(parseMemoryLimit)).toEqual([null, 0, 512 * MIB]);
    expect(() => parseMemoryLimit('512m')).toThrow('--memory-limit: 512m is no number of MiB, give whole MiB');
  });

  it('and what the image, the unit and the pod are given, are of one piece', () => {
    const read = (file: string): string => readFileSync(projectFile(file), 'utf8');
    const limit = `${MEMORY.baseBytes / MIB}m`;
    expect(/\n {2}exporter:[\s\S]*?mem_limit: (\S+)/.exec(read('compose.yaml'))?.[1]).toBe(limit);
    expect(read('compose/Dockerfile')).toContain(`"--max-old-space-size=${MEMORY.heapMiB}"`);
  });
});

/** Memory by the second, in MiB, against a limit of 100. */
async function watched(...used: (number | null)[]): Promise<string[]> {
  const clock = manualClock();
  const did: string[] = [];
  let second = 0;
  const stop = keepMemoryLimit({
    limit: () => 100 * MIB,
    resident() {
      const mib = used[second] ?? null;
      return mib === null ? null : mib * MIB;
    },
    clock,
    log: (level) => void did.push(`${second} ${level}`),
    shed: () => void did.push(`${second} shed`),
    exceeded: (what) => void did.push(`${second} ${what}`),
  });
  for (; second < used.length; second += 1) await clock.pass(1_000);
  stop();
  return did;
}

describe('memory', () => {
  it('within the limit is left alone', async () => {
    expect(await watched(10, 75, 75)).toEqual([]);
  });

  it('nobody can tell of is left alone, and looked at again', async () => {
    expect(await watched(null, 101, null, 102)).toEqual([
      '1 warn',
      '1 shed',
      '3 102 MiB of memory, more than the 100 MiB it may take',
    ]);
  });

  it('that runs short is shed, once a minute', async () => {
    expect(await watched(10, 76, 99, ...Array(59).fill(90))).toEqual(['1 warn', '1 shed', '61 warn', '61 shed']);
  });

  it('beyond the limit ends it only if that stays so once garbage is collected', async () => {
    expect(await watched(101, 99, 101, 70)).toEqual(['0 warn', '0 shed']);
    expect((await watched(50, 110, 105, 300)).slice(2)).toEqual([
      '2 105 MiB of memory, more than the 100 MiB it may take',
    ]);
  });
});
