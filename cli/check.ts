// `demarc check`: is the map right, what in it will not work as well as it could, and what falls with what?
import { writeFileSync } from 'node:fs';
import { type DependencyReport, dependencyReport } from '../map/dependency-report.ts';
import { type DemarcMap, loadMap } from '../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../map/plan.ts';
import { UserError } from '../map/user-error.ts';
import { reportLines } from './check-text.ts';
import { mermaidOf } from './dependency-mermaid.ts';
import { svgOf } from './dependency-svg.ts';
import { EXIT, paint, print, tell } from './terminal.ts';
import { wrap } from './wrap.ts';

export interface CheckOptions {
  json?: boolean;
  /** Files to draw the dependencies into; - is stdout. */
  svg?: string;
  mermaid?: string;
  /** Warnings count as failures. */
  strict?: boolean;
}

const TO_STDOUT = '-';

export function check(file: string, options: CheckOptions): number {
  const onStdout = [options.svg, options.mermaid].filter((name) => name === TO_STDOUT).length;
  if (onStdout + (options.json === true ? 1 : 0) > 1) {
    const hint = 'give the other a file of its own';
    throw new UserError([{ place: '-', what: 'only one thing can go to stdout', hint }]);
  }
  const map = loadMap(file);
  const report = dependencyReport(map);
  const warnings = [...map.warnings, ...map.alertPath];
  const { services, targets } = planOf(map, NOTHING_KNOWN);
  const counts = { services: services.length - 1, probes: targets.length };
  draw(options.svg, () => svgOf(report, map.file.site));
  draw(options.mermaid, () => mermaidOf(report));
  if (options.json === true) print(JSON.stringify({ file, ...counts, warnings, ...factsOf(report) }, null, 2));
  else if (onStdout === 0) show(file, counts, map, report);
  return options.strict === true && warnings.length > 0 ? EXIT.failed : EXIT.fine;
}

/** Service names are counted already, and each element has its own. */
function factsOf({ elements, sharedFate, vendorVerdicts }: DependencyReport): Omit<DependencyReport, 'services'> {
  return { elements, sharedFate, vendorVerdicts };
}

function draw(file: string | undefined, picture: () => string): void {
  if (file === undefined) return;
  const text = picture();
  if (file === TO_STDOUT) return void process.stdout.write(text);
  try {
    writeFileSync(file, text);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const what = `cannot be written (${String(error.code)})`;
    throw new UserError([{ place: file, what, hint: 'choose another, or - to print it' }]);
  }
  tell(`drew ${file}`);
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function show(
  file: string,
  { services, probes }: { services: number; probes: number },
  { warnings, alertPath }: DemarcMap,
  report: DependencyReport,
): void {
  for (const { place, what, hint } of [...warnings, ...alertPath]) {
    const [head = '', ...rest] = wrap('warning ', `${place}: ${what}, ${hint}`);
    tell([head.replace('warning', () => paint('yellow', 'warning', process.stderr)), ...rest].join('\n'));
  }
  const told = warnings.length + alertPath.length;
  const tail = told === 0 ? '' : `, ${plural(told, 'warning')}`;
  print(`${paint('green', 'ok')} ${file}: ${plural(services, 'service')}, ${plural(probes, 'probe')}${tail}`);
  for (const line of reportLines(report)) print(line);
}
