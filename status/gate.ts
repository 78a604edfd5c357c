// What every request passes first: headers against hostile pages, and refusal of what a browser was tricked into.

import { STATUS_CODES } from 'node:http';
import net from 'node:net';
import { hostname } from 'node:os';
import type { Request, RequestHandler, Response } from 'express';

const MAX_URL_BYTES = 8_192;
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'DELETE'];

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export function refuse(response: Response, status: number, error = STATUS_CODES[status] ?? 'error'): void {
  response.status(status).json({ error });
}

export const secureHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  next();
};

export const boundedRequest: RequestHandler = (request, response, next) => {
  if (request.url.length > MAX_URL_BYTES) return refuse(response, 414);
  if (METHODS.includes(request.method)) return next();
  response.set('allow', METHODS.join(', '));
  refuse(response, 405);
};

/** The name a request was sent to, without port and brackets; null when the header is not one. */
function nameOf(host: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host ?? '');
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? null : name.toLowerCase().replace(/\.$/, '');
}

// Domains nobody can register, so no stranger's name server can point them here.
const PRIVATE_SUFFIX = /\.(?:localhost|local|internal|lan|home\.arpa)$/;

/** A stranger's page whose domain was pointed at this address (DNS rebinding) sends that domain; it is turned away. */
export function knownHosts(hosts: readonly string[]): RequestHandler {
  const own = new Set([...hosts, hostname()].map((name) => name.toLowerCase()));
  return (request, response, next) => {
    const name = nameOf(request.headers.host);
    if (name === null) return refuse(response, 400, 'bad Host header');
    const known = net.isIP(name) !== 0 || !name.includes('.') || PRIVATE_SUFFIX.test(name) || own.has(name);
    if (known) return next();
    refuse(response, 421, 'this server is not known by that name');
  };
}

function fromElsewhere(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  // Browsers leave Sec-Fetch-Site out over plain HTTP on a LAN address, but never Origin.
  return (
    origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.headers.host?.toLowerCase())
  );
}

/** Guards what changes something but takes nothing in, so that a plain `curl -X POST` will do. */
export const sameOrigin: RequestHandler = (request, response, next) => {
  if (fromElsewhere(request)) return refuse(response, 403, 'cross-site request');
  next();
};

/** Guards what changes something. JSON cannot be sent across origins without asking first, and nobody is told yes. */
export const sameOriginJson: RequestHandler = (request, response, next) => {
  const type = request.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (fromElsewhere(request)) return refuse(response, 403, 'cross-site request');
  if (type !== 'application/json') return refuse(response, 415, 'content-type must be application/json');
  next();
};
