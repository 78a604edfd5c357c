// `demarc generate PART...`: what goes where, what is current, and what it says to a wrong question.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { PARTS } from '../../parts/registry.ts';
import { setting } from '../parts/setting.ts';
import { runDemarc } from './run-demarc.ts';

const MAP = "version: 1\nservices: { blog: { url: 'https://blog.example.org/' } }\n";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demarc-parts-'));
  writeFileSync(path.join(folder, 'demarc.yaml'), MAP);
});
afterEach(() => rm(folder, { recursive: true }));

const generate = (...argv: string[]) => runDemarc(['generate', ...argv], folder);

describe('demarc generate PART', () => {
  it('prints one file as it is', async () => {
    const { code, stdout } = await generate('rules');
    expect(code).toBe(0);
    expect(stdout).toBe(PARTS.rules.files(setting()).get('demarc.rules.yml'));
  });

  it('prints several objects as kubectl reads them', async () => {
    const { code, stdout } = await generate(
      'deployment',
      'service-monitor',
      '--map',
      'demarc.yaml',
      '--namespace',
      'x',
    );
    expect(code).toBe(0);
    const documents = parseAllDocuments(stdout).map((document) => document.toJS());
    expect(documents.map(({ kind }) => kind)).toEqual([
      'ConfigMap',
      'PersistentVolumeClaim',
      'Deployment',
      'Service',
      'NetworkPolicy',
      'ServiceMonitor',
    ]);
    expect(documents[0].data['demarc.yaml']).toBe(MAP);
  });

  it('writes every part into a folder, then says that all is current, and notices a change', async () => {
    const all = [...Object.keys(PARTS), '--map', 'demarc.yaml', '--target', 'nas.lan:9815', '--out', 'out'];
    const out = path.join(folder, 'out');
    expect((await generate(...all, '--check')).code).toBe(1);
    expect((await generate(...all)).code).toBe(0);
    const entries = readdirSync(out, { recursive: true, withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(names).toContain('deployment.yaml');
    expect(names.filter((name) => name.endsWith('.new'))).toEqual([]);
    const fresh = await generate(...all, '--check');
    expect([fresh.code, fresh.stdout]).toEqual([0, `ok ${names.length} generated files are current\n`]);

    writeFileSync(path.join(out, 'demarc.service'), 'something else');
    writeFileSync(path.join(out, 'custom.yml'), 'mine');
    const stale = await generate(...all, '--check');
    expect(stale.code).toBe(1);
    expect(stale.stderr).toMatch(/^stale demarc\.service: /);
    expect(stale.stderr.trim().split('\n')).toHaveLength(1);
    const again = await generate(...all);
    expect(again.stdout.split('\n').filter((line) => line.startsWith('wrote'))).toHaveLength(1);
    expect(readFileSync(path.join(out, 'custom.yml'), 'utf8')).toBe('mine');
  });

  it.each([
    ['an unknown part', ['servicemonitor'], /^servicemonitor: is no part, did you mean service-monitor\?$/m],
    ['two parts with a problem each', ['scrape-config', 'deployment'], /--target.*\n.*--map/],
    ['several files on stdout', ['rules', 'systemd'], /--out: is missing/],
    ['--check without a folder', ['rules', '--check'], /--check: goes with --out/],
    ['a label that is none', ['probe', '--label', 'release'], /--label: release is no label/],
    ['a target without a port', ['file-sd', '--target', 'nas'], /--target: nas is not host:port/],
    ['a namespace with a line break', ['probe', '--namespace', 'a\nb'], /--namespace/],
    ['an image with spaces', ['deployment', '--image', 'a b'], /--image/],
    ['a map that is not there', ['deployment', '--map', 'none.yaml'], /none\.yaml: does not exist/],
    ['a folder that is a file', ['rules', '--out', 'demarc.yaml'], /demarc\.yaml.*cannot be used/],
  ])('refuses %s', async (_, argv, message) => {
    const { code, stdout, stderr } = await generate(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('lists every part with a line of its own in --help', async () => {
    const { stdout } = await generate('--help');
    for (const [name, { about }] of Object.entries(PARTS))
      expect(stdout).toMatch(new RegExp(`^  ${name} +${about[0]}`, 'm'));
  });
});
