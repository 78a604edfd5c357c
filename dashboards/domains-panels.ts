// Registrations of domains: until when, in what state, and what the zone above says of them.
import type * as statushistory from '@grafana/grafana-foundation-sdk/statushistory';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { BAD, OK, UNKNOWN, valueMappings } from './colours.ts';
import { HOPS, relabelled } from './hops.ts';
import { coloured, columns, linesPanel, overTime, rows, sortedBy, tablePanel } from './panels.ts';
import { signalCells } from './probe-panels.ts';
import { HERE, ON_SITE } from './scope.ts';

/** A series about registrations, told by `domain` instead of by its target. */
function perDomain(metric: string, ...labels: string[]): string {
  return `max by (${['domain', ...labels].join(', ')}) (${byDomain(metric)})`;
}

const byDomain = (metric: string, matchers = ON_SITE): string =>
  relabelled(`${metric}{${matchers}}`, 'domain', '$1', 'target', 'registration/(.+)');

const agreesAbout = (what: string): string =>
  `min by (domain) (${byDomain('demarc_domain_agrees', `${ON_SITE}, about=~"${what}"`)})`;

const DECLARED_END = `max by (domain) (demarc_domain_declared_expiry_timestamp_seconds{${ON_SITE}})`;
const END = `(${perDomain('demarc_domain_expiry_timestamp_seconds')} or ${DECLARED_END})`;

const AGREES = valueMappings({ 1: OK, 0: { ...BAD, text: 'DIFFERS' } });
const LOCKED = valueMappings({ 1: { ...OK, text: 'LOCKED' }, 0: { ...UNKNOWN, text: 'NO LOCK' } });

export function domainsTable(): table.PanelBuilder {
  const about = {
    title: 'Every domain',
    description:
      'Until when it is registered, as its registry says, or else your map, and whether both say so where both do; whether the zone above has the name servers and the signing of that record; whether it is locked against transfers. What a registry does not publish is not here.',
    span: 14,
    height: 7,
  };
  const shown = columns({
    domain: 'Domain',
    'Value #end': 'Ends',
    'Value #sameEnd': 'Map and registry',
    'Value #agrees': 'Zone above',
    'Value #locked': 'Transfers',
    'Value #told': 'The registry last told',
  });
  const moment = [{ id: 'unit', value: 'dateTimeFromNow' }];
  return tablePanel(about)
    .withTarget(rows(`${END} * 1000`, 'end'))
    .withTarget(rows(`${perDomain('demarc_domain_last_success_timestamp_seconds')} * 1000`, 'told'))
    .withTarget(rows(agreesAbout('expiry'), 'sameEnd'))
    .withTarget(rows(agreesAbout('name_servers|signing'), 'agrees'))
    .withTarget(rows(perDomain('demarc_domain_transfer_locked'), 'locked'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('Ends', 'rising')])
    .overrideByName('Ends', moment)
    .overrideByName('Map and registry', coloured(AGREES))
    .overrideByName('Zone above', coloured(AGREES))
    .overrideByName('Transfers', coloured(LOCKED))
    .overrideByName('The registry last told', moment);
}

export function domainStatusTable(): table.PanelBuilder {
  const about = {
    title: 'What the registries say of them',
    description: 'EPP status codes. A hold takes the domain out of the DNS; pendingDelete and redemptionPeriod end it.',
    span: 10,
    height: 7,
  };
  return tablePanel(about)
    .withTarget(rows(`${perDomain('demarc_domain_status', 'status')} == 1`))
    .transformations([...columns({ domain: 'Domain', status: 'Status' }), sortedBy('Domain', 'rising')]);
}

export function registeredPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Time until a registration ends',
    description: 'It falls until somebody renews, or a card is charged.',
    span: 12,
    height: 8,
  };
  return linesPanel(about, 's').withTarget(overTime(`${END} - time()`, '{{domain}}'));
}

export function domainCells(): statushistory.PanelBuilder {
  const about = {
    title: 'What the zone above proves',
    description: 'The domain is delegated, its registration is current, and it is kept.',
    span: 12,
    height: 8,
  };
  return signalCells(about, HOPS.find(({ role }) => role === 'registration')?.signals ?? [], HERE);
}
