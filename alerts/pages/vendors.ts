// docs/vendors.md: what is said of vendors themselves, and on whose word.
import { vendorSignalMetric } from '../../catalog/metrics.ts';
import { VENDOR_SIGNALS } from '../../catalog/vendor-signals.ts';
import { loadCatalogue, type Vendors } from '../../map/vendors.ts';
import { type VendorRow, vendorConjunctsOf } from '../../verdict/vendor-row.ts';
import { VENDOR_TABLE } from '../../verdict/vendor-table.ts';
import { DEMAND_WORDS, spoken } from '../words.ts';
import { fenced, page, table } from './markdown.ts';

const INTRODUCTION = `# Vendors

A vendor gets a verdict of its own, component by component, whether or not a service of yours leans on it. Every vendor
under \`watch:\` of the map is judged, and every one a service names. What is asked are the vendor's **controls**: hosts of
it that are not yours, from \`catalog/vendors/\` or your map.`;

const PROOF = `## Who may accuse

Two things can, and a row that accuses cannot be written without one of them:

1. **Its own controls**, behind the same guard as everywhere. Two of them, in different places, had been seen to work and
   broke within a day of each other, at an edge in the same manner; since the second broke the line has been clean, as
   seen by anchors the vendor does not run; and since then another vendor has answered. What they are reached through at
   the same vendor works: a tunnel behind a failing edge is not a second failure.
2. **A verdict about a service of yours** that names it. It had its own guard. So the two never contradict.

Everything less is \`suspected\`. Behind a line that is not proven nobody is judged. A status page is never a witness.`;

const KNOWN = `## Who is in the catalogue

Each has a file in \`catalog/vendors/\`, with the source of every fact in it, and when somebody last compared it with the live
vendor. A map adds others, and changes these, under \`vendors:\`. A component whose name is a place, such as \`hetzner/fsn1\`, is
for services whose machines stand there: they name it under \`needs:\`.

Without \`watch:\` in the map, those watched *always* are, since much of the web leans on them and each of them is a witness
for or against the others. The rest is watched *if used*: by a service, or named under \`vendors:\`.`;

const NESTED_MAP = `version: 1
watch: [cloudflare, smallcdn]
vendors:
  smallcdn:
    title: Small CDN
    operators: [smallcdn]
    components:
      edge:
        title: edge
        layer: edge
        runsOn: { vendor: cloudflare, component: edge, source: 'their own page about the network', checked: never }
        controls:
          - { kind: http, url: 'https://news.example.org/', source: 'a customer of theirs', checked: never }
          - { kind: http, url: 'https://media.example.net/', source: 'another one', checked: never }`;

/** `DigitalOcean's App Platform on Cloudflare's edge`, for each that the catalogue knows of. */
function foundations(vendors: Vendors): string[] {
  const named = (vendor: string, component: string): string =>
    `${vendors.get(vendor)?.title}'s ${vendors.get(vendor)?.components[component]?.title}`;
  return [...vendors].flatMap(([id, { components }]) =>
    Object.entries(components).flatMap(([component, { runsOn }]) =>
      runsOn === undefined ? [] : [`${named(id, component)} on ${named(runsOn.vendor, runsOn.component)}`],
    ),
  );
}

const nested = (vendors: Vendors): string => `## What a vendor runs on

Vendors lean on vendors. The catalogue knows of these:

${foundations(vendors)
  .map((line) => `- ${line}`)
  .join('\n')}

Say it in the map where you know of others:

${fenced('yaml', NESTED_MAP)}

Where both fail, each is judged by its own controls and its own guard, and the verdict says which waits for which. It makes
nobody guilty, and clears nobody: a small CDN whose cloud is well is told as that. The scenario \`nested-vendors\` plays it.`;

const SEEN = `## Where to see it

${fenced('sh', 'node dist/cli/main.js why cloudflare\nnode dist/cli/main.js why cloudflare/edge --json\ncurl -sS http://127.0.0.1:9815/api/v1/vendors')}

Each entry of \`/api/v1/vendors\` has the vendor and its component by id and by title; \`status\`; \`row\`, \`code\`,
\`cause\`, \`confidence\`, \`headline\`, \`because\`, \`action\`, \`evidence\` and \`since\` as a verdict about a service has
them; \`usedBy\`, the services that lean on it; \`hits\`, those whose verdict names it; and \`suspectedBy\`,
those that fail while nobody is proven guilty.`;

function rowLine(row: VendorRow, index: number): string[] {
  const conditions = vendorConjunctsOf(row).map(({ condition, demand }) => `\`${condition}\` ${DEMAND_WORDS[demand]}`);
  const when = conditions.length === 0 ? 'no row above holds' : conditions.join(', ');
  return [
    String(index + 1),
    `\`${row.id}\``,
    String(row.code),
    row.status,
    row.confidence,
    when,
    row.because,
    row.seen,
  ];
}

/** One line a vendor: what is judged of it, and in which form it tells of itself. */
function catalogueTable(vendors: Vendors): string {
  const lines = [...vendors].map(([id, { title, watch, components, status }]) => [
    `\`${id}\``,
    title,
    Object.entries(components)
      .map(([name, component]) => `${component.title} (\`${name}\`)`)
      .join(', '),
    watch === undefined ? 'always' : 'if used',
    status === undefined ? 'none is read' : `${status.kind}, ${status.page ?? status.url}`,
  ]);
  return table(['id', 'vendor', 'components', 'watched', 'status page'], lines);
}

export function vendorsPage(rows: readonly VendorRow[] = VENDOR_TABLE, vendors = loadCatalogue()): string {
  return page(
    INTRODUCTION,
    PROOF,
    KNOWN,
    catalogueTable(vendors),
    `## What is said

From the top; the first row that holds is the verdict. \`convicted\` is OK while the verdict about a service names the
component, and \`uplink\` is the signal of the site.`,
    table(
      ['#', 'row', 'number', 'status', 'confidence', 'holds while', 'because', 'taught by'],
      rows.map((row, index) => rowLine(row, index).map(spoken)),
    ),
    '## Signals\n\nOne series of each per component, with the labels `vendor` and `component`.',
    table(
      ['metric', 'meaning'],
      Object.entries(VENDOR_SIGNALS).map(([name, help]) => [
        `\`${vendorSignalMetric(name as keyof typeof VENDOR_SIGNALS)}\``,
        help,
      ]),
    ),
    nested(vendors),
    SEEN,
  );
}
