// What would happen to you, on a terminal: who goes down and who does not, then who is told what and when. 80 columns.
import { UPLINK_SERVICE } from '../map/plan.ts';
import type { Fate, Outcome, Recipient, Step, Told, WhatIf } from '../replay/what-if/answer.ts';
import { GRAMMAR } from '../replay/what-if/sentences.ts';
import { paint } from './terminal.ts';
import { wrap } from './wrap.ts';

/** `8 s`, `2 min 5 s`, `15 min`. */
export function spanText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

const TIME_WIDTH = 13;

const atTime = (ms: number): string => `  ${`+${spanText(ms)}`.padStart(TIME_WIDTH)}  `;

const UNDER_TIME = ' '.repeat(TIME_WIDTH + 4);

function heading(title: string): string[] {
  return ['', paint('bold', title)];
}

const MARKS: Readonly<Record<Fate, string>> = { up: 'ok', blip: 'ok', flaps: 'FLAPS', down: 'DOWN' };

const COLOURS = { up: 'green', blip: 'green', flaps: 'yellow', down: 'red' } as const;

function storyOf({ outcome, verdict }: Outcome): string {
  if (verdict === null) return 'goes on as before';
  switch (outcome) {
    case 'up':
      return 'goes on as before';
    case 'blip':
      return `goes on; for a moment: ${verdict.cause}`;
    case 'flaps':
      return `comes and goes: ${whose(verdict)}`;
    case 'down':
      return whose(verdict);
  }
}

/** What a headline says of the guilty, without the name the line begins with. */
function whose({ headline }: Step): string {
  return headline.replace(/^.*? is down[,;] (and )?/, '').replace(/\.$/, '');
}

function tableOf(services: readonly Outcome[]): string[] {
  const width = Math.min(24, Math.max(...services.map(({ service }) => service.length)));
  return services.flatMap((one) => {
    const mark = MARKS[one.outcome].padEnd(7);
    const [head = '', ...rest] = wrap(`  ${mark}${one.service.padEnd(width)}  `, storyOf(one));
    return [head.replace(mark, () => paint(COLOURS[one.outcome], mark)), ...rest];
  });
}

/** Services that come to the same are told of together, by the story of the first. */
function alike(services: readonly Outcome[]): Outcome[][] {
  const groups = new Map<string, Outcome[]>();
  for (const one of services) {
    const key = `${one.outcome} ${one.verdict?.row} ${one.verdict?.vendor}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** More changes than these are only counted. */
const SHOWN_STEPS = 6;

function detailOf(group: readonly Outcome[], lastsMs: number): string[] {
  const [first] = group;
  if (first === undefined || first.verdict === null || first.outcome === 'blip') return [];
  const names = group.map(({ service }) => service).join(', ');
  const steps = first.steps.filter(({ afterMs }) => afterMs > 0 && afterMs <= lastsMs);
  const left = steps.length - SHOWN_STEPS;
  return [
    ...heading(names),
    ...steps.slice(0, SHOWN_STEPS).flatMap((step) => wrap(atTime(step.afterMs), step.headline)),
    ...(left > 0 ? [`${UNDER_TIME}and ${left} changes more`] : []),
    ...wrap(`${UNDER_TIME}Do: `, first.verdict.action),
    ...endOf(group, lastsMs),
  ];
}

function endOf(group: readonly Outcome[], lastsMs: number): string[] {
  const times = group.flatMap(({ saidAfterMs }) => saidAfterMs ?? []);
  const [least, most] = [spanText(Math.min(...times)), spanText(Math.max(...times))];
  const phase = least === most ? '' : ` How soon it is said depends on the phase of the probes: ${least} to ${most}.`;
  const fine = group.map(({ fineAfterMs }) => fineAfterMs);
  const late = fine.flatMap((ms) => ms ?? []);
  const end =
    late.length < fine.length
      ? 'Ten minutes after the repair it is not fine yet.'
      : `Repaired after ${spanText(lastsMs)}, it is fine again ${spanText(Math.max(...late))} later.`;
  return wrap('  ', `${end}${phase}`);
}

function recipientText({ name, kind, held }: Recipient): string {
  return `${name} (${kind}${held === null ? '' : `, which ${held}`})`;
}

function messageLines({ afterMs, title, receivers }: Told): string[] {
  const to = receivers.length === 0 ? [] : wrap(`${UNDER_TIME}to `, receivers.map(recipientText).join(', '));
  return [...wrap(atTime(afterMs), title), ...to];
}

function messagesPart({ messages, lastsMs }: WhatIf, hasReceivers: boolean): string[] {
  if (messages.length === 0) return [...heading('Who is told'), '  Nobody: no alert fires.'];
  const note = 'The map names no receiver under notify, so these only reach the log of the status page:';
  const during = messages.filter(({ afterMs }) => afterMs <= lastsMs);
  const after = messages.filter(({ afterMs }) => afterMs > lastsMs);
  return [
    ...heading('Who is told'),
    ...(hasReceivers ? [] : wrap('  ', note)),
    ...during.flatMap(messageLines),
    ...(during.length === 0 ? ['  Nobody while it lasts.'] : []),
    ...(after.length === 0 ? [] : ['  And after the repair:', ...after.flatMap(messageLines)]),
  ];
}

function summaryOf(services: readonly Outcome[]): string {
  const own = services.filter(({ service }) => service !== UPLINK_SERVICE);
  const down = own.filter(({ outcome }) => outcome === 'down' || outcome === 'flaps').map(({ service }) => service);
  if (down.length === 0) return 'no service of yours goes down';
  return `${down.length === own.length ? 'all' : down.length} of your ${own.length} services go down`;
}

export function whatIfLines(phrase: string, file: string, answer: WhatIf, hasReceivers: boolean): string[] {
  const { services, lastsMs } = answer;
  return [
    ...wrap('', `If "${phrase}" lasts for ${spanText(lastsMs)}: ${summaryOf(services)}.`).map((line) =>
      paint('bold', line),
    ),
    ...wrap('', `Played on a model of ${file} in virtual time: nobody was asked, nothing was sent.`).map((line) =>
      paint('gray', line),
    ),
    '',
    ...tableOf(services),
    ...alike(services).flatMap((group) => detailOf(group, lastsMs)),
    ...messagesPart(answer, hasReceivers),
  ];
}

/** The sentences there are. */
export function grammarLines(vendors: readonly string[], services: readonly string[]): string[] {
  return [
    'Say what breaks, in one of these ways; join several with "and"; end one with a',
    'share such as 30% where only a part of it breaks, or with "on ip6" where only one',
    'family of addresses does.',
    '',
    ...GRAMMAR.flatMap(([phrase, meaning]) => [`  ${phrase}`, ...wrap('      ', meaning)]),
    '',
    ...wrap('VENDOR    ', vendors.join(', ')),
    ...wrap('SERVICE   ', services.length === 0 ? 'the map has none' : services.join(', ')),
  ];
}
