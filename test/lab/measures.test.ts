// How much, how fast, how long and whom: which of these each kind of fault takes, and how the others are refused.
import { describe, expect, it } from 'vitest';
import { Extension, extended } from '../../lab/extend.ts';
import { FAULT_KINDS, FAULTS, type FaultFact, type FaultKind } from '../../lab/faults.ts';
import { canBreak, parseFault, publicFault, targetsOf } from '../../lab/parse-fault.ts';
import { parseScenario } from '../../lab/scenario.ts';
import { EVERYONE, scopesOf, UNLIMITED } from '../../lab/scope.ts';
import type { World } from '../../lab/world.ts';
import { HOMELAB } from '../../lab/worlds/homelab.ts';
import { WORLDS } from '../../lab/worlds.ts';
import { UserError } from '../../map/user-error.ts';

/** What `rate` is a share of, whether there is a `delay`, and by what it can be limited. `ramp` goes with `rate`, `until` with all. */
const TAKES: Record<FaultKind, string> = {
  uplink_cut: 'family',
  captive_portal: '',
  uplink_loss: 'seconds family',
  uplink_flapping: 'rhythm family',
  uplink_delay: 'requests delay family',
  uplink_mtu: 'family',
  uplink_oneway: 'requests',
  egress_blocked: 'seconds',
  operator_down: 'seconds family',
  hosts_lost: 'places',
  gateway_down: 'seconds',
  power_cut: '',
  ups_on_battery: '',
  machine_starved: 'second',
  machine_suspended: 'delay',
  machine_out_of_files: '',
  prober_killed: '',
  scrape_gap: '',
  prometheus_restart: '',
  ups_silent: 'seconds',
  proxy_down: 'seconds',
  proxy_denies: 'requests host',
  proxy_slow: 'requests delay host',
  resolver_down: 'seconds',
  resolver_failing: 'requests',
  resolver_rewrite: '',
  resolver_stale: '',
  resolver_nodata: '',
  dns_vendor_down: 'seconds family',
  dns_partial: 'seconds family',
  dns_secondary_stale: '',
  dns_zone_refused: '',
  domain_expired: '',
  domain_deleting: '',
  registrar_hold: '',
  registry_hold: '',
  delegation_lost: '',
  delegation_changed: '',
  registry_down: 'seconds',
  clock_wrong: '',
  signatures_expired: '',
  ds_mismatch: '',
  registry_signatures_broken: '',
  resolver_validation_broken: '',
  edge_5xx: 'requests family location host',
  edge_overloaded: 'requests family location host',
  edge_5xx_sites: 'places family location',
  edge_5xx_own: 'requests family',
  edge_route_lost: 'seconds family',
  peering_lost: 'seconds family',
  edge_unreachable: 'seconds family location',
  edge_partial: 'places family location',
  edge_resets: 'requests family location',
  edge_latency: 'requests delay family location host',
  edge_challenges: 'requests family',
  edge_caches: 'family',
  edge_certificate_expired: 'location',
  middlebox_503: 'requests family',
  intercepted: '',
  endpoint_empty: 'region',
  endpoint_down: 'seconds region',
  endpoint_5xx: 'requests region',
  endpoint_slow: 'requests delay region',
  tunnel_daemon_dead: '',
  tunnel_service_down: '',
  tunnel_ports_blocked: '',
  tunnel_credentials: '',
  tunnel_stalled: 'seconds',
  origin_refused: 'seconds',
  origin_hung: 'seconds',
  origin_shut_out: 'requests',
  origin_5xx: 'requests',
  part_down: '',
  account_refused: 'requests',
  trust_outdated: '',
  origin_slow: 'requests delay',
  origin_host_down: 'seconds',
  origin_certificate_expired: '',
  certificate_revoked: '',
  revocation_list_down: 'seconds',
  revocation_list_expired: '',
  control_rotten: '',
  control_5xx: 'requests',
  status_page_down: 'seconds',
  vendor_status_incident: '',
  dns_record_moved: '',
  dns_record_missing: '',
};

/** Every world, and one with what scenarios may add. */
const MORE = { proxy: 'house' } as const;
const ALL: readonly World[] = [...WORLDS.values(), extended(HOMELAB, Extension.parse(MORE), 'more')];

interface Example {
  kind: FaultKind;
  target?: string;
}

/** Somewhere the kind can be broken; where it can be limited, if it can. */
function exampleOf(kind: FaultKind): { world: World; fault: Example; scopes: readonly string[] } {
  const examples = ALL.filter((world) => canBreak(kind, world)).flatMap((world) =>
    (targetsOf(kind, world) ?? [undefined]).map((target) => {
      const fault: Example = target === undefined ? { kind } : { kind, target };
      return { world, fault, scopes: scopesOf(kind, target, world) ?? [] };
    }),
  );
  const [best] = examples.sort((a, b) => b.scopes.length - a.scopes.length);
  if (best === undefined) throw new Error(`no world can have ${kind}`);
  return best;
}

function problemOf(fault: object, world: World): string | null {
  try {
    parseFault(fault, world);
    return null;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

describe.each(FAULT_KINDS)('%s', (kind) => {
  const { world, fault, scopes } = exampleOf(kind);
  const taken = TAKES[kind].split(' ');
  const fact: FaultFact = FAULTS[kind];

  it('takes what is said of it', () => {
    const facts = [fact.share, fact.delayMs === undefined ? undefined : 'delay', ...(fact.scopes ?? [])];
    expect(facts.filter((one) => one !== undefined).join(' ')).toBe(TAKES[kind]);
  });

  it.each([
    ['rate', { rate: 0.5 }, fact.share !== undefined, fact.whole],
    ['ramp', { ramp: '20s' }, fact.share !== undefined, fact.whole],
    ['delay', { delay: '700ms' }, taken.includes('delay'), 'nobody is made to wait'],
    ['scope', { scope: scopes[0] ?? 'ip6' }, fact.scopes !== undefined, UNLIMITED],
  ])('%s is taken, or refused in one sentence that says why', (measure, given, isTaken, why) => {
    const refusal = `fault.${measure}: ${kind} takes no ${measure}, leave it out: ${why}`;
    expect(problemOf({ ...fault, ...given }, world)).toBe(isTaken ? null : refusal);
  });

  it('hits everyone unless it is said whom, and is told to others as it was given', () => {
    const plain = parseFault(fault, world);
    expect(parseFault({ ...fault, scope: EVERYONE }, world)).toEqual(plain);
    expect(parseFault(publicFault(plain), world)).toEqual(plain);
  });

  it('is repaired by itself where it has an end', () => {
    const text = JSON.stringify({
      id: 'ends',
      title: 'ends',
      ...(WORLDS.has(world.name) ? { world: world.name } : { world: HOMELAB.name, extend: MORE }),
      timeline: [{ at: '1s', break: fault, until: '4s' }],
      expect: [{ service: 'uplink', from: '0s', to: '5s' }],
    });
    expect(parseScenario(text, 'ends').timeline.map(({ atMs }) => atMs)).toEqual([1_000, 4_000]);
  });
});
