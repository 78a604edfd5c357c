// Who runs what, told by the catalogue's fingerprints, and how sure that is. Pure; a vendor without marks is never invented.
import net from 'node:net';
import type { VendorLayer } from '../catalog/layers.ts';
import type { Sighting } from './draft-look.ts';
import type { Component, Vendor } from './vendor.ts';
import type { Vendors } from './vendors.ts';

export const CERTAINTIES = ['certain', 'likely', 'guess'] as const;

export type Certainty = (typeof CERTAINTIES)[number];

export interface Found {
  vendor: string;
  component: string;
  certainty: Certainty;
  /** What was seen, e.g. `header cf-ray`. */
  evidence: string[];
  /** Vendors whose marks were seen too. */
  also: string[];
}

/** Patterns that end with - stand anywhere in a name (ns-123.awsdns-04.com), the others at its end. */
export function nameMatches(name: string, pattern: string): boolean {
  const plain = `.${name.toLowerCase()}`;
  const wanted = pattern.toLowerCase();
  return wanted.endsWith('-') ? plain.includes(wanted) : plain.endsWith(wanted);
}

function componentFor({ components }: Vendor, layer: VendorLayer): string | undefined {
  return Object.entries(components).find(([, component]) => component.layer === layer)?.[0];
}

/** Who serves the zone, by the names of its name servers. They are a delegation, not a sign: all of them make it certain. */
export function recogniseDns({ zone }: Sighting, vendors: Vendors): Found | null {
  const servers = zone?.nameServers ?? [];
  const candidates = [...vendors].flatMap(([id, vendor]) => {
    const component = componentFor(vendor, 'dns');
    const own = servers.filter((name) => vendor.fingerprint.nameServers.some((pattern) => nameMatches(name, pattern)));
    return component === undefined || own.length === 0 ? [] : [{ vendor: id, component, own }];
  });
  const [best, ...others] = candidates.sort((a, b) => b.own.length - a.own.length);
  if (best === undefined) return null;
  return {
    vendor: best.vendor,
    component: best.component,
    certainty: best.own.length === servers.length ? 'certain' : 'likely',
    evidence: [`${best.own.length} of ${servers.length} name servers: ${best.own.join(', ')}`],
    also: others.map(({ vendor }) => vendor),
  };
}

interface Marks {
  headers: string[];
  cnames: string[];
  /** Addresses of the name that are the vendor's edge. */
  addresses: string[];
  issuer: string | null;
}

/** Those of the addresses that lie within the networks. */
function within(addresses: readonly string[], networks: readonly string[]): string[] {
  const list = new net.BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), net.isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return addresses.filter(
    (address) => net.isIP(address) !== 0 && list.check(address, net.isIPv6(address) ? 'ipv6' : 'ipv4'),
  );
}

function marksOf({ fingerprint }: Vendor, { answer, cnames, certificate, addresses }: Sighting): Marks {
  const headers = fingerprint.headers.filter(({ name, contains }) =>
    answer?.headers.get(name.toLowerCase())?.toLowerCase().includes(contains.toLowerCase()),
  );
  const issuer = certificate?.issuer ?? '';
  return {
    headers: headers.map(({ name, contains }) => (contains === '' ? name : `${name}: ${contains}`)),
    cnames: cnames.filter((name) => fingerprint.cnames.some((suffix) => nameMatches(name, suffix))),
    addresses: within(addresses, fingerprint.networks),
    issuer: fingerprint.issuers.some((known) => issuer.toLowerCase().includes(known.toLowerCase())) ? issuer : null,
  };
}

/**
 * Headers are written by the edge itself, so two of them are proof enough. An address of the edge's own networks is a fact of
 * its own: with a header it is proof, alone it is likely. A CNAME names the vendor but not which product of its: with an
 * answer that bears none of the marks it stays a guess.
 */
function certaintyOf({ headers, cnames, addresses }: Marks, answered: boolean): Certainty | null {
  if (headers.length >= 2 || (headers.length === 1 && cnames.length + addresses.length > 0)) return 'certain';
  if (headers.length === 1 || addresses.length > 0) return 'likely';
  if (cnames.length > 0) return answered ? 'guess' : 'likely';
  return null;
}

interface Candidate {
  vendor: string;
  component: string;
  marks: Marks;
  certainty: Certainty;
  runsOn: Component['runsOn'];
}

/** Whether the marks of `below` are there because `above` runs on it, and not since the name leads to `below` alone. */
function isBeneath(below: Candidate, { certainty, marks, runsOn }: Candidate): boolean {
  if (certainty === 'guess' || runsOn?.vendor !== below.vendor || runsOn.component !== below.component) return false;
  return below.marks.cnames.length === 0 || marks.cnames.length + marks.addresses.length > 0;
}

/** Whom another one runs on leaves its marks too, and is not whom the service is at: Fastly under GitHub Pages. */
function uppermost(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((below) => !candidates.some((above) => isBeneath(below, above)));
}

/** Who stands in front of the service, by headers and CNAMEs; the issuer only supports what these say. */
export function recogniseEdge(sighting: Sighting, vendors: Vendors): Found | null {
  const seen = [...vendors].flatMap(([id, vendor]): Candidate[] => {
    const component = componentFor(vendor, 'edge');
    const marks = marksOf(vendor, sighting);
    const certainty = certaintyOf(marks, sighting.answer !== null);
    if (component === undefined || certainty === null) return [];
    return [{ vendor: id, component, marks, certainty, runsOn: vendor.components[component]?.runsOn }];
  });
  const candidates = uppermost(seen);
  const rank = ({ certainty, marks }: Candidate): number =>
    100 * CERTAINTIES.indexOf(certainty) - marks.headers.length - marks.cnames.length - marks.addresses.length;
  const [best, ...others] = candidates.sort((a, b) => rank(a) - rank(b));
  if (best === undefined) return null;
  const { headers, cnames, addresses, issuer } = best.marks;
  return {
    vendor: best.vendor,
    component: best.component,
    // Two vendors in a row, and which one meets the visitor cannot be told from the headers.
    certainty:
      others.some(({ certainty }) => certainty !== 'guess') && best.certainty === 'certain' ? 'likely' : best.certainty,
    evidence: [
      ...headers.map((header) => `header ${header}`),
      ...cnames.map((name) => `CNAME ${name}`),
      ...addresses.map((address) => `address ${address}`),
      ...(issuer === null ? [] : [`certificate from ${issuer}`]),
    ],
    also: others.map(({ vendor }) => vendor),
  };
}
