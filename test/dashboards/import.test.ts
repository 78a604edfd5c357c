// The variants for import and for grafana.com, put through the substitution Grafana makes.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderArtifacts } from '../../dashboards/generate.ts';
import type { Dashboard } from '../../dashboards/preview-model.ts';
import { generated } from './reading.ts';

const Inputs = z.object({
  __inputs: z.array(
    z.object({ name: z.string(), type: z.literal('datasource'), pluginId: z.string(), pluginName: z.string() }),
  ),
  __elements: z.object({}),
  __requires: z.array(z.object({ type: z.string(), id: z.string() })),
  id: z.null(),
});

/** What Grafana's importer does with every string: known inputs are replaced, everything else stays. */
function substitute(text: string, inputs: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => inputs.get(name) ?? whole);
}

describe.each([...generated('import'), ...generated('grafana-com')])('$file', ({ file, text, dashboard }) => {
  const { __inputs, __requires } = Inputs.parse(JSON.parse(text));
  const imported = substitute(text, new Map(__inputs.map(({ name }) => [name, 'chosen-uid'])));

  it('asks for one data source, which becomes the value of the variable', () => {
    expect(__inputs).toHaveLength(1);
    const { templating } = z
      .object({
        templating: z.object({ list: z.array(z.object({ name: z.string(), current: z.unknown().optional() })) }),
      })
      .parse(JSON.parse(imported));
    expect(templating.list[0]).toMatchObject({ name: 'datasource', current: { value: 'chosen-uid' } });
  });

  it('changes nothing else, so the data source can still be switched', () => {
    expect(imported.split('chosen-uid')).toHaveLength(3);
    expect(imported).toContain('"uid": "$' + '{datasource}"');
  });

  it('lists every kind of panel it needs', () => {
    const needed = new Set(dashboard.panels.map(({ type }) => type).filter((type) => type !== 'row'));
    const listed = __requires.filter(({ type }) => type === 'panel').map(({ id }) => id);
    expect(listed).toEqual([...needed].sort());
    expect(__requires.map(({ type }) => type)).toEqual(expect.arrayContaining(['grafana', 'datasource']));
  });

  it('is the provisioned dashboard in all else', () => {
    const provisioned = generated('json').find(
      (other) => other.file === file.replace(/\/(import|grafana-com)\//, '/json/'),
    );
    const asked = ({ panels }: Dashboard) =>
      panels.map(({ id, type, title, targets }) => ({ id, type, title, targets }));
    expect(provisioned === undefined ? [] : asked(provisioned.dashboard)).toEqual(asked(dashboard));
    expect(dashboard.editable).toBe(true);
  });
});

describe.each(generated('grafana-com'))('$file, for strangers', ({ file, text, dashboard }) => {
  it('leads to nobody’s own machine, and can be found by its tags', () => {
    expect(text).not.toMatch(/127\.0\.0\.1|localhost/);
    expect(dashboard.tags).toEqual(expect.arrayContaining(['demarc', 'prometheus']));
  });

  it('comes with a page that tells every panel', () => {
    const page = renderArtifacts().get(file.replace(/json$/, 'md')) ?? '';
    for (const { title } of dashboard.panels) expect(page).toContain(title);
    expect(page).toContain('demarc.rules.yml');
    expect(page).not.toMatch(/undefined|\n{3}/);
  });
});
