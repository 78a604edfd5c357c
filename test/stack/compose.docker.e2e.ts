// The compose stack as a user starts it: the exporter's real image on the lab's map, Prometheus with the committed rules, Alertmanager.
// Grafana is not started, only its configuration is read: where images cannot be pulled there is no stand-in for it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ruleGroups } from '../../alerts/rules.ts';
import { ROOT } from '../../catalog/root.ts';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { parseMap } from '../../map/load.ts';
import { runDemarc } from '../cli/run-demarc.ts';
import { configFolder, docker, remainsOf, type Stack, startStack } from './stack.ts';

const SERVICES = ['exporter', 'prometheus', 'alertmanager'] as const;
const SOON = { timeout: 60_000, interval: 500 };

const Verdicts = z.object({
  verdicts: z.array(z.object({ service: z.string(), party: z.string(), code: z.number() })),
});
const Targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({ labels: z.object({ job: z.string() }), health: z.string(), lastError: z.string() }),
    ),
  }),
});
const Rule = z.object({ name: z.string(), health: z.string(), lastError: z.string().default('') });
const Rules = z.object({ data: z.object({ groups: z.array(z.object({ name: z.string(), rules: z.array(Rule) })) }) });
const Sample = z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) });
const Result = z.object({ data: z.object({ result: z.array(Sample) }) });
const Alerts = z.array(z.object({ labels: z.record(z.string(), z.string()) }));

const Findings = z.object({
  here: z.array(z.object({ what: z.string(), certainty: z.string().nullable(), text: z.string() })),
});

/** Addresses, as the kernel writes them, on which something listens at this port. */
function listeningAt(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === '0A')
    .map(([, local]) => local?.split(':')[0] ?? '');
}

describe('the stack on a map', () => {
  let lab: Lab;
  let config: string;
  let stack: Stack;

  beforeAll(async () => {
    lab = await startLab();
    // In the container the lab's authority lies beside the map, not where the lab has put it.
    const map = lab.map.replace(/\S+\.pem/, 'ca.pem');
    config = await configFolder({ 'demarc.yaml': map, 'ca.pem': lab.ca });
    stack = await startStack([...SERVICES], config);
  });

  afterAll(async () => {
    await stack?.down();
    await lab?.stop();
    if (config) await rm(config, { recursive: true });
  });

  it('judges every service, and finds nothing wrong', async () => {
    const judge = async () => (await stack.get('exporter', '/api/v1/verdicts', Verdicts)).verdicts;
    await expect.poll(async () => (await judge()).map(({ party }) => party), SOON).not.toContain('unknown');
    const verdicts = await judge();
    expect(verdicts.length).toBeGreaterThan(1);
    expect(verdicts.filter(({ party }) => party !== 'none')).toEqual([]);
  });

  it('is scraped, all of it', async () => {
    const health = async () => {
      const { data } = await stack.get('prometheus', '/api/v1/targets', Targets);
      return Object.fromEntries(
        data.activeTargets.map(({ labels, health, lastError }) => [labels.job, lastError || health]),
      );
    };
    await expect.poll(health, SOON).toEqual({ demarc: 'up', prometheus: 'up', alertmanager: 'up' });
  });

  it('is seen by `demarc init`, where the socket of Docker is offered', async () => {
    const { resolver, trust, services } = parseMap(lab.map, 'lab map', '/').file;
    const asked = ['--resolver', resolver === 'auto' ? '' : resolver.address, '--trust', trust[0] ?? ''];
    const socket = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace('unix://', '');
    const { code, stdout, stderr } = await runDemarc(
      ['init', '--json', ...asked, '--rdap', 'none', '--docker-socket', socket, services.orders?.url ?? ''],
      await configFolder({}),
    );
    expect(code, stderr).toBe(0);
    const seen = Findings.parse(JSON.parse(stdout)).here.filter(({ what }) => what === 'container');
    for (const service of SERVICES)
      expect(seen.map(({ text }) => text.split(' ')[0])).toContain(`${stack.project}-${service}-1`);
    expect(new Set(seen.map(({ certainty }) => certainty))).toEqual(new Set(['certain']));
  });

  it('evaluates the committed rules without an error', async () => {
    const groups = async () => (await stack.get('prometheus', '/api/v1/rules', Rules)).data.groups;
    const unwell = async () => (await groups()).flatMap(({ rules }) => rules.filter(({ health }) => health !== 'ok'));
    await expect.poll(unwell, SOON).toEqual([]);
    expect((await groups()).map(({ name }) => name).sort()).toEqual(
      ruleGroups()
        .map(({ name }) => name)
        .sort(),
    );
    const values = async (metric: string) => {
      const { data } = await stack.get('prometheus', `/api/v1/query?query=${encodeURIComponent(metric)}`, Result);
      return Object.fromEntries(data.result.map(({ metric: { service = '' }, value }) => [service, value[1]]));
    };
    const { verdicts } = await stack.get('exporter', '/api/v1/verdicts', Verdicts);
    const expected = Object.fromEntries(verdicts.map(({ service, code }) => [service, String(code)]));
    await expect.poll(() => values('site_service:demarc_verdict:code'), SOON).toEqual(expected);
  });

  it('tells Alertmanager whose fault it is', async () => {
    const fault = await lab.inject({ kind: 'origin_refused', target: 'blog' });
    const owners = async () => {
      const alerts = await stack.get('alertmanager', '/api/v2/alerts?filter=service%3D%22blog%22', Alerts);
      return alerts.map(({ labels }) => `${labels.alertname} ${labels.owner}`);
    };
    await expect.poll(owners, { ...SOON, timeout: 90_000 }).toContain('DemarcOwnFailure self');
    await lab.heal(fault.id);
  });

  it('listens on loopback only', () => {
    const { grafana: _, demo: __, ...started } = stack.ports;
    for (const port of Object.values(started)) {
      expect(listeningAt(port)).toContain('0100007F');
      // The lab may have the same port on a loopback address of its own.
      expect(listeningAt(port).filter((address) => !/^.{6}7F$/.test(address))).toEqual([]);
    }
  });

  it.each(SERVICES)('locks the %s in', async (service) => {
    const id = await docker(
      'ps',
      '--quiet',
      '--filter',
      `label=com.docker.compose.project=${stack.project}`,
      '--filter',
      `label=com.docker.compose.service=${service}`,
    );
    const [container] = z
      .array(
        z.object({
          Config: z.object({ User: z.string() }),
          HostConfig: z.looseObject({ CapDrop: z.array(z.string()) }),
        }),
      )
      .parse(JSON.parse(await docker('inspect', id)));
    expect(container?.Config.User).toMatch(/^[1-9]\d*:\d+$/);
    expect(container?.HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      RestartPolicy: { Name: 'unless-stopped' },
      LogConfig: { Type: 'local' },
    });
    expect(container?.HostConfig.Memory).toBeGreaterThan(0);
    expect(container?.HostConfig.PidsLimit).toBeGreaterThan(0);
  });

  it('keeps measuring when Prometheus is gone, and is found again when it is back', async () => {
    const control = (action: string) => docker('compose', '--project-name', stack.project, action, 'prometheus');
    await control('stop');
    expect((await stack.get('exporter', '/api/v1/verdicts', Verdicts)).verdicts.length).toBeGreaterThan(1);
    await control('start');
    // Asked of the targets, whose health starts as unknown: a query would find the samples from before.
    const demarc = () =>
      stack.get('prometheus', '/api/v1/targets', Targets).then(
        ({ data }) => data.activeTargets.find(({ labels }) => labels.job === 'demarc')?.health,
        () => 'no answer',
      );
    await expect.poll(demarc, SOON).toBe('up');
  });

  it('goes without a trace', async () => {
    await stack.down();
    expect(await remainsOf(stack.project)).toEqual({ containers: '', volumes: '', networks: '', images: '' });
  });
});

describe('the stack without a map', () => {
  it('shows the demo, the profile of that name another one beside it, and ntfy finds a folder it may write to', async () => {
    const config = await configFolder({});
    const stack = await startStack(['exporter', 'demo', 'ntfy-folder'], config);
    try {
      for (const from of ['exporter', 'demo'] as const) {
        const { verdicts } = await stack.get(from, '/api/v1/verdicts', Verdicts);
        expect(verdicts.length).toBeGreaterThan(1);
      }
      const ntfy = ['--user', '65534:65534', '--cap-drop', 'ALL', '--volume', `${stack.project}_ntfy:/var/cache/ntfy`];
      const write = "require('fs').writeFileSync('/var/cache/ntfy/user.db', '')";
      await docker('run', '--rm', ...ntfy, '--entrypoint', 'node', `${stack.project}-exporter`, '-e', write);
    } finally {
      await stack.down();
      await rm(config, { recursive: true });
    }
    expect(await remainsOf(stack.project)).toEqual({ containers: '', volumes: '', networks: '', images: '' });
  });
});

describe('the configuration', () => {
  const Service = z.looseObject({
    image: z.string().optional(),
    depends_on: z.record(z.string(), z.unknown()).optional(),
    volumes: z.array(z.object({ type: z.string(), source: z.string() })),
  });

  it('watches the uplink and the vendors when there is no map, as a plain `docker compose up` would', async () => {
    const config = z.object({
      services: z.object({ exporter: z.looseObject({ environment: z.record(z.string(), z.string()) }) }),
    });
    const { services } = config.parse(JSON.parse(await docker('compose', 'config', '--format', 'json')));
    expect(services.exporter.environment.DEMARC_WITHOUT_MAP).toBe('vendors');
  });

  it('lets every service start without the others, from a pinned image', async () => {
    const config = z.object({ name: z.string(), services: z.record(z.string(), Service) });
    const { name, services } = config.parse(JSON.parse(await docker('compose', 'config', '--format', 'json')));
    expect(name).toBe('demarc');
    expect(Object.keys(services).sort()).toEqual(['alertmanager', 'exporter', 'generate', 'grafana', 'prometheus']);
    for (const [service, { image, depends_on = {}, volumes }] of Object.entries(services)) {
      if (image !== 'demarc-exporter') expect(image).toMatch(/:v?\d+\.\d+/);
      // The one-shot service is the only one anybody waits for.
      expect(Object.keys(depends_on)).toEqual(service === 'generate' ? [] : ['generate']);
      const missing = volumes.filter(({ type, source }) => type === 'bind' && !existsSync(source));
      expect(missing).toEqual([]);
    }
  });

  it('has profiles that are off by default, pinned, limited and locked in as far as their task allows', async () => {
    const args = ['demo', 'ntfy', 'node', 'logs'].flatMap((profile) => ['--profile', profile]);
    const Profiled = z.looseObject({
      image: z.string(),
      profiles: z.array(z.string()).optional(),
      user: z.string(),
      read_only: z.literal(true),
      cap_drop: z.tuple([z.literal('ALL')]),
      mem_limit: z.string(),
      volumes: z
        .array(z.looseObject({ source: z.string().optional(), target: z.string(), type: z.string() }))
        .optional(),
    });
    const config = z.object({ services: z.record(z.string(), Profiled) });
    const { services } = config.parse(JSON.parse(await docker('compose', ...args, 'config', '--format', 'json')));
    const extra = Object.entries(services).filter(([, { profiles = [] }]) => profiles.length > 0);
    expect(extra.map(([name]) => name).sort()).toEqual(['alloy', 'demo', 'loki', 'node', 'ntfy', 'ntfy-folder']);
    for (const [name, { image, volumes = [] }] of extra) {
      if (name !== 'demo' && name !== 'ntfy-folder') expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
      // Docker's socket is root: one service has it, and its page says so.
      const socket = volumes.some(({ source }) => source === '/var/run/docker.sock');
      expect(socket).toBe(name === 'alloy');
    }
    const text = readFileSync(path.join(ROOT, 'compose/loki/loki.yml'), 'utf8');
    expect(parse(text)).toMatchObject({
      server: { http_listen_address: '127.0.0.1', grpc_listen_address: '127.0.0.1' },
      analytics: { reporting_enabled: false },
    });
    expect(readFileSync(path.join(ROOT, 'compose/alloy/config.alloy'), 'utf8')).toContain(
      `http://127.0.0.1:${parse(text).server.http_listen_port}/`,
    );
  });

  it('gives Grafana the data source and the dashboards', () => {
    const read = (file: string): unknown =>
      parse(readFileSync(path.join(ROOT, 'compose', 'grafana', 'provisioning', file), 'utf8'));
    expect(read('datasources/prometheus.yml')).toMatchObject({
      datasources: [{ uid: 'demarc-prometheus', type: 'prometheus' }],
    });
    expect(read('dashboards/demarc.yml')).toMatchObject({
      providers: [{ options: { path: '/etc/demarc/generated/dashboards' } }],
    });
    const dashboards = readdirSync(path.join(ROOT, 'dashboards', 'json')).filter((file) => file.endsWith('.json'));
    expect(dashboards.length).toBeGreaterThan(0);
  });
});
