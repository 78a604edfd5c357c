// The one-shot service of the compose stack, run as it is on folders of its own: what it does without a map, with a wrong one,
// on a disk that is full, and that it never touches what is yours.
import { spawn } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { projectFile } from '../../catalog/root.ts';

const MAP = `version: 1
services: { blog: { url: 'https://blog.example.org/' } }
notify: { receivers: { test: { kind: webhook, url: 'http://127.0.0.1:9/to-me' } } }
`;
const WRONG_MAP = 'version: 1\nservices: { blog: { uri: nowhere } }\n';
/** What the routes have of the good map only. */
const TO_ME = '/to-me';

const ROUTES = 'alertmanager/alertmanager.yml';
const RULES = 'prometheus/rules/demarc.rules.yml';

interface Folders {
  config: string;
  generated: string;
  alerts: string;
}

function folders(files: Readonly<Record<string, string>> = {}): Folders {
  const root = mkdtempSync(path.join(tmpdir(), 'demarc-generate-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const all = {
    config: path.join(root, 'config'),
    generated: path.join(root, 'generated'),
    alerts: path.join(root, 'alerts'),
  };
  for (const folder of Object.values(all)) mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
  return all;
}

/** One start of the service; `limit`: no file may be larger, in blocks of 512 bytes, as if the disk were full there. */
function start({ config, generated, alerts }: Folders, limit: number | 'unlimited' = 'unlimited') {
  const script = projectFile('compose/generate.mjs');
  const argv = ['-c', `ulimit -f ${limit} && exec "$@"`, 'sh', process.execPath, script, config, generated, alerts];
  const child = spawn('sh', argv, {
    env: { ...process.env, NO_COLOR: '1', DEMARC_PORT: '9999', PROMETHEUS_PORT: '9998', ALERTMANAGER_PORT: '9997' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
}

const list = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();

const contentOf = (folder: string): Record<string, string> =>
  Object.fromEntries(list(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));

const stampsOf = (folder: string) =>
  ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].map((name) => {
    const { mtimeMs, size, ino } = statSync(path.join(folder, name));
    return { name, mtimeMs, size, ino };
  });

const routesOf = ({ generated }: Folders): string => readFileSync(path.join(generated, ROUTES), 'utf8');

describe('a start', () => {
  it('without a map makes all that the others read, on the ports of .env, and tells nobody outside', async () => {
    const all = folders();
    expect(await start(all)).toEqual({ code: 0, output: '' });
    const dashboards = readdirSync(projectFile('dashboards/json')).filter((name) => name.endsWith('.json'));
    expect(list(all.generated)).toEqual(
      [
        ROUTES,
        'alertmanager/demarc.tmpl',
        ...dashboards.map((name) => `dashboards/${name}`),
        RULES,
        ...['alertmanager', 'demarc', 'prometheus'].map((name) => `prometheus/targets/${name}.targets.json`),
      ].sort(),
    );
    const made = contentOf(all.generated);
    const ports = ['demarc', 'prometheus', 'alertmanager'].map(
      (name) => made[`prometheus/targets/${name}.targets.json`],
    );
    expect(ports.map((text) => JSON.parse(text ?? '')[0].targets)).toEqual([
      ['127.0.0.1:9999'],
      ['127.0.0.1:9998'],
      ['127.0.0.1:9997'],
    ]);
    expect(made[RULES]).toBe(readFileSync(projectFile('alerts/demarc.rules.yml'), 'utf8'));
    expect([...new Set((made[ROUTES] ?? '').match(/url: \S+/g))]).toEqual(['url: http://127.0.0.1:9999/api/v1/alerts']);
  });

  it('mends what was changed, and takes away what an older version has made', async () => {
    const all = folders({ 'config/demarc.yaml': MAP });
    expect((await start(all)).code).toBe(0);
    const first = contentOf(all.generated);
    expect(first[ROUTES]).toContain(TO_ME);
    writeFileSync(path.join(all.generated, 'dashboards/of-old.json'), '{}');
    writeFileSync(path.join(all.generated, 'prometheus/rules/of-old.rules.yml'), 'groups: []');
    writeFileSync(path.join(all.generated, RULES), 'half of it');
    mkdirSync(path.join(all.generated, 'next'));
    writeFileSync(path.join(all.generated, 'next/left-by-a-kill'), '');
    expect((await start(all)).code).toBe(0);
    expect(contentOf(all.generated)).toEqual(first);
  });

  it('with a wrong map says where it is wrong, and goes on; alerts go where the map before sent them', async () => {
    const all = folders({ 'config/demarc.yaml': WRONG_MAP });
    const never = await start(all);
    expect(never.code).toBe(0);
    expect(never.output).toMatch(/demarc\.yaml.*uri/);
    expect(never.output).toMatch(/alerts are shown on the status page and sent to nobody\.$/m);
    expect(never.output).not.toMatch(/^\s+at /m);
    expect(routesOf(all)).toContain('http://127.0.0.1:9999/api/v1/alerts');

    writeFileSync(path.join(all.config, 'demarc.yaml'), MAP);
    await start(all);
    const good = contentOf(all.generated);
    writeFileSync(path.join(all.config, 'demarc.yaml'), WRONG_MAP);
    rmSync(path.join(all.generated, RULES));
    const later = await start(all);
    expect(later.code).toBe(0);
    expect(later.output).toMatch(/alerts go where the map before it sent them\.$/m);
    expect(contentOf(all.generated)).toEqual(good);
  });

  it('takes the alertmanager.yml of yours, gives it back when it is gone, and never writes where yours is', async () => {
    const all = folders({ 'config/demarc.yaml': MAP, 'alerts/alertmanager.yml': 'route: { receiver: mine }\n' });
    cpSync(projectFile('custom'), path.join(all.config, 'custom'), { recursive: true });
    writeFileSync(path.join(all.config, 'custom/prometheus/rules/mine.yml'), 'groups: []\n');
    const before = [stampsOf(all.config), stampsOf(all.alerts)];
    const { code, output } = await start(all);
    expect([code, output]).toEqual([
      0,
      `Alertmanager takes ${path.join(all.alerts, 'alertmanager.yml')}, since there is one.\n`,
    ]);
    expect(readlinkSync(path.join(all.generated, ROUTES))).toBe(path.join(all.alerts, 'alertmanager.yml'));
    expect([stampsOf(all.config), stampsOf(all.alerts)]).toEqual(before);

    rmSync(path.join(all.alerts, 'alertmanager.yml'));
    expect((await start(all)).code).toBe(0);
    expect(lstatSync(path.join(all.generated, ROUTES)).isFile()).toBe(true);
    expect(routesOf(all)).toContain(TO_ME);
  });
});

describe('a start that cannot write', () => {
  it('leaves whole what is in use though the disk got full halfway, and keeps nobody from starting', async () => {
    const all = folders({ 'config/demarc.yaml': MAP });
    await start(all);
    const before = contentOf(all.generated);
    writeFileSync(path.join(all.config, 'demarc.yaml'), MAP.replace(TO_ME, '/to-you'));
    const { code, output } = await start(all, 8);
    expect(code).toBe(0);
    expect(output).toMatch(/cannot be used \(EFBIG\)/);
    expect(output).toMatch(/^What an earlier start has made stays in use\.$/m);
    expect(output).not.toMatch(/demarc\.yaml cannot be used|^\s+at /m);
    const used = Object.entries(contentOf(all.generated)).filter(([name]) => !name.startsWith('next/'));
    expect(Object.fromEntries(used)).toEqual(before);
  });

  it('fails when there is nothing to use, and says in one line what to do', async () => {
    const all = folders();
    rmSync(all.generated, { recursive: true });
    writeFileSync(all.generated, 'not a folder');
    const { code, output } = await start(all);
    expect(code).toBe(1);
    expect(output).toMatch(/generated\S*: cannot be written \(ENOTDIR\), make room or give it to user \d+$/m);
    expect(output).toMatch(/^There is nothing from an earlier start to use\.$/m);
    expect(output).not.toMatch(/^\s+at /m);
  });
});
