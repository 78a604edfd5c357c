// The map is changed while demarc runs: by signal, by request, by an editor. What is wrong with it never stops the probes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createReloader, type ReloadOptions } from '../../cli/reload.ts';
import { watchFiles } from '../../cli/watch-files.ts';
import { realClock } from '../../exporters/clock.ts';
import { startLab } from '../../lab/start.ts';
import { defaultMap } from '../../map/load.ts';
import { NOTHING_KNOWN } from '../../map/plan.ts';
import { UserError } from '../../map/user-error.ts';
import { freePort, until } from '../../replay/process.ts';
import { manualClock } from '../manual-clock.ts';
import { MAIN } from './run-demarc.ts';

function bench(more: Partial<ReloadOptions> = {}) {
  const clock = manualClock();
  const did: string[] = [];
  const reloader = createReloader({
    monitor: { replace: () => void did.push('replaced'), refuse: () => void did.push('refused') },
    clock,
    log: (level, message) => void did.push(`${level} ${message}`),
    load() {
      did.push('loaded');
      return defaultMap();
    },
    lookAround: () => new Promise((resolve) => void clock.after(500, () => resolve(NOTHING_KNOWN))),
    onReplaced: () => void did.push('told'),
    ...more,
  });
  return { clock, did, reloader, count: (what: string) => did.filter((one) => one === what).length };
}

describe('a reload', () => {
  it('replaces the map once it is loaded and looked around for', async () => {
    const { clock, did, reloader } = bench();
    const problems = reloader.reload('SIGHUP');
    await clock.pass(0);
    await clock.pass(499);
    expect(did).toEqual(['loaded']);
    await clock.pass(1);
    expect(did).toEqual(['loaded', 'replaced', 'info the map was reloaded: SIGHUP', 'told']);
    expect(await problems).toEqual([]);
  });

  it('tells every problem of a bad map and leaves the old one running', async () => {
    const problems = [
      { place: 'demarc.yaml:2:1 intervall', what: 'unknown key intervall', hint: 'did you mean interval?' },
      { place: 'demarc.yaml:3:1 site', what: 'is not valid', hint: 'must be a name' },
    ];
    const load = () => {
      throw new UserError(problems);
    };
    const { did, reloader } = bench({ load });
    expect(await reloader.reload('SIGHUP')).toEqual(problems);
    expect(did).toEqual([
      'refused',
      'error demarc.yaml:2:1 intervall: unknown key intervall, did you mean interval?',
      'error demarc.yaml:3:1 site: is not valid, must be a name',
      'error the map was not reloaded (SIGHUP); the old one goes on',
    ]);
  });

  it('survives a bug of ours', async () => {
    const load = () => {
      throw new TypeError('oops');
    };
    const { did, reloader } = bench({ load });
    await reloader.reload('SIGHUP');
    expect(did[1]).toBe('error reload: this is a bug of demarc, TypeError: oops');
  });

  it('happens a few times in a storm, the last time after the last request', async () => {
    const { clock, count, reloader } = bench();
    for (let burst = 0; burst < 10; burst += 1) {
      for (let one = 0; one < 10; one += 1) void reloader.reload('SIGHUP');
      await clock.pass(100);
    }
    await clock.pass(10_000);
    expect(count('loaded')).toBe(2);
    expect(count('replaced')).toBe(2);
  });

  it('does not happen after the end', async () => {
    const { clock, did, reloader } = bench();
    const under = reloader.reload('SIGHUP');
    const waiting = Promise.resolve().then(() => reloader.reload('again'));
    await clock.pass(100);
    reloader.stop();
    await clock.pass(10_000);
    await Promise.all([under, waiting]);
    expect(did).toEqual(['loaded']);
  });
});

describe('watching files', () => {
  async function watched(text = 'one') {
    const folder = mkdtempSync(path.join(tmpdir(), 'demarc-watch-'));
    const file = path.join(folder, 'demarc.yaml');
    writeFileSync(file, text);
    const told: string[] = [];
    const watch = watchFiles([file], { clock: realClock, log: () => undefined }, (name) => void told.push(name));
    onTestFinished(() => {
      watch.stop();
      rmSync(folder, { recursive: true });
    });
    const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
    return { folder, file, told, watch, pause };
  }

  it.each([
    ['is written in place', (file: string) => writeFileSync(file, 'two')],
    [
      'is replaced by another file, as editors do',
      (file: string) => {
        writeFileSync(`${file}.new`, 'two');
        renameSync(`${file}.new`, file);
      },
    ],
    [
      'becomes a link, as in Kubernetes',
      (file: string) => {
        writeFileSync(`${file}.data`, 'two');
        unlinkSync(file);
        symlinkSync(`${file}.data`, file);
      },
    ],
    ['is removed', (file: string) => unlinkSync(file)],
  ])('tells once when the file %s', async (_, change) => {
    const { file, told, pause } = await watched();
    await pause(100);
    change(file);
    await until('the change to be told', () => told.length > 0, 5_000, 50);
    await pause(1_500);
    expect(told).toEqual(['demarc.yaml']);
  });

  it('waits until writing has ended', async () => {
    const { file, told, pause } = await watched();
    for (const text of ['t', 'tw', 'two', 'two ', 'two t', 'two th']) {
      writeFileSync(file, text);
      await pause(400);
    }
    expect(told).toEqual([]);
    await until('the change to be told', () => told.length > 0, 5_000, 50);
  });

  it('is not moved by a touch, or by other files', async () => {
    const { folder, file, told, pause } = await watched();
    utimesSync(file, new Date(), new Date());
    writeFileSync(file, 'one');
    for (let n = 0; n < 20; n += 1) {
      writeFileSync(path.join(folder, 'demarc.log'), String(n));
      await pause(100);
    }
    await pause(500);
    expect(told).toEqual([]);
  });

  it('notices what was written while nobody asked for it', async () => {
    const { folder, file, told, watch } = await watched();
    const trust = path.join(folder, 'ca.pem');
    writeFileSync(trust, 'a');
    watch.follow([file, trust]);
    writeFileSync(trust, 'b');
    await until('the change to be told', () => told.length > 0, 5_000, 50);
    expect(told).toEqual(['ca.pem']);
  });
});

describe('demarc serve', () => {
  it('takes up a new map at SIGHUP and when the file changes, and refuses a bad one', async () => {
    const lab = await startLab();
    onTestFinished(() => lab.stop());
    const folder = mkdtempSync(path.join(tmpdir(), 'demarc-reload-'));
    const file = path.join(folder, 'demarc.yaml');
    const good = lab.map.replace('version: 1\n', 'version: 1\ninterval: 2s\ntimeout: 1s\n');
    writeFileSync(file, good);
    const { child, url, said } = await serve(folder, ['--web-reload']);
    const metric = async (name: string): Promise<string> => {
      const page = await (await fetch(`${url}/metrics`)).text();
      return new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'm').exec(page)?.[1] ?? 'none';
    };
    const services = async (): Promise<string[]> => {
      const { verdicts } = (await (await fetch(`${url}/api/v1/verdicts`)).json()) as {
        verdicts: { service: string }[];
      };
      return verdicts.map(({ service }) => service);
    };
    const successful = 'demarc_config_last_reload_successful';

    for (let n = 0; n < 100; n += 1) child.kill('SIGHUP');
    await until('the storm to pass', () => said().includes('the map was reloaded: SIGHUP'), 10_000);
    await new Promise((resolve) => void setTimeout(resolve, 3_000));
    expect(said().match(/the map was reloaded/g)?.length).toBeLessThanOrEqual(3);

    writeFileSync(file, `${good}\nintervall: 3s\nsitte: x\n`);
    await until('the bad map to be refused', () => said().includes('the old one goes on'), 10_000);
    expect(said()).toContain('unknown key intervall, did you mean interval?');
    expect(said()).toContain('unknown key sitte, did you mean site?');
    expect(await metric(successful)).toBe('0');
    expect(await services()).toContain('shop');
    const refused = await fetch(`${url}/-/reload`, { method: 'POST' });
    expect([refused.status, await refused.text()]).toEqual([500, expect.stringContaining('unknown key intervall')]);

    writeFileSync(file, good.replace(/^ {2}shop:\n(?: {4}.*\n)+/m, ''));
    await until('the good map to be loaded', async () => (await metric(successful)) === '1', 10_000);
    expect(await services()).not.toContain('shop');
    const { entries } = (await (await fetch(`${url}/api/v1/journal`)).json()) as {
      entries: { kind: string; service?: string }[];
    };
    const since = entries.slice(entries.findLastIndex(({ kind }) => kind === 'start'));
    expect(since.slice(0, 2).map(({ kind }) => kind)).toEqual(['start', 'map']);
    expect(JSON.stringify(since)).toContain('blog');
    expect(JSON.stringify(since)).not.toContain('shop');
    expect((await fetch(`${url}/-/reload`, { method: 'POST' })).status).toBe(200);
    const tricked = await fetch(`${url}/-/reload`, { method: 'POST', headers: { origin: 'http://evil.example' } });
    expect(tricked.status).toBe(403);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  });

  it('has no door for it over HTTP unless told so', async () => {
    const lab = await startLab();
    onTestFinished(() => lab.stop());
    const folder = mkdtempSync(path.join(tmpdir(), 'demarc-reload-'));
    writeFileSync(path.join(folder, 'demarc.yaml'), lab.map);
    const { url } = await serve(folder, []);
    expect((await fetch(`${url}/-/reload`, { method: 'POST' })).status).toBe(405);
  });
});

async function serve(
  cwd: string,
  more: readonly string[],
): Promise<{ child: ChildProcess; url: string; said(): string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const argv = [MAIN, 'serve', '--listen', `127.0.0.1:${port}`, ...more];
  const child = spawn(process.execPath, argv, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  const keep = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  await until('demarc to listen', () => text.includes(url), 20_000);
  return { child, url, said: () => text };
}
