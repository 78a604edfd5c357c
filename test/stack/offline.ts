// Starts the stack on a machine without internet, and reads and breaks it from outside its containers.
import { execFile } from 'node:child_process';
import { chmod, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DockerComposeEnvironment, Wait } from 'testcontainers';
import { z } from 'zod';
import { ROOT } from '../../catalog/root.ts';
import { configFolder, docker } from './stack.ts';

const exec = promisify(execFile);

export const SERVICES = ['exporter', 'prometheus', 'alertmanager'] as const;
export type Service = (typeof SERVICES)[number];

/** Nobody else is on that machine, so the usual ones. */
const PORTS: Readonly<Record<Service | 'grafana', number>> = {
  exporter: 9815,
  prometheus: 9090,
  alertmanager: 9093,
  grafana: 3000,
};

const DOOR = 9816;

const Inspected = z.array(
  z.looseObject({
    RestartCount: z.number(),
    State: z.looseObject({ Pid: z.number(), Running: z.boolean() }),
    NetworkSettings: z.looseObject({ Networks: z.record(z.string(), z.looseObject({ IPAddress: z.string() })) }),
  }),
);

export interface Machine {
  project: string;
  image: string;
  config: string;
  /** A request to a service, which listens on that machine's loopback only. */
  ask<S extends z.ZodType>(service: Service, route: string, schema: S, body?: unknown): Promise<z.output<S>>;
  /** What Alertmanager has posted, newest last. */
  inbox(): Promise<Delivery[]>;
  lab(method: 'POST' | 'DELETE', fault?: unknown): Promise<void>;
  /** Runs `docker compose` on this project. */
  compose(...args: string[]): Promise<void>;
  container(service: Service | 'machine'): Promise<{ id: string; pid: number; restarts: number; running: boolean }>;
  down(): Promise<void>;
}

const Delivery = z.looseObject({
  receiver: z.string(),
  status: z.string(),
  alerts: z.array(z.looseObject({ labels: z.record(z.string(), z.string()), status: z.string() })),
});
type Delivery = z.output<typeof Delivery>;

const FILES = ['compose.yaml', 'test/stack/offline.compose.yaml'];

async function inspect(id: string) {
  const [container] = Inspected.parse(JSON.parse(await docker('inspect', id)));
  if (container === undefined) throw new Error(`Docker does not know ${id}`);
  return container;
}

/** The first address of a container. */
export async function addressOf(id: string): Promise<string> {
  const { NetworkSettings } = await inspect(id);
  const [network] = Object.values(NetworkSettings.Networks);
  if (network === undefined || network.IPAddress === '') throw new Error(`${id} has no address`);
  return network.IPAddress;
}

async function request(url: string, method: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(10_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 200)}`);
  return text === '' ? null : JSON.parse(text);
}

export async function startMachine(): Promise<Machine> {
  const project = `demarc-offline-${process.pid}`;
  const config = await configFolder({});
  // The lab writes its map there, as a user who is not us.
  await chmod(config, 0o777);
  const variables = {
    DEMARC_CONFIG_DIR: config,
    ALERTMANAGER_START_DELAY: '1s',
    ALERTMANAGER_SNAPSHOT_INTERVAL: '1s',
  };
  const environment = await new DockerComposeEnvironment(ROOT, FILES)
    .withProjectName(project)
    .withBuild()
    .withEnvironment(variables)
    .withDefaultWaitStrategy(Wait.forHealthCheck())
    .withStartupTimeout(180_000)
    .up(['machine', ...SERVICES]);
  const idOf = (service: string): Promise<string> =>
    docker(
      ...['ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`],
      ...['--filter', `label=com.docker.compose.service=${service}`],
    );
  const door = `http://${await addressOf(await idOf('machine'))}:${DOOR}`;
  Object.assign(process.env, variables);
  return {
    project,
    image: `${project}-exporter`,
    config,
    ask: async (service, route, schema, body) =>
      schema.parse(await request(`${door}/${PORTS[service]}${route}`, body === undefined ? 'GET' : 'POST', body)),
    inbox: async () => z.array(Delivery).parse(await request(`${door}/inbox`, 'GET')),
    lab: async (method, fault) => void (await request(`${door}/lab/faults`, method, fault)),
    async compose(...args) {
      const files = FILES.flatMap((file) => ['--file', file]);
      const options = { cwd: ROOT, timeout: 120_000, env: { ...process.env, ...variables } };
      await exec('docker', ['compose', '--project-name', project, ...files, ...args], options);
    },
    async container(service) {
      const id = await idOf(service);
      const { RestartCount, State } = await inspect(id);
      return { id, pid: State.Pid, restarts: RestartCount, running: State.Running };
    },
    async down() {
      await environment.down({ timeout: 10_000, removeVolumes: true });
      await docker('image', 'rm', '--force', `${project}-exporter`);
      await rm(config, { recursive: true, force: true });
    },
  };
}
