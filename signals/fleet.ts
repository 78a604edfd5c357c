// Whether many hosts were lost at once, and what the lost have in common that the others have not.
import type { State } from '../catalog/signals.ts';
import type { HostBinding } from '../map/plan-types.ts';
import type { GuardSources } from './guard.ts';
import { bare, type Reading } from './readings.ts';

const FEWEST_LOST = 3;
const SHARE_LOST = 0.3;
/** Losses further apart have causes of their own. */
const TOGETHER_MS = 600_000;
/** Of the hosts that live, so many may have what all the lost share. */
const SHARE_LIVING = 0.1;
/** How improbable it must be that chance chose the lost among those who have it. */
const CHANCE = 0.01;

interface Look {
  host: HostBinding;
  state: State;
  /** Start of its silence. */
  lostAt: number;
}

/** BAD: many were lost within minutes, and the gateway is there. OK: no such loss. */
export function readFleet(sources: GuardSources): Reading {
  const { plan, tracks } = sources;
  const looks = plan.fleet.map((host) => lookAt(host, sources));
  const lost = looks.filter(({ state }) => state === 0);
  const living = looks.filter(({ state }) => state === 1);
  if (lost.length + living.length === 0) return bare(-1);
  const told = `${lost.length} of ${looks.length} hosts are silent`;
  const newest = Math.max(...lost.map(({ lostAt }) => lostAt));
  const together = lost.filter(({ lostAt }) => newest - lostAt <= TOGETHER_MS);
  if (together.length < Math.max(FEWEST_LOST, SHARE_LOST * looks.length)) return bare(1, told);
  // Where the gateway is silent too it is the network of this machine that was lost.
  if (tracks.state(plan.gateway, 'works') === 0) return bare(-1, `${told}, and so is the gateway`);
  const shared = commonAttributes(together, living);
  const what = shared.length === 0 ? 'nothing tells them from the others' : `all have ${shared.join(' and ')}`;
  return { ...bare(0, `${told}; ${what}`), since: Math.min(...together.map(({ lostAt }) => lostAt)) };
}

/** Lost when all it is asked by is silent; a host that answers one question lives. */
function lookAt(host: HostBinding, { tracks }: GuardSources): Look {
  const states = host.targets.map((target) => tracks.state(target, 'works'));
  const state: State = states.includes(1) ? 1 : states.length > 0 && states.every((one) => one === 0) ? 0 : -1;
  const starts = host.targets.flatMap((target) => tracks.meter(target, 'works')?.firstBad ?? []);
  return { host, state, lostAt: Math.max(0, ...starts) };
}

/** `os=windows`: what all the lost have, nearly none of the living, and not by chance (Fisher's exact test, one-sided). */
function commonAttributes(lost: readonly Look[], living: readonly Look[]): string[] {
  const labels = Object.entries(lost[0]?.host.labels ?? {});
  return labels
    .filter(([key, value]) => lost.every(({ host }) => host.labels[key] === value))
    .filter(([key, value]) => {
      const having = living.filter(({ host }) => host.labels[key] === value).length;
      if (having > SHARE_LIVING * living.length) return false;
      return chanceOf(lost.length, lost.length + having, lost.length + living.length) < CHANCE;
    })
    .map(([key, value]) => `${key}=${value}`);
}

/** That `lost` out of `all`, drawn by lot, are all among the `having`. */
function chanceOf(lost: number, having: number, all: number): number {
  let chance = 1;
  for (let drawn = 0; drawn < lost; drawn += 1) chance *= (having - drawn) / (all - drawn);
  return chance;
}
