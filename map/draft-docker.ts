// The containers that run on this machine, as Docker's socket tells them: where an origin may be. One question, bounded.
import http from 'node:http';
import { z } from 'zod';
import { UserError } from './user-error.ts';

export interface Container {
  name: string;
  image: string;
  /** Ports of this machine that lead to it, lowest first. */
  ports: number[];
  /** Names its labels say it serves. */
  hosts: string[];
}

const PATIENCE_MS = 3_000;
const MAX_BYTES = 4_194_304;
const MOST = 200;

/** `GET /containers/json`, https://docs.docker.com/reference/api/engine/. */
const Listed = z.array(
  z.object({
    Names: z.array(z.string()).default([]),
    Image: z.string().default(''),
    Labels: z.record(z.string(), z.string()).nullish(),
    Ports: z.array(z.object({ PublicPort: z.int().optional(), Type: z.string().default('tcp') })).nullish(),
  }),
);

const HOST = /^[a-z0-9.-]+$/i;

/** Traefik writes rules such as Host(`a.example.com`) || Host(`b.example.com`), caddy-docker-proxy the bare names. */
function hostsIn(labels: Readonly<Record<string, string>>): string[] {
  const found = Object.entries(labels).flatMap(([key, value]) => {
    if (/^traefik\.http\.routers\..+\.rule$/.test(key))
      return [...value.matchAll(/`([^`]+)`/g)].map(([, host = '']) => host);
    return /^caddy(_\d+)?$/.test(key)
      ? value.split(/[\s,]+/).map((word) => word.replace(/^https?:\/\//, '').replace(/:\d+$/, ''))
      : [];
  });
  return [...new Set(found.filter((host) => HOST.test(host) && host.includes('.')).map((host) => host.toLowerCase()))];
}

function fetchList(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      { socketPath, path: '/containers/json', signal: AbortSignal.timeout(PATIENCE_MS) },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MAX_BYTES) request.destroy(new Error('the list is longer than 4 MiB'));
          else chunks.push(chunk);
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
          else reject(new Error(`it answers ${response.statusCode}`));
        });
        response.on('error', reject);
      },
    );
    request.on('error', reject);
  });
}

function noDocker(socketPath: string, why: string): UserError {
  const hint = 'is that the socket, and may you read it? Leave the option out to do without';
  return new UserError([{ place: `--docker-socket ${socketPath}`, what: `no Docker answers there (${why})`, hint }]);
}

/** Throws {@link UserError} when no Docker answers there: it was asked for by name. */
export async function findContainers(socketPath: string): Promise<Container[]> {
  let text: string;
  try {
    text = await fetchList(socketPath);
  } catch (error) {
    // What the request rejects with is the socket's or the answer's fault.
    throw noDocker(socketPath, error instanceof Error ? error.message : String(error));
  }
  const read = Listed.safeParse(parseJson(text));
  if (!read.success) throw noDocker(socketPath, 'its answer is no list of containers');
  return read.data.slice(0, MOST).map(({ Names, Image, Labels, Ports }) => ({
    name: (Names[0] ?? '').replace(/^\//, ''),
    image: Image,
    ports: [
      ...new Set((Ports ?? []).flatMap(({ PublicPort, Type }) => (Type === 'tcp' ? (PublicPort ?? []) : []))),
    ].sort((a, b) => a - b),
    hosts: hostsIn(Labels ?? {}),
  }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
