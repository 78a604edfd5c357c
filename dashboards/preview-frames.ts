// What a panel makes of the answers before it draws them: named lines, or one table after its transformations.
import { z } from 'zod';
import type { Series } from './preview-ask.ts';
import type { Panel, Target } from './preview-model.ts';

export interface Line {
  name: string;
  refId: string;
  labels: Readonly<Record<string, string>>;
  points: Series['points'];
}

export type Cell = string | number;

/** A row of a table by the names of its columns; what a row does not have is missing. */
export type TableRow = Readonly<Record<string, Cell>>;

export interface Sheet {
  columns: string[];
  rows: TableRow[];
}

/** A target of a panel, and what Prometheus answered. */
export interface Answered {
  target: Target;
  series: readonly Series[];
}

export function linesOf(answered: readonly Answered[]): Line[] {
  return answered.flatMap(({ target, series }) =>
    series.map(({ labels, points }) => ({
      name: (target.legendFormat ?? '').replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? ''),
      refId: target.refId,
      labels,
      points,
    })),
  );
}

/** One sheet per query: a column per label, and the value under a name of its own where there are several queries. */
function sheetsOf(answered: readonly Answered[]): Sheet[] {
  return answered.map(({ target, series }) => {
    const value = answered.length > 1 ? `Value #${target.refId}` : 'Value';
    const rows = series.map(
      ({ labels, points }): TableRow => ({ ...labels, [value]: points.at(-1)?.[1] ?? Number.NaN }),
    );
    return { columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows };
  });
}

/** Joins rows of different queries that have the same values in the columns all queries have, unless they contradict. */
function merge(sheets: readonly Sheet[]): Sheet {
  const filled = sheets.filter(({ rows }) => rows.length > 0);
  const columns = [...new Set(filled.flatMap((sheet) => sheet.columns))];
  const shared = columns.filter((column) => filled.every((sheet) => sheet.columns.includes(column)));
  const merged: Record<string, Cell>[] = [];
  for (const row of filled.flatMap((sheet) => sheet.rows)) {
    const partner = merged.find(
      (other) =>
        shared.every((column) => other[column] === row[column]) &&
        Object.entries(row).every(([column, cell]) => other[column] === undefined || other[column] === cell),
    );
    if (partner === undefined) merged.push({ ...row });
    else Object.assign(partner, row);
  }
  return { columns, rows: merged };
}

const Filter = z.object({ include: z.object({ names: z.array(z.string()) }) });
const Organize = z.object({
  indexByName: z.record(z.string(), z.int()),
  renameByName: z.record(z.string(), z.string()),
});
const Sort = z.object({ sort: z.array(z.object({ field: z.string(), desc: z.boolean() })) });

function organize({ columns, rows }: Sheet, options: unknown): Sheet {
  const { indexByName, renameByName } = Organize.parse(options);
  const ordered = [...columns].sort((a, b) => (indexByName[a] ?? 99) - (indexByName[b] ?? 99));
  const rename = (name: string): string => renameByName[name] ?? name;
  return {
    columns: ordered.map(rename),
    rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [rename(name), cell]))),
  };
}

/** The columns a table shows, by the names it gives them. */
export function columnsNamed({ transformations = [] }: Panel): string[] {
  return transformations
    .filter(({ id }) => id === 'organize')
    .flatMap(({ options }) => Object.values(Organize.parse(options).renameByName));
}

function compare(a: Cell | undefined, b: Cell | undefined): number {
  if (a === undefined || b === undefined) return Number(b === undefined) - Number(a === undefined);
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}

function sorted({ columns, rows }: Sheet, options: unknown): Sheet {
  const [by] = Sort.parse(options).sort;
  if (by === undefined) return { columns, rows };
  const inOrder = [...rows].sort((a, b) => compare(a[by.field], b[by.field]) * (by.desc ? -1 : 1));
  return { columns, rows: inOrder };
}

function filtered({ columns, rows }: Sheet, options: unknown): Sheet {
  const { names } = Filter.parse(options).include;
  return { columns: columns.filter((column) => names.includes(column)), rows };
}

const STEPS: Readonly<Record<string, (sheet: Sheet, options: unknown) => Sheet>> = {
  // Merged from the start: our tables have one sheet, or this as their first step.
  merge: (sheet) => sheet,
  filterFieldsByName: filtered,
  organize,
  sortBy: sorted,
};

/** Throws for a transformation the preview does not know. */
export function sheetOf({ transformations = [] }: Panel, answered: readonly Answered[]): Sheet {
  return transformations.reduce(
    (sheet, { id, options }) => {
      const step = STEPS[id];
      if (step === undefined) throw new Error(`no transformation ${id} in the preview`);
      return step(sheet, options);
    },
    merge(sheetsOf(answered)),
  );
}
