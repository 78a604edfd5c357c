// Every reason of the closed list, provoked at a real peer; and the series each kind writes for each of its outcomes.
// The compiler asks for a line here with each new kind, and for a case in `outcomes/` with each new reason.
import { describe, expect, it } from 'vitest';
import { TARGET_LABELS } from '../../catalog/metric-fact.ts';
import { METRICS, type MetricName } from '../../catalog/metrics.ts';
import { REASONS, type Reason } from '../../catalog/reasons.ts';
import { REASON_OF_ERRNO } from '../../exporters/errno.ts';
import { samplesOf } from '../../exporters/metrics.ts';
import type { ObservationOf, ProbeKind } from '../../exporters/observation.ts';
import { reasonOf } from '../../exporters/probe.ts';
import { PROBES } from '../../exporters/registry.ts';
import { contextOf } from './contract.ts';
import { PING, QUIC, TRAIN } from './outcomes/bursts.ts';
import { certificateOutcomes } from './outcomes/certificate.ts';
import { DNS } from './outcomes/dns.ts';
import { ACME, API, CUSTOM, IDENTITY, OUTSIDE, PORTAL, REGISTRATION, ROUTING, STATUS } from './outcomes/documents.ts';
import { CLOCK, POWER, TCP } from './outcomes/house.ts';
import { HTTP } from './outcomes/http.ts';
import type { Outcomes, Provoked } from './outcomes/provoke.ts';
import { CLOUDFLARED, FRP, NGROK, TAILSCALE, WIREGUARD } from './outcomes/tunnels.ts';

const DEADLINE_MS = 5_000;

const OUTCOMES = {
  tcp: TCP,
  dns: DNS,
  http: HTTP,
  certificate: certificateOutcomes(),
  cloudflared: CLOUDFLARED,
  registration: REGISTRATION,
  status: STATUS,
  clock: CLOCK,
  power: POWER,
  custom: CUSTOM,
  identity: IDENTITY,
  acme: ACME,
  api: API,
  tailscale: TAILSCALE,
  wireguard: WIREGUARD,
  ngrok: NGROK,
  frp: FRP,
  portal: PORTAL,
  ping: PING,
  train: TRAIN,
  quic: QUIC,
  outside: OUTSIDE,
  routing: ROUTING,
} satisfies Record<ProbeKind, Outcomes & { ok: unknown }>;

type Seen = { [K in ProbeKind]: keyof (typeof OUTCOMES)[K] }[ProbeKind];

/** Stays empty: a reason that the compiler misses here is one that no kind is shown to give. */
const UNSEEN = {} satisfies Record<Exclude<Reason, Seen>, 'a case of some kind in test/exporters/outcomes'>;

async function measure<K extends ProbeKind>(kind: K, provoked: Provoked): Promise<ObservationOf<K>> {
  const { settings, context, deadlineMs = DEADLINE_MS } = provoked;
  return PROBES[kind].prepare('t', settings)(contextOf(AbortSignal.timeout(deadlineMs), context));
}

/** What every measurement writes. */
const ALWAYS = ['probe_success', 'probe_duration_seconds', 'demarc_probe_last_run_timestamp_seconds'];

/** Names and own labels, without those that every measurement writes. */
function seriesOf<K extends ProbeKind>(observation: ObservationOf<K>): string[] {
  const series = samplesOf(observation).map(({ metric, value, labels = {} }) => {
    const known = METRICS.get(metric)?.labels ?? [];
    expect(Number.isFinite(value), metric).toBe(true);
    expect(known).toEqual(expect.arrayContaining([...TARGET_LABELS, ...Object.keys(labels)]));
    const pairs = Object.entries(labels).map(([name, text]) => `${name}="${text}"`);
    return pairs.length === 0 ? metric : `${metric}{${pairs.join(',')}}`;
  });
  expect(series.slice(0, ALWAYS.length)).toEqual(ALWAYS);
  return series.slice(ALWAYS.length);
}

const kinds = Object.keys(OUTCOMES) as ProbeKind[];

const everWritten = new Set(ALWAYS);

describe.each(kinds)('%s', (kind) => {
  const outcomes: Outcomes = OUTCOMES[kind];
  const written: string[] = [];

  it.each(Object.entries(outcomes))('gives %s', async (reason, provoke) => {
    const observed = await measure(kind, await provoke());
    expect(observed).toMatchObject({ kind, reason, ok: reason === 'ok' });
    expect(observed.phase === null).toBe(observed.ok);
    const series = seriesOf(observed);
    for (const one of series) everWritten.add(one.replace(/\{.*/, ''));
    written.push([reason, ...series].join('\n  '));
  });

  it('writes the series that were agreed on', async () => {
    expect(written).toHaveLength(Object.keys(outcomes).length);
    await expect(`${written.join('\n')}\n`).toMatchFileSnapshot(`outcomes/series/${kind}.txt`);
  });
});

/** Of a kept result, or of several measurements together, so that none writes them by itself. */
const KEPT: readonly MetricName[] = [
  'demarc_domain_agrees',
  'demarc_domain_last_success_timestamp_seconds',
  'demarc_vendor_feed_last_success_timestamp_seconds',
];

it('no series of a target is left', () => {
  const ofTargets = [...METRICS].filter(([, { labels }]) => TARGET_LABELS.every((label) => labels.includes(label)));
  expect(ofTargets.map(([name]) => name).filter((name) => !everWritten.has(name))).toEqual(KEPT);
});

it('no reason of the list is left', () => {
  const seen = new Set(Object.values(OUTCOMES).flatMap((outcomes) => Object.keys(outcomes)));
  expect(REASONS.filter((reason) => !seen.has(reason))).toEqual(Object.keys(UNSEEN));
});

it.each(Object.entries(REASON_OF_ERRNO))('the error code %s is %s', (code, reason) => {
  expect(reasonOf(Object.assign(new Error('x'), { code }))).toBe(reason);
});

it.each(['EWHATEVER', ''])('an error nobody knows (%j) is ours', (code) => {
  const error = Object.assign(new Error('x'), { code });
  expect(() => reasonOf(error)).toThrow(error);
});
