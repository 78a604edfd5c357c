// What a cloudflared daemon says of itself. `ha_connections` is left out on purpose: it counts connections being tried.

export interface CloudflaredFacts {
  /** `ready`: /ready said 200. `not_ready`: it said 503. null: no usable answer. */
  state: 'ready' | 'not_ready' | null;
  /** Established connections to the edge, from /ready. */
  readyConnections: number | null;
  /** Sum of cloudflared_tunnel_tunnel_register_fail since the daemon started. */
  registerFailures: number | null;
  /** From build_info. At most 32 characters of [0-9A-Za-z._-]. */
  version: string | null;
  smoothedRttMs: number | null;
}
