// Who is asked whether signatures hold: resolvers that validate, of two operators. Keys and signatures are never verified here.
import type { DemarcMap } from './load.ts';
import type { DomainBinding, SignedControl, ValidatedBinding } from './plan-types.ts';
import { zoneAbove } from './registrable.ts';
import type { ServiceEntry } from './schema.ts';
import type { Targets } from './targets.ts';

/** Signatures break at a roll-over or when they end; whoever suffers from it has them asked for at once. */
const SIGNATURES_PACE = { intervalMs: 300_000, gapMs: 10_000 };
/** Two that agree are proof enough. */
const VALIDATORS_ASKED = 2;
const CONTROLS_ASKED = 2;

/** The question put to resolvers of two operators, none of whom has a part in what is asked about. */
export function bindValidated(
  { name, type, operators = [] }: { name: string; type: 'DS' | 'SOA'; operators?: readonly string[] },
  { publicResolvers }: DemarcMap,
  targets: Targets,
): ValidatedBinding[] {
  const others = publicResolvers.filter(({ operator }) => !operators.includes(operator));
  const first = others.filter(({ operator }, at) => others.findIndex((one) => one.operator === operator) === at);
  return first.slice(0, VALIDATORS_ASKED).map(({ address: server, operator }) => {
    const ask = (how: 'checked' | 'unchecked'): string => {
      const expect = { shapes: ['answer', 'nodata', 'nxdomain'] };
      const settings = { server, name, type, unchecked: how === 'unchecked', expect };
      return targets.add('signatures', `${name}/${type}/${how}@${server}`, 'dns', settings, {}, SIGNATURES_PACE);
    };
    return { operator, checked: ask('checked'), unchecked: ask('unchecked') };
  });
}

/** The zone of a service that is signed. */
export function bindSigned({ dns }: ServiceEntry, map: DemarcMap, targets: Targets): ValidatedBinding[] {
  if (dns?.signed === undefined) return [];
  const operators = map.vendors.get(dns.vendor ?? '')?.operators ?? [];
  return bindValidated({ name: dns.zone, type: 'SOA', operators }, map, targets);
}

/** The zones above by themselves, and zones of others at the vendors that sign one of yours. */
export function bindSignedControls(
  map: DemarcMap,
  domains: readonly DomainBinding[],
  targets: Targets,
): SignedControl[] {
  const above = new Map(domains.map(({ name, registry }) => [zoneAbove(name), registry]));
  const signers = Object.values(map.file.services).flatMap(({ dns }) =>
    dns?.signed === 'vendor' ? (dns.vendor ?? []) : [],
  );
  return [
    ...[...above].map(([name, vendor]): SignedControl => {
      return { vendor, component: 'zone', validated: bindValidated({ name, type: 'SOA' }, map, targets) };
    }),
    ...[...new Set(signers)].flatMap((vendor) => bindVendorZones(vendor, map, targets)),
  ];
}

function bindVendorZones(vendor: string, map: DemarcMap, targets: Targets): SignedControl[] {
  const { components = {}, operators = [] } = map.vendors.get(vendor) ?? {};
  const zones = (components.dns?.controls ?? []).flatMap((control) => (control.kind === 'dns' ? control.name : []));
  return [...new Set(zones)].slice(0, CONTROLS_ASKED).map((name) => ({
    vendor,
    component: 'dns',
    validated: bindValidated({ name, type: 'SOA', operators }, map, targets),
  }));
}
