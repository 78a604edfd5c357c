// What registries and status pages said last outlives a restart, with its age, and is asked for again only when it is due.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { createSignalEngine, type SignalEngine } from '../../signals/engine.ts';
import { fileMemory, type Remembered } from '../../signals/memory.ts';

const NOW = 1_800_000_000_000;
const REGISTRATION = 'registration/shop.test';

const planWith = (rdap: string) =>
  planOf(
    parseMap(
      `version: 1\ndomains:\n  shop.test: { rdap: '${rdap}', parents: ['127.0.0.1:2'] }\nservices:\n  shop: { url: https://shop.test/ }\n`,
      'map',
      '/',
    ),
    NOTHING_KNOWN,
  );

const engineOf = (memory?: Remembered, rdap = 'http://127.0.0.1:1/'): SignalEngine =>
  createSignalEngine({ plan: planWith(rdap), timing: DEFAULT_TIMING, now: () => NOW, ...(memory ? { memory } : {}) });

function told(startedAt: number, failed = false): ObservationOf<'registration'> {
  return {
    kind: 'registration',
    target: REGISTRATION,
    ok: !failed,
    startedAt,
    durationMs: 5,
    reason: failed ? 'rdap_rate_limited' : 'ok',
    phase: failed ? 'check' : null,
    phases: { request: 3 },
    facts: {
      address: '127.0.0.1',
      httpStatus: failed ? 429 : 200,
      expiry: failed ? null : NOW + 1_000,
      statuses: failed ? [] : ['clientHold'],
      unknownStatuses: 0,
      nameServers: [],
      delegationSigned: null,
      retryAfterMs: failed ? 7_200_000 : null,
    },
  };
}

function memory() {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-state-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return {
    file: path.join(folder, 'state.json'),
    memory: fileMemory(
      folder,
      () => NOW,
      () => undefined,
    ),
  };
}

const hold = (engine: SignalEngine) =>
  engine.read().find(({ name, service }) => name === 'registrar_hold' && service === 'shop')?.state;

describe("a registry's word", () => {
  it('is as good after a restart as before, through the file', () => {
    const before = engineOf();
    before.observe(told(NOW - 60_000));
    expect(hold(before)).toBe(0);
    const { memory: disk } = memory();
    disk.save(before.memory());
    const after = engineOf(disk.load());
    expect(after.newest(REGISTRATION)).toEqual(told(NOW - 60_000));
    expect(hold(after)).toBe(0);
  });

  it('stays when a later question is refused, and the time of that question is kept too', () => {
    const before = engineOf();
    before.observe(told(NOW - 60_000));
    before.observe(told(NOW - 10_000, true));
    expect(before.lastGood(REGISTRATION)?.startedAt).toBe(NOW - 60_000);
    expect(before.memory().results).toMatchObject([{ target: REGISTRATION, at: NOW - 10_000 }]);
    expect(hold(engineOf(before.memory()))).toBe(0);
  });

  it('is nothing any more when another server is to be asked', () => {
    const before = engineOf();
    before.observe(told(NOW - 60_000));
    expect(hold(engineOf(before.memory(), 'http://127.0.0.1:9/'))).toBe(-1);
  });

  it('is too old to judge by after a day', () => {
    const engine = engineOf();
    engine.observe(told(NOW - 25 * 3_600_000));
    expect(hold(engine)).toBe(-1);
  });

  it('is wished for again after an hour, or after as long as the registry asks for', () => {
    const again = { ids: [REGISTRATION], delayMs: 3_600_000 };
    const rest = (delayMs: number) => ({ ids: [REGISTRATION], delayMs, rest: true });
    const silent = { ...told(NOW, true), facts: { ...told(NOW, true).facts, retryAfterMs: null } };
    expect(engineOf().observe({ ...silent, reason: 'timeout' })).toEqual([again]);
    expect(engineOf().observe(silent)).toEqual([rest(3_600_000), again]);
    expect(engineOf().observe(told(NOW, true))).toEqual([rest(7_200_000), again]);
  });
});

it('whoever had enough of us is left alone as long as it wishes, if it is asked gently at all', () => {
  const engine = engineOf();
  const tired = { ...told(NOW), restMs: 30_000 };
  expect(engine.observe(tired)).toContainEqual({ ids: [REGISTRATION], delayMs: 30_000, rest: true });
});

describe('the file', () => {
  it.each([
    ['of the version before, without results', { version: 1, lastOk: { a: 1 } }, { lastOk: { a: 1 }, results: [] }],
    [
      'with a result of the future',
      { version: 1, lastOk: {}, results: [{ target: 't', asked: '', at: NOW + 1, good: null }] },
      { lastOk: {}, results: [] },
    ],
    [
      'with a result of another shape',
      { version: 1, lastOk: { a: 1 }, results: [{ target: 7 }] },
      { lastOk: { a: 1 }, results: [] },
    ],
    [
      'with a result of another shape beside one of ours',
      { version: 1, lastOk: {}, results: [{ target: 7 }, { target: 't', asked: '', at: 1, good: null }] },
      { lastOk: {}, results: [{ target: 't', asked: '', at: 1, good: null }] },
    ],
  ])('%s is read as far as it can be believed', (_, written, read) => {
    const { file, memory: disk } = memory();
    writeFileSync(file, JSON.stringify(written));
    expect(disk.load()).toEqual(read);
  });

  it('holds no more than was told', () => {
    const { file, memory: disk } = memory();
    const engine = engineOf();
    engine.observe(told(NOW - 60_000));
    disk.save(engine.memory());
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')).results[0])).toEqual(['target', 'asked', 'at', 'good']);
  });
});
