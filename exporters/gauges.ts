// Gauges as lines of the page Prometheus reads, written a few at a time: prom-client holds the event loop for all of them,
// and calls a gauge without labels 0 before it was ever set. Counters stay with it: they are few.
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { MetricFact } from '../catalog/metric-fact.ts';
import type { MetricName } from '../catalog/metrics.ts';

export interface Gauges {
  set(metric: MetricName, value: number, labels: Readonly<Record<string, string>>): void;
  clear(): void;
  /** The exposition text as of now, in UTF-8, `site` a label of every series. Rejects when a label is not the catalogue's. */
  render(site: string): Promise<Buffer>;
}

interface Told {
  labels: Readonly<Record<string, string>>;
  value: number;
}

interface Family {
  name: string;
  head: string;
  labels: readonly string[];
  told: Told[];
}

/** Lines written before others get their turn: a few milliseconds. */
const LINES_AT_ONCE = 1_000;

export function createGauges(facts: ReadonlyMap<MetricName, MetricFact>): Gauges {
  const families = new Map<MetricName, Family>();
  for (const [name, { type, help, labels }] of facts) {
    const head = `# HELP ${name} ${help.replace(/[\\\n]/g, escaped)}\n# TYPE ${name} gauge\n`;
    if (type === 'gauge') families.set(name, { name, head, labels, told: [] });
  }
  return {
    set: (metric, value, labels) => void families.get(metric)?.told.push({ labels, value }),
    clear() {
      // New lists: the old ones may still be being written.
      for (const family of families.values()) family.told = [];
    },
    render(site) {
      const present = [...families.values()].map((family) => ({ ...family, told: [...family.told] }));
      return writePage(present, `site="${escapeLabel(site)}"} `);
    },
  };
}

/** What was told last counts: one line for each series. */
async function valuesOf(family: Family): Promise<Map<string, number>> {
  const values = new Map<string, number>();
  let read = 0;
  for (const { labels, value } of family.told) {
    values.set(labelText(family, labels), value);
    read += 1;
    if (read % LINES_AT_ONCE === 0) await othersTurn();
  }
  return values;
}

/** As bytes while it grows: a text of megabytes would have to be turned into them all at once. */
async function writePage(families: readonly Family[], end: string): Promise<Buffer> {
  const written: Buffer[] = [];
  let text = '';
  let lines = 0;
  for (const family of families) {
    text += family.head;
    for (const [labels, value] of await valuesOf(family)) {
      text += `${family.name}{${labels}${end}${valueText(value)}\n`;
      lines += 1;
      if (lines % LINES_AT_ONCE !== 0) continue;
      written.push(Buffer.from(text));
      text = '';
      await othersTurn();
    }
  }
  return Buffer.concat([...written, Buffer.from(text)]);
}

/** In the catalogue's order, so that equal labels are the same series however they were written. */
function labelText({ name, labels: known }: Family, labels: Readonly<Record<string, string>>): string {
  let text = '';
  let unknown = 0;
  for (const _ in labels) unknown += 1;
  for (const label of known) {
    const value = labels[label];
    if (value === undefined) continue;
    unknown -= 1;
    text += `${label}="${escapeLabel(value)}",`;
  }
  if (unknown > 0) throw new Error(`${name} has no such label: ${Object.keys(labels)}`);
  return text;
}

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
