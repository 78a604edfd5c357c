// Those who host pages, as the probe of a map meets them in both versions of HTTP: what the lab writes in their words is read as
// what it is meant to be.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROBES } from '../../exporters/registry.ts';
import type { Target } from '../../exporters/target.ts';
import { Extension, extended } from '../../lab/extend.ts';
import type { Fault, Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { HOMELAB } from '../../lab/worlds/homelab.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { contextOf } from '../exporters/contract.ts';
import { placeOf, placesOf } from './clients.ts';

const VENDORS = ['bunny', 'github-pages', 'netlify', 'vercel'] as const;
const VERSIONS = ['http/1.1', 'h2'] as const;
const PATIENCE_MS = 10_000;

type Version = (typeof VERSIONS)[number];

/** A site of yours at each of them, called as its vendor. */
const WORLD = extended(
  HOMELAB,
  Extension.parse({
    vendors: VENDORS.map((vendor) => ({ vendor, edge: true })),
    services: VENDORS.map((vendor) => ({ name: vendor, edge: vendor })),
  }),
  'pages',
);

let lab: Lab;
let targets: readonly Target[];
let addressOf: ReadonlyMap<string, string>;

beforeAll(async () => {
  lab = await startLab({ world: WORLD });
  targets = planOf(parseMap(lab.map, 'lab', '/'), NOTHING_KNOWN).targets;
  const places = await placesOf(lab);
  addressOf = new Map(VENDORS.map((vendor) => [vendor, placeOf(places, 'edge', vendor).address]));
});

afterEach(() => lab.heal());
afterAll(() => lab.stop());

/** With the settings of the plan; `named`: under another name than yours. */
async function asked(vendor: string, protocol: Version, named?: string) {
  const target = targets.find(({ id }) => id === `service/${vendor}`);
  const url = new URL(String(target?.settings.url));
  if (named !== undefined) url.hostname = named;
  const settings = {
    ...target?.settings,
    ...{ url: String(url), address: addressOf.get(vendor), protocol, tlsVerify: named === undefined },
  };
  const context = contextOf(AbortSignal.timeout(PATIENCE_MS), { trust: [lab.ca] });
  const { facts } = await PROBES.http.prepare('t', settings)(context);
  const { status, httpVersion, generator, vendorCode } = facts;
  return { status, httpVersion, read: vendorCode === null ? generator : `${generator} ${vendorCode}` };
}

/** The same in both versions, by vendor. */
async function readings(named?: string): Promise<Record<string, string | null>> {
  const found = await Promise.all(
    VENDORS.map(async (vendor) => {
      const [first, second] = await Promise.all(VERSIONS.map((version) => asked(vendor, version, named)));
      expect([first?.httpVersion, second?.httpVersion]).toEqual(['1.1', '2']);
      expect(second).toMatchObject({ status: first?.status, read: first?.read });
      return [vendor, `${first?.status} ${first?.read}`];
    }),
  );
  return Object.fromEntries(found);
}

const breakAll = (kind: Fault['kind']): Promise<unknown> =>
  Promise.all(VENDORS.map((target) => lab.inject({ kind, target })));

describe('a site at each of them', () => {
  it('is served', async () => {
    expect(await readings()).toEqual({
      bunny: '200 null',
      'github-pages': '200 null',
      netlify: '200 null',
      vercel: '200 null',
    });
  });

  it('fails by what the vendor says of itself', async () => {
    await breakAll('edge_5xx');
    expect(await readings()).toEqual({
      bunny: '500 vendor_internal',
      'github-pages': '500 vendor_internal',
      netlify: '500 vendor_internal',
      vercel: '500 vendor_internal INTERNAL_UNEXPECTED_ERROR',
    });
  });

  it('fails by what is behind it, where the vendor has words for that', async () => {
    await breakAll('origin_refused');
    expect(await readings()).toEqual({
      bunny: '502 vendor_says_origin',
      // Behind Pages stands GitHub, whatever words Fastly has for it.
      'github-pages': '503 vendor_internal',
      netlify: '502 unknown',
      vercel: '502 vendor_says_origin ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR',
    });
  });

  it("is nobody's under a name that its settings do not have", async () => {
    expect(await readings('nobody.nowhere.test')).toEqual({
      bunny: '403 own_edge_code domain_not_configured',
      'github-pages': '404 own_edge_code no_site',
      netlify: '404 own_edge_code site_not_found',
      vercel: '404 own_edge_code DEPLOYMENT_NOT_FOUND',
    });
  });
});
