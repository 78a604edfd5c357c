// Reads generated dashboards as Grafana would: panels, variables, annotations, and every query with its place.
import { parser } from '@prometheus-io/lezer-promql';
import { renderArtifacts } from '../../dashboards/generate.ts';
import { substituted } from '../../dashboards/preview-ask.ts';
import { type Dashboard, parseDashboard } from '../../dashboards/preview-model.ts';

export interface Generated {
  file: string;
  text: string;
  dashboard: Dashboard;
}

/** Dashboards of one of the folders. */
export function generated(folder: 'json' | 'import' | 'grafana-com'): Generated[] {
  return [...renderArtifacts()]
    .filter(([file]) => file.startsWith(`dashboards/${folder}/`) && file.endsWith('.json'))
    .map(([file, text]) => ({ file, text, dashboard: parseDashboard(text) }));
}

export interface Expression {
  place: string;
  expr: string;
  /** Asked about now, not over the time shown. */
  instant: boolean;
}

/** Every PromQL expression of a dashboard, with a name for messages. */
export function expressionsOf({ panels, annotations, templating }: Dashboard): Expression[] {
  const queried = panels.flatMap(({ title, targets }) =>
    targets.map(({ refId, expr, instant }) => ({ place: `${title} ${refId}`, expr, instant: instant === true })),
  );
  const marked = annotations.list.flatMap(({ name, expr }) =>
    typeof expr === 'string' ? [{ place: `annotation ${String(name)}`, expr, instant: false }] : [],
  );
  const listed = templating.list.flatMap(({ name, query }) => {
    const selector = typeof query === 'string' ? undefined : /^label_values\((.+), \w+\)$/.exec(query.query)?.[1];
    return selector === undefined ? [] : [{ place: `variable ${name}`, expr: selector, instant: true }];
  });
  return [...queried, ...marked, ...listed];
}

interface Node {
  name: string;
  text: string;
  parents: string[];
  broken: boolean;
}

/** Stands for whatever is chosen, where only the shape of a query matters. */
const ANYTHING = { site: 'home', service: '.+', vendor: '.+', slo: '99.9', from: 0, to: 3600, stepS: 15 };

/** All nodes of an expression's syntax tree, variables filled in. */
export function nodesOf(template: string): Node[] {
  const expr = substituted(template, ANYTHING);
  const nodes: Node[] = [];
  const above: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, from, to, type }) => {
      nodes.push({ name, text: expr.slice(from, to), parents: [...above], broken: type.isError });
      above.push(name);
    },
    leave: () => void above.pop(),
  });
  return nodes;
}

/** The names a pattern for names stands for: `a_(b|c)` or `a_b|a_c`. */
function spelledOut(pattern: string): string[] {
  const [, prefix, choices] = /^(\w+)\((.+)\)$/.exec(pattern) ?? [];
  if (prefix !== undefined && choices !== undefined) return choices.split('|').map((choice) => prefix + choice);
  return pattern.split('|');
}

/** Names of the metrics an expression reads; a selector without a name gives the pattern it matches names by. */
export function metricsOf(expr: string): string[] {
  return nodesOf(expr)
    .filter(({ name }) => name === 'VectorSelector')
    .map(({ text }) => /^[a-zA-Z_:][\w:]*/.exec(text)?.[0] ?? /__name__=~"([^"]+)"/.exec(text)?.[1] ?? text)
    .flatMap(spelledOut);
}

/** Label names an expression mentions in matchers and groupings. */
export function labelsOf(expr: string): string[] {
  return nodesOf(expr)
    .filter(({ name }) => name === 'LabelName')
    .map(({ text }) => text);
}
