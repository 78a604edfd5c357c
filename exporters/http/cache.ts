// Whether an answer came out of a cache on the way: a page out of one says nothing of the origin behind it.

export const CACHE_STATES = ['hit', 'stale', 'miss', 'bypass'] as const;

export type CacheState = (typeof CACHE_STATES)[number];

/** A map, since a header may well say `constructor`. */
const CLOUDFLARE: ReadonlyMap<string, CacheState> = new Map<string, CacheState>([
  ['hit', 'hit'],
  ['revalidated', 'hit'],
  ['stale', 'stale'],
  ['updating', 'stale'],
  ['miss', 'miss'],
  ['expired', 'miss'],
  ['bypass', 'bypass'],
  ['dynamic', 'bypass'],
  ['none/unknown', 'bypass'],
]);

/** By the cache nearest to us that tells; null when none does. `headers` by name in lower case. */
export function cacheStateOf(headers: ReadonlyMap<string, string>): CacheState | null {
  const cloudflare = CLOUDFLARE.get(headers.get('cf-cache-status')?.trim().toLowerCase() ?? '');
  if (cloudflare !== undefined) return cloudflare;
  const standard = headers.get('cache-status');
  const told = standard === undefined ? byXCache(headers.get('x-cache')) : byCacheStatus(standard);
  if (told !== null) return told;
  return /^\s*0*[1-9]\d{0,9}\s*$/.test(headers.get('age') ?? '') ? 'hit' : null;
}

/** RFC 9211: members stand in the order of the way, the cache nearest to us last. */
function byCacheStatus(field: string): CacheState | null {
  const last =
    field
      .replace(/"(?:[^"\\]|\\.)*"/g, '')
      .split(',')
      .at(-1) ?? '';
  const parameters = last
    .split(';')
    .slice(1)
    .map((parameter) => parameter.trim().toLowerCase());
  if (parameters.includes('hit') || parameters.includes('hit=?1')) {
    return parameters.some((parameter) => /^ttl=-\d/.test(parameter)) ? 'stale' : 'hit';
  }
  const forwarded = parameters.find((parameter) => parameter.startsWith('fwd='))?.slice('fwd='.length);
  if (forwarded === undefined) return null;
  return forwarded === 'bypass' || forwarded === 'method' || forwarded === 'request' ? 'bypass' : 'miss';
}

/** No standard; as CloudFront, Fastly, Akamai, Azure and Varnish write it, the nearest last. */
function byXCache(field: string | undefined): CacheState | null {
  const last = field?.split(',').at(-1)?.trim().toLowerCase() ?? '';
  if (/stale/.test(last)) return 'stale';
  if (/(^|[^a-z])(tcp_|refresh|mem_|remote_)*hit/.test(last)) return 'hit';
  if (/nocache|pass|bypass/.test(last)) return 'bypass';
  return /miss/.test(last) ? 'miss' : null;
}
