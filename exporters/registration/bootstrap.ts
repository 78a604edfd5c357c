// Which RDAP server knows a top-level domain: an excerpt of IANA's list, so that nothing need be fetched to ask.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { projectFile } from '../../catalog/root.ts';

const Bootstrap = z.strictObject({
  source: z.string(),
  servers: z
    .array(
      z.strictObject({
        /** Suffixes in A-label form, without a leading dot. */
        suffixes: z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/)).min(1),
        /** `{tld}` stands for the suffix. */
        base: z.string().regex(/^https:\/\/[a-z0-9.{}-]+(\/[a-z0-9{}-]+)*\/$/),
        checked: z.union([z.literal('never'), z.iso.date()]),
      }),
    )
    .min(1),
});

/** Base URL by suffix. */
export type RdapServers = ReadonlyMap<string, string>;

export function loadBootstrap(): RdapServers {
  const { servers } = Bootstrap.parse(JSON.parse(readFileSync(projectFile('catalog/rdap-bootstrap.json'), 'utf8')));
  return new Map(
    servers.flatMap(({ suffixes, base }) =>
      suffixes.map((suffix): [string, string] => [suffix, base.replace('{tld}', suffix)]),
    ),
  );
}

/** Who may be asked at all, each once. */
export const hostsOf = (servers: RdapServers): string[] => [
  ...new Set([...servers.values()].map((base) => new URL(base).hostname)),
];

/** Base URL for a domain in A-label form, by its longest known suffix; null when nobody is known to know it. */
export function rdapBaseOf(domain: string, servers: RdapServers): string | null {
  const labels = domain.split('.');
  for (let from = 1; from < labels.length; from += 1) {
    const base = servers.get(labels.slice(from).join('.'));
    if (base !== undefined) return base;
  }
  return null;
}
