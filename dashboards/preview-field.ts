// How a panel shows one value: its text and colour by mappings, thresholds, unit and overrides, as Grafana resolves them.
import { z } from 'zod';
import type { Panel } from './preview-model.ts';

const Mapping = z.object({
  type: z.string(),
  options: z.record(z.string(), z.unknown()),
});

const Result = z.object({ text: z.string(), color: z.string() });

const Threshold = z.object({ value: z.number().nullable(), color: z.string() });

const Field = z.object({
  unit: z.string().default('none'),
  decimals: z.number().optional(),
  displayName: z.string().optional(),
  noValue: z.string().default('-'),
  max: z.number().optional(),
  mappings: z.array(Mapping).default([]),
  thresholds: z.object({ steps: z.array(Threshold) }).default({ steps: [] }),
  color: z.object({ mode: z.string(), fixedColor: z.string().optional() }).optional(),
  'custom.cellOptions': z.object({ type: z.string() }).optional(),
});

export type Field = z.output<typeof Field>;

export interface ShownValue {
  text: string;
  /** Grafana's name of a colour. */
  colour: string;
}

/** The field called `name`, with the overrides for it. */
export function fieldOf({ fieldConfig }: Panel, name: string): Field {
  const fits = ({ id, options }: { id: string; options: unknown }): boolean => {
    if (id === 'byName') return options === name;
    return id === 'byRegexp' && new RegExp(String(options).replaceAll(/^\/|\/$/g, '')).test(name);
  };
  const overrides = (fieldConfig?.overrides ?? []).filter(({ matcher }) => fits(matcher));
  const properties = overrides.flatMap((override) => override.properties.map(({ id, value }) => [id, value] as const));
  return Field.parse({ ...fieldConfig?.defaults, ...Object.fromEntries(properties) });
}

function mapped({ mappings }: Field, value: number | string | undefined): ShownValue | undefined {
  const missing = value === undefined || Number.isNaN(value);
  for (const { type, options } of mappings) {
    const found = missing
      ? type === 'special' && options.match === 'null+nan'
        ? options.result
        : undefined
      : type === 'value'
        ? options[String(value)]
        : undefined;
    const result = Result.safeParse(found);
    if (result.success) return { text: result.data.text, colour: result.data.color };
  }
  return undefined;
}

export function colourAt({ thresholds, color }: Field, value: number): string {
  if (color?.mode === 'fixed' && color.fixedColor !== undefined) return color.fixedColor;
  const reached = thresholds.steps.filter((step) => step.value === null || value >= step.value);
  return reached.at(-1)?.color ?? 'text';
}

export function shownValue(field: Field, value: number | string | undefined, nowS: number): ShownValue {
  const known = mapped(field, value);
  if (known !== undefined) return known;
  if (value === undefined || Number.isNaN(value)) return { text: field.noValue, colour: 'text' };
  if (typeof value === 'string') return { text: value, colour: 'text' };
  return { text: withUnit(value, field, nowS), colour: colourAt(field, value) };
}

const HOUR_S = 3_600;

/** Only the longer ones are words, which have a plural. */
const SPANS: readonly (readonly [name: string, seconds: number])[] = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', HOUR_S],
  ['min', 60],
  ['s', 1],
  ['ms', 0.001],
  ['µs', 0.000_001],
];

function short(value: number, decimals = 2): string {
  return String(Number(value.toFixed(decimals)));
}

function span(seconds: number, decimals = 1): string {
  const [name, size] = SPANS.find(([, least]) => Math.abs(seconds) >= least) ?? ['s', 1];
  const count = short(seconds / size, decimals);
  return `${count} ${name}${size >= HOUR_S && count !== '1' ? 's' : ''}`;
}

export function withUnit(value: number, { unit, decimals }: Pick<Field, 'unit' | 'decimals'>, nowS: number): string {
  switch (unit) {
    case 's':
    case 'dtdurations':
      return value === 0 ? '0 s' : span(value, decimals ?? 1);
    case 'percentunit':
      return `${short(value * 100, decimals ?? 2)}%`;
    case 'dateTimeFromNow': {
      const ago = nowS - value / 1000;
      return ago >= 0 ? `${span(Math.max(ago, 1), 0)} ago` : `in ${span(-ago, 0)}`;
    }
    default:
      return short(value, decimals ?? 2);
  }
}
