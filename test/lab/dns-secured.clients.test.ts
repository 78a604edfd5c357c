// The lab's resolvers over TLS and HTTPS, as kdig sees them and as we do: the same answers, by the same name.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseServer } from '../../exporters/dns/endpoint.ts';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { measureSecured } from '../exporters/secured-name-server.ts';
import { asking, runClient } from './clients.ts';

const BLOG = 'blog.home.test';
let lab: Lab;
let folder: string;
let servers: string[];

beforeAll(async () => {
  lab = await startLab();
  folder = await mkdtemp(path.join(tmpdir(), 'demarc-secured-'));
  await writeFile(path.join(folder, 'ca.pem'), lab.ca);
  const map = parse(lab.map) as { publicResolvers: { address: string }[] };
  servers = map.publicResolvers.map(({ address }) => address);
});

afterAll(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

const serverOver = (scheme: string): string => servers.find((address) => address.startsWith(`${scheme}:`)) ?? '';

function kdig(scheme: 'tls' | 'https', ...how: string[]): Promise<string> {
  const { host = '', port = 0 } = parseServer(serverOver(scheme)) ?? {};
  const patience = ['+timeout=5', '+retry=0', `+tls-ca=${folder}/ca.pem`];
  return runClient('kdig', [...asking({ address: host, port }), ...patience, ...how, BLOG, 'A']);
}

describe('the lab over TLS and HTTPS', () => {
  it.each<['tls' | 'https', string[]]>([
    ['tls', ['+tls']],
    ['https', ['+https=/dns-query']],
    ['https', ['+https=/dns-query', '+https-get']],
  ])('answers kdig and us the same over %s %j', async (scheme, how) => {
    const name = parseServer(serverOver(scheme))?.secured?.name;
    const said = await kdig(scheme, ...how, `+tls-hostname=${name}`);
    expect(said).toContain('status: NOERROR');
    const seen = [...said.matchAll(/IN\s+A\s+([\d.]+)/g)].map((match) => match[1]).sort();
    const observed = await measureSecured(serverOver(scheme), lab.ca, { name: BLOG });
    expect(observed).toMatchObject({ ok: true, facts: { transport: scheme } });
    expect(observed.facts.answers.map(({ data }) => data).sort()).toEqual(seen);
  });

  it('proves its name to both, and no other', async () => {
    expect(await kdig('tls', '+tls', '+tls-hostname=other.test')).not.toContain('status:');
    const server = serverOver('tls').replace(/#.*/, '#other.test');
    expect(await measureSecured(server, lab.ca, { name: BLOG })).toMatchObject({
      reason: 'tls_hostname',
      phase: 'tls',
    });
  });
});
