// `demarc why`: the verdict as a short differential diagnosis, from a running exporter or from one round of probes now.
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { LAYERS } from '../catalog/layers.ts';
import { CONFIDENCES, PARTIES } from '../catalog/parties.ts';
import { SIGNAL_NAMES, type SignalName, type State } from '../catalog/signals.ts';
import { nearest } from '../map/issues.ts';
import { loadMap } from '../map/load.ts';
import { UserError } from '../map/user-error.ts';
import type { Signal } from '../signals/signal.ts';
import type { VendorVerdict } from '../verdict/vendor-verdict.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { type Why, whyOf } from '../verdict/why.ts';
import { lookNow } from './look-now.ts';
import { withProgress } from './progress.ts';
import { EXIT, print, tell } from './terminal.ts';
import { whyLines } from './why-text.ts';
import { componentsNamed, isSilentTrouble, VendorsAnswer, vendorLines } from './why-vendor.ts';

export interface WhyOptions {
  /** Left out: where the map says that it listens, and without an answer from there a look of our own. */
  from?: string;
  now?: boolean;
  map?: string;
  state: string;
  json?: boolean;
}

export interface Sight {
  verdicts: Verdict[];
  signals: Signal[];
  vendors: VendorVerdict[];
}

const PATIENCE_MS = 5_000;
const USUAL_PLACE = '127.0.0.1:9815';

const Row = { row: z.string(), party: z.enum([...PARTIES]), cause: z.string() };

const VerdictsAnswer = z.object({
  verdicts: z.array(
    z.object({
      site: z.string(),
      service: z.string(),
      ...Row,
      code: z.number(),
      vendor: z.string().nullable(),
      component: z.string().nullable(),
      confidence: z.enum([...CONFIDENCES]),
      headline: z.string(),
      because: z.string(),
      since: z.string().nullable(),
      evidence: z.array(z.object({ signal: z.string(), state: z.enum(['ok', 'bad', 'unknown']), text: z.string() })),
      action: z.string(),
      concurrent: z.array(z.object({ ...Row, sentence: z.string() })),
      // One of an earlier version says nothing about it.
      failover: z.enum(['yes', 'no', 'unknown']).nullable().default(null),
      masked: z.array(z.enum([...LAYERS])),
    }),
  ),
});

const Time = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : Date.parse(text)));

const SignalsAnswer = z.object({
  signals: z.array(
    z.object({
      name: z.string(),
      service: z.string(),
      state: z.union([z.literal(1), z.literal(0), z.literal(-1)]) satisfies z.ZodType<State>,
      since: Time,
      lastOk: Time,
      lastBad: Time,
      evidence: z.string(),
    }),
  ),
});

const isSignalName = (name: string): name is SignalName => (SIGNAL_NAMES as readonly string[]).includes(name);

/** Asks a running demarc. Throws {@link UserError} when nobody answers, or not as demarc does. */
export async function askExporter(base: string): Promise<Sight> {
  const ask = async <S extends z.ZodType>(path: string, shape: S): Promise<z.output<S>> => {
    const parsed = shape.safeParse(await fetchJson(base, path));
    if (parsed.success) return parsed.data;
    throw noAnswer(base, 'does not speak as this demarc does', 'is it another program, or another version?');
  };
  const [{ verdicts }, { signals }, { vendors }] = await Promise.all([
    ask('api/v1/verdicts', VerdictsAnswer),
    ask('api/v1/signals', SignalsAnswer),
    ask('api/v1/vendors', VendorsAnswer),
  ]);
  const known = signals.flatMap(({ name, ...rest }) => (isSignalName(name) ? [{ name, ...rest }] : []));
  return { verdicts, signals: known, vendors };
}

function noAnswer(place: string, what: string, hint: string): UserError {
  return new UserError([{ place, what, hint }]);
}

async function fetchJson(base: string, path: string): Promise<unknown> {
  if (!/^https?:\/\//.test(base) || !URL.canParse(base))
    throw noAnswer(base, 'is not a URL', 'write it like http://127.0.0.1:9815');
  const url = new URL(path, base.endsWith('/') ? base : `${base}/`);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
    if (response.ok) return await response.json();
    throw noAnswer(base, `answers ${response.status} to /${path}`, 'is it a demarc?');
  } catch (error) {
    if (error instanceof UserError) throw error;
    // What fetch throws is the network's, or no JSON.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    const hint = 'start `demarc serve`, or probe right now with --now';
    throw new Unanswered([{ place: base, what: `gives no answer (${cause})`, hint }]);
  }
}

/** The services asked about: the one named, else all that are not fine. */
function chosen({ verdicts, vendors }: Sight, name: string | undefined): Verdict[] {
  if (name === undefined) return verdicts.filter(({ party }) => party !== 'none');
  const found = verdicts.find(({ service }) => service === name);
  if (found !== undefined) return [found];
  const names = verdicts.map(({ service }) => service);
  const guess = nearest(name, [...names, ...vendors.map(({ vendor }) => vendor)]);
  const hint = guess === undefined ? `there are ${names.join(', ')}` : `did you mean ${guess}?`;
  throw new UserError([{ place: name, what: 'is no service of the map and no vendor it watches', hint }]);
}

function jsonOf({ verdict, ...rest }: Why): Record<string, unknown> {
  return { ...rest, verdict };
}

/** Nobody is there to be asked, as opposed to somebody who says something odd. */
class Unanswered extends UserError {}

/** Where a demarc of this map would listen. A map that does not hold is no reason not to ask the usual place. */
function placeFor(map: string | undefined): string {
  try {
    return `http://${map === undefined ? USUAL_PLACE : loadMap(map).file.listen}`;
  } catch (error) {
    if (error instanceof UserError) return `http://${USUAL_PLACE}`;
    throw error;
  }
}

/** From the running demarc; from one round of probes when that is wished, or when none runs and there is a map. */
async function look(service: string | undefined, map: string | undefined, options: WhyOptions): Promise<Sight> {
  const { now, state, from } = options;
  if (now === true && map !== undefined) return lookNow({ map, state, service });
  const place = from ?? placeFor(map);
  try {
    return await withProgress(`waiting for ${place}`, askExporter(place));
  } catch (error) {
    if (!(error instanceof Unanswered) || from !== undefined || map === undefined) throw error;
    tell(`no demarc runs at ${place}, so this is a look of its own`);
    return lookNow({ map, state, service });
  }
}

export async function why(service: string | undefined, options: WhyOptions): Promise<number> {
  const map = options.map ?? (existsSync('demarc.yaml') ? 'demarc.yaml' : undefined);
  if (options.now === true && map === undefined) {
    const hint = 'give one with --map, or let `demarc init` draft it';
    throw new UserError([{ place: '--now', what: 'needs a map, and there is no demarc.yaml here', hint }]);
  }
  const sight = await look(service, map, options);
  const { verdicts, signals, vendors } = sight;
  const isService = verdicts.some((verdict) => verdict.service === service);
  const asked = service === undefined || isService ? [] : componentsNamed(vendors, service);
  if (asked.length > 0) return printVendors(asked, options);
  const answers = chosen(sight, service).map((verdict) => whyOf(verdict, signals));
  if (options.json === true) {
    print(JSON.stringify(service === undefined ? answers.map(jsonOf) : jsonOf(answers[0] as Why), null, 2));
    return EXIT.fine;
  }
  if (answers.length === 0) print(`All fine: ${verdicts.map((verdict) => verdict.service).join(', ')}.`);
  for (const [index, answer] of answers.entries()) {
    if (index > 0) print();
    for (const line of whyLines(answer, Date.now())) print(line);
  }
  const trouble = service === undefined ? vendors.filter(isSilentTrouble) : [];
  for (const { headline } of trouble) print(`\nBesides: ${headline}`);
  return EXIT.fine;
}

function printVendors(asked: readonly VendorVerdict[], { json }: WhyOptions): number {
  if (json === true) print(JSON.stringify(asked, null, 2));
  else print(asked.map((verdict) => vendorLines(verdict, Date.now()).join('\n')).join('\n\n'));
  return EXIT.fine;
}
