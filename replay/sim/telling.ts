// What the table says about every service, at any instant, cheaply: the verdict is a function of the signals' states alone,
// so each combination of states is judged once.
import type { Confidence } from '../../catalog/parties.ts';
import type { Plan } from '../../map/plan-types.ts';
import type { Signal } from '../../signals/signal.ts';
import { judgeAll } from '../../verdict/explain.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { saidBy } from '../play.ts';
import type { Said } from '../result.ts';

export interface Told extends Said {
  service: string;
  confidence: Confidence;
  /** Ids of the rows reported beside the primary one. */
  concurrent: readonly string[];
}

/** Judges by the real table; verdicts are in the plan's order. */
export function createTeller(plan: Plan): (signals: readonly Signal[]) => readonly Told[] {
  const known = new Map<string, Told>();
  const services = plan.services.map(({ name }) => name);

  return (signals) => {
    const { site, own } = keysOf(signals);
    const keys = services.map((service) => `${service} ${site} ${own.get(service) ?? ''}`);
    if (keys.some((key) => !known.has(key))) {
      for (const [index, verdict] of judgeAll(signals, plan).entries()) {
        const key = keys[index] ?? '';
        // The first one stays, so that equal verdicts are the same object.
        if (!known.has(key)) known.set(key, toldBy(verdict));
      }
    }
    return keys.flatMap((key) => known.get(key) ?? []);
  };
}

function toldBy(verdict: Verdict): Told {
  const { service, confidence, concurrent } = verdict;
  return { ...saidBy(verdict), service, confidence, concurrent: concurrent.map(({ row }) => row) };
}

const LETTER = { 1: '+', 0: '-', [-1]: '?' } as const;

function keysOf(signals: readonly Signal[]): { site: string; own: Map<string, string> } {
  const own = new Map<string, string>();
  for (const { service, state } of signals) own.set(service, (own.get(service) ?? '') + LETTER[state]);
  return { site: own.get('') ?? '', own };
}
