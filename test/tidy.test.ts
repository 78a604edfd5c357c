// The style of the house, enforced: direction of imports, names, sizes, and that every list that could go stale is true.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../catalog/root.ts';
import { PROBES } from '../exporters/registry.ts';

/** Left to right: a folder imports only from those before it. */
const DIRECTION = [
  'catalog',
  'exporters',
  'map',
  'signals',
  'verdict',
  'alerts',
  'dashboards',
  'parts',
  'status',
  'replay',
  'cli',
];
const ALLOWED: Record<string, readonly string[]> = {
  ...Object.fromEntries(DIRECTION.map((folder, index) => [folder, DIRECTION.slice(0, index + 1)])),
  lab: ['lab', 'catalog', 'map'],
  // The finder of programs runs before any build, so it is a script; only its types are imported.
  replay: [...DIRECTION.filter((folder) => folder !== 'cli'), 'lab', 'scripts'],
  cli: [...DIRECTION, 'lab'],
};

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(path.join(ROOT, file)));
const sources = files.filter((file) => /\.(ts|mts|mjs)$/.test(file));
const product = sources.filter((file) => Object.keys(ALLOWED).includes(file.split('/')[0] ?? ''));
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

function importsOf(file: string): string[] {
  const specifiers = [...read(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers.map((specifier) => path.posix.join(path.posix.dirname(file), specifier));
}

describe('the direction of imports', () => {
  it('is never against the flow', () => {
    const wrong = product.flatMap((file) => {
      const folder = file.split('/')[0] ?? '';
      const against = importsOf(file).filter((target) => !(ALLOWED[folder] ?? []).includes(target.split('/')[0] ?? ''));
      return against.map((target) => `${file} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('would notice an import against the flow', () => {
    expect(ALLOWED.signals).not.toContain('verdict');
    expect(importsOf('verdict/monitor.ts')).toContain('signals/engine.ts');
  });

  it('leaves yaml to the map, the lab, and the writers of generated files', () => {
    const readers = product.filter((file) => /import \{[^}]*\bparse\w*\b[^}]*\} from 'yaml'/.test(read(file)));
    expect(readers.filter((file) => !/^(map|lab)\//.test(file))).toEqual([]);
  });
});

describe('names and sizes', () => {
  it('has no drawer for everything', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|lib)(\.|\/)/.test(file))).toEqual([]);
    expect(sources.filter((file) => /(^|\/)index\.(ts|mjs)$/.test(file))).toEqual([]);
    expect(sources.filter((file) => /[A-Z_]/.test(path.posix.basename(file)))).toEqual([]);
  });

  it('keeps files short enough to know them', () => {
    const exempt = new Set(['verdict/table.ts']);
    const long = product.filter((file) => !exempt.has(file) && read(file).split('\n').length > 301);
    expect(long).toEqual([]);
  });

  it('keeps the pages short and the root small', () => {
    for (const page of ['README.md', 'ARCHITECTURE.md']) expect(read(page).split('\n').length).toBeLessThanOrEqual(151);
    expect(files.filter((file) => !file.includes('/')).length).toBeLessThanOrEqual(14);
  });

  it('says at the top of every file what it is for', () => {
    const silent = product.filter((file) => !/^(#!.*\n)?(\/\/|\/\*\*) \S/.test(read(file)));
    expect(silent).toEqual([]);
  });
});

describe('code that hides things', () => {
  it.each([
    ['an enum', /^\s*(export )?(const )?enum /m],
    ['a default export', /^export default (?!defineConfig)/m],
    ['an any', /(: any\b|\bas any\b|<any>)/],
    ['a silenced type error', /@ts-(ignore|expect-error|nocheck)/],
    ['a skipped or focused test', /\b(it|test|describe)\.(skip|only|todo)\b/],
    ['a module mock', /\bvi\.(mock|doMock)\(/],
    ['an empty catch', /catch\s*(\([^)]*\))?\s*\{\s*\}/],
    ['a note to self', /\b(TODO|FIXME|XXX)\b/],
  ])('has not %s', (_, pattern) => {
    const guilty = sources.filter((file) => file !== 'test/tidy.test.ts' && pattern.test(read(file)));
    expect(guilty).toEqual([]);
  });

  it('extends classes only for errors', () => {
    expect(product.filter((file) => /class \w+ extends (?!\w*Error\b)/.test(read(file)))).toEqual([]);
  });
});

describe('lists', () => {
  it('registers every folder of a probe, and has a folder for every registered probe', () => {
    const folders = readdirSync(path.join(ROOT, 'exporters'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(Object.keys(PROBES).sort()).toEqual(folders.map(({ name }) => name).sort());
  });

  it('cites only files that exist', () => {
    const broken = files
      .filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md')
      .flatMap((file) => {
        const cited = [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '');
        return cited
          .filter((target) => !existsSync(path.join(ROOT, path.dirname(file), target)))
          .map((target) => `${file}: ${target}`);
      });
    expect(broken).toEqual([]);
  });
});
