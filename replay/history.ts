// What demarc remembers when a scenario starts it in the middle of things: the exporter's own state file, written beforehand.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Lab } from '../lab/lab.ts';
import type { Scenario, ScenarioStep } from '../lab/scenario.ts';
import type { Remembered } from '../lab/scenario-file.ts';
import type { Plan } from '../map/plan-types.ts';
import { fileMemory, type Memory } from '../signals/memory.ts';

/** By question, when it was last seen OK: Unix milliseconds, as the state file has it. */
export function rememberedBy(history: readonly Remembered[], plan: Plan, now: number): Record<string, number> {
  const entries = history.flatMap(({ vendor, component, control, seenOk }) => {
    const own = plan.controls.filter((one) => one.vendor === vendor && one.component === component);
    const meant = control === undefined ? own : own.slice(control, control + 1);
    return meant.map(({ target }): [string, number] => [`${target}#works`, now - seenOk]);
  });
  return Object.fromEntries(entries);
}

export interface KeptState {
  /** Where the file is. */
  folder: string;
  memory: Memory;
  /** Takes the file away. */
  forget(): Promise<void>;
}

/** A state file as an exporter that was stopped a moment ago would have left it. */
export async function stateLeft(history: readonly Remembered[], plan: Plan): Promise<KeptState> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-state-'));
  const memory = fileMemory(folder, Date.now, (message) => {
    throw new Error(message);
  });
  memory.save({ lastOk: rememberedBy(history, plan, Date.now()), results: [] });
  return { folder, memory, forget: () => rm(folder, { recursive: true, force: true }) };
}

type Past = Pick<Scenario, 'history' | 'timeline'>;

/** Steps that lie before the start of demarc: only a scenario with a history has some. */
export function stepsBefore({ history, timeline }: Past): Extract<ScenarioStep, { break: unknown }>[] {
  return history === null ? [] : timeline.flatMap((step) => ('break' in step && step.atMs === 0 ? [step] : []));
}

/** Breaks what is broken before the start; the ids of what can be healed by name. */
export async function breakBefore(past: Past, lab: Lab): Promise<Map<string, string>> {
  const broken = new Map<string, string>();
  for (const step of stepsBefore(past)) {
    const { id } = await lab.inject(step.break);
    if (step.as !== null) broken.set(step.as, id);
  }
  return broken;
}
