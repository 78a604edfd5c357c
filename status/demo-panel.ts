// The demo's "break something" panel. Its buttons need the page's script, so they come disabled until it runs.
import type { ActiveDemoFault, Demo, DemoFault } from './demo.ts';
import { type Html, html } from './html.ts';
import { durationText } from './time-text.ts';

function sameFault(a: DemoFault, b: DemoFault): boolean {
  return a.kind === b.kind && a.target === b.target && (a.rate ?? 1) === (b.rate ?? 1);
}

function labelOf(fault: ActiveDemoFault, demo: Demo): string {
  const offer = demo.offers.find((candidate) => sameFault(candidate.fault, fault));
  return offer?.label ?? [fault.kind, fault.target ?? ''].join(' ').trim();
}

function activeItem(fault: ActiveDemoFault, demo: Demo, now: number): Html {
  const label = labelOf(fault, demo);
  return html`<li><span><b>${label}</b> <small class="age">for ${durationText(now - fault.since)}</small></span>
<button type="button" class="heal" data-heal="${fault.id}" aria-label="Heal: ${label}" disabled>Heal</button></li>`;
}

function activeList(demo: Demo, now: number): Html {
  const faults = demo.faults();
  if (faults.length === 0) return html`<p class="quiet">Nothing is broken on purpose right now.</p>`;
  return html`<h3>Broken on purpose</h3>
<ul class="faults" role="list">${faults.map((fault) => activeItem(fault, demo, now))}</ul>
<button type="button" class="heal-all" data-heal="" disabled>Heal all</button>`;
}

export function demoPanel(demo: Demo, now: number): Html {
  const faults = demo.faults();
  const offers = demo.offers.map(({ fault, label, hint }) => {
    const active = faults.some((candidate) => sameFault(candidate, fault));
    const state = active ? html` data-active` : null;
    return html`<li><button type="button" class="offer" data-fault="${JSON.stringify(fault)}"${state} disabled>
<b>${label}</b><small>${active ? 'broken now' : hint}</small></button></li>`;
  });
  const games =
    demo.gamesAt === undefined
      ? null
      : html`<p><a href="${demo.gamesAt}">Game day: watch a real outage being played</a></p>
`;
  return html`<aside class="demo" aria-labelledby="demo-title">
<h2 id="demo-title">Break something</h2>
<p class="quiet">This is a simulated homelab on loopback: nothing real is touched. demarc only sees what its probes see,
so give it a few seconds.</p>
${games}<noscript><p class="quiet">The buttons need JavaScript; <code>/demo/faults</code> does not.</p></noscript>
<div class="active">${activeList(demo, now)}</div>
<ul class="offers" role="list">${offers}</ul>
</aside>`;
}
