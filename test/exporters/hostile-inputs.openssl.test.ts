// Bad inputs 1 to 45, each met by a real probe at a real peer: it is back by its deadline with the right reason, holds
// little meanwhile and nothing afterwards, and leaves nothing open.
import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { samplesOf } from '../../exporters/metrics.ts';
import type { Observation } from '../../exporters/observation.ts';
import { PROBES } from '../../exporters/registry.ts';
import { asking } from './ask-dns.ts';
import { contextOf, openSockets, settledSockets } from './contract.ts';
import { answered } from './fake-name-server.ts';
import { DNS_INPUTS } from './hostile/dns.ts';
import { DNS_SERVER_INPUTS } from './hostile/dns-servers.ts';
import { DOCUMENT_INPUTS } from './hostile/documents.ts';
import { HTTP_INPUTS } from './hostile/http.ts';
import type { HostileInput, HostileInputs } from './hostile/input.ts';
import { tlsInputs } from './hostile/tls.ts';
import { opensslAuthority } from './openssl-authority.ts';
import type { Provoked } from './outcomes/provoke.ts';

/** Whoever never answers is not waited for long; whoever does may live on a machine with other things to do. */
const deadlineFor = (reasons: readonly string[]): number =>
  reasons.some((reason) => reason.endsWith('timeout')) ? 400 : 3_000;
/** For a machine with other things to do. */
const SLACK_MS = 1_000;
/** Of the probe and of the peer, which lives in the same process and may have to send megabytes. */
const PEAK_BYTES = 48 << 20;
const KEPT_BYTES = 8 << 20;

const INPUTS: Readonly<Record<string, HostileInputs>> = {
  ...DNS_INPUTS,
  ...DNS_SERVER_INPUTS,
  ...HTTP_INPUTS,
  ...tlsInputs(opensslAuthority()),
  ...DOCUMENT_INPUTS,
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Held {
  all: number;
  /** Of it, what was read and unpacked. */
  buffers: number;
}

function held(): Held {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { all: heapUsed + external, buffers: arrayBuffers };
}

const heldBytes = (): number => held().all;

/** The most that was held during `work` beyond what was held before it. */
async function peakOf<T>(work: () => Promise<T>): Promise<[result: T, peak: Held]> {
  const before = held();
  const peak: Held = { all: 0, buffers: 0 };
  const look = (): void => {
    const now = held();
    peak.all = Math.max(peak.all, now.all - before.all);
    peak.buffers = Math.max(peak.buffers, now.buffers - before.buffers);
  };
  const timer = setInterval(look, 5);
  try {
    const result = await work();
    look();
    return [result, peak];
  } finally {
    clearInterval(timer);
  }
}

async function measure(
  { kind, most = PEAK_BYTES }: Pick<HostileInput, 'kind' | 'most'>,
  { settings, context }: Provoked,
  deadlineMs: number,
): Promise<Observation> {
  const signal = AbortSignal.timeout(deadlineMs);
  const prepared = PROBES[kind].prepare('t', settings);
  const start = performance.now();
  const [observed, peak] = await peakOf<Observation>(() => prepared(contextOf(signal, context)));
  expect(performance.now() - start).toBeLessThan(deadlineMs + SLACK_MS);
  expect(peak.all).toBeLessThan(PEAK_BYTES);
  expect(peak.buffers).toBeLessThan(most);
  await expect.poll(() => getEventListeners(signal, 'abort'), { timeout: 2_000, interval: 10 }).toEqual([]);
  expectInert(observed);
  return observed;
}

/** No text of the peer reaches a label, and no number is made up. */
function expectInert(observed: Observation): void {
  for (const { value, labels = {} } of samplesOf(observed)) {
    expect(Number.isFinite(value)).toBe(true);
    for (const text of Object.values(labels)) expect(text).toMatch(/^[A-Za-z0-9_ .-]{0,64}$/);
  }
}

describe.each(Object.entries(INPUTS))('%s', (_, inputs) => {
  let heldBefore = 0;
  beforeAll(() => {
    collectGarbage();
    heldBefore = heldBytes();
  });

  it.each(Object.entries(inputs))('%s', async (_what, input: HostileInput) => {
    const { provoke, reasons, phase, holds } = input;
    const provoked = await provoke();
    const before = await settledSockets();
    const observed = await measure(input, provoked, provoked.deadlineMs ?? deadlineFor(reasons));
    expect(reasons).toContain(observed.reason);
    expect(observed.phase === null).toBe(observed.ok);
    if (phase !== undefined) expect(observed.phase).toBe(phase);
    await holds?.(observed);
    await expect.poll(openSockets, { timeout: 2_000, interval: 10 }).toEqual(before);
  });

  it('nothing of it is kept', async () => {
    const kept = (): number => {
      collectGarbage();
      return heldBytes() - heldBefore;
    };
    await expect.poll(kept, { timeout: 2_000, interval: 50 }).toBeLessThan(KEPT_BYTES);
  });
});

it('a flood keeps no other probe waiting', async () => {
  const { provoke } = DNS_SERVER_INPUTS[15]['10,000 datagrams to the port that was asked from'] as HostileInput;
  const [flood, quiet] = [await provoke(), await asking(answered)()];
  const flooded = PROBES.dns.prepare('t', flood.settings)(contextOf(AbortSignal.timeout(2_000)));
  const observed = await PROBES.dns.prepare('t', quiet.settings)(contextOf(AbortSignal.timeout(SLACK_MS)));
  expect(observed.reason).toBe('ok');
  expect((await flooded).reason).toBe('ok');
});

it('every input is there', () => {
  expect(Object.keys(INPUTS)).toEqual(Array.from({ length: 45 }, (_, index) => String(index + 1)));
  for (const inputs of Object.values(INPUTS)) expect(Object.keys(inputs)).not.toEqual([]);
});
