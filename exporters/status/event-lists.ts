// Status feeds that are a bare list of events: no event is how they say that all is well.
import { z } from 'zod';
import { instantOf, instantOfSeconds } from '../instant.ts';
import { escapedId, type Feed, type NamedState, vocabulary, worst } from './feed.ts';

const Text = z.string().nullish();
const timeOf = (text: string | null | undefined): number | null => (text == null ? null : instantOf(text));
const present = (names: readonly (string | null | undefined)[]): string[] =>
  names.filter((name): name is string => typeof name === 'string' && name !== '');

/** A string in events and a number in their log. */
const AwsCode = z.union([z.string(), z.number()]).nullish();
const Aws = z.array(
  z.object({
    arn: z.string(),
    date: z.union([z.string(), z.number()]).nullish(),
    status: AwsCode,
    region_name: Text,
    service: Text,
    service_name: Text,
    event_log: z.array(z.object({ timestamp: z.union([z.string(), z.number()]).nullish() })).nullish(),
    impacted_services: z.record(z.string(), z.object({ service_name: Text, current: AwsCode })).nullish(),
  }),
);

type AwsEvent = z.output<typeof Aws>[number];

/**
 * https://health.aws.amazon.com/public/currentevents, undocumented. A component is a region (`eu-west-1`, `global`), a
 * service id (`s3-us-east-1`) or a service name.
 */
export function readAws(value: unknown): Feed {
  // The dashboard's legend: 0 resolved, 1 informational, 2 degradation, 3 disruption.
  const codes = vocabulary({ 0: 'operational', 1: 'degraded', 2: 'degraded', 3: 'major' });
  const open = Aws.parse(value)
    .map((event) => ({ event, state: codes.read(event.status) }))
    .filter(({ state }) => state !== 'operational');
  const services = open.flatMap(({ event }) =>
    Object.entries(event.impacted_services ?? {}).map(
      ([id, { service_name, current }]): NamedState => ({
        names: present([id, service_name]),
        state: codes.read(current),
      }),
    ),
  );
  return {
    overall: open.length === 0 ? 'operational' : worst(open.map(({ state }) => state)),
    components: [...open.map(({ event, state }) => ({ names: namesOf(event), state })), ...services],
    unnamed: 'operational',
    incidents: open.map(({ event: { arn, date, event_log }, state }) => ({
      id: escapedId(arn),
      impact: state,
      startedAt: instantOfSeconds(date),
      createdAt: earliest((event_log ?? []).map(({ timestamp }) => instantOfSeconds(timestamp))),
    })),
    tellsOpen: true,
    unknownWords: codes.unknown(),
  };
}

function namesOf({ arn, region_name, service, service_name }: AwsEvent): string[] {
  const region = /^arn:[a-z-]+:health:([a-z0-9-]*):/.exec(arn)?.[1];
  return present([region === '' ? 'global' : region, region_name, service, service_name]);
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : known.reduce((first, time) => Math.min(first, time));
}

const Place = z.object({ title: Text, id: Text });
const Google = z.array(
  z.object({
    id: z.string(),
    begin: Text,
    created: Text,
    end: Text,
    status_impact: Text,
    service_name: Text,
    most_recent_update: z.object({ status: Text }).nullish(),
    affected_products: z.array(Place).nullish(),
    currently_affected_locations: z.array(Place).nullish(),
  }),
);

/** `incidents.json` of Google Cloud and of Workspace: a history. A component is a product or a location, by title or id. */
export function readGoogleCloud(value: unknown): Feed {
  const impacts = vocabulary({
    AVAILABLE: 'operational',
    SERVICE_INFORMATION: 'degraded',
    SERVICE_DISRUPTION: 'partial',
    SERVICE_OUTAGE: 'major',
  });
  const open = Google.parse(value)
    .filter(({ end, most_recent_update }) => (end ?? '') === '' && most_recent_update?.status !== 'AVAILABLE')
    .map((incident) => ({ incident, state: impacts.read(incident.status_impact) }));
  return {
    overall: open.length === 0 ? 'operational' : worst(open.map(({ state }) => state)),
    components: open.map(({ incident, state }) => {
      const places = [...(incident.affected_products ?? []), ...(incident.currently_affected_locations ?? [])];
      return { names: present([incident.service_name, ...places.flatMap(({ title, id }) => [title, id])]), state };
    }),
    unnamed: 'operational',
    incidents: open.map(({ incident: { id, begin, created }, state }) => ({
      id: escapedId(id),
      impact: state,
      startedAt: timeOf(begin),
      createdAt: timeOf(created),
    })),
    tellsOpen: true,
    unknownWords: impacts.unknown(),
  };
}
