// Strangers on the internet that tell one thing each: how route collectors see a prefix, how to trust an identity provider's
// tokens, where a certificate authority takes orders. Nothing of a world depends on them.
import { X509Certificate } from 'node:crypto';
import type { z } from 'zod';
import type { MapFile } from '../map/schema.ts';
import { json, NOT_FOUND, type Respond } from './answer.ts';
import type { Credentials } from './authority.ts';
import type { Outlet } from './outlet.ts';
import { addHttp, onlyOutlet, type Site } from './site.ts';
import type { Bystanders, World, WorldService } from './world.ts';

type MapInput = z.input<typeof MapFile>;
export type SignalInputs = NonNullable<NonNullable<MapInput['services']>[string]['signals']>;

const DIRECTORY = '/directory';
/** Collectors are read every eight hours. */
const DUMP_MS = 8 * 3_600_000;
const PEERS = { v4: 340, v6: 320 } as const;
/** Some collectors' peers never take up everything. */
const SEEN_SHARE = 0.97;

export async function buildBystanders(site: Site): Promise<void> {
  const { world, outlets, authority } = site;
  if (world.bystanders === undefined) return;
  const { collector, identity, acme, prefixes } = world.bystanders;
  const baseOf = (role: 'identity' | 'acme') => (): string => urlOf(onlyOutlet(outlets, role));
  const shown = await authority.issue(['tokens.identity.test']);
  const outside = { owner: '', side: 'internet' } as const;
  await addHttp(site, { ...outside, role: 'collector', at: [collector] }, routingStatus(prefixes), null);
  await addHttp(site, { ...outside, role: 'identity', at: [identity] }, provider(baseOf('identity'), shown), null);
  await addHttp(site, { ...outside, role: 'acme', at: [acme] }, directory(baseOf('acme')), null);
}

export const urlOf = ({ address, port }: Outlet): string => `http://${address}:${port}`;

/** RIPEstat's data call `routing-status`. */
function routingStatus(prefixes: Bystanders['prefixes']): Respond {
  return ({ path }) => {
    const { pathname, searchParams } = new URL(path, 'http://collector.test');
    if (pathname !== '/data/routing-status/data.json') return NOT_FOUND;
    const resource = searchParams.get('resource') ?? '';
    const known = prefixes.find(({ prefix }) => prefix === resource);
    const seen = (peers: number): object => ({
      ris_peers_seeing: known === undefined ? 0 : Math.round(peers * SEEN_SHARE),
      total_ris_peers: peers,
    });
    const data = {
      resource,
      visibility: { v4: seen(PEERS.v4), v6: seen(PEERS.v6) },
      origins: known === undefined ? [] : [{ origin: known.origin, route_objects: ['RIPE'] }],
      query_time: new Date(Math.floor(Date.now() / DUMP_MS) * DUMP_MS).toISOString().slice(0, 19),
    };
    return json({ status: 'ok', status_code: 200, data_call_name: 'routing-status', data });
  };
}

/** OpenID Connect Discovery 1.0, and RFC 7517 with a certificate. */
function provider(base: () => string, { cert }: Credentials): Respond {
  const { publicKey, raw } = new X509Certificate(cert);
  const key = { ...publicKey.export({ format: 'jwk' }), use: 'sig', kid: 'lab-1', x5c: [raw.toString('base64')] };
  return ({ path }) => {
    const issuer = `${base()}/`;
    if (path === '/keys') return json({ keys: [key] });
    if (path !== '/.well-known/openid-configuration') return NOT_FOUND;
    return json({ issuer, authorization_endpoint: `${issuer}authorize`, jwks_uri: `${issuer}keys` });
  };
}

/** RFC 8555 section 7.1.1. */
function directory(base: () => string): Respond {
  const resources = ['newNonce', 'newAccount', 'newOrder', 'revokeCert', 'keyChange', 'renewalInfo'];
  return ({ path }) =>
    path === DIRECTORY ? json(Object.fromEntries(resources.map((name) => [name, `${base()}/${name}`]))) : NOT_FOUND;
}

/** Which prefixes the map has looked up, and where. */
export function routingOf(world: World, outlets: readonly Outlet[]): Pick<MapInput, 'routing'> {
  if (world.bystanders === undefined) return {};
  const prefixes = world.bystanders.prefixes.map(({ prefix, owner, origin }) => ({ prefix, owner, origins: [origin] }));
  return { routing: { url: `${urlOf(onlyOutlet(outlets, 'collector'))}/`, every: '10m', prefixes } };
}

/** What a service needs of them, as signals of its own. */
export function trustOf({ signsIn, renews }: WorldService, outlets: readonly Outlet[]): SignalInputs {
  const signals: SignalInputs = {};
  if (signsIn) signals.login = { issuer: `${urlOf(onlyOutlet(outlets, 'identity'))}/` };
  if (renews) signals.renewal = { directory: `${urlOf(onlyOutlet(outlets, 'acme'))}${DIRECTORY}` };
  return signals;
}
