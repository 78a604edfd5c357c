// Plays that break those who watch: who is not heard says nothing wrong, and must fall silent when it cannot see.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { FAULT_KINDS } from '../../lab/faults.ts';
import { builtInScenarios, type Scenario } from '../../lab/scenario.ts';
import { watcherHitBy } from '../../lab/watchers.ts';
import type { Notified } from '../../replay/inbox.ts';
import { expectedCauses, toldIn } from '../../replay/notifications.ts';
import { saidBlind } from '../../replay/pipeline.ts';
import { type Moment, SILENT } from '../../replay/result.ts';
import { score } from '../../replay/score.ts';
import { disagreements } from '../../replay/sequence.ts';
import { isStarvedUnasked } from '../../replay/stalls.ts';

function scenarioNamed(id: string): Scenario {
  const found = builtInScenarios().find((scenario) => scenario.id === id);
  if (found === undefined) throw new Error(`no scenario ${id}`);
  return found;
}

const FINE = { ...SILENT, party: 'none', cause: 'no failure', row: 'fine' } as const;
const FAILING = { ...SILENT, party: 'vendor', vendor: 'cloudflare', component: 'edge', row: 'edge_failing' } as const;

const said = (at: number, verdict: Moment['verdict']): Moment => ({ at, service: 'blog', verdict });

describe('rules that are cut off', () => {
  const gap = scenarioNamed('scrape-gap');
  const shop: Moment = { at: 0, service: 'shop', verdict: FINE };
  const after = said(55_000, FAILING);

  it('are right to fall silent, whatever they said last', () => {
    const timeline = [said(0, FINE), shop, said(9_000, SILENT), { ...shop, at: 9_000, verdict: SILENT }, after];
    expect(saidBlind(gap, timeline)).toEqual([]);
    const { passed } = score(gap, 'prometheus', [...timeline, { ...shop, at: 55_000 }], []);
    expect(passed).toBe(true);
  });

  it('are found out when they go on', () => {
    expect(saidBlind(gap, [said(0, FINE), after])).toEqual(['blog at 0 ms: fine']);
    expect(saidBlind(gap, [said(0, SILENT), said(30_000, FAILING)])).toEqual(['blog at 30000 ms: edge_failing']);
  });

  it('agree with whoever went on meanwhile', () => {
    const heard = [said(0, FINE), said(9_000, SILENT), said(55_000, FAILING)];
    expect(disagreements([said(0, FINE), said(25_000, FAILING)], heard, gap.endMs)).toEqual([]);
    expect(disagreements([said(0, FINE)], heard, gap.endMs)).toHaveLength(1);
  });
});

describe('messages', () => {
  const labels = { vendor: 'cloudflare', service: 'blog', row: 'edge_failing' };
  const told = (status: Notified['status'], at: number): Notified => ({
    at,
    startedAt: at,
    receiver: 'vendor',
    group: 'vendor',
    status,
    labels,
    annotations: {},
  });
  const twice = [told('firing', 20_000), told('resolved', 70_000), told('firing', 80_000), told('resolved', 130_000)];

  it('of the same outage after its end are told by a restart of Prometheus, and must not be', () => {
    const restart = scenarioNamed('prometheus-restart');
    expect(toldIn(restart, twice).recurred).toEqual(['vendor cloudflare']);
    expect(toldIn(restart, [told('firing', 20_000), told('resolved', 130_000)]).recurred).toEqual([]);
    expect(toldIn(scenarioNamed('prober-killed'), twice).recurred).toEqual([]);
  });

  it('of missing data are due where it is missing for long', () => {
    expect(expectedCauses(scenarioNamed('machine-out-of-files'))).toEqual(['unknown', 'vendor cloudflare']);
    expect(expectedCauses(scenarioNamed('machine-starved'))).toEqual(['vendor cloudflare']);
  });
});

it('what befalls those who watch is shown to curl, of every kind', () => {
  const shown = readFileSync(projectFile('test/replay/watchers.clients.prometheus.e2e.ts'), 'utf8');
  const rows = [...shown.matchAll(/^ {2}\['(\w+)', \{/gm)].map(([, kind]) => kind);
  expect(rows.sort()).toEqual(FAULT_KINDS.filter((kind) => watcherHitBy(kind) !== null).sort());
});

it('a prober is starved against the plan only where nobody starves it', () => {
  const starved = [said(0, FINE), said(9_000, { ...SILENT, row: 'prober_starved' })];
  expect(isStarvedUnasked(scenarioNamed('origin-refused'), starved)).toBe(true);
  expect(isStarvedUnasked(scenarioNamed('origin-refused'), starved.slice(0, 1))).toBe(false);
  expect(isStarvedUnasked(scenarioNamed('machine-starved'), starved)).toBe(false);
});
