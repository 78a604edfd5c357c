// What `demarc init` asks at a terminal: only what cannot be seen from outside, which is where each origin is.
import { createInterface, type Interface } from 'node:readline/promises';
import type { DraftService } from '../map/draft.ts';
import { UserError } from '../map/user-error.ts';
import { tell } from './terminal.ts';

/** The answer; null when there is nobody any more who answers. */
export type Ask = (question: string) => Promise<string | null>;

const WHY = `Where is the origin? A way past every vendor is what clears you in an outage.
Ctrl+D leaves the rest open, Ctrl+C writes nothing.`;

/** Asks where each origin is; whoever does not know presses return. */
export async function askOrigins(services: readonly DraftService[], ask: Ask): Promise<DraftService[]> {
  const answered: DraftService[] = [];
  for (const service of services) {
    const url = service.origin === null ? await askUrl(ask, service.name) : null;
    const origin =
      url === null ? service.origin : { value: url, certainty: 'certain' as const, evidence: 'you said so' };
    answered.push({ ...service, origin });
  }
  return answered;
}

async function askUrl(ask: Ask, name: string): Promise<string | null> {
  for (;;) {
    const text = (await ask(`URL of ${name} that passes no vendor (return: unknown): `))?.trim() ?? '';
    if (text === '') return null;
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url !== null && /^https?:$/.test(url.protocol) && url.username === '') return url.href;
    tell('Write it like http://192.168.1.20:8080/');
  }
}

const STOPPED = 'stopped';

/** Ctrl+D ends the questions, Ctrl+C ends the program: neither is a bug. */
function askerAt(terminal: Interface): Ask {
  const left = new AbortController();
  terminal.once('SIGINT', () => left.abort(STOPPED));
  terminal.once('close', () => left.abort());
  return async (question) => {
    if (left.signal.aborted) return null;
    try {
      return await terminal.question(question, { signal: left.signal });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
      tell('');
      if (left.signal.reason !== STOPPED) return null;
      throw new UserError([{ place: 'init', what: 'was stopped, nothing is written', hint: '--yes asks nothing' }]);
    }
  };
}

/** Asks at a terminal, where there is one and nobody said that nothing shall be asked. */
export async function completed(services: DraftService[], silent: boolean): Promise<DraftService[]> {
  if (silent || process.stdin.isTTY !== true || process.stderr.isTTY !== true) return services;
  if (services.every(({ origin }) => origin !== null)) return services;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  tell(WHY);
  try {
    return await askOrigins(services, askerAt(terminal));
  } finally {
    terminal.close();
  }
}
