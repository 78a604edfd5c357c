// The stack on a machine that never had internet: it boots, judges and tells, and outlives a full disk, kills and new containers.
// Then a real cable: the exporter in a network that is taken away from it.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addressOf, type Machine, SERVICES, startMachine } from './offline.ts';
import { docker } from './stack.ts';

const SOON = { timeout: 90_000, interval: 500 };

const Verdicts = z.object({ verdicts: z.array(z.object({ service: z.string(), party: z.string(), row: z.string() })) });
const Result = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});
const Attached = z.array(
  z.looseObject({ NetworkSettings: z.looseObject({ Networks: z.record(z.string(), z.unknown()) }) }),
);
const Silences = z.array(z.object({ id: z.string(), status: z.object({ state: z.string() }) }));

const SILENCE = {
  matchers: [{ name: 'service', value: 'shop', isRegex: false, isEqual: true }],
  startsAt: new Date().toISOString(),
  endsAt: new Date(Date.now() + 3_600_000).toISOString(),
  createdBy: 'test',
  comment: 'must outlive what comes',
};

let machine: Machine;
let silence = '';
/** When the first samples were there, Unix seconds. */
let early = 0;

beforeAll(async () => {
  machine = await startMachine();
});
afterAll(() => machine?.down());

const parties = async (): Promise<Record<string, string>> => {
  const { verdicts } = await machine.ask('exporter', '/api/v1/verdicts', Verdicts);
  return Object.fromEntries(verdicts.map(({ service, party }) => [service, party]));
};

const partyOf = (service: string) => () => parties().then((all) => all[service], String);

const query = async (expression: string): Promise<string | undefined> => {
  const route = `/api/v1/query?query=${encodeURIComponent(expression)}`;
  const { data } = await machine.ask('prometheus', route, Result);
  return data.result[0]?.value[1];
};

/** What was posted about a service, as `receiver status`. */
const told = async (service: string): Promise<string[]> =>
  (await machine.inbox()).flatMap(({ receiver, alerts }) =>
    alerts.filter(({ labels }) => labels.service === service).map(({ status }) => `${receiver} ${status}`),
  );

/** How many witnesses the exporter would know after a start. */
const remembered = async (): Promise<number> => {
  const { id } = await machine.container('exporter');
  const text = await docker('exec', id, 'cat', '/state/state.json').catch(() => '{"lastOk":{}}');
  return text === '' ? 0 : Object.keys(JSON.parse(text).lastOk).length;
};

/** That what is kept is kept: the silence, the samples from before, the memory of witnesses. */
async function expectKept(): Promise<void> {
  const silences = () =>
    machine.ask('alertmanager', '/api/v2/silences', Silences).then(
      (all) => all.map(({ id, status }) => `${id} ${status.state}`),
      (error: unknown) => [String(error)],
    );
  await expect.poll(silences, SOON).toContain(`${silence} active`);
  const sample = () => query(`max(demarc_verdict_code @ ${early})`).catch(String);
  await expect.poll(sample, SOON).toBe('1');
  await expect.poll(remembered, SOON).toBeGreaterThan(0);
  const now = () => query('count(demarc_verdict_code == 1)').catch(String);
  await expect.poll(now, SOON).toBe(String(Object.keys(await parties()).length));
}

describe('the stack without internet', () => {
  it('has no way out', async () => {
    const { id } = await machine.container('machine');
    const [inspected] = Attached.parse(JSON.parse(await docker('inspect', id)));
    const networks = Object.keys(inspected?.NetworkSettings.Networks ?? {});
    expect(networks).toEqual([`${machine.project}_nowhere`]);
    expect(await docker('network', 'inspect', '--format', '{{.Internal}}', ...networks)).toBe('true');
    for (const service of SERVICES) {
      const mode = await docker(
        'inspect',
        '--format',
        '{{.HostConfig.NetworkMode}}',
        (await machine.container(service)).id,
      );
      expect(mode).toContain(`container:${id}`);
    }
  });

  it('finds everything fine, and Prometheus says the same', async () => {
    const blamed = async () => Object.values(await parties()).filter((party) => party !== 'none');
    await expect.poll(() => blamed().catch(String), SOON).toEqual([]);
    const agreed = () => query('count(demarc_verdict_code == on (site, service) site_service:demarc_verdict:code)');
    await expect.poll(() => agreed().catch(String), SOON).toBe(String(Object.keys(await parties()).length));
    early = Math.floor(Date.now() / 1000);
  });

  it('is broken from outside while its disk is full, judges it, and posts to the webhook of the map', async () => {
    const { id } = await machine.container('exporter');
    const fill = `const fs = require('fs'); const f = fs.openSync('/state/ballast', 'w');
      try { for (;;) fs.writeSync(f, Buffer.alloc(4096)); } catch (e) { if (e.code !== 'ENOSPC') throw e; }`;
    await docker('exec', id, 'node', '-e', fill);
    await machine.lab('POST', { kind: 'origin_refused', target: 'blog' });
    await expect.poll(partyOf('blog'), SOON).toBe('own');
    await expect.poll(() => told('blog'), SOON).toContain('own firing');
    await machine.lab('DELETE');
    await expect.poll(partyOf('blog'), SOON).toBe('none');
    expect(await machine.container('exporter')).toMatchObject({ id, running: true, restarts: 0 });
    await docker('exec', id, 'rm', '/state/ballast');
    await expect.poll(remembered, SOON).toBeGreaterThan(0);
  });

  it('keeps what it must when every service is killed', async () => {
    const { silenceID } = await machine.ask(
      'alertmanager',
      '/api/v2/silences',
      z.object({ silenceID: z.string() }),
      SILENCE,
    );
    silence = silenceID;
    const saved = async () =>
      (await docker('exec', (await machine.container('alertmanager')).id, 'ls', '-s', '/alertmanager')).split('\n');
    await expect.poll(saved, SOON).toEqual(expect.arrayContaining([expect.stringMatching(/^\s*[1-9]\d* silences$/)]));
    const before = (await machine.inbox()).length;
    const killed = await Promise.all(SERVICES.map((service) => machine.container(service)));
    // From the outside: a process cannot be killed by its own container.
    const kill = killed.map(({ pid }) => `process.kill(${pid}, 'SIGKILL')`).join(';');
    await docker('run', '--rm', '--pid', 'host', '--user', '0', '--entrypoint', 'node', machine.image, '-e', kill);
    for (const [index, service] of SERVICES.entries())
      await expect
        .poll(async () => (await machine.container(service)).restarts, SOON)
        .toBeGreaterThan(killed[index]?.restarts ?? 0);
    await expectKept();
    const since = (await machine.inbox()).slice(before).flatMap(({ alerts }) => alerts);
    expect(since.filter(({ labels, status }) => labels.service !== undefined && status === 'firing')).toEqual([]);
  });

  it('keeps what it must when an upgrade makes new containers', async () => {
    const old = await Promise.all(SERVICES.map((service) => machine.container(service)));
    await machine.compose('up', '--detach', '--no-build', '--force-recreate', '--no-deps', ...SERVICES);
    const fresh = await Promise.all(SERVICES.map((service) => machine.container(service)));
    for (const [index, { id }] of fresh.entries()) expect(id).not.toBe(old[index]?.id);
    await expect.poll(partyOf('blog'), SOON).toBe('none');
    await expectKept();
  });
});

describe('a cable that is pulled', () => {
  const names = { network: `demarc-cable-${process.pid}`, world: `demarc-world-${process.pid}` };
  let exporter = '';

  const said = async (): Promise<Record<string, string>> => {
    const ask = "fetch('http://127.0.0.1:9815/api/v1/verdicts').then((r) => r.text()).then(console.log)";
    const { verdicts } = Verdicts.parse(JSON.parse(await docker('exec', exporter, 'node', '-e', ask)));
    return Object.fromEntries(verdicts.map(({ service, party, row }) => [service, `${party} ${row}`]));
  };

  beforeAll(async () => {
    await docker('network', 'create', '--internal', names.network);
    const volume = `${path.resolve('test/stack')}:/test:ro`;
    const run = (...args: string[]) => docker('run', '--detach', '--network', names.network, ...args);
    const world = await run(
      '--name',
      names.world,
      '--volume',
      volume,
      '--entrypoint',
      'node',
      machine.image,
      '/test/world.mjs',
    );
    const address = await addressOf(world);
    const anchors = [1, 2, 3].map((n) => `{ address: ${address}, port: 800${n}, operator: operator-${n} }`);
    const map = `version: 1
interval: 5s
timeout: 2s
gateway: { address: ${address}, port: 8000 }
resolver: { address: '${address}:5300' }
publicResolvers: [{ address: '${address}:5300', operator: operator-1 }]
anchors: [${anchors.join(', ')}]
watch: []
services:
  site: { url: 'http://${address}:8080/' }
`;
    await writeFile(path.join(machine.config, 'cable.yaml'), map, { mode: 0o644 });
    const locked = ['--read-only', '--cap-drop', 'ALL', '--tmpfs', '/state:uid=65532'];
    const config = `${machine.config}:/config:ro`;
    exporter = await run(...locked, '--volume', config, machine.image, 'serve', '--map', '/config/cable.yaml');
  });
  afterAll(async () => {
    await docker('rm', '--force', '--volumes', names.world, ...(exporter === '' ? [] : [exporter]));
    await docker('network', 'rm', names.network);
  });

  it("is ours, at no moment the provider's", async () => {
    await expect.poll(() => said().catch(String), SOON).toEqual({ uplink: 'none fine', site: 'none fine' });
    await docker('network', 'disconnect', names.network, exporter);
    const seen = new Set<string>();
    const watch = async () => {
      const verdicts = await said();
      for (const verdict of Object.values(verdicts)) seen.add(verdict.split(' ')[0] ?? '');
      return verdicts;
    };
    await expect.poll(watch, SOON).toEqual({ uplink: 'own lan_down', site: 'own lan_down' });
    expect([...seen].filter((party) => !['none', 'unknown', 'own'].includes(party))).toEqual([]);
    await docker('network', 'connect', names.network, exporter);
    await expect.poll(watch, SOON).toEqual({ uplink: 'none fine', site: 'none fine' });
    expect(seen).not.toContain('isp');
  });
});
