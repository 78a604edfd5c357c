// The diagnosis in sections of sentences, written once for whoever shows it: the terminal, the page.
import type { Layer } from '../catalog/layers.ts';
import type { Hop, Remaining, Why } from './why.ts';

export interface WhyItem {
  /** The hop it is about, and how that is. */
  hop: { word: string; state: Hop['state'] } | null;
  text: string;
  /** What speaks for it, a sentence each. */
  under: readonly string[];
}

export interface WhySection {
  title: string;
  /** A sentence for itself, not a list. */
  plain: boolean;
  items: readonly WhyItem[];
}

const LAYER_WORDS: Readonly<Record<Layer, string>> = {
  lan: 'LAN',
  uplink: 'uplink',
  resolver: 'resolver',
  registry: 'registry',
  registration: 'domain',
  dns: 'DNS',
  endpoint: 'needs',
  edge: 'edge',
  certificate: 'certificate',
  tunnel: 'tunnel',
  host: 'host',
  origin: 'origin',
};

const STANDINGS: Readonly<Record<Remaining['standing'], string>> = {
  matched: '',
  also: ' (also true)',
  open: ' (neither proven nor excluded)',
};

const item = (text: string, under: readonly string[] = []): WhyItem => ({ hop: null, text, under });

/** One fact is enough for what works; for what does not, only what is broken is news. */
function factsOf({ state, seen }: Hop): string {
  if (state === 'masked') return 'behind the broken link: nothing can be said';
  const telling = state === 'ok' ? seen.slice(0, 1) : seen.filter((one) => one.state === state);
  return [...new Set(telling.map(({ text }) => text))].join('; ');
}

function hopItem(hop: Hop): WhyItem {
  return { ...item(factsOf(hop)), hop: { word: LAYER_WORDS[hop.layer], state: hop.state } };
}

function remainingItem({ cause, party, standing, reasons }: Remaining): WhyItem {
  const whose = party === 'unknown' || party === 'none' ? '' : `, ${party === 'own' ? 'yours' : `the ${party}'s`}`;
  return item(`${cause}${standing === 'matched' ? '' : whose}${STANDINGS[standing]}:`, reasons);
}

/** Empty sections are left out. */
export function whySections({ verdict, hops, ruledOut, hidden, remaining, settle, status }: Why): WhySection[] {
  const proven = status === 'failing' && settle.length === 0 && verdict.party !== 'unknown';
  const sections: WhySection[] = [
    { title: 'Seen, hop by hop', plain: false, items: hops.map(hopItem) },
    {
      title: 'Ruled out, and by what',
      plain: false,
      items: ruledOut.map(({ causes, by }) => item(`${causes.join(', ')}: ${by}`)),
    },
    {
      title: 'Hidden until that is repaired',
      plain: true,
      items: hidden.length === 0 ? [] : [item(`${hidden.join(', ')}.`)],
    },
    { title: 'What remains', plain: false, items: remaining.map(remainingItem) },
    {
      title: 'What would settle it',
      plain: proven,
      items: proven ? [item('Nothing more: it is proven.')] : settle.map((text) => item(text)),
    },
    { title: 'What to do', plain: true, items: verdict.row === 'fine' ? [] : [item(verdict.action)] },
  ];
  return sections.filter(({ items }) => items.length > 0);
}
