// What can be seen of a domain as a whole: at whom it is registered and until when, and where its mail goes.
import { z } from 'zod';
import { MAIL_HOSTS } from '../catalog/mail-hosts.ts';
import type { Reason } from '../catalog/reasons.ts';
import { readJson } from '../exporters/http/bounded-json.ts';
import { fetchDocument } from '../exporters/http/document.ts';
import { Malformed } from '../exporters/malformed.ts';
import { loadBootstrap, rdapBaseOf } from '../exporters/registration/bootstrap.ts';
import { readDomain } from '../exporters/registration/rdap.ts';
import { type LookOptions, lookContext, recordsOf, within } from './draft-look.ts';
import type { Certainty } from './draft-recognise.ts';

export interface Registration {
  /** As registered; the zone may be a part of it. */
  domain: string;
  /** Null when the registry does not say. */
  registrar: string | null;
  /** Unix milliseconds; null when the registry does not say. */
  expiry: number | null;
}

export interface Mail {
  /** Null when nobody known runs them. */
  title: string | null;
  hosts: string[];
  certainty: Certainty;
}

export interface DomainFacts {
  zone: string;
  registration: Registration | null;
  /** ok, or why there is no registration: `rdap_unsupported` when nobody is known who could be asked. */
  registrationReason: Reason;
  /** Null when the zone takes no mail. */
  mail: Mail | null;
}

export interface DomainOptions extends LookOptions {
  /** Base URL of the RDAP server; by the top-level domain when left out; null asks nobody. */
  rdap?: string | null | undefined;
}

const LOOK_MS = 8_000;
const MAX_BYTES = 1_048_576;

const Entities = z.object({
  entities: z
    .array(
      z
        .object({ roles: z.array(z.string()).default([]), vcardArray: z.unknown() })
        .catch({ roles: [], vcardArray: null }),
    )
    .default([]),
});

const Card = z.tuple([z.literal('vcard'), z.array(z.array(z.unknown()))]);

/** The name on the registrar's card (RFC 7095). A card that is odd has none. */
function registrarIn(text: string): string | null {
  const read = Entities.safeParse(readJson(text));
  const registrar = read.data?.entities.find(({ roles }) => roles.includes('registrar'));
  const card = Card.safeParse(registrar?.vcardArray);
  const name = card.data?.[1].find(([property]) => property === 'fn')?.[3];
  return typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 80) : null;
}

type Registered = Pick<DomainFacts, 'registration' | 'registrationReason'>;

async function askRegistry(domain: string, base: string, options: DomainOptions): Promise<Registered> {
  const url = new URL(`domain/${domain}`, base.endsWith('/') ? base : `${base}/`);
  const { reason, answer, body } = await within(LOOK_MS, options.clock, (signal) =>
    fetchDocument(url, MAX_BYTES, lookContext(options, signal)),
  );
  const none = (why: Reason): Registered => ({ registration: null, registrationReason: why });
  if (answer?.status === 404) return none('rdap_not_found');
  if (reason !== 'ok') return none(reason);
  try {
    const text = body.toString('utf8');
    const { expiry } = readDomain(text, domain);
    return { registration: { domain, registrar: registrarIn(text), expiry }, registrationReason: 'ok' };
  } catch (error) {
    if (error instanceof Malformed) return none('answer_malformed');
    throw error;
  }
}

/** A zone may be a part of what is registered, so the names above it are asked about too, up to the last two labels. */
async function registrationOf(zone: string, options: DomainOptions): Promise<Registered> {
  const servers = loadBootstrap();
  let last: Registered = { registration: null, registrationReason: 'rdap_unsupported' };
  for (let domain = zone; domain.includes('.'); domain = domain.slice(domain.indexOf('.') + 1)) {
    const base = options.rdap === undefined ? rdapBaseOf(domain, servers) : options.rdap;
    if (base === null) return last;
    last = await askRegistry(domain, base, options);
    if (last.registrationReason !== 'rdap_not_found') return last;
  }
  return last;
}

/** Who takes the mail, by the names of the servers. All of them one's: certain. */
export function mailOf(hosts: readonly string[], zone: string): Mail | null {
  // A single dot says that no mail is taken: RFC 7505.
  const named = [...new Set(hosts.map((host) => host.toLowerCase().replace(/\.$/, '')))]
    .filter((host) => host !== '')
    .sort();
  if (named.length === 0) return null;
  const runs = (ends: readonly string[]): number =>
    named.filter((host) => ends.some((end) => `.${host}`.endsWith(end))).length;
  const candidates = [...Object.entries(MAIL_HOSTS), ['your own zone', [`.${zone}`]] as const];
  const [title = '', ends = []] = candidates.find(([, known]) => runs(known) > 0) ?? [];
  const found = runs(ends);
  return { title: found === 0 ? null : title, hosts: named, certainty: found === named.length ? 'certain' : 'likely' };
}

export async function lookAtDomain(zone: string, options: DomainOptions): Promise<DomainFacts> {
  const [registered, exchanges] = await Promise.all([registrationOf(zone, options), recordsOf(zone, 'MX', options)]);
  // `10 mx.example.org.`, the preference first.
  const hosts = exchanges.map((data) => data.replace(/^\d+ /, ''));
  return { zone, ...registered, mail: mailOf(hosts, zone) };
}
