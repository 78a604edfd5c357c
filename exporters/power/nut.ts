// The words of NUT's network protocol (RFC 9271): variables out of an answer, and what the status of a UPS stands for.
import type { Reason } from '../../catalog/reasons.ts';
import { Refusal } from '../http/refusal.ts';
import { Malformed } from '../malformed.ts';
import type { PowerFacts } from './facts.ts';

const REASON_OF_ERROR: ReadonlyMap<string, Reason> = new Map<string, Reason>([
  ['ACCESS-DENIED', 'nut_denied'],
  ['USERNAME-REQUIRED', 'nut_denied'],
  ['PASSWORD-REQUIRED', 'nut_denied'],
  ['INVALID-USERNAME', 'nut_denied'],
  ['INVALID-PASSWORD', 'nut_denied'],
  ['UNKNOWN-UPS', 'nut_unknown_ups'],
  ['DATA-STALE', 'nut_stale'],
  ['DRIVER-NOT-CONNECTED', 'nut_stale'],
  ['FEATURE-NOT-CONFIGURED', 'nut_no_tls'],
  ['FEATURE-NOT-SUPPORTED', 'nut_no_tls'],
]);

/** A line of the server that is no error; throws a {@link Refusal} for one that is. */
export function accepted(line: string): string {
  if (line !== 'ERR' && !line.startsWith('ERR ')) return line;
  throw new Refusal(REASON_OF_ERROR.get(line.split(' ')[1] ?? '') ?? 'nut_error', 'an error of the NUT server');
}

/** The variable of a line `VAR ups name "value"`. Throws {@link Malformed} for any other line, or another UPS. */
export function readVariable(line: string, ups: string): [name: string, value: string] {
  const found = /^VAR (\S+) ([A-Za-z0-9_.-]+) "((?:[^"\\]|\\.)*)"$/.exec(line);
  const [, whose, name = '', value = ''] = found ?? [];
  if (whose !== ups) throw new Malformed('no variable of this UPS');
  return [name, value.replace(/\\(.)/g, '$1')];
}

type Told = Omit<PowerFacts, 'address'>;

/** What the variables of a UPS tell. */
export function readPower(variables: ReadonlyMap<string, string>): Told {
  const words = new Set(variables.get('ups.status')?.split(/\s+/) ?? []);
  const known = (value: boolean): boolean | null => (variables.has('ups.status') ? value : null);
  const number = (name: string, most: number): number | null => numberIn(variables.get(name), most);
  const share = (name: string): number | null => {
    const percent = number(name, 1_000);
    return percent === null ? null : percent / 100;
  };
  const seconds = number('battery.runtime', 100 * 86_400);
  return {
    source: sourceIn(words),
    low: known(words.has('LB') || words.has('FSD')),
    replace: known(words.has('RB')),
    calibrating: known(words.has('CAL')),
    charge: share('battery.charge'),
    runtimeMs: seconds === null ? null : seconds * 1_000,
    inputVolts: number('input.voltage', 100_000),
    load: share('ups.load'),
  };
}

/** A UPS may say OFF besides the rest; a server that waits for its driver says WAIT and nothing else. */
function sourceIn(words: ReadonlySet<string>): PowerFacts['source'] {
  if (words.has('OFF')) return 'off';
  if (words.has('OB')) return 'battery';
  return words.has('OL') ? 'line' : null;
}

/** Plain decimals from 0 to `most`. Drivers pass on whatever a UPS sends. */
function numberIn(text: string | undefined, most: number): number | null {
  if (text === undefined || !/^\d{1,12}(\.\d{1,12})?$/.test(text)) return null;
  const value = Number(text);
  return value <= most ? value : null;
}

/** Whether power is as it should be. */
export function reasonOfPower({ source, low }: Told): Reason {
  if (source === null) return 'nut_stale';
  if (source === 'off') return 'power_off';
  if (source === 'line') return 'ok';
  return low === true ? 'power_low_battery' : 'power_on_battery';
}
