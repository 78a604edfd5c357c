// `demarc replay --map FILE PHRASE`: what would happen to me? Answered by the model, without touching the network.
import { Duration } from '../lab/duration.ts';
import { loadMap } from '../map/load.ts';
import { UserError } from '../map/user-error.ts';
import { answerWhatIf, settingOfMap } from '../replay/what-if/answer.ts';
import { faultsOf } from '../replay/what-if/phrase.ts';
import { EXIT, print, tell } from './terminal.ts';
import { grammarLines, whatIfLines } from './what-if-text.ts';

export interface WhatIfOptions {
  map: string;
  /** How long the fault lasts. */
  for: string;
  json?: boolean;
}

const LONGEST_MS = 120 * 60_000;

function lastsMs(text: string): number {
  const parsed = Duration.safeParse(text);
  const hint = 'give one from 1m to 120m, such as 15m';
  if (!parsed.success) throw new UserError([{ place: '--for', what: `${text} is not a duration`, hint }]);
  if (parsed.data >= 60_000 && parsed.data <= LONGEST_MS) return parsed.data;
  throw new UserError([{ place: '--for', what: `${text} is out of range`, hint }]);
}

/** `words`: the phrase, in one argument or in many. */
export async function replayWhatIf(words: readonly string[], options: WhatIfOptions): Promise<number> {
  const map = loadMap(options.map);
  const lasts = lastsMs(options.for);
  if (words.length === 0) {
    for (const line of grammarLines([...map.vendors.keys()], Object.keys(map.file.services))) print(line);
    return EXIT.fine;
  }
  const phrase = words.join(' ');
  const setting = settingOfMap(map);
  const faults = faultsOf(phrase, map, setting.world);
  if (!options.json) tell(`playing ${lasts / 60_000} minutes on the model, five times`);
  const answer = await answerWhatIf(map, setting, faults, lasts);
  if (options.json) print(JSON.stringify({ map: options.map, phrase, ...answer }, null, 2));
  else {
    const hasReceivers = Object.keys(map.file.notify?.receivers ?? {}).length > 0;
    for (const line of whatIfLines(phrase, options.map, answer, hasReceivers)) print(line);
  }
  return EXIT.fine;
}
