// `demarc maintenance` as a person meets it: a window with an end, what is open, an early end, and every way to get it wrong.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWindows } from '../../status/maintenance-file.ts';
import { runDemarc } from './run-demarc.ts';

const MAP = `version: 1
services: { blog: { url: "https://blog.example.org/" }, wiki: { url: "https://wiki.example.org/" } }
maintenance:
  - { services: [wiki], reason: patches, zone: Europe/Berlin, every: { at: "03:00" }, duration: 30m }
`;

function home(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-maintenance-'));
  writeFileSync(path.join(folder, 'demarc.yaml'), MAP);
  return folder;
}

const begin = ['maintenance', 'start', 'blog', '--for', '2h', '--reason', 'new disk'];

describe('demarc maintenance', () => {
  it('opens a window, lists it beside those of the map, and closes it', async () => {
    const folder = home();
    const opened = await runDemarc(begin, folder);
    expect(opened).toMatchObject({ code: 0, stderr: '' });
    expect(opened.stdout).toMatch(/^blog is in maintenance until .+ UTC \(2 h\)\n$/);
    const [window] = readWindows(path.join(folder, 'state'));
    expect(window).toMatchObject({ service: 'blog', reason: 'new disk' });
    expect((window?.to ?? 0) - (window?.from ?? 0)).toBe(7_200_000);

    const listed = await runDemarc(['maintenance', 'list'], folder);
    expect(listed.stdout).toMatch(/^blog: open for (2 h|1 h 59 min) more, .+, by hand\n {2}new disk\n/m);
    expect(listed.stdout.match(/^wiki: in .+, by the map$/gm)?.length).toBeGreaterThanOrEqual(13);
    const json = JSON.parse((await runDemarc(['maintenance', 'list', '--json'], folder)).stdout);
    expect(json.windows.filter(({ origin }: { origin: string }) => origin === 'hand')).toMatchObject([
      { service: 'blog' },
    ]);

    expect(await runDemarc(['maintenance', 'end', 'blog'], folder)).toMatchObject({
      code: 0,
      stdout: 'blog is no longer in maintenance\n',
    });
    expect(readWindows(path.join(folder, 'state'))).toEqual([]);
  });

  it.each([
    ['no end', ['maintenance', 'start', 'blog', '--reason', 'x'], /^--for: is missing: a window without an end/],
    [
      'an end too far',
      ['maintenance', 'start', 'blog', '--reason', 'x', '--for', '60d'],
      /^--for: 60d is not 1m to 30d/,
    ],
    [
      'no duration',
      ['maintenance', 'start', 'blog', '--reason', 'x', '--for', 'soon'],
      /^--for: soon is not 1m to 30d/,
    ],
    ['no reason', ['maintenance', 'start', 'blog', '--for', '1h'], /^--reason: is missing/],
    [
      'a reason of two lines',
      ['maintenance', 'start', 'blog', '--for', '1h', '--reason', 'a\nb'],
      /^--reason: is no plain text/,
    ],
    [
      'a stranger',
      ['maintenance', 'start', 'shop', '--for', '1h', '--reason', 'x'],
      /^shop: is no service of the map, known are blog, wiki, uplink/,
    ],
    ['nothing to end', ['maintenance', 'end', 'blog'], /^blog: has no window opened by hand/],
    ['another verb', ['maintenance', 'pause', 'blog'], /unknown command/],
  ])('%s ends with 2', async (_, argv, said) => {
    const { code, stderr } = await runDemarc(argv, home());
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });

  it('does not guess at a file that is not its own', async () => {
    const folder = home();
    writeFileSync(path.join(folder, 'maintenance.json'), 'not JSON');
    const { code, stderr } = await runDemarc(['maintenance', 'list', '--state', folder], folder);
    expect([code, stderr]).toEqual([
      2,
      `${folder}/maintenance.json: cannot be read, it is not what \`demarc maintenance\` writes: mend it or remove it\n`,
    ]);
  });

  it('says so when nothing is planned, and when there is no map', async () => {
    const nowhere = mkdtempSync(path.join(tmpdir(), 'demarc-maintenance-'));
    const { stdout, stderr } = await runDemarc(['maintenance', 'list'], nowhere);
    expect(stdout).toBe('Nothing is in maintenance, and nothing is planned for the next 14 days.\n');
    expect(stderr).toContain('only windows opened by hand are listed');
  });
});
