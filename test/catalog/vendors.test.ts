// The vendor files and the anchors: complete, honest about their sources, and nobody is two vendors at once.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { popOf } from '../../exporters/http/pop.ts';
import type { Control } from '../../map/vendor.ts';
import { loadCatalogue, loadOutside } from '../../map/vendors.ts';

const VENDORS = loadCatalogue();
const OUTSIDE = loadOutside();
const FILES = ['anchors.yml', ...[...VENDORS.keys()].map((id) => `vendors/${id}.yml`)];

const components = [...VENDORS].flatMap(([id, vendor]) =>
  Object.entries(vendor.components).map(([name, component]) => ({ id, name, vendor, component })),
);

function hostsOf(control: Control): string[] {
  switch (control.kind) {
    case 'http':
      return [new URL(control.url).hostname];
    case 'dns':
      return control.servers;
    case 'tcp':
      return [control.host];
  }
}

describe('vendor files', () => {
  it('are there for edges, hosts, pages, tunnels, names and what else services lean on', () => {
    const edges = ['akamai', 'aws', 'azure', 'cloudflare', 'fastly', 'google-cloud'];
    const pages = ['bunny', 'github-pages', 'netlify', 'vercel'];
    const hosts = ['digitalocean', 'hetzner', 'ovhcloud'];
    const others = ['github', 'letsencrypt', 'ngrok', 'quad9', 'tailscale'];
    const names = ['desec', 'dnsimple', 'gandi', 'ns1'];
    expect([...VENDORS.keys()].sort()).toEqual([...edges, ...pages, ...hosts, ...others, ...names].sort());
  });

  it('run on components that are there', () => {
    const foundations = components.flatMap(({ component }) => component.runsOn ?? []);
    expect(foundations.length).toBeGreaterThan(0);
    for (const { vendor, component } of foundations) expect(VENDORS.get(vendor)?.components).toHaveProperty(component);
  });

  it('name components of status pages only where the page has a state for each of its parts', () => {
    const lists = new Set(['statuspage', 'statusio', 'instatus', 'betterstack']);
    for (const { name, vendor, component } of components)
      if (component.onStatusPage !== undefined) expect(lists, name).toContain(vendor.status?.kind);
  });

  it('share no operator', () => {
    const all = [...VENDORS.values()].flatMap(({ operators }) => operators);
    expect(all).toEqual([...new Set(all)]);
  });

  /** Components nobody public can witness for; the file says why. */
  const WITHOUT_WITNESS = ['cloudflare/tunnel', 'ngrok/tunnel'];

  it.each(components)('$id $name has two witnesses with different hosts', ({ id, name, component }) => {
    if (WITHOUT_WITNESS.includes(`${id}/${name}`)) return expect(component.controls).toEqual([]);
    expect(new Set(component.controls.flatMap(hostsOf)).size).toBeGreaterThanOrEqual(2);
    return undefined;
  });

  it.each(components)('$id $name has what its layer needs', ({ component, name }) => {
    expect(component.layer === 'tunnel').toBe(component.ports.length > 0);
    expect(component.layer === 'endpoint').toBe(component.endpoint !== undefined);
    if (component.layer !== 'endpoint') expect(name).toBe(component.layer);
  });

  /** They stand in front of nobody's pages. */
  const WITHOUT_EDGE = ['desec', 'dnsimple', 'gandi', 'github', 'hetzner', 'letsencrypt', 'ns1', 'quad9', 'tailscale'];

  it('have an edge each, under the name services use when they name none, or carry no pages at all', () => {
    for (const [id, { components: named }] of VENDORS)
      expect(named.edge?.layer, id).toBe(WITHOUT_EDGE.includes(id) ? undefined : 'edge');
  });

  it('read well in a sentence', () => {
    const sentences = components.map(({ vendor, component }) => `${vendor.title}'s ${component.title}`);
    expect(sentences).toContain("Cloudflare's edge");
    expect(sentences).toContain("Cloudflare's tunnel service");
    expect(sentences).toContain("AWS's DynamoDB in us-east-1");
    expect(sentences).toContain("Hetzner's Falkenstein");
    expect(sentences).toContain("Let's Encrypt's certificate authority");
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('give every error class something to match, and no class twice', () => {
    for (const { errors } of VENDORS.values()) {
      const keys = errors.map(({ status, header, withoutHeader, body, withoutBody, json }) =>
        JSON.stringify({ status, header, withoutHeader, body, withoutBody, json }),
      );
      expect(keys).not.toContain('{}');
      expect(keys).toEqual([...new Set(keys)]);
    }
  });

  it.each([
    ['cloudflare', '9a0b1c2d3e4f5a6b-FRA', 'FRA'],
    ['aws', 'FRA56-P5', 'FRA56-P5'],
    ['digitalocean', '9a0b1c2d3e4f5a6b-AMS', 'AMS'],
    ['fastly', 'cache-iad-kiad7000025-IAD, cache-fra-eddf8230071-FRA', 'FRA'],
    ['github-pages', 'cache-sjc10072-SJC', 'SJC'],
    ['bunny', 'BunnyCDN-DE1-863', 'DE1'],
    ['vercel', 'hkg1::lwfvf-1702001564825-665514977cb1', 'hkg1'],
  ])('%s names the location that answered', (id, value, pop) => {
    const known = VENDORS.get(id)?.popHeader;
    expect(popOf(new Map([[known?.name ?? '', value]]), known)).toBe(pop);
  });
});

describe('anchors', () => {
  it('are run by at least five operators, in both address families', () => {
    const { anchors } = OUTSIDE;
    expect(anchors.length).toBeGreaterThanOrEqual(6);
    expect(new Set(anchors.map(({ operator }) => operator)).size).toBeGreaterThanOrEqual(5);
    expect(anchors.filter(({ address }) => address.includes(':')).length).toBeGreaterThanOrEqual(2);
    expect(new Set(anchors.map(({ address }) => address)).size).toBe(anchors.length);
  });

  it('leave three operators over whichever vendor is accused', () => {
    for (const { operators } of VENDORS.values()) {
      const others = OUTSIDE.anchors
        .map(({ operator }) => operator)
        .filter((operator) => !operators.includes(operator));
      expect(new Set(others).size).toBeGreaterThanOrEqual(3);
    }
  });

  it('name operators that are vendors as the vendor files do', () => {
    const operators = new Set([...VENDORS.values()].flatMap((vendor) => vendor.operators));
    for (const name of ['cloudflare', 'google']) expect(operators).toContain(name);
  });

  it('come with public resolvers, by address and port, of several operators', () => {
    for (const { address } of OUTSIDE.publicResolvers) expect(address).toMatch(/^(\[[0-9a-f:]+\]|[0-9.]+):53$/);
    expect(new Set(OUTSIDE.publicResolvers.map(({ operator }) => operator)).size).toBeGreaterThanOrEqual(3);
  });
});

it.each(FILES)('%s says where each fact is from, and keeps to the width', (file) => {
  const text = readFileSync(projectFile(`catalog/${file}`), 'utf8');
  const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
  expect(count(/\bsource: /g)).toBeGreaterThan(0);
  expect(count(/\bchecked: /g)).toBe(count(/\bsource: /g));
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
});
