// The evidence of an alert says what the exporter's own verdict says about the same signals.
import { describe, expect, it } from 'vitest';
import { evidenceOf, tellingConjuncts } from '../../alerts/evidence.ts';
import { typicalStates } from '../../replay/agreement/states.ts';
import { conjunctsOf, meets } from '../../verdict/conjuncts.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';
import { verdictOf } from './judged.ts';

const STATE_OF_WORD: Record<string, readonly string[]> = {
  OK: ['ok'],
  BAD: ['bad'],
  UNKNOWN: ['unknown'],
  'not OK': ['bad', 'unknown'],
  'not BAD': ['ok', 'unknown'],
};

const ALERTING = (TABLE as readonly Row[]).filter((row) => conjunctsOf(row).length > 0 && row.party !== 'none');

describe.each(ALERTING)('evidence of $id', (row) => {
  const lines = evidenceOf(row).split('\n');

  it('is one to three lines, each with a state, a signal and its meaning', () => {
    expect(lines.length).toBeGreaterThanOrEqual(1);
    expect(lines.length).toBeLessThanOrEqual(3);
    for (const line of lines) expect(line).toMatch(/^(OK|BAD|UNKNOWN|not OK|not BAD) [a-z_]+: [a-z].{5,90}$/);
  });

  it('is what the verdict says too', () => {
    const verdict = verdictOf(typicalStates(row));
    expect(verdict.row).toBe(row.id);
    for (const line of lines) {
      const [, word = '', signal] = /^((?:not )?[A-Z]+) ([a-z_]+):/.exec(line) ?? [];
      const said = verdict.evidence.find((one) => one.signal === signal);
      expect(STATE_OF_WORD[word], line).toContain(said?.state);
    }
  });

  it('begins with what is broken, where anything is', () => {
    const states = typicalStates(row);
    const [first] = tellingConjuncts(row);
    const broken = conjunctsOf(row).filter(({ demand, signal }) => demand === 'bad' && signal !== 'service');
    if (broken.length > 0) expect(first?.demand).toMatch(/^(bad|not_ok)$/);
    expect(first && meets(states[first.signal], first.demand)).toBe(true);
  });
});
