// `demarc init`: drafts demarc.yaml by looking at the names it is given, and says what it found and how sure it is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { realClock } from '../exporters/clock.ts';
import { type Endpoint, formatEndpoint, parseEndpoint } from '../exporters/dns/endpoint.ts';
import { createResolver, systemServers } from '../exporters/resolver.ts';
import { type Draft, draftServices, subjectOf } from '../map/draft.ts';
import { DAEMON_URLS, findDaemons } from '../map/draft-daemon.ts';
import { findContainers } from '../map/draft-docker.ts';
import { type DomainOptions, lookAtDomain } from '../map/draft-domain.ts';
import { lookAt, type Sighting, type Subject } from '../map/draft-look.ts';
import { draftText } from '../map/draft-text.ts';
import { vendorsIn } from '../map/draft-vendors.ts';
import { findGateway } from '../map/gateway.ts';
import { parseMap } from '../map/load.ts';
import { type Problem, UserError } from '../map/user-error.ts';
import { loadCatalogue } from '../map/vendors.ts';
import { findingLines, findingsOf } from './init-findings.ts';
import { completed } from './init-questions.ts';
import { withProgress } from './progress.ts';
import { EXIT, print, tell } from './terminal.ts';

export interface InitOptions {
  output: string;
  yes?: boolean;
  resolver?: string;
  trust?: string[];
  port?: string;
  daemon?: string[];
  vendors?: string;
  rdap?: string;
  /** True for the usual one. */
  dockerSocket?: string | true;
  json?: boolean;
}

const MOST_NAMES = 32;
const DEADLINE_MS = 10_000;
const TO_STDOUT = '-';
const USUAL_SOCKET = '/var/run/docker.sock';

function fail(place: string, what: string, hint: string): UserError {
  return new UserError([{ place, what, hint }]);
}

function portOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw fail('--port', `${text} is no port`, 'give a number from 1 to 65535');
}

function subjectsOf(names: readonly string[], port: number | null): Subject[] {
  if (names.length > MOST_NAMES)
    throw fail(`${names.length} names`, 'are too many at once', `give up to ${MOST_NAMES}`);
  const read = names.map((name) => subjectOf(name, port));
  const problems = read.filter((one): one is Problem => 'place' in one);
  if (problems.length > 0) throw new UserError(problems);
  const subjects = read.filter((one): one is Subject => 'host' in one);
  return [...new Map(subjects.map((subject) => [subject.url, subject])).values()];
}

function serversOf(resolver: string | undefined): Endpoint[] {
  const servers = resolver === undefined ? systemServers() : [resolver];
  const endpoints = servers.flatMap((text) => parseEndpoint(text) ?? []);
  const usable = endpoints.filter(({ host }) => /^[0-9.]+$|:/.test(host));
  if (usable.length > 0) return usable;
  if (resolver !== undefined) throw fail('--resolver', `${resolver} is no address`, 'write it like 192.168.1.1:53');
  throw fail('/etc/resolv.conf', 'names no resolver', 'give one with --resolver 192.168.1.1:53');
}

function trustOf(files: readonly string[]): string[] {
  return files.map((file) => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
    throw fail(`--trust ${file}`, 'holds no PEM certificate', 'give a readable file with -----BEGIN CERTIFICATE-----');
  });
}

function refuseOverwriting(output: string): void {
  if (output === TO_STDOUT || !existsSync(output)) return;
  throw fail(output, 'exists already, and a draft never overwrites', 'choose another with --output, or - to print it');
}

/** Names that do not exist are more likely mistyped than meant. */
function refuseUnknown(sightings: readonly Sighting[]): void {
  const unknown = sightings.filter(({ addressReason }) => addressReason === 'dns_nxdomain');
  if (unknown.length === 0) return;
  throw new UserError(
    unknown.map(({ subject }) => ({ place: subject.text, what: 'does not exist', hint: 'is it spelt right?' })),
  );
}

function daemonsOf(urls: readonly string[]): readonly string[] {
  const wrong = urls.find((url) => !/^https?:\/\//.test(url) || !URL.canParse(url));
  if (wrong === undefined) return urls;
  throw fail('--daemon', `${wrong} is no URL`, 'write it like http://127.0.0.1:20241');
}

/** An URL, `none` for asking nobody, undefined for whoever knows the top-level domain. */
function rdapOf(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw fail('--rdap', `${text} is no URL`, 'write it like https://rdap.example.net/, or none');
}

const zonesIn = (sightings: readonly Sighting[]): string[] => [
  ...new Set(sightings.flatMap(({ zone }) => (zone === null ? [] : [zone.name]))),
];

export async function init(names: readonly string[], options: InitOptions): Promise<number> {
  const { output, resolver, trust = [], dockerSocket: socket } = options;
  if (options.json === true && output === TO_STDOUT)
    throw fail('--json', 'takes stdout, and so does --output -', 'give the draft a file');
  refuseOverwriting(output);
  const subjects = subjectsOf(names, portOf(options.port));
  const servers = serversOf(resolver);
  const ownVendors = options.vendors === undefined ? { raw: {}, vendors: loadCatalogue() } : vendorsIn(options.vendors);
  const clock = realClock;
  const deadlineMs = DEADLINE_MS;
  const nameResolver = createResolver({ servers: servers.map(formatEndpoint), clock, deadlineMs });
  const look: DomainOptions = {
    servers,
    resolver: nameResolver,
    clock,
    trust: trustOf(trust),
    rdap: rdapOf(options.rdap),
  };
  const daemonUrls = daemonsOf(options.daemon ?? DAEMON_URLS);
  tell(`looking at ${subjects.map(({ host }) => host).join(', ')}`);
  const looking = Promise.all([
    Promise.all(subjects.map((subject) => lookAt(subject, look))),
    findDaemons(daemonUrls, look),
    socket === undefined ? null : findContainers(socket === true ? USUAL_SOCKET : socket),
  ]);
  const [sightings, daemons, containers] = await withProgress('still looking', looking);
  refuseUnknown(sightings);
  const asking = Promise.all(zonesIn(sightings).map((zone) => lookAtDomain(zone, look)));
  const draft: Draft = {
    services: draftServices(sightings, daemons, ownVendors.vendors, containers ?? []),
    gateway: findGateway(),
    resolver: resolver === undefined ? null : resolver,
    systemResolvers: systemServers(),
    trust: trust.map((file) => path.resolve(file)),
    domains: await withProgress('asking registries', asking),
    containers,
    ownVendors: ownVendors.raw,
  };
  const findings = findingsOf(draft, clock.now());
  if (options.json === true) print(JSON.stringify(findings, null, 2));
  else for (const line of findingLines(findings)) tell(line);
  const services = await completed(draft.services, options.yes === true || options.json === true);
  return write(draftText({ ...draft, services }, clock.now()), options);
}

function write(text: string, { output, json = false }: InitOptions): number {
  // A draft that does not pass is our bug, and must not reach the disk.
  parseMap(text, output, output === TO_STDOUT ? process.cwd() : path.dirname(path.resolve(output)));
  if (output === TO_STDOUT) {
    process.stdout.write(text);
    return EXIT.fine;
  }
  try {
    writeFileSync(output, text, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw fail(output, `cannot be written (${String(error.code)})`, 'choose another with --output, or - to print it');
  }
  (json ? tell : print)(`wrote ${output}; read its comments, then: demarc check ${output}`);
  return EXIT.fine;
}
