// What is broken in the simulated world right now, and what that does to its places. The lab's own rules where it has them.
import type { Clock } from '../../exporters/clock.ts';
import { atAge, isRestless, SLOT_MS } from '../../lab/ageing.ts';
import { tunnelConnectable, wantedState } from '../../lab/fault-effects.ts';
import type { KnownFault } from '../../lab/faults.ts';
import type { Outlet, OutletState } from '../../lab/outlet.ts';
import { isMeant, type Met } from '../../lab/scope.ts';
import type { Random } from './chance.ts';
import { isLabFault, type SimFault } from './sim-faults.ts';

export interface Condition {
  break(fault: SimFault): void;
  /** Ends this very fault. */
  heal(fault: SimFault): void;
  /** Such a fault as it is at this instant: grown so far, and absent in its pauses. */
  active(kind: SimFault['kind'], target?: string, met?: Met): SimFault | undefined;
  /** Whether this request is hit: true for the fault's share of the calls. */
  strikes(kind: SimFault['kind'], target?: string, met?: Met): boolean;
  state(place: Outlet): OutletState;
  /** Whether the tunnel daemon holds a connection. */
  tunnelUp(): boolean;
}

export interface ConditionOptions {
  places: readonly Outlet[];
  clock: Clock;
  random: Random;
  /** How long the daemon takes to notice that it lost its connections, and to have them back. */
  noticeMs(): number;
  reconnectMs(): number;
}

interface Begun {
  fault: SimFault;
  at: number;
}

/** Loss is a matter of packets here, so a lossy line leaves the places alone. */
const isOfPlaces = (fault: SimFault): fault is KnownFault => isLabFault(fault) && fault.kind !== 'uplink_loss';

const isAgeing = (fault: SimFault): boolean => fault.rampMs > 0 || (isOfPlaces(fault) && isRestless(fault));

export function createCondition(options: ConditionOptions): Condition {
  const { places, clock, random } = options;
  const begun: Begun[] = [];
  let present: SimFault[] = [];
  const states = new Map<Outlet, OutletState>();
  const tunnel = { up: true, goal: true, cancel: (): void => undefined };
  const controls = places.filter(({ role }) => role === 'edge_control');
  const firstControls = new Set(
    controls.filter((place) => controls.find(({ owner }) => owner === place.owner) === place),
  );

  const active: Condition['active'] = (kind, target, met) =>
    present.find((fault) => fault.kind === kind && isMeant(fault, target, met));

  function changed(): void {
    states.clear();
    present = begun.flatMap(({ fault, at }) =>
      isLabFault(fault) ? (atAge(fault, clock.monotonic() - at) ?? []) : fault,
    );
    updateTunnel();
  }

  function updateTunnel(): void {
    if (active('tunnel_daemon_dead') !== undefined) tunnel.up = false;
    const goal = tunnelConnectable(present.filter(isLabFault));
    if (goal === tunnel.goal) return;
    tunnel.goal = goal;
    tunnel.cancel();
    tunnel.cancel = clock.after(goal ? options.reconnectMs() : options.noticeMs(), () => {
      tunnel.up = goal;
    });
  }

  /** Faults that change by themselves are looked at again every second. */
  function age(one: Begun): void {
    if (!begun.includes(one)) return;
    changed();
    clock.after(SLOT_MS, () => age(one));
  }

  function stateOf(place: Outlet): OutletState {
    const { owner } = place;
    if (firstControls.has(place) && active('control_down', owner) !== undefined) return 'silent';
    return wantedState(place, present.filter(isOfPlaces), random);
  }

  return {
    break(fault) {
      const one = { fault, at: clock.monotonic() };
      begun.push(one);
      if (isAgeing(fault)) age(one);
      else changed();
    },
    heal(fault) {
      const place = begun.findIndex((one) => one.fault === fault);
      if (place === -1) throw new Error(`${fault.kind} is not active`);
      begun.splice(place, 1);
      changed();
    },
    active,
    strikes(kind, target, met) {
      const fault = active(kind, target, met);
      return fault !== undefined && random() < fault.rate;
    },
    state(place) {
      const known = states.get(place);
      if (known !== undefined) return known;
      const state = stateOf(place);
      states.set(place, state);
      return state;
    },
    tunnelUp: () => tunnel.up,
  };
}
