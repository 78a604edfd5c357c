// Finds prometheus, promtool, alertmanager, amtool and, for measurements, blackbox_exporter, or fetches them into .cache/tools/.
// Installs nothing and names no host: what is fetched comes from the machine's own image registry or package mirror.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What is known of each tool: the oldest version that will do, its names on PATH and in Debian, and where it lies.
 * @typedef {{ least: [number, number], names: string[], package: string, image: string }} ToolFacts
 * @type {Record<import('./tools.d.mts').ToolName, ToolFacts>}
 */
const TOOLS = {
  prometheus: {
    least: [2, 55],
    names: ['prometheus'],
    package: 'prometheus',
    image: 'prom/prometheus:v3.5.3',
  },
  promtool: { least: [2, 55], names: ['promtool'], package: 'promtool', image: 'prom/prometheus:v3.5.3' },
  alertmanager: {
    least: [0, 28],
    names: ['alertmanager', 'prometheus-alertmanager'],
    package: 'prometheus-alertmanager',
    image: 'prom/alertmanager:v0.33.1',
  },
  amtool: { least: [0, 28], names: ['amtool'], package: 'prometheus-alertmanager', image: 'prom/alertmanager:v0.33.1' },
  blackbox_exporter: {
    least: [0, 28],
    names: ['blackbox_exporter', 'prometheus-blackbox-exporter'],
    package: 'prometheus-blackbox-exporter',
    image: 'prom/blackbox-exporter:v0.28.0',
  },
};

const CACHE = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '.cache', 'tools');

const DEBIAN_TEMPLATES = '/usr/share/prometheus/alertmanager/default.tmpl';

const SECOND_MS = 1000;

const AGAIN = 'run `node scripts/tools.mjs` again';

/**
 * Runs a command to its end; never throws for a command that fails, is missing or takes too long.
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function run(command, args, { timeoutMs, cwd }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** Whether this file is the tool, runs here, and is recent enough. */
async function isUsable(file, tool) {
  if (!existsSync(file)) return false;
  const { ok, output } = await run(file, ['--version'], { timeoutMs: 10 * SECOND_MS });
  const version = /version (\d+)\.(\d+)/.exec(output);
  if (!ok || version === null) return false;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  // Debian's build reads its default templates from where its package installs them, and does not start without.
  if (tool === 'alertmanager' && output.includes('debian') && !existsSync(DEBIAN_TEMPLATES)) return false;
  const [leastMajor, leastMinor] = TOOLS[tool].least;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

async function findOnPath(tool) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  for (const folder of folders) {
    for (const name of TOOLS[tool].names) {
      const file = path.join(folder, name);
      if (await isUsable(file, tool)) return file;
    }
  }
  return undefined;
}

async function findInCache(tool) {
  const file = path.join(CACHE, tool);
  return (await isUsable(file, tool)) ? file : undefined;
}

/** Puts a fetched file in its place in one step, so that two runs at the same time cannot spoil each other's. */
async function keep(file, tool, workFolder) {
  const ready = path.join(workFolder, `ready-${tool}`);
  await copyFile(file, ready);
  await chmod(ready, 0o755);
  await rename(ready, path.join(CACHE, tool));
}

async function findEngine() {
  for (const client of ['docker', 'podman']) {
    const { ok } = await run(client, ['info'], { timeoutMs: 5 * SECOND_MS });
    if (ok) return client;
  }
  return undefined;
}

async function fetchFromImages(missing, workFolder, log) {
  const client = process.platform === 'linux' ? await findEngine() : undefined;
  if (client === undefined) return;
  for (const image of new Set(missing.map((tool) => TOOLS[tool].image))) {
    log(`pulling ${image} with ${client}, up to a minute`);
    const pulled = await run(client, ['pull', '--quiet', image], { timeoutMs: 60 * SECOND_MS });
    const created = pulled.ok ? await run(client, ['create', image], { timeoutMs: 10 * SECOND_MS }) : pulled;
    if (!created.ok) continue;
    const container = created.output.trim();
    for (const tool of missing.filter((each) => TOOLS[each].image === image)) {
      const file = path.join(workFolder, tool);
      const copied = await run(client, ['cp', `${container}:/bin/${tool}`, file], { timeoutMs: 30 * SECOND_MS });
      if (copied.ok) await keep(file, tool, workFolder);
    }
    await run(client, ['rm', container], { timeoutMs: 10 * SECOND_MS });
  }
}

/** The machine's own package sources: { uri, suites, options }, the options in one-line form, e.g. `[signed-by=...]`. */
async function readPackageSources() {
  const parts = '/etc/apt/sources.list.d';
  const names = existsSync(parts) ? (await readdir(parts)).sort().map((name) => path.join(parts, name)) : [];
  const files = ['/etc/apt/sources.list', ...names].filter((file) => existsSync(file));
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
  return texts.flatMap(({ file, text }) => (file.endsWith('.sources') ? stanzaSources(text) : lineSources(text)));
}

function lineSources(text) {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line);
    return match === null ? [] : [{ uri: match[2], suites: [match[3]], options: (match[1] ?? '').trim() }];
  });
}

function stanzaSources(text) {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name) => new RegExp(`^${name}:\\s*(.+)$`, 'mi').exec(stanza)?.[1]?.trim() ?? '';
    const usable = /\bdeb\b/.test(field('Types')) && !/^no$/i.test(field('Enabled'));
    const uri = field('URIs').split(/\s+/)[0];
    if (!usable || uri === undefined || uri === '') return [];
    const key = field('Signed-By');
    return [{ uri, suites: field('Suites').split(/\s+/), options: key.startsWith('/') ? `[signed-by=${key}]` : '' }];
  });
}

/** The source of the distribution's newest packages at the machine's own mirror; undefined where there is none. */
async function newestSource() {
  if (!existsSync('/etc/os-release')) return undefined;
  const release = await readFile('/etc/os-release', 'utf8');
  const field = (name) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(release)?.[1] ?? '';
  const suites = [field('VERSION_CODENAME'), 'stable', 'testing', 'unstable', 'sid'];
  const own = (await readPackageSources()).find((source) => source.suites.some((suite) => suites.includes(suite)));
  if (own === undefined) return undefined;
  const newest = field('ID') === 'ubuntu' ? 'devel main universe' : 'sid main';
  return `deb ${own.options} ${own.uri} ${newest}\n`;
}

/** Options that make apt work in a folder of its own: without root, and without touching the system's lists. */
async function privateApt(workFolder, source) {
  const at = (name) => path.join(workFolder, name);
  for (const folder of ['lists/partial', 'cache/archives/partial', 'none', 'deb'])
    await mkdir(at(folder), { recursive: true });
  await writeFile(at('sources.list'), source);
  await writeFile(at('status'), '');
  const settings = {
    'Dir::Etc::SourceList': at('sources.list'),
    'Dir::Etc::SourceParts': at('none'),
    'Dir::Etc::Preferences': at('no-preferences'),
    'Dir::Etc::PreferencesParts': at('none'),
    'Dir::State::Lists': at('lists'),
    'Dir::State::Status': at('status'),
    'Dir::Cache': at('cache'),
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    // Otherwise apt changes to a user who may not be allowed to enter the cache folder.
    ...(process.getuid?.() === 0 ? { 'APT::Sandbox::User': 'root' } : {}),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

async function fetchFromPackages(missing, workFolder, log) {
  const source = await newestSource();
  if (source === undefined) return;
  const options = await privateApt(workFolder, source);
  const packages = [...new Set(missing.map((tool) => TOOLS[tool].package))];
  log('reading the list of packages, about ten seconds');
  // Hooks of the system may make this fail after it has done its work; the download shows whether it did.
  await run('apt-get', [...options, 'update'], { timeoutMs: 180 * SECOND_MS });
  log(`fetching ${packages.join(', ')}, about 20 MB each`);
  const folder = path.join(workFolder, 'deb');
  await run('apt-get', [...options, 'download', ...packages], { cwd: folder, timeoutMs: 300 * SECOND_MS });
  for (const name of await readdir(folder)) {
    await run('dpkg', ['-x', name, path.join(workFolder, 'root')], { cwd: folder, timeoutMs: 60 * SECOND_MS });
  }
  for (const tool of missing) {
    const files = TOOLS[tool].names.map((name) => path.join(workFolder, 'root', 'usr', 'bin', name));
    const file = files.find((each) => existsSync(each));
    if (file !== undefined) await keep(file, tool, workFolder);
  }
}

async function lookUp(names, paths, ...places) {
  for (const name of names) {
    for (const place of places) paths[name] ??= await place(name);
  }
  return names.filter((name) => paths[name] === undefined);
}

function ignore() {
  // Nobody wants to watch.
}

/** @type {typeof import('./tools.d.mts').findTools} */
export async function findTools(names, { log = ignore } = {}) {
  const paths = {};
  let missing = await lookUp(names, paths, findOnPath, findInCache);
  for (const fetch of [fetchFromImages, fetchFromPackages]) {
    if (missing.length === 0) break;
    await mkdir(CACHE, { recursive: true });
    const workFolder = await mkdtemp(path.join(CACHE, 'work-'));
    try {
      await fetch(missing, workFolder, log);
    } finally {
      await rm(workFolder, { recursive: true, force: true });
    }
    missing = await lookUp(missing, paths, findInCache);
  }
  const wanted = missing.map((name) => `${name} >= ${TOOLS[name].least.join('.')}`).join(', ');
  const templates = missing.includes('alertmanager') && existsSync('/etc/debian_version');
  const install = templates
    ? ' (on Debian: `apt-get install prometheus-alertmanager`, for the templates it reads)'
    : '';
  const hint =
    wanted === '' ? null : `not found: ${wanted}. Put them on PATH${install}, or start Docker or Podman and ${AGAIN}`;
  return { paths, missing, hint };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !Object.hasOwn(TOOLS, name));
  if (unknown.length > 0) {
    console.error(`unknown tool ${unknown.join(', ')}: one of ${Object.keys(TOOLS).join(', ')}`);
    process.exit(2);
  }
  const { paths, hint } = await findTools(asked.length > 0 ? asked : Object.keys(TOOLS), { log: console.error });
  for (const file of Object.values(paths)) {
    if (file !== undefined) console.log(file);
  }
  if (hint !== null) {
    console.error(hint);
    process.exit(1);
  }
}
