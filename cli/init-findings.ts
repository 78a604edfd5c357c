// What `demarc init` saw and how sure each of it is: for a person, and for a program.
import type { Draft, DraftService } from '../map/draft.ts';
import type { DomainFacts } from '../map/draft-domain.ts';
import type { Sighting } from '../map/draft-look.ts';
import type { Certainty } from '../map/draft-recognise.ts';
import { domainFindings } from '../map/draft-text.ts';
import { paint } from './terminal.ts';
import { wrap } from './wrap.ts';

/** One thing that was seen, or was looked for and not seen. */
export interface Finding {
  what:
    | 'gateway'
    | 'resolver'
    | 'answer'
    | 'CA'
    | 'domain'
    | 'mail'
    | 'DNS'
    | 'edge'
    | 'tunnel'
    | 'origin'
    | 'container';
  /** Null: not seen. */
  certainty: Certainty | null;
  vendor: string | null;
  text: string;
}

export interface Findings {
  here: Finding[];
  services: { service: string; url: string; findings: Finding[] }[];
}

const DAY_MS = 86_400_000;

function seen(what: Finding['what'], certainty: Certainty, text: string, vendor: string | null = null): Finding {
  return { what, certainty, vendor, text };
}

function unseen(what: Finding['what'], text: string): Finding {
  return { what, certainty: null, vendor: null, text };
}

function hereOf({ gateway, resolver, systemResolvers, containers }: Draft): Finding[] {
  const [first] = systemResolvers;
  return [
    gateway === null
      ? unseen('gateway', 'not seen: name your router in the map')
      : seen('gateway', 'certain', `${gateway}: the default route goes there`),
    resolver !== null
      ? seen('resolver', 'certain', `${resolver}, as given`)
      : first === undefined
        ? unseen('resolver', 'this machine names none')
        : seen('resolver', 'likely', `${first}: this machine asks it; that it is yours and not your ISP's is assumed`),
    ...(containers ?? []).map(({ name, image, ports }) =>
      seen(
        'container',
        'certain',
        `${name} (${image})${ports.length === 0 ? ', not published' : `, port ${ports.join(', ')}`}`,
      ),
    ),
  ];
}

function answerOf({ answer, answerReason }: Sighting): Finding {
  return answer === null
    ? unseen('answer', `none (${answerReason})`)
    : seen('answer', 'certain', `HTTP ${answer.status}`);
}

function certificateOf({ certificate }: Sighting, now: number): Finding[] {
  if (certificate === null) return [];
  const { issuer, notBefore, notAfter, reason } = certificate;
  const days = (ms: number): number => Math.floor(ms / DAY_MS);
  const wrong = reason === 'ok' ? '' : `, not accepted now: ${reason}`;
  return [
    seen('CA', 'certain', `${issuer}, ${days(notAfter - now)} of ${days(notAfter - notBefore)} days left${wrong}`),
  ];
}

function domainOf({ zone }: Sighting, domains: readonly DomainFacts[]): Finding[] {
  const facts = domains.find((one) => one.zone === zone?.name);
  if (facts === undefined) return [];
  const found = domainFindings(facts).map(({ what, certainty, text }) => seen(what, certainty, text));
  if (facts.registration !== null) return found;
  return [unseen('domain', `no word of a registry on ${facts.zone} (${facts.registrationReason})`), ...found];
}

function serviceOf({ sighting, dns, edge, tunnel, origin }: DraftService, { domains }: Draft, now: number): Finding[] {
  return [
    answerOf(sighting),
    ...certificateOf(sighting, now),
    ...domainOf(sighting, domains),
    dns === null
      ? unseen('DNS', 'nobody of the catalogue')
      : seen('DNS', dns.certainty, `${dns.vendor}: ${dns.evidence.join(', ')}`, dns.vendor),
    edge === null
      ? unseen('edge', 'none seen')
      : seen('edge', edge.certainty, `${edge.vendor}: ${edge.evidence.join(', ')}`, edge.vendor),
    ...(tunnel === null ? [] : [seen('tunnel', tunnel.certainty, tunnel.evidence)]),
    origin === null
      ? unseen('origin', 'cannot be seen from outside: you have to say')
      : seen('origin', origin.certainty, `${origin.value}: ${origin.evidence}`),
  ];
}

export function findingsOf(draft: Draft, now: number): Findings {
  return {
    here: hereOf(draft),
    services: draft.services.map((service) => ({
      service: service.name,
      url: service.sighting.url,
      findings: serviceOf(service, draft, now),
    })),
  };
}

const COLOURS = { certain: 'green', likely: 'yellow', guess: 'gray' } as const satisfies Record<Certainty, string>;

function lineOf({ what, certainty, text }: Finding): string[] {
  const mark = (certainty ?? '-').padEnd(8);
  const [head = '', ...rest] = wrap(`  ${mark} ${what.padEnd(9)} `, text);
  const painted = certainty === null ? mark : paint(COLOURS[certainty], mark, process.stderr);
  return [head.replace(mark, () => painted), ...rest];
}

export function findingLines({ here, services }: Findings): string[] {
  return [
    paint('bold', 'this machine', process.stderr),
    ...here.flatMap(lineOf),
    ...services.flatMap(({ service, url, findings }) => [
      `${paint('bold', service, process.stderr)} ${url}`,
      ...findings.flatMap(lineOf),
    ]),
  ];
}
