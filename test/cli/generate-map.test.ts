// `demarc generate --map`: what it writes, where, and what it warns of.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { generate } from '../../cli/generate.ts';
import { UserError } from '../../map/user-error.ts';

const MAP = `version: 1
listen: 0.0.0.0:9900
notify:
  statusPage: http://nas.lan:9900
  receivers: { phone: { kind: gotify, url: 'http://nas.lan:8080', tokenFile: /nowhere/token } }
`;

function folderWithMap(): { folder: string; map: string; out: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-generate-'));
  const map = path.join(folder, 'demarc.yaml');
  writeFileSync(map, MAP);
  return { folder, map, out: path.join(folder, 'deep', 'alerting') };
}

describe('demarc generate --map', () => {
  it('writes what Alertmanager needs, and nothing else', async () => {
    const { folder, map, out } = folderWithMap();
    expect(await generate([], { map, out }, new Command())).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['deep', 'demarc.yaml']);
    expect(readdirSync(out).sort()).toEqual(['alertmanager.yml', 'demarc.tmpl']);
    const config = readFileSync(path.join(out, 'alertmanager.yml'), 'utf8');
    expect(config).toContain('http://127.0.0.1:9900/api/v1/alerts');
    expect(config).toContain('/nowhere/token');
    expect(readFileSync(path.join(out, 'demarc.tmpl'), 'utf8')).toContain('"http://nas.lan:9900"');
  });

  it.each([{ map: 'demarc.yaml' }, { out: 'x' }, { out: 'x', check: true }])('refuses %j', async (options) => {
    await expect(generate([], options, new Command())).rejects.toBeInstanceOf(UserError);
  });
});
