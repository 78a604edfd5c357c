// The faults a world offers to people trying it out, most telling first.
import { loadCatalogue } from '../map/vendors.ts';
import { FAULTS, type FaultKind } from './faults.ts';
import type { Fault, Lab } from './lab.ts';
import { canBreak, parseFault, publicFault, targetsOf } from './parse-fault.ts';
import type { World } from './world.ts';

/** Kinds worth a button, with the target shown; the first the world knows when left out. */
const SHOWN: readonly { kind: FaultKind; target?: string; hint: string }[] = [
  { kind: 'edge_5xx', target: 'cloudflare', hint: 'The 500 looks like your own. Your origin is fine.' },
  { kind: 'edge_5xx', target: 'fastly', hint: 'The same 503 Fastly uses for a dead backend, without one.' },
  { kind: 'edge_unreachable', target: 'cloudflare', hint: 'Only timeouts, as if your own network were down.' },
  { kind: 'endpoint_empty', hint: 'Your API says 500 and means it; the cause is an empty DNS answer elsewhere.' },
  { kind: 'dns_vendor_down', target: 'aws', hint: 'Nothing is wrong with your servers: their names are gone.' },
  { kind: 'uplink_cut', hint: 'Every vendor seems down at once. None of them is.' },
  { kind: 'gateway_down', hint: 'The same, but the fault is inside your house.' },
  { kind: 'resolver_down', hint: 'Everything fails by name and works by address.' },
  { kind: 'tunnel_daemon_dead', hint: "Visitors see Cloudflare's error page for a fault of yours." },
  { kind: 'tunnel_service_down', hint: 'The same page, and this time it is theirs.' },
  { kind: 'tunnel_ports_blocked', hint: 'The same page again, and from here nobody can tell whose fault it is.' },
  { kind: 'origin_refused', target: 'blog', hint: 'A 502 with Cloudflare written all over it.' },
  { kind: 'origin_host_down', target: 'shop', hint: 'Silence instead of a refusal.' },
  { kind: 'origin_certificate_expired', target: 'shop', hint: "Fastly's 503 hides a certificate nobody renewed." },
  { kind: 'vendor_status_incident', target: 'cloudflare', hint: 'Bad news on a status page, and nothing is broken.' },
];

/** How people call a fault's target: vendors by their title, everything else by its name. */
export function offersOf(world: World): Lab['offers'] {
  const catalogue = loadCatalogue();
  return SHOWN.flatMap(({ kind, target: wished, hint }) => {
    const allowed = targetsOf(kind, world);
    const target = allowed === null ? null : (wished ?? allowed[0] ?? null);
    if (!canBreak(kind, world) || (allowed !== null && (target === null || !allowed.includes(target)))) return [];
    const fault: Fault = target === null ? { kind } : { kind, target };
    return [
      {
        fault: publicFault(parseFault(fault, world)),
        label: FAULTS[kind].label.replace('{target}', catalogue.get(target ?? '')?.title ?? target ?? ''),
        hint,
      },
    ];
  });
}
