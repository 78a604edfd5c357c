// `demarc check`: is the map right, and what in it will not work as well as it could?

import { loadMap } from '../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../map/plan.ts';
import { EXIT, paint, print, tell } from './terminal.ts';

export function check(file: string, { json = false }: { json?: boolean }): number {
  const map = loadMap(file);
  const plan = planOf(map, NOTHING_KNOWN);
  const warnings = [...map.warnings, ...map.alertPath];
  if (json) {
    print(JSON.stringify({ file, services: plan.services.length - 1, probes: plan.targets.length, warnings }, null, 2));
    return EXIT.fine;
  }
  for (const { place, what, hint } of warnings)
    tell(`${paint('yellow', 'warning', process.stderr)} ${place}: ${what}, ${hint}`);
  const services = plan.services.length - 1;
  print(
    `${paint('green', 'ok')} ${file}: ${services} service${services === 1 ? '' : 's'}, ${plan.targets.length} probes${warnings.length > 0 ? `, ${warnings.length} warning${warnings.length === 1 ? '' : 's'}` : ''}`,
  );
  return EXIT.fine;
}
