// The verdict in process, written down beside a play that somebody else judges, so that one play proves two engines.
import { saidBy } from './play.ts';
import type { Moment, Said } from './result.ts';
import type { Stage } from './stage.ts';

/** Writes down what the exporter says itself, whenever the rules are asked. */
export function listenBeside({ monitor }: Stage): { note(): void; timeline(started: number): Moment[] } {
  const heard: { wall: number; service: string; verdict: Said }[] = [];
  const last = new Map<string, string>();
  return {
    note() {
      for (const verdict of monitor.verdicts()) {
        if (last.get(verdict.service) === verdict.row) continue;
        last.set(verdict.service, verdict.row);
        heard.push({ wall: Date.now(), service: verdict.service, verdict: saidBy(verdict) });
      }
    },
    timeline(started) {
      const before = new Map(heard.filter(({ wall }) => wall <= started).map((one) => [one.service, one]));
      const after = heard.filter(({ wall }) => wall > started);
      return [
        ...[...before.values()].map(({ service, verdict }) => ({ at: 0, service, verdict })),
        ...after.map(({ wall, service, verdict }) => ({ at: wall - started, service, verdict })),
      ];
    },
  };
}
