// `demarc discover`: asks what runs here for services the map could have, and proposes them. It writes nothing.
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { z } from 'zod';
import { readJson } from '../exporters/http/bounded-json.ts';
import { Malformed } from '../exporters/malformed.ts';
import { checked, merge, plain, type Sighted } from '../map/discover.ts';
import { DaemonConfig, proposedByCloudflared, readIngress } from '../map/discover-cloudflared.ts';
import { Containers, proposedByDocker } from '../map/discover-docker.ts';
import {
  CaddyConfig,
  proposedByCaddy,
  proposedByTraefik,
  TraefikRouters,
  TraefikServices,
} from '../map/discover-proxies.ts';
import { fragment } from '../map/discover-text.ts';
import { loadMap } from '../map/load.ts';
import { UserError } from '../map/user-error.ts';
import { EXIT, print, tell } from './terminal.ts';

export interface DiscoverOptions {
  docker: string;
  cloudflared: string;
  cloudflaredConfig?: string;
  traefik: string;
  caddy: string;
  map?: string;
  json?: boolean;
}

const PATIENCE_MS = 5_000;
const LARGEST_ANSWER = 8 * 1_048_576;
const DEFAULT_MAP = 'demarc.yaml';

/** Why a source has nothing to say; a person may not have it, so this is no mistake. */
class NoAnswer extends Error {}

function endpointOf({ hostname, port, pathname, search }: URL) {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port), path: pathname + search };
}

/** A GET at a URL, or at the socket of a file, answered within limits. */
function get(where: string, path: string): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const options = where.startsWith('/')
    ? { socketPath: where, path, signal }
    : { ...endpointOf(new URL(path, where)), signal };
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new NoAnswer(why));
    const request = http.get(options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > LARGEST_ANSWER) request.destroy(new Error(`its answer is larger than ${LARGEST_ANSWER} bytes`));
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString());
        else fail(`it answers ${response.statusCode} to ${path}`);
      });
      response.on('error', (error) => fail(error.message));
    });
    request.on('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.name === 'AbortError' || error.name === 'TimeoutError'
          ? 'no answer in 5 s'
          : (error.code ?? error.message),
      ),
    );
  });
}

async function ask<S extends z.ZodType>(where: string, path: string, schema: S): Promise<z.output<S>> {
  const text = await get(where, path);
  let value: unknown;
  try {
    value = readJson(text);
  } catch (error) {
    if (error instanceof Malformed) throw new NoAnswer(`its answer is ${error.message}`);
    throw error;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new NoAnswer('its answer has a form not known here');
  return parsed.data;
}

interface Source {
  /** As a person calls it, and where it is. */
  name: string;
  where: string;
  look(): Promise<Sighted>;
}

function cloudflaredFile(file: string, metrics: string): Sighted {
  if (!existsSync(file))
    throw new UserError([{ place: file, what: 'does not exist', hint: 'name the config.yml of cloudflared' }]);
  const ingress = readIngress(file, readFileSync(file, 'utf8'));
  if (ingress === null)
    throw new UserError([{ place: file, what: 'is no configuration of cloudflared', hint: 'it has a list `ingress`' }]);
  return proposedByCloudflared(ingress, { from: file, metrics });
}

function sourcesOf({ docker, cloudflared, cloudflaredConfig, traefik, caddy }: DiscoverOptions): Source[] {
  const metrics = cloudflared === 'none' ? 'http://127.0.0.1:20241' : cloudflared;
  const file = cloudflaredConfig;
  const all: Source[] = [
    {
      name: 'Docker',
      where: docker,
      look: async () => proposedByDocker(await ask(docker, '/containers/json', Containers)),
    },
    ...(file === undefined
      ? []
      : [{ name: "cloudflared's file", where: file, look: async () => cloudflaredFile(file, metrics) }]),
    {
      name: 'cloudflared',
      where: cloudflared,
      look: async () =>
        proposedByCloudflared((await ask(cloudflared, '/config', DaemonConfig)).config, { from: cloudflared, metrics }),
    },
    {
      name: 'Traefik',
      where: traefik,
      look: async () =>
        proposedByTraefik({
          routers: await ask(traefik, '/api/http/routers?per_page=500', TraefikRouters),
          services: await ask(traefik, '/api/http/services?per_page=500', TraefikServices),
        }),
    },
    { name: 'Caddy', where: caddy, look: async () => proposedByCaddy(await ask(caddy, '/config/', CaddyConfig)) },
  ];
  return all.filter(({ where }) => where !== 'none');
}

/** Every place must be a path or a URL of HTTP. */
function checkPlaces({ docker, cloudflared, traefik, caddy }: DiscoverOptions): void {
  const problems = Object.entries({ docker, cloudflared, traefik, caddy }).flatMap(([option, where]) => {
    const fine = where === 'none' || where.startsWith('/') || (URL.canParse(where) && /^http:/.test(where));
    return fine
      ? []
      : [{ place: `--${option}`, what: `${plain(where)} is neither an http:// URL nor a socket`, hint: 'or none' }];
  });
  if (problems.length > 0) throw new UserError(problems);
}

/** URLs the map has. */
function known(file: string | undefined): ReadonlySet<string> {
  const chosen = file ?? (existsSync(DEFAULT_MAP) ? DEFAULT_MAP : undefined);
  if (chosen === undefined) return new Set();
  return new Set(Object.values(loadMap(chosen).file.services).map(({ url }) => new URL(url).href));
}

async function lookAt({ name, where, look }: Source): Promise<Sighted> {
  try {
    const sighted = await look();
    tell(`${name} at ${where}: ${sighted.proposals.length} seen`);
    return sighted;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    tell(`${name} at ${where}: not looked at, ${plain(error.message)}`);
    return { proposals: [], refusals: [] };
  }
}

export async function discover(options: DiscoverOptions): Promise<number> {
  checkPlaces(options);
  const inMap = known(options.map);
  const sighted = await Promise.all(sourcesOf(options).map(lookAt));
  const { accepted, refusals } = checked(merge(sighted.flatMap(({ proposals }) => proposals)));
  const fresh = accepted.filter(({ service }) => !inMap.has(new URL(service.url).href));
  const left = [...sighted.flatMap((one) => one.refusals), ...refusals];
  if (options.json === true) print(JSON.stringify({ proposals: fresh, refusals: left }, null, 2));
  else process.stdout.write(fragment(fresh, left, accepted.length - fresh.length));
  return EXIT.fine;
}
