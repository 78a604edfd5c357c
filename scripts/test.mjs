// `npm test`: everything there is to prove, set-up included. Tests whose part is missing on this machine are left out
// by the pattern of their file name, and the end says so. With DEMARC_REQUIRE_ALL=1 a missing part is a failure.
// Arguments are parts of file names: `npm test -- test/verdict` runs only those files, without the checks.
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { findDocker } from './docker.mjs';
import { npm, ROOT, run, setup } from './setup.mjs';
import { findTools } from './tools.mjs';

/** Parts a test may need that npm cannot bring: which files need them, and why they cannot run here (undefined: they can). */
const PARTS = [
  { files: /\.(promtool|amtool)\.test\.ts$|\.(prometheus|alertmanager|blackbox)\.e2e\.ts$/, problem: problemOfTools },
  { files: /\.chromium\.(test|e2e)\.ts$/, problem: problemOfChromium },
  { files: /\.systemd\.test\.ts$/, problem: problemOfSystemd },
  { files: /\.vmalert\.e2e\.ts$/, problem: problemOfVmalert },
  { files: /\.docker\.e2e\.ts$/, problem: problemOfDocker },
  { files: /\.clients\.(test|prometheus\.e2e)\.ts$/, problem: problemOfClients },
  { files: /\.openssl\.test\.ts$/, problem: problemOfOpenssl },
  { files: /\.shells\.test\.ts$/, problem: problemOfShells },
];

const PROJECTS = [
  // Much of it is waiting for others, so more of them than there are cores.
  { name: 'unit', files: /\.test\.ts$/, options: ['--maxWorkers=3'] },
  {
    name: 'together',
    files: /^test\/(alerts|cli|dashboards|exporters|sites|stack|status)\/.*\.e2e\.ts$/,
    options: ['--maxWorkers=3'],
  },
  // Two halves of the scenarios: a process each, and as many worlds in it as it keeps up with.
  { name: 'replays', files: /^test\/replay\/.*\.e2e\.ts$/, options: ['--maxWorkers=2'] },
  // One at a time: these measure how long things take.
  {
    name: 'e2e',
    files: /^test\/(?!(alerts|cli|dashboards|exporters|replay|sites|stack|status)\/).*\.e2e\.ts$/,
    options: ['--no-file-parallelism'],
  },
];

const REPORTS = path.join(ROOT, '.cache', 'test');

async function main(filters) {
  setup();
  const files = readdirSync(path.join(ROOT, 'test'), { recursive: true }).map(
    (file) => `test/${file.split(path.sep).join('/')}`,
  );
  const asked = files.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)));
  const left = await findLeftOut(asked);
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  const add = ({ passed, failed, skipped, broken }) => {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    failures.push(...broken);
  };
  if (filters.length === 0 && npm(['run', '--silent', 'check']) !== 0) {
    console.log('\nThe checks failed (npm run check); the reasons stand above.\n');
    total.failed += 1;
    failures.push('npm run check');
  }
  for (const project of PROJECTS) {
    const those = asked.filter((file) => project.files.test(file) && !left.some((part) => part.files.includes(file)));
    if (those.length > 0) add(runProject(project, those));
  }
  const required = process.env.DEMARC_REQUIRE_ALL === '1';
  for (const { files: leftOut, problem } of left) {
    console.log(`\n${required ? 'FAILED' : 'DID NOT RUN'}: ${leftOut.length} test file(s), because ${problem}`);
    for (const file of leftOut) console.log(`  ${file}`);
    total[required ? 'failed' : 'skipped'] += leftOut.length;
  }
  // Hundreds of lines lie between a failure and the end.
  if (failures.length > 0) console.log(['\nFailed, each with its reason above:', ...failures].join('\n  '));
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** The test files that cannot run here, by the part they miss. A part nobody needs is not looked for. */
async function findLeftOut(files) {
  const left = [];
  for (const part of PARTS) {
    const needing = files.filter((file) => part.files.test(file));
    const problem = needing.length > 0 ? await part.problem() : undefined;
    if (problem !== undefined) left.push({ files: needing, problem });
  }
  return left;
}

/** Runs one vitest project, counts, and names what is `broken`. A file or a run that broke outside of any test counts as one failure. */
function runProject({ name, options }, files) {
  const report = path.join(REPORTS, `${name}.json`);
  mkdirSync(REPORTS, { recursive: true });
  rmSync(report, { force: true });
  const vitest = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  // Every file by its name: what is excluded on the command line, vitest excludes from no project.
  const code = run(process.execPath, [
    ...[vitest, 'run', ...files, '--config', 'test/vitest.config.ts', '--project', name],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...options,
  ]);
  const counts = readReport(report);
  if (code === 0 || counts.failed > 0) return counts;
  return { ...counts, failed: 1, broken: [`${name}: vitest ended with ${code}`] };
}

function readReport(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const broken = report.testResults.filter(({ status }) => status === 'failed').flatMap(failuresOf);
    return {
      passed: report.numPassedTests,
      failed: broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
      broken,
    };
  } catch (error) {
    console.error(`vitest left no report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0, broken: [`${file}: not written`] };
  }
}

/** The tests of a file that failed; the file itself when it broke outside of any. */
function failuresOf({ name, assertionResults, message }) {
  const file = path.relative(ROOT, name);
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [`${file}: ${firstLine(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages.join('\n'))}`,
  );
}

const firstLine = (text = '') => stripVTControlCharacters(text).split('\n', 1)[0];

async function problemOfTools() {
  const { hint } = await findTools(['prometheus', 'promtool', 'alertmanager', 'amtool'], { log: console.error });
  return hint ?? undefined;
}

/** Whether one of these programs is on PATH. */
function isInstalled(...names) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => names.some((name) => isProgram(path.join(folder, name))));
}

function problemOfChromium() {
  if (isInstalled('chromium', 'chromium-browser', 'google-chrome')) return undefined;
  return 'there is no Chromium on PATH: install it, e.g. `apt-get install chromium`';
}

/** Why these programs, which the packages of Debian bring, cannot be run. */
function problemOf(programs, packages) {
  const missing = programs.filter((name) => !isInstalled(name));
  if (missing.length === 0) return undefined;
  return `there is no ${missing.join(', ')} on PATH: install it, e.g. \`apt-get install ${packages}\``;
}

function problemOfClients() {
  const packages = 'bind9-dnsutils knot-dnsutils curl openssl nut-client nut-server busybox';
  return problemOf(['dig', 'delv', 'kdig', 'curl', 'openssl', 'upsc', 'upsd', 'busybox'], packages);
}

function problemOfOpenssl() {
  return problemOf(['openssl'], 'openssl');
}

function problemOfShells() {
  return problemOf(['bash', 'zsh', 'fish', 'script'], 'zsh fish bsdutils');
}

function problemOfSystemd() {
  return isInstalled('systemd-analyze') ? undefined : 'there is no systemd-analyze on PATH: it belongs to systemd';
}

function problemOfVmalert() {
  if (isInstalled('vmalert') && isInstalled('victoria-metrics')) return undefined;
  return 'there is no vmalert or victoria-metrics on PATH: both are in the package `victoria-metrics` of Debian';
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function problemOfDocker() {
  const found = findDocker();
  if (found.host === undefined) return `${found.missing} is missing: ${found.hint}`;
  // testcontainers reads the variable, but not the context that the docker command may have been told to use.
  process.env.DOCKER_HOST = found.host;
  return undefined;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('\n0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
