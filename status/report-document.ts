// The report as headings, paragraphs, lists and tables: said once, rendered as Markdown or HTML elsewhere.
import type { Party } from '../catalog/parties.ts';
import { SIGNALS } from '../catalog/signals.ts';
import type { VerdictEntry } from './journal-entry.ts';
import type { Event, Impact, Report } from './report.ts';
import type { Incident } from './report-incidents.ts';
import { vendorBlocks } from './report-scorecard.ts';
import { listOf } from './summary.ts';
import { durationText } from './time-text.ts';
import { PARTY_WORDS, shareText } from './words.ts';

export type Block =
  | { kind: 'title' | 'heading' | 'subheading' | 'text'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] };

export const heading = (text: string): Block => ({ kind: 'heading', text });
export const paragraph = (text: string): Block => ({ kind: 'text', text });

const MOST_EVIDENCE = 6;

/** Rows a fuller map or another witness would have made a proof. */
const LACKS_PROOF = /_suspected$|^unexplained$/;

/** `2026-03-05 02:10:30`, UTC. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** A verdict's party with the vendor's name, as far as one was named. */
function whose({ party, vendor, component }: VerdictEntry): string {
  if (vendor === null) return PARTY_WORDS[party];
  return party === 'unknown' ? `unproven, ${vendor}/${component} suspected` : `${vendor}/${component}`;
}

const namesOf = (incidents: readonly Incident[]): string =>
  listOf([...new Set(incidents.map(({ service }) => service))]);

function endText({ end, to }: Incident): string {
  if (end === 'recovered') return timeText(to);
  return end === 'open' ? 'still failing' : `not seen; last known at ${timeText(to)}`;
}

export function documentOf(report: Report): Block[] {
  const { events, site } = report;
  return [
    { kind: 'title', text: `What happened at ${site === '' ? 'this site' : site}` },
    paragraph(`From ${timeText(report.from)} to ${timeText(report.to)}, all times UTC. A draft from the journal: every
      sentence about a cause is what was measured at the time. It looks for causes in systems, not for guilt in people.`),
    ...whatHappened(events),
    ...impactBlocks(report),
    ...events.flatMap((event, index) => eventBlocks(event, index + 1)),
    ...upkeepBlocks(report),
    ...helpBlocks(report),
    ...vendorBlocks(report.vendors),
    ...footBlocks(report),
  ];
}

function whatHappened(events: readonly Event[]): Block[] {
  if (events.length === 0) return [paragraph('Nothing was seen to fail.')];
  const items = events.map(({ from, to, main, incidents }) => {
    const lasted = durationText(to - from);
    return `${timeText(from)}: ${namesOf(incidents)} failed for ${lasted}: ${main.cause} (${whose(main)}).`;
  });
  return [heading('In short'), { kind: 'list', items }];
}

function impactBlocks({ services, byParty }: Report): Block[] {
  const parties = Object.keys(PARTY_WORDS).filter((party): party is Party =>
    services.some(({ byParty: own }) => (own[party as Party] ?? 0) > 0),
  );
  const upkeep = services.some(({ maintenanceMs }) => maintenanceMs > 0);
  const row = ({
    service,
    availability,
    downMs,
    maintenanceMs,
    noDataMs,
    byParty: own,
    incidents,
  }: Impact): string[] => [
    service,
    shareText(availability),
    durationText(downMs),
    ...parties.map((party) => (own[party] === undefined ? '-' : durationText(own[party]))),
    String(incidents),
    ...(upkeep ? [maintenanceMs === 0 ? '-' : durationText(maintenanceMs)] : []),
    noDataMs === 0 ? '-' : durationText(noDataMs),
  ];
  const head = [
    'Service',
    'Available',
    'Down',
    ...parties.map((party) => PARTY_WORDS[party]),
    'Incidents',
    ...(upkeep ? ['Maintenance'] : []),
    'No data',
  ];
  const sums = parties.flatMap((party) =>
    byParty[party] === undefined ? [] : [`${durationText(byParty[party])} ${PARTY_WORDS[party]}`],
  );
  return [
    heading('Impact, and whose minutes'),
    { kind: 'table', head, rows: services.map(row) },
    ...(sums.length === 0 ? [] : [paragraph(`All services together: ${listOf(sums)}.`)]),
    paragraph(`Available is the share of the time with data. Time without data is neither up nor down. Time in which a
      failure was being confirmed counts to what was confirmed; what nobody was proven guilty of stays unproven.`),
  ];
}

/** What a verdict alone cannot tell: when a person was told, and when the vendor said so itself. */
function seenBlocks({ main, seen }: Event): Block[] {
  if (seen === undefined)
    return main.vendor === null
      ? []
      : [
          paragraph(
            "When the vendor's status page admitted it is not in the journal; a Prometheus that keeps it can be asked with --prometheus.",
          ),
        ];
  const alerted =
    seen.alertedMs === null
      ? 'No alert about it fired.'
      : `The first alert fired ${durationText(seen.alertedMs)} after the first bad answer.`;
  if (main.vendor === null) return [paragraph(alerted)];
  const said = {
    unread: 'Its status page was not read meanwhile.',
    silent: 'Its status page said nothing of it until it was over.',
    said: `Its status page admitted it ${durationText(seen.statusLagMs ?? 0)} after the first bad answer.`,
  }[seen.status];
  return [paragraph(`${alerted} ${said}`)];
}

function eventBlocks(event: Event, number: number): Block[] {
  const { main, incidents } = event;
  return [
    heading(`Incident ${number}: ${main.cause}`),
    paragraph(main.headline),
    {
      kind: 'table',
      head: ['Service', 'First bad answer', 'First good answer', 'Detected after', 'Named after'],
      rows: incidents.map((incident) => [
        incident.service,
        timeText(incident.from),
        endText(incident),
        incident.noticedMs === null ? '-' : durationText(incident.noticedMs),
        incident.namedMs === null ? 'nobody named' : durationText(incident.namedMs),
      ]),
    },
    ...seenBlocks(event),
    { kind: 'subheading', text: 'Timeline' },
    { kind: 'list', items: timelineOf(incidents) },
    { kind: 'subheading', text: 'Evidence' },
    { kind: 'list', items: evidenceOf(main) },
    ...alsoBlocks(incidents),
  ];
}

function upkeepBlocks({ upkeep }: Report): Block[] {
  if (upkeep.length === 0) return [];
  const items = upkeep.map(({ service, from, to, reason, failedMs }) => {
    const failed = failedMs === 0 ? 'it did not fail' : `it failed for ${durationText(failedMs)} of them`;
    return `${service}: ${timeText(from)} to ${timeText(to)}, ${durationText(to - from)}; ${failed}. ${reason}`;
  });
  return [
    heading('Maintenance'),
    { kind: 'list', items },
    paragraph(
      'Announced beforehand. These minutes are neither up nor down, nobody was paged, and no vendor is charged with them.',
    ),
  ];
}

function timelineOf(incidents: readonly Incident[]): string[] {
  const moments = incidents.flatMap((incident) => [
    { at: incident.from, text: `${incident.service}: first bad answer` },
    ...incident.said.map((said) => ({ at: Date.parse(said.at), text: said.headline })),
    ...(incident.noDataMs > 0
      ? [{ at: incident.to, text: `${incident.service}: ${durationText(incident.noDataMs)} of this without data` }]
      : []),
    ...(incident.end === 'recovered' ? [{ at: incident.to, text: `${incident.service}: works again` }] : []),
  ]);
  return moments.sort((a, b) => a.at - b.at).map(({ at, text }) => `${timeText(at)} ${text}`);
}

function evidenceOf({ because, evidence }: VerdictEntry): string[] {
  // A signal without facts of its own is told by its meaning, which proves nothing to a reader.
  const meanings = new Set<string>([...SIGNALS.values()].map(({ help }) => help));
  const telling = evidence.filter(({ state, text }) => state !== 'unknown' && text !== '' && !meanings.has(text));
  const brokenFirst = [...telling].sort((a, b) => Number(a.state !== 'bad') - Number(b.state !== 'bad'));
  const lines = brokenFirst.slice(0, MOST_EVIDENCE).map(({ signal, state, text }) => `${signal} ${state}: ${text}`);
  return [because, ...lines];
}

function alsoBlocks(incidents: readonly Incident[]): Block[] {
  const sentences = incidents.flatMap(({ service, said }) =>
    said.flatMap(({ concurrent }) => concurrent.map(({ sentence }) => `${service}: ${sentence}`)),
  );
  if (sentences.length === 0) return [];
  return [
    { kind: 'subheading', text: 'Also broken, on its own evidence' },
    { kind: 'list', items: [...new Set(sentences)] },
  ];
}

/** The table's own advice for what was seen, and what kept a verdict from being sharper. */
function helpBlocks({ events, services }: Report): Block[] {
  const advice = events.flatMap(({ incidents }) =>
    incidents.flatMap(({ segments }) => segments.map(({ credited }) => `${credited.cause}: ${credited.action}`)),
  );
  const unproven = events
    .flatMap(({ incidents }) => incidents)
    .filter(({ segments }) => segments.some(({ credited: { row } }) => LACKS_PROOF.test(row)));
  const items = [...new Set(advice)];
  if (unproven.length > 0) {
    items.push(
      `${namesOf(unproven)}: a second control, or the missing link in the map, would have named the cause. \`demarc why\` tells which.`,
    );
  }
  if (services.some(({ noDataMs }) => noDataMs > 0))
    items.push('Time without data: a second demarc at another place would have kept looking.');
  return items.length === 0 ? [] : [heading('What would have helped'), { kind: 'list', items }];
}

function footBlocks({ unreadable }: Report): Block[] {
  const torn =
    unreadable === 0 ? '' : ` ${unreadable} line${unreadable === 1 ? '' : 's'} of the journal could not be read.`;
  return [
    heading('How this was measured'),
    paragraph(`By probes from one place. A failure counts from the first bad answer, which may be one interval younger than
      the failure itself.${torn}`),
  ];
}
