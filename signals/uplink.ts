// Is the uplink proven good, proven down, or neither? Judged by anchors nobody involved runs, on answers asked for after the trouble.
import net from 'node:net';
import type { State } from '../catalog/signals.ts';
import type { Timing } from '../catalog/timing.ts';
import type { Observation } from '../exporters/observation.ts';
import type { OperatedTarget, Plan } from '../map/plan-types.ts';
import { type BesideGatewayPast, createBesideGateway, NEVER_BESIDE } from './beside-gateway.ts';
import { createFlicker } from './flicker.ts';
import type { Tracks } from './tracks.ts';

export interface Uplink {
  /** To be told of every observation of an anchor, after the tracks. */
  note(observation: Observation): void;
  /** Every known anchor is hard BAD, and at least three operators are known. */
  down(): boolean;
  /**
   * 1: since `t0` at least two operators answered, nearly nothing failed, no noise was heard lately, and nothing came and went.
   * 0: down, or noisy.
   * `accused`: operators whose anchors may not testify. `over`: only those that are asked by this family may.
   */
  cleanSince(t0: number, accused: readonly string[], over?: Family): State;
  /**
   * Whether the line carries IPv6. 1: two operators answered over it since `t0`. 0: all anchors that ever did are silent, of two
   * operators or more, while two answer over IPv4; or they were so lately that what failed with them may not have been asked again.
   */
  ipv6(t0: number): State;
  /** Whether an anchor, not of the accused, was asked after `from` and before `to`, and answered. */
  answeredBetween(from: number, to: number, accused: readonly string[]): boolean;
  /** Whether an anchor, in its present silence and since `from`, was silent in the very seconds in which the gateway answered. */
  silentBesideGateway(from: number): boolean;
  /** When noise was last heard, Unix ms; -Infinity when never. */
  lastNoise(): number;
  /** Operators with an anchor that answered since `t0`. */
  operatorsSince(t0: number): number;
  /** One sentence of facts; about the anchors of one family where it is given. */
  evidence(over?: Family): string;
  /** What these anchors said lately, for the uplink of the next plan. */
  handOver(kept: ReadonlySet<string>): UplinkPast;
}

export interface UplinkPast {
  results: readonly Result[];
  /** Those that were answers; kept for as long as a control's failure counts. */
  answers: readonly Result[];
  besideGateway: BesideGatewayPast;
  lastNoise: number;
  /** When IPv6 was last seen lost, Unix ms; -Infinity when never. */
  lastWithoutIpv6: number;
}

export type Family = 4 | 6;

interface Result {
  target: string;
  operator: string;
  at: number;
  ok: boolean;
}

const OPERATORS_TO_BE_UP = 2;
const OPERATORS_TO_BE_DOWN = 3;
/** Enough results that a lossy line is not taken for a clean one (attribution notes: 10 samples pass with 0.09 at 35 % loss). */
const RESULTS_TO_BE_CLEAN = 6;
const FAILURES_ALLOWED = 0.1;

const NO_PAST: UplinkPast = {
  results: [],
  answers: [],
  besideGateway: NEVER_BESIDE,
  lastNoise: Number.NEGATIVE_INFINITY,
  lastWithoutIpv6: Number.NEGATIVE_INFINITY,
};

export function createUplink(
  plan: Plan,
  timing: Timing,
  tracks: Tracks,
  now: () => number,
  past: UplinkPast = NO_PAST,
): Uplink {
  const operatorOf = new Map(plan.anchors.map(({ target, operator }) => [target, operator]));
  const over6 = new Set(plan.targets.filter(({ settings }) => net.isIPv6(String(settings.host))).map(({ id }) => id));
  const isOver = ({ target }: { target: string }, family: Family): boolean => over6.has(target) === (family === 6);
  const flicker = createFlicker(plan, tracks);
  const keepMs = Math.max(timing.cleanWindowMs, timing.holdDownMs) * 2;
  const controls = plan.targets.filter(({ labels }) => labels.role === 'control');
  // Controls are asked rarely, and their silence is told from that of a dead line by who answered meanwhile.
  const answersMs =
    timing.staleIntervals * Math.max(timing.intervalMs, ...controls.map(({ intervalMs }) => intervalMs));
  const beside = createBesideGateway(plan, timing, tracks, past.besideGateway);
  let { results, answers, lastNoise, lastWithoutIpv6 } = past;

  /** Anchors that have not answered for long, or never (IPv6 on an IPv4 line), are no news: neither noise nor witnesses. */
  const rotten = (target: string): boolean => {
    const { state = -1, lastOk = null, lastResult = null } = tracks.meter(target, 'works') ?? {};
    const never = lastOk === null && lastResult !== null;
    const lost = over6.has(target) && isIpv6Lost();
    return (never || lost || (state === 0 && (lastOk ?? 0) < now() - keepMs)) && !down();
  };

  /** The line is judged by IPv4, which everything else needs; without IPv6 alone it goes on. */
  function isIpv6Lost(): boolean {
    if (over6.size === 0) return false;
    const operators = (family: Family, wanted: State): number =>
      new Set(
        known()
          .filter((one) => isOver(one, family) && tracks.state(one.target, 'works') === wanted)
          .filter(({ target }) => tracks.meter(target, 'works')?.lastOk !== null)
          .map(({ operator }) => operator),
      ).size;
    return operators(6, 0) >= OPERATORS_TO_BE_UP && operators(6, 1) === 0 && operators(4, 1) >= OPERATORS_TO_BE_UP;
  }

  const isIpv6JustBack = (): boolean => !isIpv6Lost() && now() - lastWithoutIpv6 < timing.holdDownMs;

  const known = (): OperatedTarget[] => plan.anchors.filter(({ target }) => tracks.state(target, 'works') !== -1);

  function down(): boolean {
    const states = known();
    const operators = new Set(states.map(({ operator }) => operator));
    return operators.size >= OPERATORS_TO_BE_DOWN && states.every(({ target }) => tracks.state(target, 'works') === 0);
  }

  function noteNoise(at: number): void {
    const failed = results.filter((one) => !one.ok && one.at >= at - timing.holdDownMs && !rotten(one.target));
    const operators = new Set(failed.map(({ operator }) => operator));
    if (operators.size >= 2 || down()) lastNoise = now();
  }

  return {
    note(observation) {
      beside.note(observation);
      const operator = operatorOf.get(observation.target);
      if (operator === undefined) {
        if (observation.target === plan.gateway && tracks.state(plan.gateway, 'works') === 0) lastNoise = now();
        return;
      }
      const at = observation.startedAt;
      const result = { target: observation.target, operator, at, ok: observation.ok };
      results = [...results.filter((one) => one.at >= at - keepMs), result];
      if (isIpv6Lost()) lastWithoutIpv6 = now();
      if (result.ok) answers = [...answers.filter((one) => one.at >= at - answersMs), result];
      else noteNoise(at);
    },
    down,
    cleanSince(t0, accused, over) {
      if (down() || now() - lastNoise < timing.holdDownMs) return 0;
      const since = Math.max(t0, now() - timing.cleanWindowMs);
      const asked = over === undefined ? results : results.filter((one) => isOver(one, over));
      const heard = asked.filter((one) => one.at > since && !accused.includes(one.operator) && !rotten(one.target));
      const failures = heard.filter(({ ok }) => !ok).length;
      const operators = new Set(heard.filter(({ ok }) => ok).map(({ operator }) => operator));
      const clean = failures <= Math.max(1, FAILURES_ALLOWED * heard.length);
      const proven = operators.size >= OPERATORS_TO_BE_UP && heard.length >= RESULTS_TO_BE_CLEAN && clean;
      return proven && !flicker.heard(now() - timing.cleanWindowMs, accused) ? 1 : -1;
    },
    ipv6(t0) {
      if (isIpv6Lost() || isIpv6JustBack()) return 0;
      const answered = results.filter((one) => one.ok && one.at > t0 && isOver(one, 6));
      return new Set(answered.map(({ operator }) => operator)).size >= OPERATORS_TO_BE_UP ? 1 : -1;
    },
    answeredBetween: (from, to, accused) =>
      answers.some(({ at, operator }) => at > from && at < to && !accused.includes(operator)),
    silentBesideGateway: beside.silentSince,
    lastNoise: () => lastNoise,
    operatorsSince: (t0) => new Set(results.filter(({ ok, at }) => ok && at > t0).map(({ operator }) => operator)).size,
    evidence(over) {
      const states = over === undefined ? known() : known().filter((one) => isOver(one, over));
      const answering = states.filter(({ target }) => tracks.state(target, 'works') === 1);
      const operators = new Set(answering.map(({ operator }) => operator));
      if (states.length === 0) return 'no anchor has been measured';
      const which = over === undefined ? '' : ` of IPv${over}`;
      const again = over === 6 && isIpv6JustBack() ? ' again, since a moment ago' : '';
      return `${answering.length} of ${states.length} anchors${which} answer${again}, of ${operators.size} operators`;
    },
    handOver(kept) {
      const lasting = ({ target }: Result): boolean => kept.has(target);
      return {
        results: results.filter(lasting),
        answers: answers.filter(lasting),
        besideGateway: beside.handOver(kept),
        lastNoise,
        lastWithoutIpv6,
      };
    },
  };
}
