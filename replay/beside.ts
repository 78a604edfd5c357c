// The verdict in process, written down beside a play that somebody else judges, so that one play proves two engines.
import { saidBy } from './play.ts';
import { brokenIn, type Moment, type VendorMoment } from './result.ts';
import { keyOf, vendorSaidBy } from './score-vendors.ts';
import type { Stage } from './stage.ts';

interface Heard<T> {
  wall: number;
  who: string;
  said: T;
}

export interface Beside {
  /** All of it, in the time of the play that began at this wall time. */
  moments(started: number): Moment[];
  vendors(started: number): VendorMoment[];
  /** Ends the writing. */
  stop(): void;
}

/** Writes down what the exporter says itself, from now on and whenever it changes. */
export function listenBeside({ monitor }: Stage): Beside {
  const services = changes(() => monitor.verdicts().map((one) => [one.service, one] as const), saidBy);
  const vendors = changes(() => monitor.vendors().map((one) => [keyOf(one), one] as const), vendorSaidBy);
  const note = (): void => {
    services.note();
    vendors.note();
  };
  note();
  return {
    stop: monitor.onChange(note),
    moments: (started) =>
      services
        .since(started)
        .map(({ at, who, said }) => ({ at, service: who, verdict: saidBy(said), broken: brokenIn(said) })),
    vendors: (started) =>
      vendors.since(started).map(({ at, who, said }) => ({ at, component: who, said: vendorSaidBy(said) })),
  };
}

/** `matters`: the part whose change is one. */
function changes<T>(say: () => readonly (readonly [who: string, said: T])[], matters: (said: T) => unknown) {
  const heard: Heard<T>[] = [];
  const last = new Map<string, string>();
  return {
    note(): void {
      for (const [who, said] of say()) {
        const key = JSON.stringify(matters(said));
        if (last.get(who) === key) continue;
        last.set(who, key);
        heard.push({ wall: Date.now(), who, said });
      }
    },
    /** What was said at that moment, and every change after it. */
    since(started: number): { at: number; who: string; said: T }[] {
      const before = new Map(heard.filter(({ wall }) => wall <= started).map((one) => [one.who, one]));
      const after = heard.filter(({ wall }) => wall > started);
      return [
        ...[...before.values()].map(({ who, said }) => ({ at: 0, who, said })),
        ...after.map(({ wall, who, said }) => ({ at: wall - started, who, said })),
      ];
    },
  };
}
