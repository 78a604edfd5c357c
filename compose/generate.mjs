// The one-shot service of compose.yaml: writes into /generated what the other services read, from the map in /config.
// It does not fail for a bad map: the stack must start while its map is being mended. Until then alerts go where the last
// good map sent them; the exporter says what is wrong with the new one.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';

const MAP = '/config/demarc.yaml';
const OUT = '/generated';
/** The reader's own, which goes before ours. */
const OWN = '/etc/demarc/alerts/alertmanager.yml';
const ROUTES = `${OUT}/alertmanager/alertmanager.yml`;
const ALERTING = [ROUTES, `${OUT}/alertmanager/demarc.tmpl`];

const { DEMARC_PORT = '9815', PROMETHEUS_PORT = '9090', ALERTMANAGER_PORT = '9093' } = process.env;

function generate(...options) {
  const argv = ['/app/dist/cli/main.js', 'generate', 'stack', '--out', OUT, '--target', `127.0.0.1:${DEMARC_PORT}`];
  return spawnSync(process.execPath, [...argv, ...options], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

/** At once or not at all: Prometheus reads these while they are written. */
function write(file, text) {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function generateWithoutMap() {
  const kept = ALERTING.filter((file) => existsSync(file)).map((file) => [file, readFileSync(file, 'utf8')]);
  const done = generate();
  for (const [file, text] of kept) write(file, text);
  const where =
    kept.length > 0 ? 'go where the map before it sent them' : 'are shown on the status page and sent to nobody';
  console.error(`demarc.yaml cannot be used, see above. Until it can, alerts ${where}.`);
  return done;
}

// What an older version made, and its successor does not.
for (const folder of ['dashboards', 'prometheus/rules']) rmSync(`${OUT}/${folder}`, { recursive: true, force: true });
// The link of a start before; the file it leads to may not be ours to read.
if (lstatSync(ROUTES, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(ROUTES);

const done = existsSync(MAP) ? generate('--map', MAP) || generateWithoutMap() : generate();
if (!done) process.exit(1);

mkdirSync(`${OUT}/prometheus/targets`, { recursive: true });
for (const [name, port] of Object.entries({ prometheus: PROMETHEUS_PORT, alertmanager: ALERTMANAGER_PORT })) {
  write(`${OUT}/prometheus/targets/${name}.targets.json`, `[{"targets": ["127.0.0.1:${port}"]}]\n`);
}
if (existsSync(OWN)) {
  console.log(`Alertmanager takes ${OWN}, since there is one.`);
  rmSync(ROUTES);
  symlinkSync(OWN, ROUTES);
}
