// The decision table in words, for pages people read. What the words stand for is the table's and the catalogue's.
import type { Party } from '../catalog/parties.ts';
import { signalFact } from '../catalog/signals.ts';
import { type Conjunct, isGuarded } from '../verdict/conjuncts.ts';
import type { Demand, Row } from '../verdict/row.ts';

/** Whose failure it is, as the first thing a page says. */
export const PARTY_WORDS: Readonly<Record<Party, string>> = {
  none: 'Nobody has failed',
  own: 'Yours to repair',
  isp: 'Your ISP has failed',
  vendor: 'The vendor has failed, not you',
  registrar: 'The registrar has failed, not you',
  registry: 'The registry has failed, not you',
  ca: 'The certificate authority has failed, not you',
  unknown: 'Nobody is proven guilty',
};

export const DEMAND_WORDS: Readonly<Record<Demand, string>> = {
  ok: 'is OK',
  bad: 'is BAD',
  unknown: 'is UNKNOWN',
  not_ok: 'is not OK',
  not_bad: 'is not BAD',
};

/** What a demand makes of the sentence that tells when a signal is OK. */
const SENSE: Readonly<Record<Demand, string>> = {
  ok: '',
  bad: 'Not so: ',
  unknown: 'Not known: ',
  not_ok: 'Not proven: ',
  not_bad: 'Not refuted: ',
};

/** The table's texts name the service and the vendor by placeholders; a page speaks of any. */
export function spoken(text: string): string {
  return text
    .replaceAll('{service}', 'the service')
    .replaceAll('{vendor}', 'the vendor')
    .replaceAll('{component}', 'component')
    .replace(/^./, (first) => first.toUpperCase());
}

export function titleOf(row: Row): string {
  return spoken(row.cause);
}

/** What a demand on a signal means, made of the sentence that explains the signal. */
function meaningOf(help: string, demand: Demand): string {
  // Some texts begin with what OK or BAD stands for; then the part that is demanded is enough.
  const parts = /^(OK|BAD): /.test(help) ? [...help.matchAll(/(OK|BAD): (.*?)(?= (?:OK|BAD): |$)/g)] : [];
  const asked = parts.find(([, state]) => state === demand.toUpperCase())?.[2];
  if (asked !== undefined) return spoken(asked);
  return /\b(OK|BAD): /.test(help) ? help : `${SENSE[demand]}${help}`;
}

/** `signal` is BAD, and what that means. */
export function conditionText({ signal, demand }: Conjunct): string {
  return `\`${signal}\` ${DEMAND_WORDS[demand]}. ${meaningOf(signalFact(signal).help, demand)}`;
}

/** Why a row that names somebody else needs more than its symptom; null for the others. */
export function guardText(row: Row): string | null {
  if (!isGuarded(row)) return null;
  return (
    `The last three are the guard of the layer \`${row.layer}\`. No row that names somebody else can be written ` +
    'without it. Where one of the three is not proven, demarc only suspects.'
  );
}
