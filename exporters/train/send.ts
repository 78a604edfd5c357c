// A train of DNS questions over one socket: each sent once, at its time, and known again by its number.
import { converse } from '../datagrams.ts';
import type { Endpoint } from '../dns/endpoint.ts';
import { answers, type Query, writeQuery } from '../dns/question.ts';
import type { ProbeContext } from '../probe.ts';

interface Train {
  name: string;
  count: number;
  gapMs: number;
}

/** An answer later than this is as good as lost to who waits for it. */
const LATE_MS = 1_000;

/**
 * Round trips in the order the questions left, milliseconds; null for what did not come back within a second. What has not had
 * that second at the deadline is left out. Rejects where the kernel says that nobody is there.
 */
export function sendTrain(
  server: Endpoint,
  { name, count, gapMs }: Train,
  context: Pick<ProbeContext, 'signal' | 'clock'>,
): Promise<(number | null)[]> {
  const { clock } = context;
  const queries = distinctQueries(name, count);
  const leftAt = new Map<Query, number>();
  const trips = new Map<Query, number>();
  /** Counts what came back, and as lost what left before `due` and did not. */
  const counted = (due: number): (number | null)[] =>
    [...leftAt].filter(([query, left]) => trips.has(query) || left <= due).map(([query]) => trips.get(query) ?? null);
  return converse(server, context, {
    begin(talk) {
      for (const [index, query] of queries.entries()) {
        talk.after(index * gapMs, () => {
          leftAt.set(query, clock.monotonic());
          talk.send(query.bytes);
          if (leftAt.size === count) talk.after(LATE_MS, () => talk.settle(counted(clock.monotonic())));
        });
      }
    },
    hear(message, talk) {
      const query = queries.find((one) => answers(one, message));
      const left = query === undefined ? undefined : leftAt.get(query);
      // An answer that comes twice came once.
      if (query === undefined || left === undefined || trips.has(query)) return query !== undefined;
      trips.set(query, clock.monotonic() - left);
      if (trips.size === count) talk.settle(counted(left));
      return true;
    },
    cutShort: () => counted(clock.monotonic() - LATE_MS),
  });
}

/** Questions for one thing whose numbers differ, so that every answer has one question. */
function distinctQueries(name: string, count: number): Query[] {
  const byId = new Map<number, Query>();
  while (byId.size < count) {
    const query = writeQuery({ name, type: 'A', recursion: true }, { edns: false, cacheable: false });
    byId.set(query.bytes.readUInt16BE(0), query);
  }
  return [...byId.values()];
}
