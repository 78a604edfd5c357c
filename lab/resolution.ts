// How a resolver of the world finds an answer, and when it believes one: down from the registry, whose key it trusts, each
// step signed or proven to be unsigned. What does not hold is a failure with its reason, unless somebody wants it unchecked.
import type { Question } from 'dns-packet';
import type { AnswerQuestion } from './dns-server.ts';
import type { ZoneAnswer } from './dns-zone.ts';
import { isNameDenied } from './dnssec-sign.ts';
import { flawOf, isDenied, NSEC_MISSING, type Trust, trustFrom } from './dnssec-validate.ts';
import { FAILURE, firstUsable, type recursor } from './recursor.ts';
import { type Registered, registeredAs, STRANGERS } from './registration.ts';
import { findOutlets, type Site } from './site.ts';

type Resolve = ReturnType<typeof recursor>;

/** `fromItsServers` asks the servers of a name's own zone. `clock`: what the resolver takes the time to be, Unix ms. */
export function resolution(site: Site, fromItsServers: Resolve, clock: () => number = Date.now): AnswerQuestion {
  return async (question, { unchecked }) => {
    const name = question.name.toLowerCase();
    const suffix = topOf(site, question);
    if (suffix !== null) {
      const said = await askRegistry(site, suffix, question);
      return unchecked ? said : checked(said, question, anchorOf(site, suffix), clock());
    }
    const registered = registeredAs(site.world, name);
    if (registered === null) return fromItsServers(question);
    const above = await askRegistry(site, registered.registry.suffix, { type: 'NS', name: registered.domain });
    if (above.rcode === 'SERVFAIL') return above;
    const flaw = unchecked
      ? null
      : flawOfReferral(above, registered, anchorOf(site, registered.registry.suffix), clock());
    if (flaw !== null) return bogus(flaw);
    if (above.rcode !== 'NOERROR' || isNameDenied(above.authorities)) return above;
    if (isWithStrangers(above)) return fromStrangers(site, question);
    const signed = above.authorities.some(({ type }) => type === 'DS');
    if (unchecked || !signed) return fromItsServers(question);
    const keys = await fromItsServers({ type: 'DNSKEY', name: registered.domain });
    if (keys.rcode === 'SERVFAIL') return keys;
    const trust = trustFrom(registered.domain, above.authorities, keys.answers, clock());
    if (typeof trust === 'number') return bogus(trust);
    return checked(await fromItsServers(question), question, trust, clock());
  };
}

const bogus = (extendedError: number): ZoneAnswer => ({ ...FAILURE, extendedError });

/** The zone above that alone can answer a question: about itself, and about what it publishes of the keys below. */
function topOf({ world }: Site, { name, type }: Question): string | null {
  const asked = name.toLowerCase();
  if (world.registries.some(({ suffix }) => suffix === asked)) return asked;
  const registered = type === 'DS' ? registeredAs(world, asked) : null;
  return registered?.domain === asked ? registered.registry.suffix : null;
}

/** Every resolver is told the registry's key, as others are told the root's. */
function anchorOf({ signers }: Site, zone: string): Trust {
  const key = signers.anchor(zone);
  return { zone, keys: key === undefined ? [] : [key.dnskey] };
}

async function askRegistry({ outlets, patience }: Site, suffix: string, question: Question): Promise<ZoneAnswer> {
  const servers = findOutlets(outlets, 'registry', suffix);
  return (await firstUsable(servers, question, 2 * patience.nameServerMs)) ?? FAILURE;
}

/** An answer of a signed zone, if it holds. */
function checked(said: ZoneAnswer, { name, type }: Question, trust: Trust, now: number): ZoneAnswer {
  if (said.rcode === 'SERVFAIL') return said;
  const flaw = flawOf([...said.answers, ...said.authorities], trust, now);
  if (flaw !== null) return bogus(flaw);
  const proven = said.answers.length > 0 || isDenied(said.authorities, name.toLowerCase(), type);
  return proven ? { ...said, authenticated: true } : bogus(NSEC_MISSING);
}

/** Whom the zone below is with is for that zone to sign; which keys it has, or that it has none, is not. */
function flawOfReferral({ authorities }: ZoneAnswer, { domain }: Registered, trust: Trust, now: number): number | null {
  const own = authorities.filter(({ type }) => type !== 'NS');
  const proven = own.some(({ type }) => type === 'DS') || isDenied(own, domain, 'DS');
  return flawOf(own, trust, now) ?? (proven ? null : NSEC_MISSING);
}

const isWithStrangers = ({ authorities }: ZoneAnswer): boolean =>
  authorities.some((record) => record.type === 'NS' && record.data === STRANGERS[0]);

/** Strangers send visitors where it suits them. */
function fromStrangers({ world, addressOf }: Site, question: Question): ZoneAnswer {
  const data = addressOf(world.former);
  const answers: ZoneAnswer['answers'] =
    question.type === 'A' ? [{ type: 'A', name: question.name, ttl: 2, data }] : [];
  return { rcode: 'NOERROR', authoritative: false, answers, authorities: [] };
}
