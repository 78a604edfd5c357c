// Two sites and a centre on real programs: an exporter and a Prometheus in agent mode at each site, one Prometheus that takes
// their remote write and evaluates the rules, two Alertmanagers in a cluster. The wire of each site can be cut.
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { alertmanagerConfig } from '../../alerts/alertmanager.ts';
import { projectFile } from '../../catalog/root.ts';
import { type Inbox, openInbox } from '../../replay/inbox.ts';
import type { Program } from '../../replay/process.ts';
import {
  alertsTo,
  freeHost,
  scraped,
  startAlertmanager,
  startPrometheus,
  startPrometheusAgent,
} from '../../replay/programs.ts';
import { type Stage, setStage } from '../../replay/stage.ts';
import { prometheusTools } from '../../replay/tools.ts';

const SCRAPE_S = 2;

/** The sites measure this much faster than a map would have them, for a test that has no minutes. */
const SPEED = 3;

export interface Wire {
  url: string;
  /** Nothing passes any more: packets are lost, not refused. */
  cut(): void;
  mend(): void;
  stop(): Promise<void>;
}

export interface Site {
  stage: Stage;
  wire: Wire;
}

export interface Fleet {
  north: Site;
  south: Site;
  /** Base URL of the Prometheus in the centre. */
  centre: string;
  alertmanagers: readonly Program[];
  inbox: Inbox;
}

type Cleanup = () => Promise<void>;

/** How long the second of a cluster waits for the first one's word that it has sent. */
export const PEER_TIMEOUT_MS = 5_000;

/** What a test has no minutes for: how often the votes are counted, how old a site may be, and how long a scope must last. */
const HASTE = [
  ['interval: 15s', 'interval: 2s'],
  ['<= 60', '<= 15'],
  ['> 120', '> 15'],
  ['for: 30s', 'for: 2s'],
] as const;

/** The committed rules about several sites, but for those times. */
export async function hastyVantageRules(): Promise<string> {
  let text = await readFile(projectFile('alerts/demarc.vantages.rules.yml'), 'utf8');
  for (const [usual, hasty] of HASTE) {
    if (!text.includes(usual)) throw new Error(`the rules about several sites have no ${usual}`);
    text = text.replaceAll(usual, hasty);
  }
  return text;
}

/** What goes through can be held back, without the ends being told. */
async function openWire(to: string): Promise<Wire> {
  const { hostname, port } = new URL(to);
  const sockets = new Set<Socket>();
  let whole = true;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = net.createServer((near) => {
    keep(near);
    if (!whole) return;
    const far = net.connect(Number(port), hostname);
    keep(far);
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      whole = false;
      for (const socket of sockets) socket.unpipe().pause();
    },
    mend() {
      whole = true;
      // What hung in a dead connection is lost; the sender tries again on a new one.
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function startAlertmanagers(file: string, folder: string, webhook: string, cleanups: Cleanup[]) {
  const config = { ...alertmanagerConfig(webhook), templates: [] };
  const gossip = [await freeHost(), await freeHost()];
  const programs: Program[] = [];
  for (const [index, host] of gossip.entries()) {
    const peers = gossip.filter((other) => other !== host).map((other) => `--cluster.peer=${other}`);
    const timeout = `--cluster.peer-timeout=${PEER_TIMEOUT_MS / 1000}s`;
    const flags = [`--cluster.listen-address=${host}`, timeout, ...peers];
    const program = await startAlertmanager({
      file,
      folder: path.join(folder, `alertmanager-${index}`),
      config,
      flags,
    });
    cleanups.push(() => program.stop());
    programs.push(program);
  }
  return programs;
}

async function startSite(
  name: string,
  centre: string,
  agent: string,
  folder: string,
  cleanups: Cleanup[],
): Promise<Site> {
  const stage = await setStage({
    site: name,
    world: 'homelab',
    speed: SPEED,
    version: 'test',
    onCrash: () => undefined,
  });
  cleanups.push(() => stage.stop());
  const wire = await openWire(centre);
  cleanups.push(() => wire.stop());
  const config = {
    global: { scrape_interval: `${SCRAPE_S}s`, external_labels: { agent: name } },
    scrape_configs: [scraped('demarc', [new URL(stage.server.url).host])],
    // As an operator would leave it, but for a deadline that fits a test.
    remote_write: [
      { url: `${wire.url}/api/v1/write`, remote_timeout: '5s', queue_config: { batch_send_deadline: '1s' } },
    ],
  };
  const program = await startPrometheusAgent({ file: agent, folder: path.join(folder, name), config });
  cleanups.push(() => program.stop());
  return { stage, wire };
}

/** Everything started is in `cleanups`, also after a failure; end them last to first. */
export async function startFleet(cleanups: Cleanup[]): Promise<Fleet> {
  const tools = await prometheusTools(() => undefined);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-fleet-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const inbox = await openInbox();
  cleanups.push(() => inbox.stop());
  const alertmanagers = await startAlertmanagers(tools.alertmanager, folder, inbox.url, cleanups);
  const vantages = path.join(folder, 'vantages.rules.yml');
  await writeFile(vantages, await hastyVantageRules());
  const centre = await startPrometheus({
    file: tools.prometheus,
    folder: path.join(folder, 'centre'),
    config: {
      global: { evaluation_interval: `${SCRAPE_S}s` },
      rule_files: [projectFile('alerts/demarc.rules.yml'), vantages],
      alerting: alertsTo(alertmanagers.map(({ url }) => url)),
    },
    flags: ['--web.enable-remote-write-receiver'],
  });
  cleanups.push(() => centre.stop());
  const start = (name: string) => startSite(name, centre.url, tools.prometheus, folder, cleanups);
  return { north: await start('north'), south: await start('south'), centre: centre.url, alertmanagers, inbox };
}
