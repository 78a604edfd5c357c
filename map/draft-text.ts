// The draft as the text of a demarc.yaml with comments: what is certain or likely is written, guesses are commented out.
import net from 'node:net';
import { stringify } from 'yaml';
import { isPublic } from '../exporters/http/reach.ts';
import { isNear } from './alert-path.ts';
import type { Draft, DraftService, Guessed } from './draft.ts';
import type { DomainFacts } from './draft-domain.ts';
import type { Sighting } from './draft-look.ts';
import type { Certainty, Found } from './draft-recognise.ts';
import { isRegistered } from './registrable.ts';

const DAY_MS = 86_400_000;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Safe in flow and block style alike. */
function scalar(text: string): string {
  const safe = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/i.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return safe ? text : JSON.stringify(text);
}

/** Texts of peers end up in comments, so they may not end one. */
function comment(text: string): string {
  return `# ${text.replace(/\p{C}+/gu, ' ')}`;
}

function flow(entries: readonly (readonly [string, string | number | null])[]): string {
  const given = entries.filter(([, value]) => value !== null);
  return `{ ${given.map(([key, value]) => `${key}: ${typeof value === 'string' ? scalar(value) : value}`).join(', ')} }`;
}

interface Line {
  key: string;
  value: string;
  certainty: Found['certainty'];
  evidence: string;
}

/** A comment that tells how sure it is, and the line itself, live unless it is a guess. */
function told({ key, value, certainty, evidence }: Line): string[] {
  const line = `${key}: ${value}`;
  return [comment(`${certainty}: ${evidence}`), certainty === 'guess' ? comment(line) : line];
}

function foundEvidence({ evidence, also }: Found): string {
  const others = also.length === 0 ? '' : ` (marks of ${also.join(' and ')} too)`;
  return evidence.join(', ') + others;
}

function dnsLines({ sighting: { zone }, dns }: DraftService): string[] {
  if (zone === null) return [comment('Which zone the name lives in could not be seen, so DNS is not watched.')];
  const entries = (vendor: string | null) =>
    flow([
      ['zone', zone.name],
      ['vendor', vendor],
    ]);
  if (dns !== null && dns.component === 'dns')
    return told({ key: 'dns', value: entries(dns.vendor), certainty: dns.certainty, evidence: foundEvidence(dns) });
  return [
    comment(`The zone is served by ${zone.nameServers.join(', ')}: nobody of the catalogue.`),
    comment('If they are not your own, describe who runs them under vendors, and name it here.'),
    `dns: ${entries(null)}`,
  ];
}

function domainLines({ sighting: { zone } }: DraftService, domains: readonly DomainFacts[]): string[] {
  const facts = domains.find((one) => one.zone === zone?.name);
  return facts === undefined
    ? []
    : domainFindings(facts).map(({ certainty, text }) => comment(`${certainty}: ${text}`));
}

/** What was seen of a domain, in words. Nothing of it is a key of the map. */
export function domainFindings({
  registration,
  mail,
}: DomainFacts): { what: 'domain' | 'mail'; certainty: Certainty; text: string }[] {
  const findings: { what: 'domain' | 'mail'; certainty: Certainty; text: string }[] = [];
  if (registration !== null) {
    const { domain, registrar, expiry } = registration;
    const until = expiry === null ? 'until a day the registry does not tell' : `until ${dayOf(expiry)}`;
    const at = registrar === null ? '' : ` at ${registrar}`;
    findings.push({
      what: 'domain',
      certainty: 'certain',
      text: `${domain} is registered${at} ${until}, says its registry`,
    });
  }
  if (mail !== null) {
    const { title, certainty, hosts } = mail;
    const whose = title === null ? 'mail goes to' : `mail goes to ${title}:`;
    findings.push({ what: 'mail', certainty, text: `${whose} ${hosts.join(', ')}` });
  }
  return findings;
}

function edgeLines({ sighting, edge }: DraftService): string[] {
  if (edge === null) {
    const why = sighting.answer === null ? 'Nothing answered, so no edge could be seen.' : 'No sign of an edge or CDN.';
    return [comment(why)];
  }
  const component = edge.component === 'edge' ? null : edge.component;
  const value = flow([
    ['vendor', edge.vendor],
    ['component', component],
  ]);
  return told({ key: 'edge', value, certainty: edge.certainty, evidence: foundEvidence(edge) });
}

function certificateLines({ certificate }: Sighting, now: number): string[] {
  if (certificate === null) return [];
  const { issuer, notBefore, notAfter, reason } = certificate;
  const days = (ms: number): number => Math.floor(ms / DAY_MS);
  const left = `${days(notAfter - now)} of ${days(notAfter - notBefore)} days left`;
  const wrong = reason === 'ok' ? '' : `; not accepted now: ${reason}`;
  return [comment(`Certificate from ${issuer}, ends ${dayOf(notAfter)}, ${left}${wrong}.`)];
}

function guessedLines(key: string, name: string, guessed: Guessed<string> | null, host: string | null): string[] {
  if (guessed === null) return [];
  const value = flow([
    [name, guessed.value],
    ['host', host],
  ]);
  return told({ key, value, certainty: guessed.certainty, evidence: guessed.evidence });
}

/** An origin asked under another name than its own must be told which one is meant. */
function hostHeader({ sighting, origin }: DraftService): string | null {
  return origin !== null && new URL(origin.value).hostname !== sighting.subject.host ? sighting.subject.host : null;
}

function originLines(service: DraftService): string[] {
  if (service.origin !== null) return guessedLines('origin', 'url', service.origin, hostHeader(service));
  const { sighting, edge } = service;
  const [address] = sighting.addresses;
  const plain = edge === null && address !== undefined && net.isIPv4(address);
  const url = new URL(plain ? sighting.url : 'http://192.168.1.20:8080/');
  if (plain) url.hostname = address;
  const why = plain
    ? 'guess: no edge was seen, so what answers may be your own machine'
    : 'Your own machine, asked without any vendor; it cannot be seen from outside. Fill it in';
  return [
    comment(`${why}. hostPort is a second port of it.`),
    comment(
      `origin: ${flow([
        ['url', url.href],
        ['host', sighting.subject.host],
        ['hostPort', 22],
      ])}`,
    ),
  ];
}

function expectLines({ answer, answerReason }: Sighting): string[] {
  if (answer === null) return [comment(`There was no answer while looking (${answerReason}).`)];
  if (answer.status === 200) return [];
  if (answer.status >= 500)
    return [comment(`It answered ${answer.status} while looking. Fine is 200 unless expect says otherwise.`)];
  return [comment(`What it answered while looking.`), `expect: { status: [${answer.status}] }`];
}

function serviceLines(service: DraftService, { domains }: Draft, now: number): string[] {
  const { name, sighting } = service;
  const inner = [
    `url: ${scalar(sighting.url)}`,
    ...expectLines(sighting),
    ...certificateLines(sighting, now),
    ...domainLines(service, domains),
    ...dnsLines(service),
    ...edgeLines(service),
    ...guessedLines('tunnel', 'metrics', service.tunnel, null),
    ...originLines(service),
  ];
  return [`  ${scalar(name)}:`, ...inner.map((line) => `    ${line}`)];
}

function resolverLines({ resolver, systemResolvers }: Draft): string[] {
  if (resolver !== null) return [comment('As given.'), `resolver: ${flow([['address', resolver]])}`];
  const [first] = systemResolvers;
  const seen = first === undefined ? 'none was found on this machine' : `this machine asks ${first}`;
  return [comment(`${seen}; counted as yours. If your ISP runs it: { address: ..., owner: isp }.`), 'resolver: auto'];
}

/** Names of the outside that lead into the house from here. Who shows a valid certificate there forges nothing. */
function splitHorizonLines({ services }: Draft): string[] {
  const split = services.filter(
    ({ sighting: { subject, addresses } }) =>
      isRegistered(subject.host) && !isNear(subject.host) && addresses.length > 0 && !addresses.some(isPublic),
  );
  const isYours = ({ edge, sighting: { certificate } }: DraftService): boolean =>
    edge !== null && edge.certainty !== 'guess' && certificate?.reason === 'ok';
  const proven = 'addresses of the house, with certificates that are valid, though a vendor stands before them';
  const doubtful =
    'addresses of the house. Wanted if they are yours, and a vendor stands before them for everybody else';
  return [
    ...splitLines(split.filter(isYours), 'certain', proven),
    ...splitLines(
      split.filter((service) => !isYours(service)),
      'guess',
      doubtful,
    ),
  ];
}

function splitLines(services: readonly DraftService[], certainty: Certainty, why: string): string[] {
  if (services.length === 0) return [];
  const found = services.map(({ sighting: { subject, addresses } }) => `${subject.host} is ${addresses[0]} here`);
  const value = `[${services.map(({ sighting }) => scalar(sighting.subject.host)).join(', ')}]`;
  return ['', ...told({ key: 'splitHorizon', value, certainty, evidence: `${found.join(', ')}: ${why}` })];
}

function vendorLines({ ownVendors }: Draft): string[] {
  if (Object.keys(ownVendors).length === 0) return [];
  const text = stringify({ vendors: ownVendors }, { aliasDuplicateObjects: false, lineWidth: 0 });
  return ['', comment('As in the map they were taken from.'), ...text.trimEnd().split('\n')];
}

function containerLines({ containers }: Draft): string[] {
  if (containers === null) return [];
  if (containers.length === 0) return [comment('No container runs here.')];
  return [
    comment('Containers that run here, any of which may be an origin:'),
    ...containers.map(({ name, image, ports }) =>
      comment(
        `  ${name} (${image})${ports.length === 0 ? ', no port of this machine leads to it' : `: port ${ports.join(', ')}`}`,
      ),
    ),
  ];
}

/** The whole file. `now` dates it. */
export function draftText(draft: Draft, now: number): string {
  const { gateway, trust, services } = draft;
  const gatewayWords =
    gateway === null
      ? 'not seen on this machine; without one, your LAN cannot be told from your ISP: { address: 192.168.1.1 }.'
      : `certain: the default route goes to ${gateway}.`;
  return `${[
    comment(`Drafted by demarc init on ${new Date(now).toISOString().slice(0, 10)} from what could be seen from here.`),
    comment('Each comment tells how sure the line below it is. Guesses are commented out: decide on them.'),
    comment('Then: demarc check, and demarc serve.'),
    'version: 1',
    '',
    comment('Names this place; it is on every metric and every alert.'),
    'site: home',
    '',
    comment(gatewayWords),
    'gateway: auto',
    '',
    ...resolverLines(draft),
    ...splitHorizonLines(draft),
    ...(trust.length === 0 ? [] : ['', `trust: [${trust.map(scalar).join(', ')}]`]),
    ...vendorLines(draft),
    '',
    ...containerLines(draft),
    'services:',
    ...services.flatMap((service, index) => [...(index > 0 ? [''] : []), ...serviceLines(service, draft, now)]),
  ].join('\n')}\n`;
}
