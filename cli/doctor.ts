// `demarc doctor`: is everything in place for a verdict to be right and to reach somebody? Asks programs of this machine and
// the running demarc only, unless --live lets it ask the outside.
import { realClock } from '../exporters/clock.ts';
import { findGateway } from '../map/gateway.ts';
import type { DemarcMap } from '../map/load.ts';
import { planOf } from '../map/plan.ts';
import { lookAround } from '../map/surroundings.ts';
import { checkAlertmanager } from './doctor-alertmanager.ts';
import { isLoopback, type Program } from './doctor-ask.ts';
import { checkExporter, checkResolver, checkVantage, type Exporter } from './doctor-exporter.ts';
import { AREAS, type Finding, findingsIn } from './doctor-finding.ts';
import { checkGrafana } from './doctor-grafana.ts';
import { checkClockBy, checkOutside } from './doctor-live.ts';
import {
  checkClockHere,
  checkExposure,
  checkGateway,
  checkIpv6,
  checkPort,
  checkState,
  THIS_MACHINE,
} from './doctor-machine.ts';
import { checkFacts, checkMap } from './doctor-map.ts';
import { type Beside, type DoctorOptions, exporterOf, type Place, programsOf, timeServerOf } from './doctor-options.ts';
import { checkPrometheus } from './doctor-prometheus.ts';
import { printFindings } from './doctor-text.ts';
import { withProgress } from './progress.ts';
import { EXIT, print, tell } from './terminal.ts';
import { version } from './version.ts';

type Progress = (line: string) => void;

const NOT_LIVE = 'asked with --live only, since that sends packets to the outside';

export async function doctor(options: DoctorOptions): Promise<number> {
  const findings = await withProgress('waiting for answers', examine(options, tell));
  const healthy = findings.every(({ outcome }) => outcome !== 'problem');
  if (options.json === true) print(JSON.stringify({ healthy, findings }, null, 2));
  else printFindings(findings);
  return healthy ? EXIT.fine : EXIT.failed;
}

/** All findings, area by area. Throws {@link UserError} when an option makes no sense. */
export async function examine(options: DoctorOptions, progress: Progress): Promise<Finding[]> {
  const programs = programsOf(options);
  const timeServer = timeServerOf(options);
  const { map, findings: ofMap } = checkMap(options.map);
  const { url, place } = exporterOf(options, map);
  progress(`asking demarc at ${url}`);
  const now = Date.now();
  const { exporter, findings: ofExporter } = await checkExporter(url, { map, version: version(), now });
  const scene: Scene = { map, exporter, url, place, programs, timeServer };
  const ofMachine = await examineMachine(options, scene);
  const ofOutside = options.live === true && map !== null ? await examineOutside(map, progress) : withoutOutside(scene);
  const look = lookBeside(options, progress);
  let sentTo: readonly string[] | null = null;
  const ofPrometheus = await look('prometheus', programs.prometheus, async (at) => {
    const { findings, alertmanagers } = await checkPrometheus(at, { exporter, now: Date.now() });
    sentTo = alertmanagers;
    return findings;
  });
  const ofAlertmanager = await look('alertmanager', programs.alertmanager, (at) =>
    checkAlertmanager(at, { map, sentTo }),
  );
  const ofGrafana = await look('grafana', programs.grafana, checkGrafana);
  const ofVendors = map === null ? [] : [checkFacts(map)];
  const all = [ofMap, ofMachine, ofOutside, ofExporter, ofPrometheus, ofAlertmanager, ofGrafana, ofVendors].flat();
  return all.sort((one, other) => AREAS.indexOf(one.area) - AREAS.indexOf(other.area));
}

interface Scene {
  /** null when the map is not right. */
  map: DemarcMap | null;
  exporter: Exporter | null;
  url: string;
  /** Where demarc listens, or would. */
  place: Place;
  programs: Record<Beside, Program | null>;
  timeServer: Place;
}

async function examineMachine(options: DoctorOptions, scene: Scene): Promise<Finding[]> {
  const { map, exporter, url, place } = scene;
  const files = options.files ?? THIS_MACHINE;
  const local = isLoopback(url);
  const compared = exporter !== null && local && map?.file.gateway === 'auto';
  return [
    ...(local ? [await checkPort(place, exporter !== null)] : []),
    checkState(options.state),
    await checkClock(options, scene),
    ...(map === null ? [] : [checkGateway(map, files)]),
    checkIpv6(),
    ...checkExposure(portsOf(scene), files),
    ...(compared ? [checkVantage(exporter, findGateway(files))] : []),
  ];
}

async function checkClock({ live, files = THIS_MACHINE }: DoctorOptions, { map, timeServer }: Scene): Promise<Finding> {
  const here = checkClockHere(Date.now(), files);
  if (here?.outcome === 'problem') return here;
  if (live === true && map !== null) return checkClockBy(timeServer, map);
  return here ?? findingsIn('machine').skipped('clock', `plausible; a time server is ${NOT_LIVE}`);
}

/** What listens on this machine, by port. */
function portsOf({ url, programs }: Scene): Map<number, string> {
  const urls: [string, string | undefined][] = [
    ['demarc', url],
    ['Prometheus', programs.prometheus?.url],
    ['Alertmanager', programs.alertmanager?.url],
    ['Grafana', programs.grafana?.url],
  ];
  const local = urls.flatMap(([name, at]) =>
    at !== undefined && isLoopback(at) ? [[Number(new URL(at).port), name] as const] : [],
  );
  return new Map(local);
}

async function examineOutside(map: DemarcMap, progress: Progress): Promise<Finding[]> {
  progress('asking the resolver, the anchors and the controls of the vendors');
  const around = await lookAround(map, realClock);
  return checkOutside(map, planOf(map, around));
}

function withoutOutside({ exporter }: Scene): Finding[] {
  return [checkResolver(exporter), findingsIn('machine').skipped('anchors', NOT_LIVE)];
}

/** Looks at a program beside demarc, if there is one and it may be asked. */
function lookBeside({ live }: DoctorOptions, progress: Progress) {
  return async (
    area: Beside,
    program: Program | null,
    check: (url: string) => Promise<Finding[]>,
  ): Promise<Finding[]> => {
    const { warning, skipped } = findingsIn(area);
    if (program === null) return [skipped('reachable', 'left out')];
    const { url, given } = program;
    if (live !== true && !isLoopback(url)) return [skipped('reachable', `${url} is not this machine: ${NOT_LIVE}`)];
    progress(`asking ${area} at ${url}`);
    const findings = await check(url);
    const [first] = findings;
    // Nobody said that there is one, so that there is none may be as wished.
    const absent = !given && first?.outcome === 'problem' && first.check === 'reachable';
    return absent ? [warning(first.check, first.text, first.fix)] : findings;
  };
}
