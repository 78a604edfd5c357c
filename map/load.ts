// demarc.yaml from a file to a checked map: every problem of a bad file at once, none of them with a stack trace.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { VendorLayer } from '../catalog/layers.ts';
import { alertPathProblems } from './alert-path.ts';
import { watchedUnused } from './controls.ts';
import { customProblems } from './custom.ts';
import type { EgressPeer } from './egress.ts';
import { nearest, problemsOf } from './issues.ts';
import { UPLINK_SERVICE } from './plan.ts';
import { isOfTheHouse } from './routing.ts';
import { MapFile, type ServiceEntry } from './schema.ts';
import { secondPathProblems } from './second-path.ts';
import { readTrust } from './trust.ts';
import { farEndOf } from './tunnel.ts';
import { unworkable } from './unworkable.ts';
import { type Problem, UserError } from './user-error.ts';
import type { PortalTest, Vendor } from './vendor.ts';
import { loadCatalogue, loadOutside, type Outside, overlay } from './vendors.ts';
import { readYaml, type YamlText } from './yaml.ts';

export interface DemarcMap {
  file: MapFile;
  vendors: ReadonlyMap<string, Vendor>;
  anchors: Outside['anchors'];
  publicResolvers: readonly { address: string; operator: string; identity?: string | undefined }[];
  portalTests: readonly z.output<typeof PortalTest>[];
  egress: readonly EgressPeer[];
  timeServers: readonly { host: string; port: number; operator: string }[];
  /** PEM certificates, as read. */
  trust: readonly string[];
  /** What works, but not as well as it could. */
  warnings: readonly Problem[];
  /** What could keep an alert from reaching a person. */
  alertPath: readonly Problem[];
}

const RESERVED = new Set([UPLINK_SERVICE, '__proto__', 'constructor', 'prototype']);

/** Reads and checks a map file. Throws {@link UserError} with every problem found. */
export function loadMap(file: string): DemarcMap {
  return parseMap(readOperatorFile(file), path.basename(file), path.dirname(path.resolve(file)));
}

/** The map of somebody who has none: the uplink and the vendors many sites lean on. */
export function defaultMap(): DemarcMap {
  return parseMap('version: 1\n', 'built-in map', process.cwd());
}

/** Checks the text of a map. `folder` is where its relative paths start. */
export function parseMap(text: string, name: string, folder: string): DemarcMap {
  const yaml = readYaml(name, text);
  if (yaml.problems.length > 0) throw new UserError(yaml.problems);
  if (yaml.value === null || typeof yaml.value !== 'object') {
    throw new UserError([
      { place: name, what: 'is empty', hint: 'start with `version: 1`; demarc.example.yaml shows the rest' },
    ]);
  }
  const parsed = MapFile.safeParse(yaml.value);
  if (!parsed.success) throw new UserError(problemsOf(parsed.error, MapFile as z.ZodType, yaml.place));
  return checkNames(parsed.data, yaml, folder);
}

function readOperatorFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new UserError([{ place: file, what, hint: 'give the path of a readable file' }]);
  }
}

function checkNames(file: MapFile, yaml: YamlText, folder: string): DemarcMap {
  const problems: Problem[] = [];
  const vendors: Map<string, Vendor> = loadCatalogue();
  for (const [id, over] of Object.entries(writtenVendors(yaml.value))) {
    const merged = overlay(id, vendors.get(id), over, yaml.place);
    if (Array.isArray(merged)) problems.push(...merged);
    else vendors.set(id, merged);
  }
  const check = { problems, vendors, yaml };
  for (const id of Object.keys(writtenVendors(yaml.value))) checkFoundations(id, check);
  for (const [name, service] of Object.entries(file.services)) checkService(name, service, check);
  for (const [index, id] of (file.watch ?? []).entries()) checkVendor(id, ['watch', index], check);
  for (const [index, { owner }] of (file.routing?.prefixes ?? []).entries())
    if (!isOfTheHouse(owner)) checkVendor(owner, ['routing', 'prefixes', index, 'owner'], check);
  for (const name of Object.keys(file.public?.services ?? {}))
    checkKnownService(name, ['public', 'services', name], file, check);
  for (const [index, { services = [] }] of file.maintenance.entries()) {
    for (const [place, name] of services.entries())
      if (name !== UPLINK_SERVICE) checkKnownService(name, ['maintenance', index, 'services', place], file, check);
  }
  if (file.timeout >= file.interval) {
    problems.push({
      place: yaml.place(['timeout']),
      what: 'is not shorter than interval',
      hint: 'a probe must end before the next one starts',
    });
  }
  const trust = file.trust.flatMap((name, index) =>
    readTrust(path.resolve(folder, name), yaml.place(['trust', index]), problems),
  );
  if (problems.length > 0) throw new UserError(problems);
  const outside = loadOutside();
  const anchors = file.anchors ?? outside.anchors;
  return {
    file,
    vendors,
    anchors,
    publicResolvers: file.publicResolvers ?? outside.publicResolvers,
    // Whoever names all that may be asked outside wants nobody else asked.
    portalTests: file.portalTests ?? (file.anchors === undefined ? outside.portalTests : []),
    egress: file.egress ?? (file.anchors === undefined ? outside.egress : []),
    timeServers: file.timeServers ?? (file.anchors === undefined ? outside.timeServers : []),
    trust,
    warnings: [
      ...unworkable({ file, vendors, anchors, place: yaml.place }),
      ...warningsOf(file, vendors, anchors, yaml),
      ...secondPathProblems(file, yaml.place),
    ],
    alertPath: alertPathProblems(file, vendors, yaml.place),
  };
}

const Written = z.object({
  vendors: z
    .record(z.string(), z.looseObject({ components: z.record(z.string(), z.looseObject({})).optional() }))
    .default({}),
});

/** The map's vendors as written: the checked ones carry defaults, which would wipe what the catalogue says. */
function writtenVendors(map: unknown): z.output<typeof Written>['vendors'] {
  return Written.parse(map).vendors;
}

interface Check {
  problems: Problem[];
  vendors: ReadonlyMap<string, Vendor>;
  yaml: YamlText;
}

function checkVendor(id: string, at: PropertyKey[], { problems, vendors, yaml }: Check): Vendor | undefined {
  const vendor = vendors.get(id);
  if (vendor === undefined) {
    const guess = nearest(id, vendors.keys());
    const hint =
      guess === undefined
        ? `known are ${[...vendors.keys()].join(', ')}; or describe it under vendors`
        : `did you mean ${guess}?`;
    problems.push({ place: yaml.place(at), what: `unknown vendor ${id}`, hint });
  }
  return vendor;
}

/** What a vendor of the map runs on must be known too. */
function checkFoundations(id: string, check: Check): void {
  for (const [name, { runsOn }] of Object.entries(check.vendors.get(id)?.components ?? {})) {
    if (runsOn === undefined) continue;
    const at = ['vendors', id, 'components', name, 'runsOn'];
    const vendor = checkVendor(runsOn.vendor, [...at, 'vendor'], check);
    if (vendor === undefined || vendor.components[runsOn.component] !== undefined) continue;
    check.problems.push({
      place: check.yaml.place([...at, 'component']),
      what: `${runsOn.vendor} has no component ${runsOn.component}`,
      hint: `use ${Object.keys(vendor.components).join(' or ')}`,
    });
  }
}

function checkComponent(
  use: { vendor: string; component: string },
  layer: VendorLayer,
  at: PropertyKey[],
  check: Check,
): void {
  const vendor = checkVendor(use.vendor, [...at, 'vendor'], check);
  if (vendor === undefined) return;
  const component = vendor.components[use.component];
  const place = check.yaml.place([...at, 'component']);
  const fitting = Object.entries(vendor.components)
    .filter(([, { layer: other }]) => other === layer)
    .map(([name]) => name);
  if (component === undefined || component.layer !== layer) {
    const what =
      component === undefined
        ? `${use.vendor} has no component ${use.component}`
        : `${use.component} is not a component for ${layer}`;
    check.problems.push({
      place,
      what,
      hint: fitting.length > 0 ? `use ${fitting.join(' or ')}` : `add one under vendors.${use.vendor}.components`,
    });
  } else if (layer === 'endpoint' && component.endpoint === undefined) {
    check.problems.push({
      place,
      what: `${use.component} names no endpoint`,
      hint: 'give the component an endpoint with its name',
    });
  }
}

function checkService(name: string, service: ServiceEntry, check: Check): void {
  const at = ['services', name];
  if (RESERVED.has(name)) {
    check.problems.push({ place: check.yaml.place(at), what: `the name ${name} is taken`, hint: 'choose another' });
  }
  if (service.dns?.vendor !== undefined)
    checkComponent({ vendor: service.dns.vendor, component: 'dns' }, 'dns', [...at, 'dns'], check);
  if (service.edge !== undefined) checkComponent(service.edge, 'edge', [...at, 'edge'], check);
  const farEnd = farEndOf(service.tunnel);
  if (farEnd !== undefined) checkComponent(farEnd, 'tunnel', [...at, 'tunnel'], check);
  if (service.needs !== undefined) checkComponent(service.needs, 'endpoint', [...at, 'needs'], check);
  if (service.failover?.vendor !== undefined)
    checkVendor(service.failover.vendor, [...at, 'failover', 'vendor'], check);
  check.problems.push(...customProblems(name, service, check.yaml.place));
  const host = new URL(service.url).hostname;
  if (service.dns !== undefined && !`.${host}`.endsWith(`.${service.dns.zone}`)) {
    check.problems.push({
      place: check.yaml.place([...at, 'dns', 'zone']),
      what: `${host} is not in the zone ${service.dns.zone}`,
      hint: 'name the zone the host of url lives in',
    });
  }
}

/** A name that must be a service of this map. */
function checkKnownService(name: string, at: PropertyKey[], file: MapFile, { problems, yaml }: Check): void {
  if (Object.hasOwn(file.services, name)) return;
  const guess = nearest(name, Object.keys(file.services));
  const hint = guess === undefined ? 'name one that stands under services' : `did you mean ${guess}?`;
  problems.push({ place: yaml.place(at), what: `there is no service ${name}`, hint });
}

function warningsOf(
  file: MapFile,
  vendors: ReadonlyMap<string, Vendor>,
  anchors: Outside['anchors'],
  yaml: YamlText,
): Problem[] {
  const warnings: Problem[] = [];
  for (const [name, service] of Object.entries(file.services)) {
    const uses = {
      dns: service.dns?.vendor && { vendor: service.dns.vendor, component: 'dns' },
      edge: service.edge,
      tunnel: farEndOf(service.tunnel),
      needs: service.needs,
    };
    for (const [key, use] of Object.entries(uses)) {
      if (!use) continue;
      const controls = vendors.get(use.vendor)?.components[use.component]?.controls.length ?? 0;
      if (controls >= 2) continue;
      const place = yaml.place(['services', name, key]);
      const what = `${use.vendor}/${use.component} has ${controls === 0 ? 'no control' : 'one control only'}`;
      warnings.push({
        place,
        what,
        hint:
          controls === 0
            ? `vendor verdicts are off for it; add controls under vendors`
            : 'a second one makes the proof robust',
      });
    }
  }
  const asked = watchedUnused({ file, vendors });
  const used = Object.values(file.services).flatMap((service) => [
    service.dns?.vendor,
    service.edge?.vendor,
    farEndOf(service.tunnel)?.vendor,
    service.needs?.vendor,
  ]);
  if (new Set([...asked, ...used.filter((id) => id !== undefined)]).size < 2) {
    warnings.push({
      place: yaml.place(['watch']),
      what: 'fewer than two vendors are watched',
      hint: 'no vendor can be named unless another one is seen to answer',
    });
  }
  const operators = new Set(anchors.map(({ operator }) => operator));
  if (operators.size < 3) {
    warnings.push({
      place: yaml.place(['anchors']),
      what: `anchors of ${operators.size} operators only`,
      hint: 'use at least three, or the uplink can never be called down',
    });
  }
  return warnings;
}
