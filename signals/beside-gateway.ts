// Whose silence it is when no anchor answers: the gateway, asked in the very seconds in which one of them was waited for, tells.
// An answer before or after them does not: a LAN that comes and goes lets the gateway answer between two silences.
import type { Timing } from '../catalog/timing.ts';
import type { Observation } from '../exporters/observation.ts';
import type { Plan } from '../map/plan-types.ts';
import type { Tracks } from './tracks.ts';

export interface BesideGateway {
  /** To be told of every observation, after the tracks. */
  note(observation: Observation): void;
  /** Whether an anchor, in its present silence and since `from`, was silent while the gateway answered. */
  silentSince(from: number): boolean;
  handOver(kept: ReadonlySet<string>): BesideGatewayPast;
}

export interface BesideGatewayPast {
  /** By anchor: when the newest wait began in which the gateway answered, Unix ms. */
  waits: ReadonlyMap<string, number>;
}

export const NEVER_BESIDE: BesideGatewayPast = { waits: new Map() };

export function createBesideGateway(
  { anchors, gateway }: Plan,
  { timeoutMs }: Timing,
  tracks: Tracks,
  past: BesideGatewayPast,
): BesideGateway {
  const isAnchor = new Set(anchors.map(({ target }) => target));
  const waits = new Map(past.waits);
  /** Of the last few seconds alone. */
  let unanswered: { target: string; at: number }[] = [];
  let answers: number[] = [];

  function match(): void {
    for (const { target, at } of unanswered) {
      if (answers.some((one) => one >= at && one <= at + timeoutMs)) waits.set(target, at);
    }
  }

  return {
    note({ target, startedAt: at, ok }) {
      const isGateway = target === gateway;
      if (isGateway ? !ok : ok || !isAnchor.has(target)) return;
      const isRecent = (one: number): boolean => one >= at - 2 * timeoutMs;
      answers = answers.filter(isRecent);
      unanswered = unanswered.filter((one) => isRecent(one.at));
      if (isGateway) answers.push(at);
      else unanswered.push({ target, at });
      match();
    },
    silentSince: (from) =>
      [...waits].some(
        ([target, at]) => at >= from && at >= (tracks.meter(target, 'works')?.badSince ?? Number.POSITIVE_INFINITY),
      ),
    handOver: (kept) => ({ waits: new Map([...waits].filter(([target]) => kept.has(target))) }),
  };
}
