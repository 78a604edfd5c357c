// Is there a map, is it right, and how much of what it leans on was ever compared with the live vendors?
import { existsSync } from 'node:fs';
import { type DemarcMap, defaultMap, loadMap } from '../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../map/plan.ts';
import { UserError } from '../map/user-error.ts';
import { type Finding, findingsIn, plural } from './doctor-finding.ts';

const { ok, warning, problem, skipped } = findingsIn('map');
const vendors = findingsIn('vendors');

const DEFAULT_MAP = 'demarc.yaml';

export interface MapCheck {
  /** null when it is not right: then nobody can say what should be watched. */
  map: DemarcMap | null;
  findings: Finding[];
}

/** `file`: the one named by the person. Throws {@link UserError} when that one is not there. */
export function checkMap(file: string | undefined): MapCheck {
  if (file !== undefined && !existsSync(file)) {
    throw new UserError([{ place: file, what: 'does not exist', hint: 'give the path of a readable file' }]);
  }
  if (file === undefined && !existsSync(DEFAULT_MAP)) {
    const text = `there is no ${DEFAULT_MAP} here; looking at what demarc watches without one`;
    return { map: defaultMap(), findings: [skipped('map', text)] };
  }
  const name = file ?? DEFAULT_MAP;
  try {
    const map = loadMap(name);
    const { targets, services } = planOf(map, NOTHING_KNOWN);
    const fine = ok('map', `${name}: ${plural(services.length - 1, 'service')}, ${plural(targets.length, 'probe')}`);
    const advice = [...map.warnings, ...map.alertPath];
    return {
      map,
      findings: [fine, ...advice.map(({ place, what, hint }) => warning('map', `${place}: ${what}`, hint))],
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {
      map: null,
      findings: error.problems.map(({ place, what, hint }) => problem('map', `${place}: ${what}`, hint)),
    };
  }
}

/** Facts about vendors that the map uses, and when each was compared with the vendor itself. */
export function checkFacts(map: DemarcMap): Finding {
  const dates = [
    ...map.anchors.map(({ checked }) => checked ?? 'never'),
    ...[...map.vendors.values()].flatMap(({ errors, status, components }) => [
      ...errors.map(({ checked }) => checked),
      ...(status === undefined ? [] : [status.checked]),
      ...Object.values(components).flatMap(({ controls }) => controls.map(({ checked }) => checked)),
    ]),
  ];
  const never = dates.filter((date) => date === 'never').length;
  if (never === 0) return vendors.ok('facts', `all ${dates.length} facts about vendors were compared with the vendors`);
  const text = `${never} of ${dates.length} facts about vendors were never compared with the live vendor`;
  return vendors.warning('facts', text, 'ask the controls once with demarc doctor --live; it sends packets to them');
}
