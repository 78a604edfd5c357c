// A monitor that shows what it is told to: no probes, no judging. With it, a demo whose faults are only a list.
import type { Observation } from '../../exporters/observation.ts';
import type { ActiveDemoFault, Demo, DemoFault } from '../../status/demo.ts';
import type { Monitor } from '../../verdict/monitor-types.ts';
import { judgeVendors } from '../../verdict/vendor-judge.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { fakeReadings } from './fake-readings.ts';
import { BROKE_AT, layersAfter, NOW, PLAN, type Scene, sceneOf } from './fake-scenes.ts';

const EDGE_503 = 'The edge answered 503 with an error page of its own (520 class); stamp of the origin absent.';

export const SCENES = {
  healthy: sceneOf([], {}),

  vendorDown: sceneOf(
    [
      ['blog', 'service', 0, 'Answered 503 in 45 ms, 16 times in a row.'],
      ['blog', 'edge_answer', 0, EDGE_503],
      ['wiki', 'service', 0, 'Answered 503 in 41 ms, 16 times in a row.'],
      ['wiki', 'edge_answer', 0, EDGE_503],
    ],
    {
      blog: {
        row: 'edge_failing',
        vendor: 'cloudflare',
        component: 'edge',
        headline: "blog is down, and it is Cloudflare's edge, not you.",
        because: "Cloudflare's edge answers with errors of its own making, on your host and on others'.",
      },
      wiki: {
        row: 'edge_failing',
        vendor: 'cloudflare',
        component: 'edge',
        headline: "wiki is down, and it is Cloudflare's edge, not you.",
        because: "Cloudflare's edge answers with errors of its own making, on your host and on others'.",
        concurrent: [
          {
            row: 'origin_refused',
            party: 'own',
            cause: 'origin process down',
            sentence:
              "Once Cloudflare's edge is back, wiki stays down: its origin refuses connections on your own network.",
          },
        ],
      },
    },
    { failing: new Set(['cloudflare/edge/1', 'cloudflare/edge/2']) },
  ),

  ownDown: sceneOf(
    [
      ['photos', 'service', 0, 'Connection refused, 16 times in a row.'],
      ['photos', 'origin_connect', 0, '192.168.1.20:8080 refused the connection after 1 ms.'],
      ['photos', 'origin_answer', -1, 'Nothing to answer with: the connection was refused.'],
    ],
    { photos: { row: 'origin_refused', headline: 'photos is down, and it is your own origin process.' } },
  ),

  uplinkDown: sceneOf(
    [
      ['', 'uplink', 0, '0 of 4 anchors of 4 operators answered for 4 min.'],
      ...(['blog', 'wiki', 'photos'] as const).flatMap((service) => [
        [service, 'service', 0, 'No answer within 5 s.'] as [string, 'service', 0, string],
        [service, 'nameservers', -1, 'Not judged while the uplink is down.'] as [string, 'nameservers', -1, string],
        [service, 'record', -1, ''] as [string, 'record', -1, string],
      ]),
      ['uplink', 'service', 0, '0 of 4 anchors answered.'],
    ],
    Object.fromEntries(
      PLAN.services.map(({ name, kind }) => [
        name,
        {
          row: 'uplink_down' as const,
          headline:
            kind === 'uplink'
              ? 'The uplink is down, and it is your ISP, not you.'
              : `${name} is down, and it is your ISP.`,
          masked: kind === 'uplink' ? [] : (['dns', 'edge', 'certificate'] as const).slice(),
        },
      ]),
    ),
    { failing: new Set(PLAN.controls.map((control) => control.target)) },
  ),

  unknown: sceneOf(
    [
      ['blog', 'service', 0, 'Answered 503 in 45 ms, 16 times in a row.'],
      ['blog', 'edge_answer', 0, EDGE_503],
    ],
    {
      blog: {
        row: 'edge_suspected',
        vendor: 'cloudflare',
        component: 'edge',
        headline: 'blog is down, and nobody can be blamed yet.',
      },
    },
  ),

  mixed: sceneOf(
    [
      ['blog', 'service', 0, 'Answered 530 in 45 ms.'],
      ['blog', 'host', 0, '192.168.1.20 has been silent on every port for 4 min.'],
      ['blog', 'origin_connect', -1, 'No answer.'],
      ['blog', 'origin_answer', -1, ''],
      ['photos', 'service', 0, 'No address for the storage endpoint.'],
      ['photos', 'endpoint_record', 0, '2 of 2 authoritative servers say s3.us-east-1.amazonaws.com has no address.'],
    ],
    {
      blog: {
        row: 'origin_host_down',
        headline: 'blog is down, and it is your own host.',
        masked: layersAfter('host'),
      },
      photos: {
        row: 'endpoint_record_empty',
        vendor: 'aws',
        component: 's3-us-east-1',
        headline: "photos is down, and it is AWS's S3 us-east-1, not you.",
      },
    },
    { failing: new Set(['aws/s3/1']) },
  ),

  notReady: sceneOf(
    [],
    Object.fromEntries(
      PLAN.services.map(({ name }) => [
        name,
        { row: 'no_result' as const, headline: `Nothing is known about ${name} yet.`, since: null, evidence: [] },
      ]),
    ),
    { ready: false, signals: [] },
  ),
} satisfies Record<string, Scene>;

export interface FakeMonitor extends Monitor {
  /** Changes the sight and tells all listeners. */
  show(scene: Scene): void;
  listeners(): number;
}

function observationOf(target: string, ok: boolean, startedAt: number): Observation {
  const reason = ok ? 'ok' : 'timeout';
  const facts = { address: '192.0.2.1', answer: ok ? 'accepted' : null } as const;
  return {
    kind: 'tcp',
    target,
    ok,
    reason,
    phase: ok ? null : 'connect',
    startedAt,
    durationMs: 12,
    phases: {},
    facts,
  };
}

export function fakeMonitor(first: Scene, now: () => number = () => NOW): FakeMonitor {
  const listeners = new Set<(verdicts: Verdict[]) => void>();
  let scene = first;
  return {
    plan: () => PLAN,
    verdicts: () => scene.verdicts,
    vendors: () => judgeVendors(fakeReadings(PLAN, scene.failing, BROKE_AT), scene.signals, scene.verdicts, PLAN),
    signals: () => scene.signals,
    observation: (target) => observationOf(target, !scene.failing.has(target), now() - 4_000),
    metrics: async () =>
      Buffer.from('# HELP demarc_verdict_code Number of the row.\n# TYPE demarc_verdict_code gauge\n'),
    ready: () => scene.ready,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: async () => undefined,
    show(next) {
      scene = next;
      for (const listener of listeners) listener(scene.verdicts);
    },
    listeners: () => listeners.size,
  };
}

const OFFERS: Demo['offers'] = [
  {
    fault: { kind: 'edge_5xx', target: 'cloudflare' },
    label: "Cloudflare's edge answers 503",
    hint: 'As on 2025-11-18: everything behind it fails.',
  },
  {
    fault: { kind: 'edge_5xx', target: 'cloudflare', rate: 0.5 },
    label: "Half of Cloudflare's edge fails",
    hint: 'Every second request gets an error.',
  },
  {
    fault: { kind: 'nameservers_silent', target: 'desec' },
    label: 'deSEC goes silent',
    hint: 'No name server of the zone answers.',
  },
  { fault: { kind: 'uplink_cut' }, label: 'Cut the uplink', hint: 'Nothing outside the house is reachable.' },
  {
    fault: { kind: 'origin_refused', target: 'photos' },
    label: 'Crash the photos process',
    hint: 'Its port refuses connections.',
  },
  { fault: { kind: 'host_off', target: 'nas' }, label: 'Pull the plug of the NAS', hint: 'The machine is silent.' },
  { fault: { kind: 'resolver_off' }, label: 'Stop your resolver', hint: 'Names no longer resolve at home.' },
];

export interface FakeDemo extends Demo {
  injected: DemoFault[];
}

export function fakeDemo(now: () => number = () => NOW): FakeDemo {
  const injected: DemoFault[] = [];
  let active: ActiveDemoFault[] = [];
  return {
    world: 'homelab',
    offers: OFFERS,
    injected,
    faults: () => active,
    async inject(fault) {
      if (fault.kind === 'refused_kind') throw new Error('no such fault: refused_kind');
      injected.push(fault);
      const added = { ...fault, id: `f${injected.length}`, since: now() };
      active = [...active, added];
      return added;
    },
    async heal(id) {
      active = id === undefined ? [] : active.filter((fault) => fault.id !== id);
    },
  };
}
