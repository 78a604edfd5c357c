// The profiles of the compose stack whose images the tests cannot have: every setting is one the program documents, every
// place it writes to is on a volume it may write to, every address is the one the others and the docs name.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectFile } from '../../catalog/root.ts';
import { cliCommand } from '../docs/artifacts.ts';

const Service = z.looseObject({
  user: z.string(),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});

const text = (file: string): string => readFileSync(projectFile(file), 'utf8');
/** `${NAME:-default}` as its default. */
const plain = (value: string): string => value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
const { services } = z
  .object({ services: z.record(z.string(), z.unknown()) })
  .parse(parse(plain(text('compose.yaml')), { merge: true }));
const service = (name: string) => Service.parse(services[name]);

/** Where it may write: what is mounted from a named volume. */
const writable = (name: string): string[] =>
  service(name).volumes.flatMap((volume) => /^[a-z]\w*:(\/[^:]+)$/.exec(volume)?.[1] ?? []);

const pathsOf = (value: unknown, at = ''): [string, unknown][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, `${at}.${key}`.replace(/^\./, '')))
    : [[at, value]];

describe('Loki', () => {
  const config = parse(text('compose/loki/loki.yml'));

  /** https://grafana.com/docs/loki/v3.5.x/configure/ and cmd/loki/loki-local-config.yaml of grafana/loki. */
  const KNOWN = [
    'auth_enabled',
    ...['http_listen_address', 'http_listen_port', 'grpc_listen_address', 'grpc_listen_port'].map(
      (key) => `server.${key}`,
    ),
    ...['instance_addr', 'path_prefix', 'replication_factor', 'ring.kvstore.store'].map((key) => `common.${key}`),
    ...['chunks_directory', 'rules_directory'].map((key) => `common.storage.filesystem.${key}`),
    ...['from', 'store', 'object_store', 'schema', 'index.prefix', 'index.period'].map(
      (key) => `schema_config.configs.0.${key}`,
    ),
    'limits_config.retention_period',
    ...['working_directory', 'retention_enabled', 'delete_request_store'].map((key) => `compactor.${key}`),
    'analytics.reporting_enabled',
  ];

  it('is told nothing it does not know', () => {
    expect(
      pathsOf(config)
        .map(([at]) => at)
        .sort(),
    ).toEqual([...KNOWN].sort());
  });

  it('writes to its volume only, and keeps a week', () => {
    expect(writable('loki')).toEqual(['/loki']);
    const folders = pathsOf(config).filter(([, value]) => typeof value === 'string' && value.startsWith('/'));
    expect(folders.length).toBeGreaterThan(3);
    expect(folders.filter(([, value]) => !/^\/loki(\/|$)/.test(String(value)))).toEqual([]);
    // Without a store for requests to delete it refuses to start; without an index of 24 h it keeps all for ever.
    expect(config.compactor).toMatchObject({ retention_enabled: true, delete_request_store: 'filesystem' });
    expect(config.schema_config.configs[0]).toMatchObject({ store: 'tsdb', index: { period: '24h' } });
    expect(Number.parseInt(config.limits_config.retention_period, 10) / 24).toBe(7);
  });
});

describe('Alloy', () => {
  const config = text('compose/alloy/config.alloy').replace(/^\/\/.*$/gm, '');

  /** https://grafana.com/docs/alloy/v1.10/reference/components/ */
  const KNOWN: Readonly<Record<string, { takes: readonly string[]; gives: readonly string[] }>> = {
    'discovery.docker': { takes: ['host', 'filter.name', 'filter.values'], gives: ['targets'] },
    'discovery.relabel': { takes: ['targets', 'rule.source_labels', 'rule.target_label'], gives: ['output'] },
    'loki.source.docker': { takes: ['host', 'targets', 'labels', 'forward_to'], gives: [] },
    'loki.write': { takes: ['endpoint.url'], gives: ['receiver'] },
  };

  /** Blocks of the outermost level, with what is set in them. */
  const blocks = [...config.matchAll(/^([\w.]+) "(\w+)" \{\n([\s\S]*?)^\}/gm)].map(
    ([, kind = '', label = '', body = '']) => {
      let inner = '';
      const takes = body.split('\n').flatMap((line) => {
        const opened = /^ {2}(\w+) \{$/.exec(line)?.[1];
        if (opened !== undefined) inner = `${opened}.`;
        if (line === '  }') inner = '';
        const name = /^ {2,4}(\w+) +=/.exec(line)?.[1];
        return name === undefined ? [] : [inner + name];
      });
      return { kind, label, takes };
    },
  );

  it('is told nothing it does not know, and every name it refers to is there', () => {
    expect(blocks.map(({ kind }) => kind).sort()).toEqual(Object.keys(KNOWN).sort());
    for (const { kind, takes } of blocks) expect(takes).toEqual(KNOWN[kind]?.takes);
    const given = blocks.flatMap(({ kind, label }) =>
      (KNOWN[kind]?.gives ?? []).map((name) => `${kind}.${label}.${name}`),
    );
    const used = [...config.matchAll(/\b(?:discovery|loki)(?:\.\w+){3,}/g)].map(([name]) => name);
    expect(used.sort()).toEqual(given.sort());
    expect([...config.matchAll(/sys\.env\("(\w+)"\)/g)].map(([, name]) => name)).toEqual(
      Object.keys(service('alloy').environment),
    );
  });

  it('reads the socket it is given, and may write where it writes, without a capability', () => {
    const { user, command, volumes } = service('alloy');
    expect([...config.matchAll(/unix:\/\/(\S+?)"/g)].map(([, file]) => file)).toEqual([
      '/var/run/docker.sock',
      '/var/run/docker.sock',
    ]);
    expect(volumes).toContain('/var/run/docker.sock:/var/run/docker.sock:ro');
    expect(command).toContain(`--storage.path=${writable('alloy')[0]}`);
    // In its image the folder is 473:473 and closed to others; the socket is root's.
    expect(user).toBe('0:473');
  });

  it('sends to Loki', () => {
    const { server } = parse(text('compose/loki/loki.yml'));
    expect(config).toContain(`"http://${server.http_listen_address}:${server.http_listen_port}/loki/api/v1/push"`);
  });
});

describe('ntfy', () => {
  const { environment, depends_on, user } = service('ntfy');

  it('is told nothing it does not know, lets nobody in, and writes to its volume only', () => {
    // https://docs.ntfy.sh/config/#config-options
    const known = ['LISTEN_HTTP', 'BASE_URL', 'CACHE_FILE', 'AUTH_FILE', 'AUTH_DEFAULT_ACCESS'];
    expect(Object.keys(environment)).toEqual(known.map((name) => `NTFY_${name}`));
    expect(environment.NTFY_AUTH_DEFAULT_ACCESS).toBe('deny-all');
    for (const name of ['NTFY_CACHE_FILE', 'NTFY_AUTH_FILE'])
      expect(environment[name]?.startsWith(`${writable('ntfy')[0]}/`)).toBe(true);
  });

  it('gets a folder of its own from the image that has one', () => {
    expect(depends_on).toEqual({ 'ntfy-folder': { condition: 'service_completed_successfully' } });
    expect(service('ntfy-folder')).toMatchObject({ user, volumes: ['ntfy:/ntfy'] });
    expect(text('compose/Dockerfile')).toContain(`--chown=${user} /ntfy /ntfy`);
  });
});

describe('node_exporter', () => {
  it('sees the machine through the mount it is told of', () => {
    const { command, volumes } = service('node');
    const root = command.find((word) => word.startsWith('--path.rootfs='))?.split('=')[1];
    expect(volumes).toEqual([`/:${root}:ro,rslave`]);
  });
});

describe('the demo', () => {
  it('is started with options that serve has', async () => {
    const serve = (await cliCommand()).commands.find((command) => command.name() === 'serve');
    const [name, ...words] = service('demo').command;
    expect(name).toBe('serve');
    const known = serve?.options.map(({ long }) => long) ?? [];
    expect(words.filter((word) => word.startsWith('--') && !known.includes(word))).toEqual([]);
  });
});

it('listens where the page says, and on the LAN only if that is what it is for', () => {
  const page = text('docs/profiles.md');
  const listening = {
    demo: service('demo').command.at(service('demo').command.indexOf('--listen') + 1),
    node: service('node').command[0]?.split('=')[1],
    alloy: service('alloy')
      .command.find((word) => word.includes('listen-addr'))
      ?.split('=')[1],
  };
  expect(listening).toEqual({ demo: '127.0.0.1:9817', node: '127.0.0.1:9100', alloy: '127.0.0.1:12345' });
  for (const row of [
    '| 127.0.0.1:9817 |',
    '| the LAN, port 8085 |',
    '| 127.0.0.1:9100 |',
    '| 127.0.0.1:3100 and 12345 |',
  ])
    expect(page).toContain(row);
  expect(service('ntfy').environment.NTFY_LISTEN_HTTP).toBe('0.0.0.0:8085');
});
