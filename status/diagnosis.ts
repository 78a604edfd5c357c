// The diagnosis on a service's own page: the sentences of `demarc why`, word for word.
import type { Signal } from '../signals/signal.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { whyOf } from '../verdict/why.ts';
import { type WhyItem, type WhySection, whySections } from '../verdict/why-sections.ts';
import { clip, type Html, html } from './html.ts';

const MAX_TEXT = 600;

const STATE_WORDS = { ok: 'ok', bad: 'BAD', unknown: '?', masked: 'hidden' } as const;

function diagnosisItem({ hop, text, under }: WhyItem): Html {
  const about = hop === null ? null : html`<b>${STATE_WORDS[hop.state]} ${hop.word}</b> `;
  const reasons =
    under.length === 0 ? null : html`<ul>${under.map((reason) => html`<li>${clip(reason, MAX_TEXT)}</li>`)}</ul>`;
  return html`<li>${about}${clip(text, MAX_TEXT)}${reasons}</li>`;
}

function diagnosisSection({ title, items }: WhySection): Html {
  return html`<h4>${title}</h4><ul>${items.map(diagnosisItem)}</ul>`;
}

/** Nothing for what is fine or was never measured: then there is nothing to tell apart. */
export function diagnosis(verdict: Verdict, signals: readonly Signal[]): Html | null {
  const why = whyOf(verdict, signals);
  if (why.status !== 'failing') return null;
  return html`<details class="diagnosis"><summary>Diagnosis: what was ruled out, and what remains</summary>
${whySections(why).map(diagnosisSection)}</details>`;
}
