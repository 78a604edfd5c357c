// Every variant of every dashboard against the JSON schemas Grafana publishes with its SDK: the dashboard itself, the options
// and fields of each kind of panel, and every query.
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectFile } from '../../catalog/root.ts';
import { generated } from './reading.ts';

/** By the type of a panel. */
const PLUGINS: Readonly<Record<string, string>> = {
  bargauge: 'bargauge',
  nodeGraph: 'nodegraph',
  stat: 'stat',
  'state-timeline': 'statetimeline',
  'status-history': 'statushistory',
  table: 'table',
  text: 'text',
  timeseries: 'timeseries',
};

/** What Grafana's importer reads and takes away. */
const OF_THE_IMPORTER = ['__inputs', '__elements', '__requires'];

const Panels = z.array(
  z.object({
    type: z.string(),
    title: z.string(),
    options: z.unknown().optional(),
    fieldConfig: z.object({ defaults: z.object({ custom: z.unknown().optional() }) }).optional(),
    targets: z.array(z.unknown()).default([]),
  }),
);

/** A value of any kind is written there as an object of whatever keys, which it need not be; in a choice it has to. */
function opened(this: unknown, _: string, value: unknown): unknown {
  const isAny = JSON.stringify(value) === '{"type":"object","additionalProperties":{}}';
  return isAny && !Array.isArray(this) ? {} : value;
}

const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': true } });
for (const name of ['dashboard', 'prometheus', ...Object.values(PLUGINS)]) {
  const text = readFileSync(projectFile(`test/dashboards/schemas/${name}.json`), 'utf8');
  ajv.addSchema({ ...JSON.parse(text, opened), $id: name });
}

const checkOf = (schema: string, definition: string): ValidateFunction | undefined =>
  ajv.getSchema(`${schema}#/definitions/${definition}`);

const told = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath} ${message} ${JSON.stringify(params)}`;

/** What is wrong with the value; nothing where the schema has no such definition. */
function problems(schema: string, definition: string, value: unknown): string[] {
  const check = checkOf(schema, definition);
  return check === undefined || check(value) ? [] : (check.errors ?? []).map(told);
}

const ALL = [...generated('json'), ...generated('import'), ...generated('grafana-com')];

describe.each(ALL.map(({ file, text }) => ({ file, document: JSON.parse(text) as object })))(
  '$file',
  ({ document }) => {
    const panels = Panels.parse('panels' in document ? document.panels : []).filter(({ type }) => type !== 'row');

    it('is a dashboard', () => {
      const own = Object.entries(document).filter(([key]) => !OF_THE_IMPORTER.includes(key));
      expect(problems('dashboard', 'Dashboard', Object.fromEntries(own))).toEqual([]);
    });

    it('has panels as their plugins want them, and queries of Prometheus', () => {
      for (const { type, title, options = {}, fieldConfig, targets } of panels) {
        const plugin = PLUGINS[type] ?? '';
        expect(checkOf(plugin, 'Options'), type).toBeDefined();
        expect(problems(plugin, 'Options', options), title).toEqual([]);
        expect(problems(plugin, 'FieldConfig', fieldConfig?.defaults.custom ?? {}), title).toEqual([]);
        for (const target of targets) expect(problems('prometheus', 'Dataquery', target), title).toEqual([]);
      }
    });
  },
);

it('would notice a word that Grafana does not know', () => {
  const [first] = Panels.parse(JSON.parse(ALL[0]?.text ?? '').panels);
  const wrong = { ...Object(first?.options), textMode: 'shout' };
  expect(problems('stat', 'Options', wrong)).toEqual([expect.stringContaining('/textMode must be equal to one of')]);
  expect(problems('dashboard', 'Dashboard', { panels: 'none' })).not.toEqual([]);
});
