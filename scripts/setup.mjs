// Makes a fresh clone runnable: the packages of the lockfile in node_modules, the build in dist/.
// Silent when both are there already. Node's own modules only: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// Not import.meta.dirname: a Node too old to have it must still get as far as the sentence that says so.
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const OLDEST_NODE = [20, 19];

/** The stamp that says which lockfile node_modules was made from, and which sources dist/ was built from. */
const stampOf = (folder) => path.join(ROOT, folder, '.demarc-stamp');

/** Installs what is missing and builds what is stale; throws with one sentence for people when that cannot be done. */
export function setup() {
  refuseOldNode();
  installPackages();
  build();
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Error(`demarc needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
}

function installPackages() {
  // Some packages ship a binary of their own per platform, so the lockfile alone does not say it all.
  const wanted = digest([path.join(ROOT, 'package-lock.json')], `${process.platform} ${process.arch}`);
  if (readStamp('node_modules') === wanted) return;
  progress('Installing packages (npm ci) ...');
  const result = npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  if (result !== 0) throw new Error('npm ci failed; the reason stands above.');
  writeFileSync(stampOf('node_modules'), wanted);
}

function build() {
  const wanted = digest(sources(), readStamp('node_modules') ?? '');
  if (readStamp('dist') === wanted) return;
  progress('Building (tsc) ...');
  // Built aside and swapped in, so that a failed build leaves the last good one, and no file of a former build stays.
  const aside = path.join(ROOT, '.cache', `dist-${process.pid}`);
  const old = `${aside}-old`;
  mkdirSync(aside, { recursive: true });
  try {
    const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    if (run(process.execPath, [tsc, '--project', 'tsconfig.build.json', '--outDir', aside]) !== 0) {
      throw new Error('The build failed; the reasons stand above.');
    }
    writeFileSync(path.join(aside, '.demarc-stamp'), wanted);
    if (existsSync(path.join(ROOT, 'dist'))) renameSync(path.join(ROOT, 'dist'), old);
    renameSync(aside, path.join(ROOT, 'dist'));
  } finally {
    rmSync(aside, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/** Every file the build reads, in a fixed order. */
function sources() {
  const config = path.join(ROOT, 'tsconfig.build.json');
  const folders = JSON.parse(readFileSync(config, 'utf8')).include.map((folder) => path.join(ROOT, folder));
  const files = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)),
    );
  return [config, path.join(ROOT, 'tsconfig.json'), path.join(ROOT, 'package.json'), ...files.sort()];
}

function digest(files, salt) {
  const hash = createHash('sha256').update(salt);
  for (const file of files) hash.update(`\0${path.relative(ROOT, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function readStamp(folder) {
  const stamp = stampOf(folder);
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

/** Runs the npm that started us, or else the one on PATH, and gives its exit code. */
export function npm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args]);
  return run('npm', args, { shell: process.platform === 'win32' });
}

/** Runs a program at the root of the project, its output shown, and gives its exit code; throws when it cannot be started. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

// Progress goes to stderr: what a command prints on stdout may be read by a program.
function progress(line) {
  process.stderr.write(`${line}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    setup();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
