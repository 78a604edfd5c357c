// The map a lab hands out: valid, complete, and with nothing public in it.
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { type DemarcMap, parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { MapFile } from '../../map/schema.ts';
import { visitorOf } from './visitor.ts';

let lab: Lab;
let map: DemarcMap;

beforeAll(async () => {
  lab = await startLab();
  map = parseMap(lab.map, 'lab', '/');
});

afterAll(() => lab.stop());

/** Hosts in the settings of a probe: of URLs, of `host` and of `server`. */
function hostsIn(settings: Record<string, unknown>): string[] {
  const { url, host, server } = settings;
  const named = typeof url === 'string' ? [new URL(url).hostname] : [];
  const dialled = typeof host === 'string' ? [host] : [];
  const asked = typeof server === 'string' ? [server.replace(/^http:\/\//, '').replace(/:\d+\/?$/, '')] : [];
  return [...named, ...dialled, ...asked];
}

const registered = (domain: string): string[] => ['registry-test/zone', `registrar/${domain}`];

describe("the lab's map", () => {
  it('is a map file', () => {
    expect(MapFile.safeParse(parse(lab.map))).toMatchObject({ success: true });
  });

  it('loads without a warning and trusts the authority of the lab', () => {
    expect(map.warnings).toEqual([]);
    expect(map.trust).toEqual([lab.ca]);
  });

  it('sends nothing beyond this machine', () => {
    const hosts = planOf(map, NOTHING_KNOWN).targets.flatMap(({ settings }) => hostsIn(settings));
    const outside = hosts.filter((host) => !host.endsWith('.test') && !(net.isIPv4(host) && host.startsWith('127.')));
    expect(hosts.length).toBeGreaterThan(40);
    expect(outside).toEqual([]);
  });

  it('asks no status page outside either', () => {
    for (const vendor of ['cloudflare', 'fastly', 'aws'])
      expect(map.vendors.get(vendor)?.status?.url).toMatch(/^http:\/\/127\./);
  });

  it("keeps what the catalogue knows about vendors' errors", () => {
    expect(map.vendors.get('cloudflare')?.errors.length).toBeGreaterThan(10);
  });

  it('has six anchors of five operators, one of them a vendor that is watched', () => {
    const operators = map.anchors.map(({ operator }) => operator);
    expect(operators).toHaveLength(6);
    expect(new Set(operators).size).toBe(5);
    expect(operators.filter((operator) => ['cloudflare', 'fastly', 'aws'].includes(operator))).toEqual(['cloudflare']);
  });

  it('gives every service its chain', () => {
    const services = planOf(map, NOTHING_KNOWN).services.map(
      ({ name, dependencies, nameservers, origin, originCertificate }) => ({
        name,
        dependencies: dependencies.map(({ vendor, component }) => `${vendor}/${component}`),
        nameservers: nameservers.length,
        origin: origin !== null,
        originCertificate: originCertificate !== null,
      }),
    );
    expect(services.slice(0, 3)).toEqual([
      {
        name: 'blog',
        dependencies: [...registered('home.test'), 'cloudflare/dns', 'cloudflare/edge', 'cloudflare/tunnel'],
        nameservers: 2,
        origin: true,
        originCertificate: false,
      },
      {
        name: 'shop',
        dependencies: [...registered('market.test'), 'aws/dns', 'fastly/edge'],
        nameservers: 2,
        origin: true,
        originCertificate: true,
      },
      {
        name: 'orders',
        dependencies: [...registered('market.test'), 'aws/dns', 'aws/dynamodb'],
        nameservers: 2,
        origin: true,
        originCertificate: true,
      },
    ]);
  });
});

describe("the company's map", () => {
  let company: Lab;
  let companyMap: DemarcMap;

  beforeAll(async () => {
    company = await startLab({ world: 'company' });
    companyMap = parseMap(company.map, 'lab', '/');
  });

  afterAll(() => company.stop());

  it('loads without a warning and sends nothing beyond this machine', () => {
    expect(companyMap.warnings).toEqual([]);
    const hosts = planOf(companyMap, NOTHING_KNOWN).targets.flatMap(({ settings }) => hostsIn(settings));
    const outside = hosts.filter((host) => !host.endsWith('.test') && !(net.isIPv4(host) && host.startsWith('127.')));
    expect(hosts.length).toBeGreaterThan(60);
    expect(outside).toEqual([]);
  });

  it('gives every service its chain, and names nobody for what the house runs', () => {
    const services = planOf(companyMap, NOTHING_KNOWN).services.map(({ name, dependencies, edgeCertificateOwn }) => [
      name,
      dependencies.map(({ vendor, component }) => `${vendor}/${component}`).join(' '),
      edgeCertificateOwn ? 'own certificate' : 'their certificate',
    ]);
    expect(services.slice(0, 5)).toEqual([
      ['www', 'registry-test/zone registrar/harbour.test azure/dns azure/edge', 'their certificate'],
      ['app', 'registry-test/zone registrar/harbour-app.test cloudflare/dns cloudflare/edge', 'their certificate'],
      ['api', 'registry-test/zone registrar/harbour-app.test cloudflare/dns google-cloud/storage', 'own certificate'],
      ['docs', 'registry-test/zone registrar/harbour.test azure/dns fastly/edge', 'own certificate'],
      ['intranet', '', 'own certificate'],
    ]);
  });

  it('offers nothing about a tunnel there is not', () => {
    expect(company.offers.length).toBeGreaterThanOrEqual(8);
    expect(company.offers.filter(({ fault }) => fault.kind.startsWith('tunnel_'))).toEqual([]);
  });

  it('refuses to break that tunnel', async () => {
    await expect(company.inject({ kind: 'tunnel_daemon_dead' })).rejects.toThrow(
      'fault.kind: tunnel_daemon_dead needs a tunnel, company has none',
    );
  });

  it.each(['www', 'app', 'api', 'docs', 'intranet'])('leads to a %s that answers', async (name) => {
    const visitor = visitorOf(company);
    expect(await visitor.visit(visitor.service(name).url)).toMatchObject({
      status: 200,
      headers: expect.objectContaining({ 'x-origin': name }),
    });
  });

  it('leads through Front Door to www', async () => {
    const visitor = visitorOf(company);
    expect(await visitor.visit(visitor.service('www').url)).toMatchObject({
      headers: { 'x-azure-ref': expect.stringMatching(/^\d{8}T\d{6}Z-/), 'x-cache': 'CONFIG_NOCACHE' },
    });
  });

  it('leads to the intranet while the uplink is cut', async () => {
    const visitor = visitorOf(company);
    await company.inject({ kind: 'uplink_cut' });
    expect(await visitor.visit(visitor.service('intranet').url)).toMatchObject({ status: 200 });
    expect(await visitor.visit(visitor.service('www').url)).toBe('ESERVFAIL');
    await company.heal();
  });
});

describe('a lab', () => {
  it('can run beside another one', async () => {
    const other = await startLab();
    expect(other.map).not.toBe(lab.map);
    await other.stop();
  });

  it('stops once, however often it is told to, with faults active', async () => {
    const other = await startLab();
    await other.inject({ kind: 'uplink_cut' });
    await Promise.all([other.stop(), other.stop()]);
    await other.stop();
  });

  it('refuses a world there is not', async () => {
    await expect(startLab({ world: 'atlantis' })).rejects.toThrow(
      'world: no world atlantis, known are homelab, company',
    );
  });
});
