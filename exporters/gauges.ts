// Gauges as lines of the page Prometheus reads, written a few at a time: prom-client holds the event loop for all of them,
// and calls a gauge without labels 0 before it was ever set. Counters stay with it: they are few.
import { setImmediate as othersTurn } from 'node:timers/promises';
import { type MetricFact, TARGET_LABELS } from '../catalog/metric-fact.ts';
import type { MetricName, Sample } from '../catalog/metrics.ts';

export type LabelValues = Readonly<Record<string, string>>;

export interface Gauges {
  set(metric: MetricName, value: number, labels: LabelValues): void;
  /** Series of one target, whose labels all of them have and hold once. */
  tell(target: Readonly<Record<TargetLabel, string>>, samples: readonly Sample[]): void;
  clear(): void;
  /**
   * The exposition text as of now, in UTF-8, `site` a label of every series, and `rest` after it. Rejects when a label is not the
   * catalogue's.
   */
  render(site: string, rest: Promise<string>): Promise<Buffer>;
}

type TargetLabel = (typeof TARGET_LABELS)[number];

interface Told {
  /** The labels of the target it is about, as text. Empty: of no target, or they are among the labels. */
  target: string;
  labels: LabelValues;
  value: number;
}

interface Family {
  name: string;
  head: string;
  labels: readonly string[];
  /** Whether its labels begin with those of a target. */
  isOfTargets: boolean;
  told: Told[];
}

const NONE: LabelValues = {};

/** Lines written before others get their turn: a few milliseconds. */
const LINES_AT_ONCE = 1_000;

/** A page may become longer by this part of it before it has to be moved. */
const ROOM_TO_GROW = 16;

export function createGauges(facts: ReadonlyMap<MetricName, MetricFact>): Gauges {
  const families = new Map<MetricName, Family>();
  for (const [name, { type, help, labels }] of facts) {
    const head = `# HELP ${name} ${help.replace(/[\\\n]/g, escaped)}\n# TYPE ${name} gauge\n`;
    const isOfTargets = TARGET_LABELS.every((label, index) => label === labels[index]);
    if (type === 'gauge') families.set(name, { name, head, labels, isOfTargets, told: [] });
  }
  /** Bytes the next page will about need. */
  let room = 0;
  return {
    set: (metric, value, labels) => void families.get(metric)?.told.push({ target: '', labels, value }),
    tell(labels, samples) {
      // Joined, since a text that is added to keeps all of its pieces.
      const target = TARGET_LABELS.map((label) => pair(label, labels[label])).join('');
      for (const { metric, value, labels: own = NONE } of samples) {
        const family = families.get(metric);
        if (family?.isOfTargets === false) throw new Error(`${metric} is of no target`);
        // A label of its own may stand in place of the target's: a status page speaks of many components.
        const replaces = TARGET_LABELS.some((label) => own[label] !== undefined);
        family?.told.push(
          replaces ? { target: '', labels: { ...labels, ...own }, value } : { target, labels: own, value },
        );
      }
    },
    clear() {
      // New lists: the old ones may still be being written.
      for (const family of families.values()) family.told = [];
    },
    async render(site, rest) {
      const present = [...families.values()].map((family) => ({ ...family, told: [...family.told] }));
      const page = await writePage(present, `site="${escapeLabel(site)}"} `, rest, room);
      room = page.length + page.length / ROOM_TO_GROW;
      return page;
    },
  };
}

/** What was told last counts: one line for each series. */
async function valuesOf(family: Family): Promise<Map<string, number>> {
  const values = new Map<string, number>();
  let read = 0;
  const own = family.labels.slice(TARGET_LABELS.length);
  for (const { target, labels, value } of family.told) {
    values.set(target + labelText(family.name, target === '' ? family.labels : own, labels), value);
    read += 1;
    if (read % LINES_AT_ONCE === 0) await othersTurn();
  }
  return values;
}

/**
 * As bytes while it grows: a text of megabytes would have to be turned into them all at once. They are written where they stay,
 * since what many pieces leave behind is memory the process does not give back.
 */
async function writePage(
  families: readonly Family[],
  end: string,
  rest: Promise<string>,
  room: number,
): Promise<Buffer> {
  const page = pageOf(room);
  let text = '';
  let lines = 0;
  for (const family of families) {
    text += family.head;
    for (const [labels, value] of await valuesOf(family)) {
      text += `${family.name}{${labels}${end}${valueText(value)}\n`;
      lines += 1;
      if (lines % LINES_AT_ONCE !== 0) continue;
      page.append(text);
      text = '';
      await othersTurn();
    }
  }
  page.append(text + (await rest));
  return page.written();
}

function pageOf(room: number): { append(text: string): void; written(): Buffer } {
  let bytes = Buffer.allocUnsafeSlow(Math.ceil(room));
  let length = 0;
  return {
    append(text) {
      const needed = length + Buffer.byteLength(text);
      if (needed > bytes.length) {
        const grown = Buffer.allocUnsafeSlow(2 * needed);
        bytes.copy(grown, 0, 0, length);
        bytes = grown;
      }
      length += bytes.write(text, length);
    },
    written: () => bytes.subarray(0, length),
  };
}

/** In the catalogue's order, so that equal labels are the same series however they were written. */
function labelText(name: string, known: readonly string[], labels: LabelValues): string {
  let text = '';
  let unknown = 0;
  for (const _ in labels) unknown += 1;
  for (const label of known) {
    const value = labels[label];
    if (value === undefined) continue;
    unknown -= 1;
    text += pair(label, value);
  }
  if (unknown > 0) throw new Error(`${name} has no such label: ${Object.keys(labels)}`);
  return text;
}

const pair = (label: string, value: string): string => `${label}="${escapeLabel(value)}",`;

const NEEDS_ESCAPE = /[\\\n"]/;

function escapeLabel(value: string): string {
  return NEEDS_ESCAPE.test(value) ? value.replace(/[\\\n"]/g, escaped) : value;
}

const escaped = (character: string): string => (character === '\n' ? '\\n' : `\\${character}`);

/** As Prometheus writes what JavaScript calls Infinity. */
function valueText(value: number): string {
  if (Math.abs(value) !== Number.POSITIVE_INFINITY) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
