// Other words for what sentences.ts says: what people call things, and what they say besides.
import type { DemarcMap } from '../../map/load.ts';

const FAILED = ['down', 'out', 'expired', 'erroring', 'broken'] as const;

/** By what people say; the first that fits counts. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    line: ['uplink'],
    internet: ['uplink'],
    isp: ['uplink'],
    provider: ['uplink'],
    router: ['gateway'],
    machine: ['host'],
    server: ['host'],
    computer: ['host'],
    process: ['origin'],
    app: ['origin'],
    application: ['origin'],
    electricity: ['power'],
    mains: ['power'],
    cert: ['certificate'],
    dnssec: ['signatures'],
    signature: ['signatures'],
    daemon: ['tunnel'],
    cloudflared: ['tunnel'],
    tld: ['registry'],
    location: ['pop'],
    datacenter: ['pop'],
    cdn: ['edge'],
    nameservers: ['dns'],
    quota: ['account'],
    failed: FAILED,
    fails: FAILED,
    failing: ['erroring', ...FAILED],
    broken: ['erroring', 'expired', ...FAILED],
    breaks: ['broken', 'erroring', ...FAILED],
    dead: FAILED,
    dies: FAILED,
    died: FAILED,
    crashes: FAILED,
    crashed: FAILED,
    gone: ['missing', ...FAILED],
    lost: FAILED,
    off: FAILED,
    offline: FAILED,
    unreachable: FAILED,
    unavailable: FAILED,
    cut: FAILED,
    out: FAILED,
    outage: FAILED,
    down: FAILED,
    silent: FAILED,
    expires: ['expired'],
    lapsed: ['expired'],
    lapses: ['expired'],
    ended: ['expired'],
    deleted: ['missing'],
    late: ['slow'],
    slows: ['slow'],
    hangs: ['hung', 'stalled'],
    flaps: ['flapping'],
    exhausted: ['refused'],
    suspended: ['held'],
  }),
);

const FILLERS: ReadonlySet<string> = new Set(
  'what if a an the my our your is are be was were goes go gets has had would of at in for on with daemon'.split(' '),
);

/** What a sentence begins with, or has in its middle, that goes without saying where the rest is said. */
export const UNSAID: ReadonlySet<string> = new Set(['vendor', 'region', 'part']);

/** What a word may mean: itself first. */
export const meanings = (word: string): readonly string[] => [word, ...(SYNONYMS.get(word) ?? [])];

export const isFiller = (word: string): boolean => FILLERS.has(word);

/** The words of a phrase, with those titles people know vendors and their components by put as the map calls them. */
export function wordsOf(phrase: string, { vendors }: Pick<DemarcMap, 'vendors'>): string[] {
  const plain = phrase
    .toLowerCase()
    .replace(/['’]s\b/g, '')
    .replace(/[?!."]+(?=\s|$)/g, '');
  let text = ` ${plain} `;
  for (const [id, { title, components }] of vendors) {
    text = text.replaceAll(` ${title.toLowerCase()} `, ` ${id} `);
    for (const [component, { title: called }] of Object.entries(components)) {
      const known = ` ${called.toLowerCase()} `;
      if (known.trim() === component || isShared(called, vendors)) continue;
      // With its vendor before it or without.
      for (const before of [` vendor ${id}`, ` ${id}`, ''])
        text = text.replaceAll(`${before}${known}`, ` vendor ${id} ${component} `);
    }
  }
  return text.split(/\s+/).filter((word) => word !== '');
}

/** A title two vendors use, such as DNS, tells nobody apart. */
function isShared(title: string, vendors: DemarcMap['vendors']): boolean {
  const all = [...vendors.values()].flatMap(({ components }) => Object.values(components));
  return all.filter((one) => one.title === title).length > 1;
}
