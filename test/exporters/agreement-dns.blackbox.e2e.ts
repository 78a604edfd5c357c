// blackbox_exporter and demarc ask the lab's name servers the same: wherever both can look, they see the same.
// Additional records are left out: we send EDNS, so servers answer us with one record more.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseServer } from '../../exporters/dns/endpoint.ts';
import { dns } from '../../exporters/dns/probe.ts';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { freePort, type Program, run } from '../../replay/process.ts';
import { findTools } from '../../scripts/tools.mjs';
import { contextOf } from './contract.ts';

const TIMEOUT_MS = 3_000;
const BLOG = 'blog.home.test';
const ZONE = 'home.test';
const NOBODY = 'nobody.home.test';

const Watched = z.object({
  resolver: z.object({ address: z.string() }),
  publicResolvers: z.array(z.object({ address: z.string() })),
  services: z.object({ blog: z.object({ dns: z.object({ servers: z.array(z.string()).min(1) }) }) }),
});

type Via = 'udp' | 'tcp' | 'tls';

interface Case {
  says: string;
  at: 'resolver' | 'nameserver' | 'over TLS' | 'nobody';
  via: Via;
  name: string;
  type: 'A' | 'SOA';
  /** Name the certificate is checked against; the right one when left out. */
  certified?: string;
  ok: boolean;
}

const CASES: Case[] = [
  { says: 'addresses', at: 'resolver', via: 'udp', name: BLOG, type: 'A', ok: true },
  { says: 'addresses', at: 'resolver', via: 'tcp', name: BLOG, type: 'A', ok: true },
  { says: 'addresses', at: 'over TLS', via: 'tls', name: BLOG, type: 'A', ok: true },
  { says: 'a serial', at: 'nameserver', via: 'udp', name: ZONE, type: 'SOA', ok: true },
  { says: 'a serial', at: 'nameserver', via: 'tcp', name: ZONE, type: 'SOA', ok: true },
  { says: 'no such name', at: 'nameserver', via: 'udp', name: NOBODY, type: 'A', ok: false },
  { says: 'no such name', at: 'over TLS', via: 'tls', name: NOBODY, type: 'A', ok: false },
  { says: 'a refusal', at: 'nameserver', via: 'tcp', name: 'elsewhere.example', type: 'A', ok: false },
  { says: 'the wrong name', at: 'over TLS', via: 'tls', name: BLOG, type: 'A', certified: 'other.test', ok: false },
  { says: 'nothing at all', at: 'nobody', via: 'tcp', name: BLOG, type: 'A', ok: false },
];

const title = ({ at, via, says }: Case): string => `${at}, ${via}: ${says}`;

let lab: Lab;
let folder: string;
let blackbox: Program;
let places: Record<Case['at'], string>;
let resolverName = '';

beforeAll(async () => {
  lab = await startLab();
  folder = await mkdtemp(path.join(tmpdir(), 'demarc-agreement-dns-'));
  const map = Watched.parse(parse(lab.map));
  const secured = map.publicResolvers
    .map(({ address }) => parseServer(address))
    .find((one) => one?.secured?.transport === 'tls');
  resolverName = secured?.secured?.name ?? '';
  places = {
    resolver: map.resolver.address,
    nameserver: map.services.blog.dns.servers[0] ?? '',
    'over TLS': `${secured?.host}:${secured?.port}`,
    nobody: `127.0.0.1:${await freePort()}`,
  };
  const ca = path.join(folder, 'ca.pem');
  await writeFile(ca, lab.ca);
  const modules = Object.fromEntries(CASES.map((one, index) => [`case${index}`, moduleOf(one, ca)]));
  // JSON is YAML.
  await writeFile(path.join(folder, 'blackbox.yml'), JSON.stringify({ modules }));
  const { paths } = await findTools(['blackbox_exporter'], { log: console.error });
  const url = `http://127.0.0.1:${await freePort()}`;
  const argv = [`--config.file=${folder}/blackbox.yml`, `--web.listen-address=${url.slice(7)}`, '--log.level=error'];
  blackbox = await run(paths.blackbox_exporter ?? 'blackbox_exporter', argv, url, '/-/healthy');
});

afterAll(async () => {
  await blackbox?.stop();
  await lab?.stop();
  await rm(folder, { recursive: true, force: true });
});

function moduleOf({ via, name, type, certified = resolverName }: Case, ca: string): object {
  const secured = via === 'tls' && { dns_over_tls: true, tls_config: { ca_file: ca, server_name: certified } };
  const asked = { query_name: name, query_type: type, transport_protocol: via === 'udp' ? 'udp' : 'tcp' };
  return {
    prober: 'dns',
    timeout: `${TIMEOUT_MS / 1000}s`,
    dns: { preferred_ip_protocol: 'ip4', ...asked, ...secured },
  };
}

type Seen = Record<string, number>;

/** Of theirs only what is ours as well. */
async function seenByThem(index: number, { at }: Case): Promise<Seen> {
  const query = new URLSearchParams({ target: places[at], module: `case${index}` });
  const answer = await fetch(`${blackbox.url}/probe?${query}`, { signal: AbortSignal.timeout(2 * TIMEOUT_MS) });
  const lines = [...(await answer.text()).matchAll(/^(probe_[a-z_]+) (\S+)$/gm)];
  return Object.fromEntries(lines.map(([, metric = '', value]) => [metric, Number(value)]));
}

async function seenByUs({ at, via, name, type, certified = resolverName }: Case): Promise<Seen> {
  const server = via === 'tls' ? `tls://${places[at]}#${certified}` : places[at];
  const transport = via === 'tls' ? {} : { transport: via };
  const measure = dns.prepare('t', { server, name, type, ...transport });
  const observed = await measure(contextOf(AbortSignal.timeout(TIMEOUT_MS), { trust: [lab.ca] }));
  const samples = dns.samples(observed).filter(({ labels }) => labels === undefined);
  return {
    probe_success: observed.ok ? 1 : 0,
    ...Object.fromEntries(samples.map(({ metric, value }) => [metric, value])),
  };
}

it.each(CASES.map((one, index) => ({ name: title(one), one, index })))('$name', async ({ one, index }) => {
  const [theirs, ours] = await Promise.all([seenByThem(index, one), seenByUs(one)]);
  expect(ours.probe_success, 'as the case says').toBe(one.ok ? 1 : 0);
  // Where there was no answer they count 0 records, and we none at all.
  const answered = ours.probe_dns_query_succeeded === 1;
  const records = answered ? ['probe_dns_answer_rrs', 'probe_dns_authority_rrs'] : [];
  const serial = one.type === 'SOA' ? ['probe_dns_serial'] : [];
  const compared = ['probe_success', 'probe_dns_query_succeeded', ...records, ...serial];
  const of = (seen: Seen): Seen => Object.fromEntries(compared.map((metric) => [metric, seen[metric] ?? Number.NaN]));
  expect(of(ours)).toEqual(of(theirs));
  if (one.type === 'SOA') expect(ours.probe_dns_serial).toBeGreaterThan(2_026_000_000);
});
