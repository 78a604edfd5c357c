// The one thing a probe gives away: what was asked, what came back, how long each phase took.
import type { Phase, Reason } from '../catalog/reasons.ts';
import type { AcmeFacts } from './acme/facts.ts';
import type { ApiFacts } from './api/facts.ts';
import type { CertificateFacts } from './certificate/facts.ts';
import type { ClockFacts } from './clock/facts.ts';
import type { CloudflaredFacts } from './cloudflared/facts.ts';
import type { CustomFacts } from './custom/facts.ts';
import type { DnsFacts } from './dns/facts.ts';
import type { HttpFacts } from './http/facts.ts';
import type { IdentityFacts } from './identity/facts.ts';
import type { OutsideFacts } from './outside/facts.ts';
import type { PingFacts } from './ping/facts.ts';
import type { PortalFacts } from './portal/facts.ts';
import type { PowerFacts } from './power/facts.ts';
import type { QuicFacts } from './quic/facts.ts';
import type { RegistrationFacts } from './registration/facts.ts';
import type { RoutingFacts } from './routing/facts.ts';
import type { StatusFacts } from './status/facts.ts';
import type { TcpFacts } from './tcp/facts.ts';
import type { TrainFacts } from './train/facts.ts';
import type { TunnelFacts } from './tunnel-facts.ts';

export interface FactsByKind {
  tcp: TcpFacts;
  dns: DnsFacts;
  http: HttpFacts;
  certificate: CertificateFacts;
  cloudflared: CloudflaredFacts;
  registration: RegistrationFacts;
  status: StatusFacts;
  clock: ClockFacts;
  power: PowerFacts;
  custom: CustomFacts;
  identity: IdentityFacts;
  acme: AcmeFacts;
  api: ApiFacts;
  tailscale: TunnelFacts;
  wireguard: TunnelFacts;
  ngrok: TunnelFacts;
  frp: TunnelFacts;
  portal: PortalFacts;
  ping: PingFacts;
  train: TrainFacts;
  quic: QuicFacts;
  outside: OutsideFacts;
  routing: RoutingFacts;
}

export type ProbeKind = keyof FactsByKind;

/** Result of one measurement; a failure is a value, never an exception. */
export interface Measurement<F> {
  reason: Reason;
  /** Where it ended, when it failed. */
  phase: Phase | null;
  /** What is wrong with what was read, in words of ours. */
  flaw?: string;
  /** Milliseconds per phase that was reached. */
  phases: Partial<Record<Phase, number>>;
  /** How long whoever was asked wants to be left alone, milliseconds. Absent: they said nothing of it. */
  restMs?: number;
  facts: F;
}

interface Stamped {
  /** Id of the target in the probe plan. */
  target: string;
  ok: boolean;
  /** Wall time, Unix milliseconds: evidence counts from when it was asked, not from when it came back. */
  startedAt: number;
  durationMs: number;
}

export type ObservationOf<K extends ProbeKind> = { kind: K } & Stamped & Measurement<FactsByKind[K]>;

export type Observation = { [K in ProbeKind]: ObservationOf<K> }[ProbeKind];
