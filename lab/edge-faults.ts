// What can happen at an edge, and to what passes between it and its visitors: part of the list in faults.ts.

export const EDGE_FAULTS = {
  edge_5xx: {
    target: 'edge vendor',
    rated: true,
    label: "Break {target}'s edge",
    help: "The edge answers with errors of its own making, on everybody's hosts. Cloudflare's trace path stays green.",
  },
  edge_overloaded: {
    target: 'edge vendor',
    rated: true,
    label: "Overload {target}'s edge",
    help: 'The edge answers with the error it has for its own overload: at Cloudflare the plain 502, not the one with its page.',
  },
  edge_5xx_sites: {
    target: 'edge vendor',
    rated: true,
    label: "Break {target}'s edge for some sites",
    help: "The edge's own errors hit a share of its sites: all of yours, and `rate` of the others. Cloudflare's trace path stays green.",
  },
  edge_5xx_own: {
    target: 'service behind an edge',
    rated: false,
    label: "Break {target}'s edge for {target} alone",
    help: "The edge answers with errors of its own making on this service's host only; all its other sites are well.",
  },
  edge_route_lost: {
    target: 'edge vendor',
    rated: false,
    label: "Lose the way to {target}'s nearest location",
    help: "The edge addresses that serve your hosts are silent from here; the vendor's others answer.",
  },
  peering_lost: {
    target: 'edge vendor',
    rated: false,
    label: 'Lose the way to {target}',
    help: "All addresses of the vendor's edge are silent from here, and serve everybody elsewhere.",
  },
  edge_unreachable: {
    target: 'edge vendor',
    rated: false,
    label: "Make {target}'s edge unreachable",
    help: "Connections to the vendor's edge addresses get no answer, for everybody.",
  },
  edge_partial: {
    target: 'edge vendor',
    rated: true,
    label: "Make some addresses of {target}'s edge unreachable",
    help: 'Connections to a share of the addresses get no answer, for everybody: `rate` of those you use, and of those others use.',
  },
  edge_resets: {
    target: 'edge vendor',
    rated: true,
    label: "Reset connections at {target}'s edge",
    help: 'A share of the connections is reset as soon as it is made, so that TLS never begins.',
  },
  edge_latency: {
    target: 'edge vendor',
    rated: true,
    delayMs: 2_500,
    label: "Slow down {target}'s edge",
    help: 'A share of the answers comes late, by 2500 ms unless `delay` says otherwise.',
  },
  edge_challenges: {
    target: 'service behind an edge',
    rated: false,
    label: 'Let the edge take visitors of {target} for robots',
    help: 'The edge shows whoever runs no scripts a challenge in place of the service. People with a browser notice little.',
  },
  edge_caches: {
    target: 'service behind an edge',
    rated: false,
    label: 'Let the edge serve {target} out of its cache',
    help: 'The edge serves the copy it has, whether or not the origin lives. Nothing is broken by it.',
  },
  edge_certificate_expired: {
    target: 'edge vendor or service behind one',
    rated: false,
    label: 'Let the certificate at the edge of {target} expire',
    help: 'The edge shows a certificate that ended an hour ago: for everybody if the target is a vendor, for your host only if it is a service.',
  },
  middlebox_503: {
    target: 'service behind an edge',
    rated: false,
    label: 'Put a middlebox before {target}',
    help: "Something on the way answers 503 with a page that looks like the vendor's own, for this host only.",
  },
  intercepted: {
    target: null,
    rated: false,
    label: 'Put an appliance that opens TLS on the line',
    help: 'Something on the way shows a certificate of its own, which nobody trusts, to whoever speaks TLS to the outside.',
  },
} as const;
