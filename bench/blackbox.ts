// blackbox_exporter on the measured core, and a steady load of probe requests on it: its only interface is HTTP.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import nodeHttp from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFile } from '../catalog/root.ts';
import { UserError } from '../map/user-error.ts';
import { freePort, until } from '../replay/process.ts';
import { pinned, usageOf } from './pinned.ts';
import { BLACKBOX_CONFIG, blackboxTarget, type Compared, type LocalServers } from './probe-kinds.ts';

type Finder = typeof import('../scripts/tools.mjs');

export interface BlackboxResult {
  probes: number;
  failed: number;
  seconds: number;
  cpuMs: number;
}

export interface Blackbox {
  pid: number;
  slice(measured: Compared, forMs: number): Promise<BlackboxResult>;
  stop(): Promise<void>;
}

/** Where its throughput is best; more only adds waiting. */
const REQUESTS_AT_ONCE = 16;
const READY_LIMIT_MS = 20_000;

async function programFile(): Promise<string> {
  const finder: Finder = await import(pathToFileURL(projectFile('scripts/tools.mjs')).href);
  const { paths, hint } = await finder.findTools(['blackbox_exporter'], { log: console.error });
  if (paths.blackbox_exporter !== undefined) return paths.blackbox_exporter;
  throw new UserError([{ place: 'blackbox_exporter', what: 'is not on this machine', hint: hint ?? 'install it' }]);
}

export async function startBlackbox(servers: LocalServers): Promise<Blackbox> {
  const folder = await mkdtemp(path.join(tmpdir(), 'demarc-bench-'));
  const [config, authority] = [path.join(folder, 'blackbox.yml'), path.join(folder, 'ca.pem')];
  // JSON is YAML.
  await writeFile(config, JSON.stringify(BLACKBOX_CONFIG));
  await writeFile(authority, servers.authority);
  const port = await freePort();
  const argv = [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'];
  const command = pinned(0, await programFile(), argv);
  const env = { ...process.env, GOMAXPROCS: '1', SSL_CERT_FILE: authority };
  const child = spawn(command.file, command.argv, { stdio: 'ignore', env });
  const exited = once(child, 'exit');
  const agent = new nodeHttp.Agent({ keepAlive: true, maxSockets: REQUESTS_AT_ONCE });
  const get = (where: string): Promise<string> => fetchText(`http://127.0.0.1:${port}${where}`, agent);
  const isReady = (): Promise<boolean> =>
    get('/-/healthy').then(
      () => true,
      () => false,
    );
  await until('blackbox_exporter to be ready', isReady, READY_LIMIT_MS);
  const pid = child.pid ?? 0;
  return {
    pid,
    async slice(measured, forMs) {
      const before = usageOf(pid).cpuMs;
      const start = performance.now();
      const { probes, failed } = await load(measured, servers, start + forMs, get);
      const seconds = (performance.now() - start) / 1_000;
      return { probes, failed, seconds, cpuMs: usageOf(pid).cpuMs - before };
    },
    async stop() {
      agent.destroy();
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function load(
  measured: Compared,
  servers: LocalServers,
  endAt: number,
  get: (where: string) => Promise<string>,
): Promise<{ probes: number; failed: number }> {
  const done = { probes: 0, failed: 0 };
  const askOnAndOn = async (): Promise<void> => {
    for (let index = 0; performance.now() < endAt; index += 1) {
      const host = servers.addresses[index % servers.addresses.length] ?? '127.0.0.1';
      const target = encodeURIComponent(blackboxTarget(measured, host, servers));
      const page = await get(`/probe?module=${measured}&target=${target}`);
      done.probes += 1;
      if (!page.includes('\nprobe_success 1')) done.failed += 1;
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, askOnAndOn));
  return done;
}

function fetchText(url: string, agent: nodeHttp.Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = nodeHttp.get(url, { agent, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer from ${url}`)));
    request.on('error', reject);
  });
}
