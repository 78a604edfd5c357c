// Tokens of OAuth 2: had from their endpoint by one request for all who want the same, and kept until shortly before they end.
// What fails there is never a failure of whoever the token is for.
import { z } from 'zod';
import type { ProbeContext } from '../probe.ts';
import { readSecret } from '../secret.ts';
import { jsonOrNothing } from './bounded-json.ts';
import { plainHost } from './connection.ts';
import { type Exchange, exchange } from './exchange.ts';
import { inForm } from './fields.ts';
import type { OAuth2 } from './oauth2.ts';
import { Refusal } from './refusal.ts';

const MAX_BYTES = 65_536;
const MAX_KEPT = 256;

/** Before its end a token may have ended on the way, or by the clock of whoever reads it. */
const MARGIN_MS = 30_000;
/** Of a token whose end nobody tells. */
const USUAL_MS = 300_000;
const LONGEST_MS = 86_400_000;
/** Whoever denied a client is not asked at once again: some lock it out. */
const DENIED_FOR_MS = 60_000;

export interface Token {
  value: string;
  /** Milliseconds it may be used for. */
  lifetimeMs: number;
}

/** A token, or the way to one. Times are of the monotonic clock. */
export interface Asked {
  token: Promise<Token>;
  since: number;
  /** Whether it was asked for since the one before it was refused. */
  anew: boolean;
}

interface Kept extends Asked {
  until: number;
}

/** By what they are asked for by: settings alike share them. Nothing of it is written anywhere. */
const kept = new Map<string, Kept>();

/** The token there is, or one that is asked for now. What it rejects with: see {@link fetchToken}. */
export function tokenFor(client: OAuth2, context: ProbeContext): Asked {
  const known = kept.get(JSON.stringify(client));
  return known !== undefined && context.clock.monotonic() < known.until ? known : ask(client, context, false);
}

/** Another one in place of one that was refused, unless somebody else has had it already. */
export function anotherFor(client: OAuth2, refused: Asked, context: ProbeContext): Asked {
  const known = kept.get(JSON.stringify(client));
  return known !== undefined && known !== refused ? known : ask(client, context, true);
}

function ask(client: OAuth2, context: ProbeContext, anew: boolean): Asked {
  const { clock } = context;
  const token = fetchToken(client, context);
  const asked: Kept = { token, since: clock.monotonic(), until: Number.POSITIVE_INFINITY, anew };
  token.then(
    ({ lifetimeMs }) => {
      asked.until = clock.monotonic() + lifetimeMs;
    },
    (error: unknown) => {
      const denied = error instanceof Refusal && error.reason === 'token_denied';
      asked.until = clock.monotonic() + (denied ? DENIED_FOR_MS : 0);
    },
  );
  const key = JSON.stringify(client);
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size >= MAX_KEPT) kept.delete(oldest);
  kept.delete(key);
  kept.set(key, asked);
  return asked;
}

/** Rejects with a {@link Refusal} that says who did what, or with `SecretError`. */
async function fetchToken(client: OAuth2, context: ProbeContext): Promise<Token> {
  const { tokenUrl, clientId, clientSecret, clientAuthentication, scopes, endpointParams, proxy } = client;
  const posted = clientAuthentication === 'client_secret_post';
  const form = {
    ...endpointParams,
    grant_type: 'client_credentials',
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(posted && { client_id: clientId, client_secret: clientSecret }),
  };
  const named = posted ? {} : { authorization: basic(clientId, await readSecret(clientSecret)) };
  const headers = { accept: 'application/json', ...named };
  const bounds = { resolve: 'last_good', tlsVerify: true, maxBodyBytes: MAX_BYTES } as const;
  const request = { url: new URL(tokenUrl), method: 'POST', headers, form, proxy, ...bounds } as const;
  return tokenIn(await exchange(request, context), plainHost(request.url.hostname));
}

/** Each part is written as in a form before they are joined (RFC 6749, section 2.3.1). */
function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${inForm(id)}:${inForm(secret)}`).toString('base64')}`;
}

const Granted = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.union([z.number(), z.string().regex(/^\d{1,10}$/)]).optional(),
});

const Denied = z.object({
  error: z.enum([
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
  ]),
});

function tokenIn({ reason, flaw, answer }: Exchange, host: string): Token {
  if (reason === 'local') throw new Refusal('local', flaw ?? 'no token can be asked for');
  if (answer === null) throw new Refusal('token_unreachable', `${host}: ${reason}`);
  const { status } = answer;
  const text = answer.body?.toString('utf8') ?? '';
  if (status === 400 || status === 401 || status === 403) {
    const said = Denied.safeParse(jsonOrNothing(text)).data?.error;
    throw new Refusal('token_denied', `${host} said HTTP ${status}${said === undefined ? '' : ` ${said}`}`);
  }
  if (status !== 200) throw new Refusal('token_error', `${host} said HTTP ${status}`);
  const granted = reason === 'ok' ? Granted.safeParse(jsonOrNothing(text)).data : undefined;
  if (granted === undefined) throw new Refusal('token_error', `${host} gave no bearer token`);
  return { value: granted.access_token, lifetimeMs: lifetimeOf(granted.expires_in) };
}

function lifetimeOf(expiresIn: number | string | undefined): number {
  const told = expiresIn === undefined ? USUAL_MS : Math.max(0, Number(expiresIn) * 1_000);
  return Math.min(Math.max(told - MARGIN_MS, told / 2), LONGEST_MS);
}
