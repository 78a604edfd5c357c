// The way from you to a service as a row of hops, each with the state its signals prove. It never judges.
import type { Layer } from '../catalog/layers.ts';
import type { SignalName } from '../catalog/signals.ts';
import type { Plan, ServiceBinding } from '../map/plan-types.ts';
import type { Signal } from '../signals/signal.ts';
import { TABLE } from '../verdict/table.ts';
import type { Verdict } from '../verdict/verdict.ts';

export type HopState = 'ok' | 'broken' | 'unknown' | 'masked';

export interface Hop {
  id: 'you' | Layer;
  title: string;
  /** Who runs it; on the link a verdict accuses, whose fault it is. */
  owner: string;
  state: HopState;
  /** Whether the verdict is about this link, and whether it names somebody. */
  accused: 'no' | 'suspected' | 'proven';
  /** Measured facts, broken ones first; may be empty. */
  note: string;
}

/** Which signals prove a hop. Those that only tell whose job it is, or which part of it, are not among them. */
const PROOFS: Readonly<Record<Hop['id'], readonly SignalName[]>> = {
  you: ['prober'],
  lan: ['gateway'],
  uplink: ['uplink'],
  resolver: ['resolver'],
  registry: ['registry'],
  registration: ['delegation'],
  dns: ['nameservers', 'record'],
  edge: ['edge_connect', 'edge_answer'],
  certificate: ['edge_certificate', 'origin_certificate'],
  tunnel: ['tunnel_daemon', 'tunnel_ready'],
  host: ['host'],
  origin: ['origin_connect', 'origin_answer', 'custom_own'],
  endpoint: ['endpoint_record', 'custom_vendor'],
};

const TITLES: Readonly<Record<Hop['id'], string>> = {
  you: 'You',
  lan: 'LAN',
  uplink: 'Uplink',
  resolver: 'Resolver',
  registry: 'Registry',
  registration: 'Domain',
  dns: 'DNS',
  edge: 'Edge',
  certificate: 'Certificate',
  tunnel: 'Tunnel',
  host: 'Host',
  origin: 'Origin',
  endpoint: 'Needs',
};

/** In the order a request meets them; what the origin itself needs comes after it. */
function hopIds(binding: ServiceBinding, plan: Plan): Hop['id'][] {
  const domain = plan.domains.find(({ name }) => name === binding.domain);
  const has: Readonly<Record<Hop['id'], boolean>> = {
    you: true,
    lan: plan.gateway !== null,
    uplink: true,
    resolver: plan.resolver !== null && binding.kind === 'map',
    registry: domain !== undefined && domain.parents.length > 0,
    registration: domain !== undefined && domain.parents.length > 0,
    dns: binding.nameservers.length > 0,
    edge: binding.edge !== null || binding.dependencies.some((dependency) => dependency.layer === 'edge'),
    certificate: binding.edgeCertificate !== null || binding.originCertificate !== null,
    tunnel: binding.tunnel !== null,
    host: binding.host !== null,
    origin: binding.origin !== null,
    endpoint: binding.endpoint.length > 0,
  };
  return (Object.keys(has) as Hop['id'][]).filter((id) => has[id]);
}

/** Proofs the map really has; a signal nobody measures would leave its hop unknown for ever. */
function proofsOf(id: Hop['id'], binding: ServiceBinding): readonly SignalName[] {
  return PROOFS[id].filter((name) => {
    switch (name) {
      case 'edge_certificate':
        return binding.edgeCertificate !== null;
      case 'origin_certificate':
        return binding.originCertificate !== null;
      case 'custom_own':
        return binding.customOwn.length > 0;
      case 'custom_vendor':
        return binding.customVendor.length > 0;
      default:
        return true;
    }
  });
}

function runnerOf(id: Hop['id'], binding: ServiceBinding, plan: Plan): string {
  const layer = id === 'certificate' && binding.edgeCertificate !== null && !binding.edgeCertificateOwn ? 'edge' : id;
  const dependency = binding.dependencies.find((candidate) => candidate.layer === layer);
  if (dependency !== undefined) return plan.vendors.get(dependency.vendor)?.title ?? dependency.vendor;
  switch (layer) {
    case 'uplink':
      return 'your ISP';
    case 'resolver':
      return plan.resolver?.own === false ? 'your ISP' : 'you';
    case 'dns':
    case 'endpoint':
    case 'edge':
      return 'somebody else';
    default:
      return 'you';
  }
}

function accusedOf(verdict: Verdict, runner: string, plan: Plan): string {
  switch (verdict.party) {
    case 'none':
    case 'unknown':
      return runner;
    case 'own':
      return 'you';
    case 'isp':
      return 'your ISP';
    default:
      return verdict.vendor === null ? runner : (plan.vendors.get(verdict.vendor)?.title ?? verdict.vendor);
  }
}

function stateOf(signals: readonly Signal[], expected: number): HopState {
  if (signals.some((signal) => signal.state === 0)) return 'broken';
  return signals.length === expected && signals.every((signal) => signal.state === 1) ? 'ok' : 'unknown';
}

/** The link the verdict is about; null when it is about none. */
function accusedHop(verdict: Verdict): Hop['id'] | null {
  if (verdict.party === 'none') return null;
  if (verdict.row === 'prober_starved') return 'you';
  return TABLE.find((row) => row.id === verdict.row)?.layer ?? null;
}

function noteOf(proofs: readonly Signal[]): string {
  const brokenFirst = [...proofs].sort((a, b) => Number(a.state !== 0) - Number(b.state !== 0));
  return brokenFirst
    .map((signal) => signal.evidence)
    .filter((text) => text !== '')
    .join(' ');
}

function accusationOf(id: Hop['id'], verdict: Verdict): Hop['accused'] {
  if (id !== accusedHop(verdict)) return 'no';
  return verdict.party === 'unknown' && id !== 'you' ? 'suspected' : 'proven';
}

/** The hops the map has, in the order a request meets them; what the origin itself needs stands last. */
export function pathOf(verdict: Verdict, signals: readonly Signal[], binding: ServiceBinding, plan: Plan): Hop[] {
  return hopIds(binding, plan).map((id): Hop => {
    const names = proofsOf(id, binding);
    const about = (signal: Signal) => signal.service === '' || signal.service === binding.name;
    const proofs = signals.filter((signal) => names.includes(signal.name) && about(signal));
    const runner = runnerOf(id, binding, plan);
    const accused = accusationOf(id, verdict);
    return {
      id,
      title: id === 'endpoint' ? endpointTitle(binding, plan) : TITLES[id],
      owner: accused === 'no' ? runner : accusedOf(verdict, runner, plan),
      state: shownState(id, accused, proofs, names.length, verdict),
      accused,
      note: noteOf(proofs),
    };
  });
}

/** A proven accusation stands even if a signal has moved on; a masked link says nothing, whatever was last seen. */
function shownState(
  id: Hop['id'],
  accused: Hop['accused'],
  proofs: readonly Signal[],
  expected: number,
  verdict: Verdict,
): HopState {
  if (id === 'you') return youState(proofs);
  if (accused === 'proven') return 'broken';
  if (accused === 'no' && verdict.masked.includes(id)) return 'masked';
  return stateOf(proofs, expected);
}

/** Whoever draws the page is alive; only a starved prober is worth a mark. */
function youState(proofs: readonly Signal[]): HopState {
  return proofs.some((signal) => signal.state === 0) ? 'broken' : 'ok';
}

function endpointTitle(binding: ServiceBinding, plan: Plan): string {
  const needed = binding.dependencies.find((dependency) => dependency.layer === 'endpoint');
  if (needed === undefined) return TITLES.endpoint;
  return plan.vendors.get(needed.vendor)?.components[needed.component]?.title ?? needed.component;
}
