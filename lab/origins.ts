// The applications at home: a page, and an API that cannot live without a cloud's endpoint.
import { setTimeout as delay } from 'node:timers/promises';
import { loadCatalogue } from '../map/vendors.ts';
import type { Answer, Respond } from './answer.ts';
import { page } from './answer.ts';
import type { Damage } from './damage.ts';
import type { Patience } from './patience.ts';
import { lookUp } from './recursor.ts';
import { metAt } from './scope.ts';
import { askUpstream } from './upstream.ts';
import type { Place } from './wall.ts';
import type { WorldEndpoint, WorldService } from './world.ts';

/** Set by every origin, on every answer: proof of who spoke. */
export const STAMP = 'x-origin';

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const JSON_TYPE = { 'content-type': 'application/json' };

export function pageOrigin({ name, origin }: WorldService, damage: Damage): Respond {
  const own = { ...HTML, server: origin.software, [STAMP]: name };
  return async () => {
    const late = damage.delayMs('origin_slow', name);
    if (late > 0) await delay(late);
    if (!damage.strikes('origin_5xx', name) && !damage.active('part_down', name))
      return { status: 200, headers: own, body: page(name, `Welcome to the ${name}.`) };
    const story = 'The application has thrown an exception while rendering this page.';
    return { status: 500, headers: own, body: page('Internal Server Error', story) };
  };
}

export interface ConsumerSurroundings {
  /** Where the endpoint listens, and whom to ask for its address; read at each request. */
  port: () => number;
  resolver: () => Place;
  patience: Pick<Patience, 'lookUpMs' | 'endpointMs'>;
  damage: Damage;
}

/** Everything this API does needs its database, so it can only fail when that is gone. Its 500 is true and misleading. */
export function endpointConsumer(
  service: WorldService,
  endpoint: WorldEndpoint,
  surroundings: ConsumerSurroundings,
): Respond {
  const { damage } = surroundings;
  const own = { ...JSON_TYPE, [STAMP]: service.name };
  const failure = (status: number, error: string): Answer => ({
    status,
    headers: own,
    body: `${JSON.stringify({ error })}\n`,
  });
  return async () => {
    const late = damage.delayMs('origin_slow', service.name);
    if (late > 0) await delay(late);
    if (damage.strikes('origin_5xx', service.name) || damage.active('part_down', service.name))
      return failure(500, "Cannot read properties of undefined (reading 'id')");
    const trouble = await callEndpoint(service, endpoint, surroundings);
    if (trouble !== null) return failure(trouble.status, trouble.error);
    return { status: 200, headers: own, body: `${JSON.stringify({ status: 'ok', orders: 42 })}\n` };
  };
}

/** One call as the application makes it; null when it succeeds. */
async function callEndpoint(
  { name }: WorldService,
  endpoint: WorldEndpoint,
  { port, resolver, patience, damage }: ConsumerSurroundings,
): Promise<{ status: number; error: string } | null> {
  const [address] = await lookUp(resolver(), endpoint.name, patience.lookUpMs);
  if (address === undefined) return { status: 500, error: `getaddrinfo ENOTFOUND ${endpoint.name}` };
  const upstream = { address, port, trust: null, timeoutMs: patience.endpointMs };
  const result = await askUpstream(upstream, { method: 'GET', path: '/ping', host: endpoint.name });
  if ('failure' in result || result.answer.status !== 200)
    return { status: 503, error: `${endpoint.name} does not answer` };
  if (damage.active('trust_outdated', name)) return { status: 503, error: `${endpoint.name}: certificate has expired` };
  if (damage.strikes('account_refused', name)) return { status: 503, error: `${endpoint.name}: quota exceeded` };
  return null;
}

/** Jobs that wait, as an application counts them. */
const QUEUED = 3;

/** How its parts are, as an application tells at a place of its own: always 200, whatever the news. */
export function partsDocument(
  service: WorldService,
  endpoint: WorldEndpoint | undefined,
  surroundings: ConsumerSurroundings,
): Respond {
  return async () => {
    const database = surroundings.damage.active('part_down', service.name) ? 'down' : 'up';
    const called = endpoint === undefined ? null : await callEndpoint(service, endpoint, surroundings);
    const breakers = endpoint === undefined ? {} : { [endpoint.component]: called === null ? 'closed' : 'open' };
    return {
      status: 200,
      headers: JSON_TYPE,
      body: `${JSON.stringify({ parts: { database }, breakers, queue: QUEUED })}\n`,
    };
  };
}

/** What a broken API platform answered in turns (Google Cloud, 2025-06-12): mostly 503, and codes that read like the client's fault. */
const PLATFORM_ERRORS = [503, 503, 500, 503, 403, 503, 503, 500, 503, 401] as const;

/** How vendors sign what their endpoints say; others speak plainly. */
const SIGNED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws: { server: 'Server', 'x-amzn-requestid': 'LAB000000000000000000' },
  'google-cloud': { server: 'ESF', 'x-guploader-uploadid': 'LAB000000000000000000' },
};

/** The vendor's endpoint itself. */
export function endpointServer(endpoint: WorldEndpoint, damage: Damage): Respond {
  const { vendor, component } = endpoint;
  const met = metAt(endpoint);
  let turn = 0;
  const own = SIGNED[vendor] ?? { server: 'nginx' };
  const said = (status: number, body: string): Answer => ({
    status,
    headers: { ...own, 'content-type': 'text/plain' },
    body,
  });
  return async ({ path, host }) => {
    const late = damage.delayMs('endpoint_slow', component, met);
    if (late > 0) await delay(late);
    if (damage.strikes('endpoint_5xx', component, met)) {
      turn += 1;
      const status = PLATFORM_ERRORS[turn % PLATFORM_ERRORS.length] ?? 503;
      return said(status, `{"error":{"code":${status},"status":"UNAVAILABLE"}}\n`);
    }
    if (path === '/ping') return said(200, `healthy: ${host}\n`);
    return said(400, '{"error":{"code":400,"status":"UNKNOWN_OPERATION"}}\n');
  };
}

/** A vendor's own account of itself, in Statuspage's format. Nothing may depend on it. */
export function statusPage(vendor: string, damage: Damage): Respond {
  return ({ path }) => {
    if (path !== '/api/v2/summary.json') return { status: 404, headers: JSON_TYPE, body: '{}\n' };
    const troubled = damage.active('vendor_status_incident', vendor);
    return { status: 200, headers: JSON_TYPE, body: `${JSON.stringify(statusSummary(vendor, troubled))}\n` };
  };
}

/** What the page is known to call the vendor's parts. */
function partsOf(vendor: string): string[] {
  const known = Object.values(loadCatalogue().get(vendor)?.components ?? {});
  return known.flatMap(({ onStatusPage = [] }) => onStatusPage.slice(0, 1));
}

function statusSummary(vendor: string, troubled: boolean): unknown {
  const now = new Date().toISOString();
  const status = troubled ? 'major_outage' : 'operational';
  const incident = {
    id: 'lab1',
    name: 'Elevated errors in several regions',
    status: 'investigating',
    impact: 'critical',
    created_at: now,
    started_at: now,
    updated_at: now,
    resolved_at: null,
    incident_updates: [
      { id: 'lab2', status: 'investigating', body: 'We are looking into it.', created_at: now, updated_at: now },
    ],
    components: [],
  };
  return {
    page: { id: 'lab', name: vendor, updated_at: now },
    status: troubled
      ? { indicator: 'critical', description: 'Major Service Outage' }
      : { indicator: 'none', description: 'All Systems Operational' },
    components: partsOf(vendor).map((name, index) => ({ id: `part${index}`, name, status })),
    incidents: troubled ? [incident] : [],
    scheduled_maintenances: [],
  };
}
