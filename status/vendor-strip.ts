// What the watched vendors' own hosts answered last. Advice at a glance: one look each, never part of a verdict.
import type { ControlBinding, Plan } from '../map/plan-types.ts';
import type { Monitor } from '../verdict/monitor-types.ts';
import { type Html, html } from './html.ts';

/** A result older than this many intervals says nothing any more. */
const FRESH_INTERVALS = 3;

export interface VendorChip {
  vendor: string;
  title: string;
  component: string;
  state: 'ok' | 'bad' | 'unknown';
  text: string;
  statusPage: string | null;
}

function outcomeOf(monitor: Monitor, plan: Plan, target: string, now: number): boolean | null {
  const observation = monitor.observation(target);
  const intervalMs = plan.targets.find((candidate) => candidate.id === target)?.intervalMs ?? 0;
  const fresh = observation !== undefined && now - observation.startedAt <= FRESH_INTERVALS * intervalMs;
  return fresh ? observation.ok : null;
}

/** A failing control means nothing while the uplink is in doubt: it is then unknown, as silence is. */
function describe(outcomes: readonly (boolean | null)[], uplinkOk: boolean): Pick<VendorChip, 'state' | 'text'> {
  const failed = outcomes.filter((ok) => ok === false).length;
  if (failed > 0 && !uplinkOk) return { state: 'unknown', text: 'not judged' };
  if (failed > 0)
    return { state: 'bad', text: failed === outcomes.length ? 'failing' : `${failed} of ${outcomes.length} failing` };
  return outcomes.includes(true) ? { state: 'ok', text: 'answers' } : { state: 'unknown', text: 'no data' };
}

function byComponent(controls: readonly ControlBinding[]): ControlBinding[][] {
  const groups = new Map<string, ControlBinding[]>();
  for (const control of controls) {
    const key = `${control.vendor} ${control.component}`;
    groups.set(key, [...(groups.get(key) ?? []), control]);
  }
  return [...groups.values()];
}

/** One chip for each component that has controls, troubled ones first. */
export function vendorChips(monitor: Monitor, now: number): VendorChip[] {
  const plan = monitor.plan();
  const uplinkOk = monitor.signals().some((signal) => signal.name === 'uplink' && signal.state === 1);
  const chips = byComponent(plan.controls).flatMap((controls): VendorChip[] => {
    const [first] = controls;
    if (first === undefined) return [];
    const vendor = plan.vendors.get(first.vendor);
    const outcomes = controls.map((control) => outcomeOf(monitor, plan, control.target, now));
    return [
      {
        vendor: first.vendor,
        title: vendor?.title ?? first.vendor,
        component: vendor?.components[first.component]?.title ?? first.component,
        statusPage: vendor?.statusPage ?? null,
        ...describe(outcomes, uplinkOk),
      },
    ];
  });
  return chips.sort((a, b) => Number(a.state !== 'bad') - Number(b.state !== 'bad'));
}

function chipItem({ vendor, title, component, state, text }: VendorChip): Html {
  const name = html`<a href="/vendor/${encodeURIComponent(vendor)}">${title}</a>`;
  return html`<li class="chip ${state}"><span class="mark" aria-hidden="true"></span>
<span><b>${name}</b> ${component}</span><small>${text}</small></li>`;
}

/** The strip, or nothing when no vendor is watched. */
export function vendorStrip(chips: readonly VendorChip[]): Html | null {
  if (chips.length === 0) return null;
  return html`<section class="vendors" aria-labelledby="vendors-title">
<h2 id="vendors-title">Vendors, seen from here</h2>
<p class="quiet">One look at each vendor's own hosts. It helps your eyes; it decides nothing.</p>
<ul class="chips" role="list">${chips.map(chipItem)}</ul>
</section>`;
}
