// How one measurement is shown to a person: verdict, phases, facts, samples, and on request how it came to that.
// Everything a peer may have written passes through `shown`.
import { PHASES } from '../catalog/reasons.ts';
import type { Check } from '../exporters/check.ts';
import type { Observation } from '../exporters/observation.ts';
import type { ProbeReport, Step } from './probe.ts';
import type { SettingFact } from './probe-settings.ts';
import { paint } from './terminal.ts';

const BAR_WIDTH = 40;
const TIMES =
  /(?:notBefore|notAfter|NotAfter|expiry|startedAt|createdAt|serverDate|lastModified|checkedAt|asOf|keysEnd|lastHandshake|keyExpiry)$/;

/** Control and formatting characters made visible, so that nothing of a peer's can move the cursor or turn the text. */
export function shown(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** JSON that is safe on a terminal: the same characters, escaped in the way JSON has for it. */
export function shownJson(value: unknown): string {
  const unit = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, 2).replace(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu, (chars) =>
    chars.split('').map(unit).join(''),
  );
}

export function reportLines(report: ProbeReport): string[] {
  const { observation, sentence, samples, debug } = report;
  const { ok, reason, phase, flaw } = observation;
  return [
    `${ok ? paint('green', 'ok') : paint('red', 'failed')}  ${shown(sentence)}`,
    '',
    ...columns([
      ['kind', observation.kind],
      ['reason', reason],
      ['phase', phase ?? '-'],
      ...(flaw === undefined ? [] : [['flaw', flaw] as const]),
      ['took', `${ms(observation.durationMs)} of at most ${report.timeoutMs} ms`],
    ]),
    ...section('Phases', phaseLines(observation)),
    ...(debug === undefined ? [] : debugLines(debug)),
    ...section('Aliases', columns(aliasRows(observation))),
    ...section('Facts', columns(flat(observation.facts, '').filter(([name]) => !name.startsWith('aliases.')))),
    ...(debug === undefined
      ? section('Samples', samples.map(seriesText))
      : section('Samples, as exported', debug.exposition)),
  ];
}

function outcomeOf({ passed, advice }: Check): string {
  if (passed === null) return '?   ';
  if (passed) return paint('green', 'ok  ');
  return advice ? paint('yellow', 'note') : paint('red', 'FAIL');
}

function debugLines({ settings, resolver, address, steps, checks }: NonNullable<ProbeReport['debug']>): string[] {
  const asked = resolver.map(({ name, mode, addresses, reason, tookMs }): [string, string] => [
    shown(name),
    `${addresses?.map(shown).join(' ') ?? reason} (${mode}, ${ms(tookMs)})`,
  ]);
  const judged = checks.map((check): [string, string] => [
    shown(check.check),
    `${outcomeOf(check)} expected ${shown(check.expected)}, got ${shown(check.actual)}`,
  ]);
  return [
    ...section('Settings', columns(flat(settings, ''))),
    ...section('Names', asked.length === 0 ? ['nothing had to be resolved'] : columns(asked)),
    ...section('Address', address === undefined ? [] : [shown(address ?? 'none')]),
    ...section('What happened', steps.flatMap(stepLines)),
    ...section('Checks', columns(judged)),
  ];
}

/** Details stand below what they are about. */
const stepLines = ({ atMs, happened, details }: Step): string[] => [
  `${ms(atMs).padStart(10)}  ${shown(happened)}`,
  ...details.map((detail) => `${' '.repeat(14)}${shown(detail)}`),
];

/** Name by name, as the answer went. */
function aliasRows({ facts }: Observation): [string, string][] {
  const hops = 'aliases' in facts ? facts.aliases : [];
  return hops.map(({ name, zone, owner, end }) => [
    shown(name),
    [
      zone === null ? 'zone not told' : `in the zone ${shown(zone)}`,
      owner === null ? 'of nobody known' : `of ${owner}`,
      ...(end === null ? [] : [`ends here: ${end}`]),
    ].join(', '),
  ]);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => `  ${line}`)];
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

/** One bar after the other, as the time went. */
function phaseLines({ phases, phase: ended, durationMs }: Observation): string[] {
  const reached = PHASES.filter((phase) => phases[phase] !== undefined);
  const total = Math.max(durationMs, ...reached.map((phase) => phases[phase] ?? 0), 1e-6);
  let before = 0;
  return reached.map((phase) => {
    const took = phases[phase] ?? 0;
    const from = Math.min(BAR_WIDTH - 1, Math.floor((before / total) * BAR_WIDTH));
    const length = Math.min(BAR_WIDTH - from, Math.max(1, Math.round((took / total) * BAR_WIDTH)));
    before += took;
    const bar = `${' '.repeat(from)}${'█'.repeat(length)}`.padEnd(BAR_WIDTH);
    return `${phase.padEnd(10)} ${ms(took).padStart(12)}  ${bar}${phase === ended ? '  ended here' : ''}`.trimEnd();
  });
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

/** Nested facts as dotted names; lists of plain values on one line. */
function flat(value: unknown, name: string): [string, string][] {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object'))
      return [[name, value.map((item) => scalar(item, name)).join(', ') || '-']];
    return value.flatMap((item, index) => flat(item, `${name}.${index}`));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => flat(inner, name === '' ? key : `${name}.${key}`));
  }
  return [[name, scalar(value, name)]];
}

function scalar(value: unknown, name: string): string {
  if (value === null) return '-';
  if (typeof value === 'number' && TIMES.test(name)) return new Date(value).toISOString();
  if (typeof value === 'number') return String(Math.round(value * 1_000) / 1_000);
  return shown(String(value));
}

function seriesText({ metric, value, labels = {} }: ProbeReport['samples'][number]): string {
  const inner = Object.entries(labels).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
  return `${metric}${inner.length === 0 ? '' : `{${shown(inner.join(','))}}`} ${value}`;
}

export function settingsLines(kind: string, meaning: string, settings: readonly SettingFact[]): string[] {
  const width = Math.max(...settings.map(({ key }) => key.length));
  const required = settings.filter((setting) => setting.required).map(({ key }) => `${key}=…`);
  return [
    `demarc probe ${kind} ${required.join(' ')}`,
    `${meaning}.`,
    '',
    ...settings.flatMap(({ key, type, preset, required: must, meaning: text }) => {
      const more = must ? ', required' : preset === null ? '' : `, default ${preset === '' ? 'none' : preset}`;
      const first = `  ${paint('bold', key.padEnd(width))}  ${type}${more}`;
      return text === '' ? [first] : [first, `  ${' '.repeat(width)}  ${text}`];
    }),
  ];
}
