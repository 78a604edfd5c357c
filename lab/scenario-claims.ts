// Whether what a scenario claims can be said at all: of services and vendors that are there, and in words somebody knows.
import { nearest } from '../map/issues.ts';
import type { Problem } from '../map/user-error.ts';
import type { YamlText } from '../map/yaml.ts';
import type { ScenarioFile } from './scenario-file.ts';
import type { World } from './world.ts';

/** What verdicts are told in. The tables are not the lab's, so whoever has them brings it. */
export interface Vocabulary {
  rows: readonly string[];
  causes: readonly string[];
  /** Rows about vendors' components. */
  vendorRows: readonly string[];
}

/** Too many to be listed in a hint. */
const TABLES = 'those in docs/verdicts.md';

/** Parties whose verdict names no vendor. */
const NAMELESS: readonly string[] = ['own', 'isp', 'none'];

export function claimProblems(file: ScenarioFile, world: World, { place }: YamlText, words?: Vocabulary): Problem[] {
  const named = namedIn(file);
  // The connection itself is a service too, whatever the world.
  const services = [...world.services.map(({ name }) => name), 'uplink'];
  const vendors = vendorsOf(world);
  return named.flatMap(({ at, service, hits = [], vendor, party, row, cause, isOfVendor }): Problem[] => {
    const rows = isOfVendor ? words?.vendorRows : words?.rows;
    const among = (
      key: string,
      word: string | undefined,
      what: string,
      known: readonly string[] = [],
      all = known.join(', '),
    ): Problem[] =>
      word === undefined || known.length === 0 || known.includes(word)
        ? []
        : [{ place: place([...at, key]), what, hint: hintFor(word, known, all) }];
    return [
      ...among('service', service, `no service ${service} in ${world.name}`, services),
      ...hits.flatMap((hit) => among('hits', hit, `no service ${hit} in ${world.name}`, services)),
      ...among('vendor', vendor, `no vendor ${vendor} in ${world.name}`, vendors),
      ...among('row', row, `no row ${row}`, rows, TABLES),
      ...among('cause', cause, `no row has the cause "${cause}"`, words?.causes, TABLES),
      ...(vendor !== undefined && party !== undefined && NAMELESS.includes(party)
        ? [
            {
              place: place([...at, 'vendor']),
              what: `a verdict of party ${party} names no vendor`,
              hint: 'leave it out',
            },
          ]
        : []),
    ];
  });
}

function hintFor(word: string, known: readonly string[], all: string): string {
  const guess = nearest(word, known);
  return guess === undefined ? `use one of ${all}` : `did you mean ${guess}?`;
}

interface Named {
  at: readonly PropertyKey[];
  service?: string | undefined;
  hits?: readonly string[] | undefined;
  vendor?: string | undefined;
  party?: string | undefined;
  row?: string | undefined;
  cause?: string | undefined;
  isOfVendor?: true;
}

/** Every claim of a file, with where it stands. */
function namedIn({ expect, never, vendors, alert, forbid }: ScenarioFile): Named[] {
  return [
    ...expect.map((claim, index) => ({ ...claim, at: ['expect', index] })),
    ...never.map((claim, index) => ({ ...claim, at: ['never', index] })),
    ...forbid.map((claim, index) => ({ ...claim, at: ['forbid', index] })),
    ...(alert === undefined ? [] : [{ ...alert, at: ['alert'] }]),
    ...vendors.map((claim, index) => ({ ...claim, at: ['vendors', index], isOfVendor: true as const })),
  ];
}

/** Those a verdict can name in a world: of its map, and those above its domains. */
const vendorsOf = ({ statusPages, registries }: World): string[] => [
  ...statusPages.map(({ vendor }) => vendor),
  ...(registries.length === 0 ? [] : ['registrar']),
  ...registries.map(({ suffix }) => `registry-${suffix}`),
];
