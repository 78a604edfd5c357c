// Finds out whether the compose stack can be started here: Linux, an engine that answers, compose v2, and the images.
// It starts, pulls and builds nothing.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './setup.mjs';

/** Grafana is not among the services that the tests start. */
const TESTED = ['prom/prometheus:', 'prom/alertmanager:'];

/**
 * `{ host }` of the engine if the stack can be started; otherwise `{ missing, hint }`, two sentences' halves for people.
 * @returns {{ host: string } | { missing: string, hint: string }}
 */
export function findDocker() {
  if (process.platform !== 'linux') {
    return { missing: 'a Linux host', hint: 'run the tests on Linux: the stack uses the network of the host' };
  }
  const engine = docker(['info', '--format', '{{.ServerVersion}}']);
  if (!engine.ok) return { missing: 'a Docker engine', hint: 'install and start Docker, or set DOCKER_HOST' };
  const compose = docker(['compose', 'version', '--short']);
  const major = Number.parseInt(compose.output.replace(/^v/, ''), 10);
  if (!compose.ok || !(major >= 2)) return { missing: 'Docker Compose v2', hint: 'install the docker compose plugin' };
  const absent = images().filter((image) => !isAvailable(image));
  if (absent.length > 0) {
    return { missing: `image ${absent.join(', ')}`, hint: `docker pull ${absent[0]}` };
  }
  return {
    host: process.env.DOCKER_HOST ?? docker(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']).output,
  };
}

/** The images the tested services run, and the one that ours is built from. */
function images() {
  const dockerfile = readFileSync(path.join(ROOT, 'compose', 'Dockerfile'), 'utf8');
  const base = `node:${/^ARG NODE_TAG=(.+)$/m.exec(dockerfile)?.[1]}`;
  const pulled = docker(['compose', '--file', path.join(ROOT, 'compose.yaml'), 'config', '--images']).output.split(
    '\n',
  );
  return [base, ...pulled.filter((image) => TESTED.some((name) => image.startsWith(name)))];
}

/** Whether the image is here, or a registry says that it could be. */
function isAvailable(image) {
  return docker(['image', 'inspect', image]).ok || docker(['manifest', 'inspect', image]).ok;
}

function docker(args) {
  const result = spawnSync('docker', args, { encoding: 'utf8', timeout: 20_000, stdio: ['ignore', 'pipe', 'ignore'] });
  return { ok: result.status === 0, output: result.stdout?.trim() ?? '' };
}
