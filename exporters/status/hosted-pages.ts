// Status pages as hosting services write them: a list of components and a list of incidents.
import { z } from 'zod';
import { instantOf } from '../instant.ts';
import { escapedId, type Feed, type NamedState, vocabulary, worst } from './feed.ts';

const Text = z.string().nullish();
/** incident.io writes null where Statuspage writes an empty list. */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const timeOf = (text: string | null | undefined): number | null => (text == null ? null : instantOf(text));
const named = (name: string | null | undefined): string[] => (name == null ? [] : [name]);

const Statuspage = z.object({
  page: z.object({}),
  status: z.object({ indicator: z.string() }),
  components: list(z.object({ name: Text, status: Text })),
  incidents: list(z.object({ id: z.string(), status: Text, impact: Text, started_at: Text, created_at: Text })),
});

/** `/api/v2/summary.json` of Atlassian Statuspage, and of incident.io, which speaks the same. */
export function readStatuspage(value: unknown): Feed {
  const { status, components, incidents } = Statuspage.parse(value);
  // "major" is titled "Partial System Outage" there, and "critical" is "Major Service Outage".
  const impacts = vocabulary({
    none: 'operational',
    maintenance: 'maintenance',
    minor: 'degraded',
    major: 'partial',
    critical: 'major',
  });
  const states = vocabulary({
    operational: 'operational',
    under_maintenance: 'maintenance',
    degraded_performance: 'degraded',
    partial_outage: 'partial',
    major_outage: 'major',
  });
  const open = incidents.filter(({ status: stage }) => !['resolved', 'postmortem', 'completed'].includes(stage ?? ''));
  return {
    overall: impacts.read(status.indicator),
    components: components.map(({ name, status: word }) => ({ names: named(name), state: states.read(word) })),
    unnamed: null,
    incidents: open.map(({ id, impact, started_at, created_at }) => ({
      id: escapedId(id),
      impact: impacts.read(impact),
      startedAt: timeOf(started_at),
      createdAt: timeOf(created_at),
    })),
    tellsOpen: true,
    unknownWords: impacts.unknown() + states.unknown(),
  };
}

const StatusioState = z.object({ name: Text, status_code: z.int().nullish() });
const Statusio = z.object({
  result: z.object({
    status_overall: z.object({ status_code: z.int() }),
    status: list(StatusioState.extend({ containers: list(StatusioState) })),
    incidents: list(z.object({ _id: Text, id: Text, datetime_open: Text })),
  }),
});

/** The public status API of Status.io. */
export function readStatusio(value: unknown): Feed {
  const { result } = Statusio.parse(value);
  // 600 is a security event, which says nothing about what works.
  const codes = vocabulary({
    100: 'operational',
    200: 'maintenance',
    300: 'degraded',
    400: 'partial',
    500: 'major',
    600: null,
  });
  const stateOf = ({ name, status_code }: z.output<typeof StatusioState>): NamedState => ({
    names: named(name),
    state: codes.read(status_code),
  });
  return {
    overall: codes.read(result.status_overall.status_code),
    components: result.status.flatMap((part) => [stateOf(part), ...part.containers.map(stateOf)]),
    unnamed: null,
    incidents: result.incidents.map(({ _id, id, datetime_open }) => ({
      id: escapedId(_id ?? id ?? ''),
      impact: null,
      startedAt: null,
      createdAt: timeOf(datetime_open),
    })),
    tellsOpen: true,
    unknownWords: codes.unknown(),
  };
}

const Instatus = z.object({
  page: z.object({ status: z.string() }),
  activeIncidents: list(z.object({ id: Text, url: Text, name: Text, started: Text, status: Text, impact: Text })),
  components: list(z.object({ name: Text, status: Text })),
});

/** `/summary.json` of Instatus; its lists are left out when they are empty. */
export function readInstatus(value: unknown): Feed {
  const { page, activeIncidents, components } = Instatus.parse(value);
  const states = vocabulary({
    OPERATIONAL: 'operational',
    UNDERMAINTENANCE: 'maintenance',
    DEGRADEDPERFORMANCE: 'degraded',
    MINOROUTAGE: 'partial',
    PARTIALOUTAGE: 'partial',
    MAJOROUTAGE: 'major',
  });
  const pages = vocabulary({ UP: 'operational', UNDERMAINTENANCE: 'maintenance', HASISSUES: 'degraded' });
  const incidents = activeIncidents
    .filter(({ status }) => status !== 'RESOLVED')
    .map(({ id, url, impact, started }) => ({
      id: escapedId(id ?? url ?? ''),
      impact: states.read(impact),
      startedAt: timeOf(started),
      createdAt: null,
    }));
  const said = pages.read(page.status);
  return {
    // "Has issues" is no state of its own: the incidents say how bad it is.
    overall: said === 'degraded' ? worst([said, ...incidents.map(({ impact }) => impact)]) : said,
    components: components.map(({ name, status }) => ({ names: named(name), state: states.read(status) })),
    unnamed: null,
    incidents,
    tellsOpen: true,
    unknownWords: pages.unknown() + states.unknown(),
  };
}

const BetterStack = z.object({
  data: z.object({ attributes: z.object({ aggregate_state: z.string() }) }),
  included: list(
    z.object({
      id: Text,
      type: z.string(),
      attributes: z.object({
        public_name: Text,
        status: Text,
        report_type: Text,
        aggregate_state: Text,
        starts_at: Text,
      }),
    }),
  ),
});

/** `/index.json` of Better Stack. A report without an end may well be over, so only its state counts. */
export function readBetterStack(value: unknown): Feed {
  const { data, included } = BetterStack.parse(value);
  const states = vocabulary({
    operational: 'operational',
    resolved: 'operational',
    maintenance: 'maintenance',
    degraded: 'degraded',
    downtime: 'major',
    not_monitored: null,
  });
  const resources = included.filter(({ type }) => type === 'status_page_resource');
  const reports = included.filter(
    ({ type, attributes }) =>
      type === 'status_report' && attributes.report_type !== 'maintenance' && attributes.aggregate_state !== 'resolved',
  );
  return {
    overall: states.read(data.attributes.aggregate_state),
    components: resources.map(({ attributes }) => ({
      names: named(attributes.public_name),
      state: states.read(attributes.status),
    })),
    unnamed: null,
    incidents: reports.map(({ id, attributes }) => ({
      id: escapedId(id ?? ''),
      impact: states.read(attributes.aggregate_state),
      startedAt: timeOf(attributes.starts_at),
      createdAt: null,
    })),
    tellsOpen: true,
    unknownWords: states.unknown(),
  };
}
