// A dashboard's JSON as far as the preview and the tests read it.
import { z } from 'zod';

const Source = z.object({ type: z.string(), uid: z.string() });

const Target = z.object({
  refId: z.string(),
  expr: z.string(),
  datasource: Source.optional(),
  legendFormat: z.string().optional(),
  format: z.string().optional(),
  instant: z.boolean().optional(),
  range: z.boolean().optional(),
});

export type Target = z.output<typeof Target>;

const Property = z.object({ id: z.string(), value: z.unknown() });

const Override = z.object({
  matcher: z.object({ id: z.string(), options: z.unknown() }),
  properties: z.array(Property),
});

const Panel = z.object({
  id: z.int(),
  type: z.string(),
  title: z.string(),
  description: z.string().optional(),
  datasource: Source.optional(),
  gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  targets: z.array(Target).default([]),
  maxDataPoints: z.int().optional(),
  options: z.record(z.string(), z.unknown()).optional(),
  transformations: z.array(z.object({ id: z.string(), options: z.unknown() })).optional(),
  fieldConfig: z
    .object({ defaults: z.record(z.string(), z.unknown()), overrides: z.array(Override).default([]) })
    .optional(),
});

export type Panel = z.output<typeof Panel>;

const Variable = z.object({
  type: z.string(),
  name: z.string(),
  label: z.string().optional(),
  query: z.union([z.string(), z.object({ query: z.string(), qryType: z.int() })]),
  refresh: z.int().optional(),
  multi: z.boolean().optional(),
  includeAll: z.boolean().optional(),
  allValue: z.string().optional(),
  current: z.unknown().optional(),
});

const Dashboard = z.object({
  id: z.null(),
  uid: z.string(),
  title: z.string(),
  tags: z.array(z.string()),
  editable: z.boolean(),
  schemaVersion: z.int(),
  panels: z.array(Panel),
  templating: z.object({ list: z.array(Variable) }),
  annotations: z.object({ list: z.array(z.record(z.string(), z.unknown())) }),
  links: z.array(z.record(z.string(), z.unknown())),
});

export type Dashboard = z.output<typeof Dashboard>;

/** Throws where the text is not a dashboard as we make them. */
export function parseDashboard(text: string): Dashboard {
  return Dashboard.parse(JSON.parse(text));
}
