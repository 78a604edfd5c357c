// Starts the compose stack for a test on free ports, reads what its parts say, and asks Docker about it.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { DockerComposeEnvironment, type StartedDockerComposeEnvironment, Wait } from 'testcontainers';
import type { z } from 'zod';
import { ROOT } from '../../catalog/root.ts';

const exec = promisify(execFile);

export interface Stack {
  project: string;
  ports: { exporter: number; prometheus: number; alertmanager: number; grafana: number; demo: number };
  /** The JSON body of a GET, checked. */
  get<S extends z.ZodType>(
    from: 'exporter' | 'prometheus' | 'alertmanager' | 'demo',
    route: string,
    schema: S,
  ): Promise<z.output<S>>;
  down(): Promise<void>;
}

/** A folder as the exporter sees it at /config: readable for a user who is not us. */
export async function configFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'demarc-config-'));
  await chmod(folder, 0o755);
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text, { mode: 0o644 });
  return folder;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** Builds the exporter, starts these services, and waits until Docker calls each of them healthy. */
export async function startStack(services: string[], config: string): Promise<Stack> {
  const [exporter = 0, prometheus = 0, alertmanager = 0, grafana = 0, demo = 0] = await freePorts(5);
  const ports = { exporter, prometheus, alertmanager, grafana, demo };
  const project = `demarc-test-${exporter}`;
  const environment: StartedDockerComposeEnvironment = await new DockerComposeEnvironment(ROOT, 'compose.yaml')
    .withProjectName(project)
    .withBuild()
    .withEnvironment({
      DEMARC_CONFIG_DIR: config,
      // Without a map the stack would watch the world outside; a test must not.
      DEMARC_WITHOUT_MAP: 'demo',
      DEMARC_PORT: String(exporter),
      PROMETHEUS_PORT: String(prometheus),
      ALERTMANAGER_PORT: String(alertmanager),
      GRAFANA_PORT: String(grafana),
      DEMO_PORT: String(demo),
      // So that the end is of all of them; what starts is said by name.
      COMPOSE_PROFILES: 'demo,ntfy',
      ALERTMANAGER_START_DELAY: '1s',
    })
    .withDefaultWaitStrategy(Wait.forHealthCheck())
    // These have no health: they do their work and end.
    .withWaitStrategy('generate-1', Wait.forOneShotStartup())
    .withWaitStrategy('ntfy-folder-1', Wait.forOneShotStartup())
    .withStartupTimeout(120_000)
    .up(services);
  return {
    project,
    ports,
    async get(from, route, schema) {
      const response = await fetch(`http://127.0.0.1:${ports[from]}${route}`, { signal: AbortSignal.timeout(5_000) });
      if (!response.ok) throw new Error(`${from}${route} answered ${response.status}`);
      return schema.parse(await response.json());
    },
    async down() {
      await environment.down({ timeout: 20_000, removeVolumes: true });
      await docker('image', 'rm', '--force', `${project}-exporter`);
    },
  };
}

/** What a docker command prints. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await exec('docker', args, { cwd: ROOT, timeout: 60_000, maxBuffer: 4 * 1024 * 1024 });
  return stdout.trim();
}

/** What Docker still has of a project, by kind; all empty once it is gone. */
export async function remainsOf(
  project: string,
): Promise<Record<'containers' | 'volumes' | 'networks' | 'images', string>> {
  const label = ['--filter', `label=com.docker.compose.project=${project}`, '--quiet'];
  return {
    containers: await docker('ps', '--all', ...label),
    volumes: await docker('volume', 'ls', ...label),
    networks: await docker('network', 'ls', ...label),
    images: await docker('image', 'ls', '--quiet', `${project}-exporter`),
  };
}
