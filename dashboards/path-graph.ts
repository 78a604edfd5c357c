// The way to the chosen services as a graph: one node per hop with its state, shared hops drawn once.
// Grafana reads plain columns here (id, source, target, title ...), so the labels themselves must carry these names.
import type * as nodegraph from '@grafana/grafana-foundation-sdk/nodegraph';
import { BAD, OK, type Shown, UNKNOWN } from './colours.ts';
import { HOPS, hopStates, PROBED, relabelled, signalsOf } from './hops.ts';
import { nodeGraphPanel, rows } from './panels.ts';
import { HERE } from './scope.ts';

/** By the values of `hopStates`; 3 is a hop nobody probes. A node graph knows CSS colours only, so ours are spelled out. */
const STATES: Readonly<Record<string, Shown>> = {
  0: { ...OK, colour: '#73bf69' },
  1: { ...UNKNOWN, colour: '#ff9830' },
  2: { ...BAD, colour: '#e0b400' },
  3: { text: 'not in map', colour: '#8e8e94' },
};

/** Who runs a hop, as far as the map says so: one at most. Their layers are named like the roles, except for DNS. */
const RUNNERS = relabelled(
  relabelled(
    `max by (site, service, layer, vendor) (demarc_dependency_info{${HERE}, layer=~"dns|edge|endpoint|registration|tunnel"})`,
    'role',
    '$1',
    'layer',
    '(edge|tunnel|endpoint|registration)',
  ),
  'role',
  'nameserver',
  'layer',
  'dns',
);

function nodes(): string {
  const states = hopStates(HOPS);
  const runners = `max by (site, service, role, vendor) (${RUNNERS})`;
  const counted = [
    'count_values by (site, service, role, vendor) ("state",',
    `  ${states}`,
    `  * on (site, service, role) group_left (vendor) (${runners} or on (site, service, role) ${PROBED})`,
    `  or on (site, service, role) 3 + 0 * ${states}`,
    ')',
  ].join('\n');
  const shown = Object.entries(STATES).reduce(
    (expr, [state, { text, colour }]) =>
      relabelled(relabelled(expr, 'mainstat', text, 'state', state), 'color', colour, 'state', state),
    counted,
  );
  const named = HOPS.reduce((expr, { role, title }) => relabelled(expr, 'title', title, 'role', role), shown);
  const who = relabelled(
    relabelled(named, 'subtitle', '$1', 'service', '(.+)'),
    'secondarystat',
    '$1',
    'vendor',
    '(.+)',
  );
  return `max by (id, title, subtitle, mainstat, secondarystat, color) (label_join(${who}, "id", "/", "service", "role"))`;
}

/** From each hop's predecessor. The first three belong to the site, whose series have no service. */
function edges(): string {
  const targets = `group by (site, service, role) (${signalsOf(HOPS.slice(1))})`;
  const linked = HOPS.slice(1).reduce(
    (expr, { role }, index) => relabelled(expr, 'before', HOPS[index]?.role ?? '', 'role', role),
    targets,
  );
  const ends = `label_join(label_join(${linked}, "source", "/", "service", "before"), "target", "/", "service", "role")`;
  const branching = relabelled(ends, 'source', '/resolver', 'before', 'resolver');
  return `max by (id, source, target) (${relabelled(branching, 'id', '$1', 'target', '(.+)')})`;
}

export function pathPanel(): nodegraph.PanelBuilder {
  const about = {
    title: 'The way to the service, hop by hop',
    description:
      'From the LAN to the origin and what it needs. The first broken hop from the left is the one to look at: what lies behind it may be a consequence.',
    span: 24,
    height: 8,
  };
  return nodeGraphPanel(about).withTarget(rows(nodes(), 'nodes')).withTarget(rows(edges(), 'edges'));
}
