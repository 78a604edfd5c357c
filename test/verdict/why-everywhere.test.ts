// One diagnosis, told in three places: the terminal and the page word for word, an alert with the same facts.
import { describe, expect, it } from 'vitest';
import { evidenceOf } from '../../alerts/evidence.ts';
import { whyLines } from '../../cli/why-text.ts';
import { SERVICE, typicalStates } from '../../replay/agreement/states.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';
import { whyOf } from '../../verdict/why.ts';
import { whySections } from '../../verdict/why-sections.ts';
import { verdictOf } from '../alerts/judged.ts';
import { SCENES } from '../status/fake-monitor.ts';
import { NOW, type Scene } from '../status/fake-scenes.ts';
import { ask, start } from '../status/status-harness.ts';

const scenes = Object.entries(SCENES) as [string, Scene][];

/** Words alone, as a reader sees them. */
const words = (text: string): string =>
  text
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ');

describe('the page of a service', () => {
  it.each(scenes)('says what `demarc why` says: %s', async (_, scene) => {
    const { server } = await start(scene);
    for (const verdict of scene.verdicts) {
      const why = whyOf(verdict, scene.signals);
      const { body } = await ask(server, `/service/${verdict.service}`);
      const page = words(body);
      if (why.status !== 'failing') {
        expect(page).not.toContain('Diagnosis:');
        continue;
      }
      const terminal = words(
        whyLines(why, NOW)
          .join(' ')
          .replaceAll(/(^| )- /g, ' '),
      );
      for (const { title, items } of whySections(why)) {
        for (const text of [title, ...items.flatMap(({ text: said, under }) => [said, ...under])]) {
          expect(page, verdict.service).toContain(words(text));
          expect(terminal.replaceAll('- ', ''), verdict.service).toContain(words(text).replaceAll('- ', ''));
        }
      }
    }
    await server.close();
  });
});

describe('the alert of a row', () => {
  const rows = (TABLE as readonly Row[]).filter(({ party }) => party !== 'none');
  const WORD = {
    OK: ['ok'],
    BAD: ['bad'],
    UNKNOWN: ['unknown'],
    'not OK': ['bad', 'unknown'],
    'not BAD': ['ok', 'unknown'],
  };

  it.each(rows.map((row) => [row.id, row] as const))('%s rests on the facts that `demarc why` shows', (_, row) => {
    const verdict = verdictOf(typicalStates(row), SERVICE);
    expect(verdict.row).toBe(row.id);
    const shown = new Map(verdict.evidence.map(({ signal, state }) => [signal, state]));
    const lines = evidenceOf(row)
      .split('\n')
      .filter((line) => line !== '');
    // Only the row that follows from nothing at all rests on nothing.
    expect(lines.length > 0).toBe(row.id !== 'no_result');
    for (const line of lines) {
      const [, word = '', signal = ''] = /^(not OK|not BAD|OK|BAD|UNKNOWN) (\w+): /.exec(line) ?? [];
      const allowed: readonly string[] = WORD[word as keyof typeof WORD];
      // What nobody measured is shown nowhere, and is unknown.
      expect(allowed, line).toContain(shown.get(signal) ?? 'unknown');
    }
    const said = whyLines(whyOf(verdict, []), NOW).join(' ').replaceAll(/\s+/g, ' ');
    for (const text of [verdict.headline, verdict.action]) expect(said).toContain(text.replaceAll(/\s+/g, ' '));
  });
});
