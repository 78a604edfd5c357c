// Reads the list of RDAP servers as IANA publishes it (RFC 9224): which of them knows which top-level domain.
import { z } from 'zod';
import { readJson } from '../http/bounded-json.ts';
import { fetchDocument } from '../http/document.ts';
import type { ForwardProxy } from '../http/forward-proxy.ts';
import { HttpUrl } from '../http/url.ts';
import { inShape, Malformed, readingOf } from '../malformed.ts';
import type { ProbeContext } from '../probe.ts';
import type { RdapServers } from './bootstrap.ts';

const MAX_BYTES = 1_048_576;
const MOST_SERVICES = 5_000;

const List = z.object({
  version: z.literal('1.0'),
  services: z.array(z.unknown()).max(MOST_SERVICES),
});

/** Read entry by entry: one that is odd must not hide the others. */
const Service = z.tuple([z.array(z.unknown()), z.array(z.unknown())]);

const Suffix = z
  .string()
  .max(253)
  .toLowerCase()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/);

/** What is told of a domain is worth no more than the way it came. */
const SecureBase = HttpUrl.refine((url) => url.startsWith('https://'));

/** Throws {@link Malformed} for what is no such list, or has no server that could be asked. */
export function readServiceList(text: string): RdapServers {
  const list = inShape(List, readJson(text), 'no list of RDAP servers');
  const servers = new Map(
    list.services.flatMap((service): [string, string][] => {
      const [suffixes = [], urls = []] = Service.safeParse(service).data ?? [];
      const base = urls.flatMap((url) => SecureBase.safeParse(url).data ?? [])[0];
      if (base === undefined) return [];
      const known = suffixes.flatMap((suffix) => Suffix.safeParse(suffix).data ?? []);
      return known.map((suffix) => [suffix, base.endsWith('/') ? base : `${base}/`]);
    }),
  );
  if (servers.size === 0) throw new Malformed('a list without RDAP servers');
  return servers;
}

/** The list at `url`, or in one word why there is none. */
export async function fetchServiceList(
  url: string,
  proxy: ForwardProxy | undefined,
  context: ProbeContext,
): Promise<{ servers: RdapServers } | { failure: string }> {
  const got = await fetchDocument(new URL(url), MAX_BYTES, context, { proxy });
  if (got.reason !== 'ok') return { failure: got.reason };
  const { value, flaw } = readingOf(() => readServiceList(got.body.toString('utf8')));
  return value === null ? { failure: flaw } : { servers: value };
}
