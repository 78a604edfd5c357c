// How others see the service from elsewhere, and how old their word is.
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { BAD, OK, valueMappings } from './colours.ts';
import { relabelled } from './hops.ts';
import { lanesPanel, linesPanel, overTime } from './panels.ts';
import { HERE } from './scope.ts';

/** One series for each who watches each service. */
const byView = (expr: string): string =>
  `max by (service, view) (${relabelled(expr, 'view', '$1', 'target', 'outside/[^/]+/(.+)')})`;

export function viewsPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'How others see it, over time',
    description:
      'What uptime services and vantages elsewhere say, by who says it. Up there and down here: the way from here. They accuse nobody.',
    span: 12,
    height: 6,
  };
  const states = valueMappings({ 1: { ...OK, text: 'UP' }, 0: { ...BAD, text: 'DOWN' } });
  return lanesPanel(about, states)
    .noValue('nobody elsewhere is asked')
    .withTarget(overTime(byView(`demarc_outside_up{${HERE}}`), '{{service}}, by {{view}}'));
}

export function viewsAgePanel(): timeseries.PanelBuilder {
  const about = {
    title: 'How old their word is',
    description: 'Time since they looked. Only a look that began after the failure counts.',
    span: 12,
    height: 6,
  };
  const age = `time() - ${byView(`demarc_outside_checked_timestamp_seconds{${HERE}}`)}`;
  return linesPanel(about, 's')
    .noValue('nobody elsewhere is asked')
    .withTarget(overTime(age, '{{service}}, by {{view}}'));
}
