// Targets that cannot do what they are in the map for: an origin that is the edge, a witness that is yourself.
// By the map alone; what only asking shows is for `doctor`.
import net from 'node:net';
import { isNear } from './alert-path.ts';
import { placeOf } from './controls.ts';
import type { MapFile, ServiceEntry } from './schema.ts';
import { hostOf, portOf } from './url-parts.ts';
import type { Problem } from './user-error.ts';
import type { Anchor, Vendor } from './vendor.ts';

type Place = (path: readonly PropertyKey[]) => string;

export interface Asked {
  file: MapFile;
  vendors: ReadonlyMap<string, Vendor>;
  anchors: readonly Anchor[];
  place: Place;
}

/** Every target that cannot work, with what would. */
export function unworkable(asked: Asked): Problem[] {
  const { file } = asked;
  return [
    ...Object.entries(file.services).flatMap(([name, service]) => serviceProblems(name, service, asked)),
    ...resolverProblems(asked),
    ...anchorProblems(asked),
    ...controlProblems(asked),
  ];
}

function serviceProblems(name: string, { url, edge, origin, tunnel }: ServiceEntry, { place }: Asked): Problem[] {
  const at = ['services', name];
  const problems: Problem[] = [];
  const add = (key: string, what: string, hint: string): void =>
    void problems.push({ place: place([...at, key]), what, hint });
  const inFront = edge !== undefined || tunnel !== undefined;
  if (edge !== undefined && net.isIP(hostOf(url)) !== 0 && isNear(hostOf(url)))
    add(
      'edge',
      `cannot stand in front of ${hostOf(url)}, an address of your house`,
      'give url the name that visitors use',
    );
  if (origin === undefined) return problems;
  const host = hostOf(origin.url);
  const same = host === hostOf(url) && portOf(origin.url) === portOf(url);
  if (inFront && same)
    add(
      'origin',
      'goes through the vendor in front: it is the same host as url',
      "give the machine's own address, and its name as host",
    );
  if (origin.hostPort === portOf(origin.url))
    add(
      'origin',
      `hostPort is the port of url, ${origin.hostPort}`,
      'a second port tells a dead process from a dead host, such as 22',
    );
  if (origin.host === undefined && net.isIP(host) !== 0 && origin.url.startsWith('https:'))
    add('origin', 'an address alone cannot show the right certificate', `say host: ${hostOf(url)}`);
  return problems;
}

/** Reserved by RFC 2606, so that a map which is an example may use it too. */
const NOBODYS = 'example.com';

const bare = (server: string): string =>
  server
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();

function resolverProblems({ file, place }: Asked): Problem[] {
  const problems: Problem[] = [];
  const zone = Object.values(file.services).find(
    ({ dns }) => dns !== undefined && `.${file.resolverTest}`.endsWith(`.${dns.zone}`),
  );
  if (zone !== undefined && file.resolverTest !== NOBODYS)
    problems.push({
      place: place(['resolverTest']),
      what: `${file.resolverTest} is in your own zone, whose failure would look like the resolver's`,
      hint: 'take a name of somebody else, such as example.com',
    });
  const own = file.resolver === 'auto' ? null : bare(file.resolver.address);
  for (const [index, { address }] of (file.publicResolvers ?? []).entries()) {
    const at = place(['publicResolvers', index]);
    if (bare(address) === own)
      problems.push({ place: at, what: `${address} is your resolver itself`, hint: 'name another, to compare with' });
    else if (isInHouse(bare(address)))
      problems.push({
        place: at,
        what: `${address} is in your house`,
        hint: 'it must be outside, or it says nothing of the line',
      });
  }
  return problems;
}

/** Loopback aside: nobody takes that for the internet, but for a rehearsal of it. */
const isInHouse = (host: string): boolean => net.isIP(host) !== 0 && isNear(host) && !/^127\.|^::1$/.test(host);

function anchorProblems({ file, anchors, place }: Asked): Problem[] {
  return anchors.flatMap(({ address }, index): Problem[] =>
    file.anchors !== undefined && isInHouse(address)
      ? [
          {
            place: place(['anchors', index]),
            what: `${address} is in your house`,
            hint: 'an anchor must be outside, or it says nothing of the line',
          },
        ]
      : [],
  );
}

/** A control that is yours breaks with you and would convict the vendor of your own failure. */
function controlProblems({ file, vendors, place }: Asked): Problem[] {
  const own = new Map(Object.entries(file.services).map(([name, { url }]) => [hostOf(url).toLowerCase(), name]));
  return [...vendors].flatMap(([id, { components }]) =>
    Object.entries(components).flatMap(([component, { controls }]) =>
      controls.flatMap((control, index): Problem[] => {
        const service = own.get(placeOf(control));
        if (service === undefined) return [];
        const at = place(['vendors', id, 'components', component, 'controls', index]);
        return [
          {
            place: at,
            what: `is your own service ${service}, no witness of ${id}`,
            hint: 'ask a host of somebody else there',
          },
        ];
      }),
    ),
  );
}
