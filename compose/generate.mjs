// The one-shot service of compose.yaml: writes into /generated what the other services read, from the map in /config.
// It does not fail for a bad map, nor for a folder that cannot be written while an earlier start's files lie there: the stack
// must start while it is being mended. Until then alerts go where the last good map sent them; the exporter says what is wrong
// with the new one. Everything is made beside what is in use, and then put in its place, file by file.
// Folders of the container, or as arguments: CONFIG GENERATED ALERTS.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [CONFIG = '/config', OUT = '/generated', ALERTS = '/etc/demarc/alerts'] = process.argv.slice(2);
const DEMARC = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const MAP = path.join(CONFIG, 'demarc.yaml');
/** The reader's own, which goes before ours. */
const OWN = path.join(ALERTS, 'alertmanager.yml');
const NEXT = path.join(OUT, 'next');
const ROUTES = 'alertmanager/alertmanager.yml';
const RULES = 'prometheus/rules/demarc.rules.yml';
/** Read file by file, so what an older version made and its successor does not must go. */
const SWEPT = ['dashboards', 'prometheus/rules'];

const { DEMARC_PORT = '9815', PROMETHEUS_PORT = '9090', ALERTMANAGER_PORT = '9093' } = process.env;

const inUse = (file) => path.join(OUT, file);

/** Ours, not a link of a start before to the reader's own. */
const isOurs = (file) => lstatSync(inUse(file), { throwIfNoEntry: false })?.isFile() === true;

function generate(...options) {
  const argv = [DEMARC, 'generate', 'stack', '--out', NEXT, '--target', `127.0.0.1:${DEMARC_PORT}`];
  return spawnSync(process.execPath, [...argv, ...options], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/** Everything in NEXT, but for the routes when those of the last good map stay. */
function make() {
  rmSync(NEXT, { recursive: true, force: true });
  mkdirSync(NEXT);
  if (!existsSync(MAP)) return generate();
  if (generate('--map', MAP)) return true;
  if (!generate()) return false;
  const keeps = isOurs(ROUTES);
  const where = keeps ? 'go where the map before it sent them' : 'are shown on the status page and sent to nobody';
  console.error(`demarc.yaml cannot be used, see above. Until it can, alerts ${where}.`);
  if (keeps) rmSync(path.join(NEXT, 'alertmanager'), { recursive: true });
  return true;
}

function addTargets() {
  for (const [name, port] of Object.entries({ prometheus: PROMETHEUS_PORT, alertmanager: ALERTMANAGER_PORT }))
    writeFileSync(path.join(NEXT, `prometheus/targets/${name}.targets.json`), `[{"targets": ["127.0.0.1:${port}"]}]\n`);
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));

function putInPlace() {
  const made = filesIn(NEXT);
  for (const file of made) {
    mkdirSync(path.dirname(inUse(file)), { recursive: true });
    renameSync(path.join(NEXT, file), inUse(file));
  }
  for (const folder of SWEPT)
    for (const file of filesIn(inUse(folder)))
      if (!made.includes(path.join(folder, file))) rmSync(path.join(inUse(folder), file));
  rmSync(NEXT, { recursive: true });
}

function linkOwn() {
  if (!existsSync(OWN)) return;
  console.log(`Alertmanager takes ${OWN}, since there is one.`);
  rmSync(inUse(ROUTES), { force: true });
  symlinkSync(OWN, inUse(ROUTES));
}

function run() {
  try {
    if (!make()) return false;
    addTargets();
    putInPlace();
    linkOwn();
    return true;
  } catch (error) {
    // A disk that is full or may not be written is the operator's; anything else is our bug.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    console.error(
      `${error.path ?? OUT}: cannot be written (${error.code}), make room or give it to user ${process.getuid()}`,
    );
    return false;
  }
}

/** The name is there; what a link leads to may not be ours to read. */
function isThere(file) {
  const folder = path.dirname(inUse(file));
  return existsSync(folder) && readdirSync(folder).includes(path.basename(file));
}

if (!run()) {
  const usable = [RULES, ROUTES].every(isThere);
  console.error(
    usable ? 'What an earlier start has made stays in use.' : 'There is nothing from an earlier start to use.',
  );
  process.exitCode = usable ? 0 : 1;
}
